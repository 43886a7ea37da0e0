//! The JSON reader and writer on text that nobody thought of.

use std::fs;
use std::path::Path;

use hauberk::Result;
use hauberk::json::Value;
use proptest::prelude::*;

/// What the fuzz target checks, on every seed.
#[test]
fn seeds_read_and_write_stably() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/json");
    let mut read = 0;
    for seed in fs::read_dir(seeds).unwrap() {
        let text = fs::read(seed.unwrap().path()).unwrap();
        read += usize::from(is_stable(&text).unwrap());
    }
    assert!(read >= 5, "only {read} seeds are JSON");
}

/// Whether `text` is JSON; if it is, what is written of it is read and written the same.
fn is_stable(text: &[u8]) -> Result<bool> {
    let Ok(value) = Value::read(text) else { return Ok(false) };
    let written = written(&value)?;
    assert_eq!(written, self::written(&Value::read(&written)?)?);
    Ok(true)
}

fn written(value: &Value) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    value.write(&mut out)?;
    Ok(out)
}

proptest! {
    #[test]
    fn nothing_panics_on_random_bytes(text: Vec<u8>) {
        is_stable(&text).unwrap();
    }

    #[test]
    fn nothing_panics_on_what_looks_like_json(
        text in r#"([\[\]{},: \n"\\a0-9eE.+-]|"[a-c]":|\\u[0-9a-f]{4}|true|null|é|😀){0,40}"#,
    ) {
        is_stable(text.as_bytes()).unwrap();
    }

    #[test]
    fn nothing_is_accepted_that_serde_json_refuses(
        text in r#"[\[{]?([\[\]{},: "\\a0-9eE.-]|"[a-z]":|true|null|é){0,12}[\]}]?"#,
    ) {
        if is_stable(text.as_bytes()).unwrap() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
}
