//! A keyring file is read without a panic, and what is written of it is read and written the same.

#![no_main]

use hauberk::encryption::{Key, Keyring};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(keyring) = Keyring::from_json(text) {
        let written = keyring.to_json();
        let again = Keyring::from_json(written.as_bytes()).expect("what was written is a keyring");
        assert_eq!(*written, *again.to_json());
        keyring.cipher("").expect("a keyring has ciphers");
    }
    if let Ok(key) = Key::from_text(text) {
        assert_eq!(text, key.to_text().as_bytes());
    }
    let _ = Keyring::import_tink(text);
});
