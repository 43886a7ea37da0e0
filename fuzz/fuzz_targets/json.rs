//! The JSON reader panics on nothing, and what is written of a value is read and written the same.

#![no_main]

use hauberk::json::Value;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(value) = Value::read(text) {
        let written = written(&value);
        let again = Value::read(&written).expect("what was written is JSON");
        assert!(written == self::written(&again), "a second reading differs");
    }
});

fn written(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out).expect("what was read can be written");
    out
}
