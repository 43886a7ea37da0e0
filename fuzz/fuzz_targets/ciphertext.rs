//! Ciphertexts in both forms and of both kinds are read without a panic, and nothing that was not
//! sealed opens.

#![no_main]

use std::sync::LazyLock;

use hauberk::encryption::{Algorithm, Cipher, DeterministicCipher, Keyring, is_encrypted_text};
use libfuzzer_sys::fuzz_target;

const KEYRING: &[u8] = br#"{"version":1,"keys":[{"id":"7014e411","state":"PRIMARY",
    "created":"2026-11-23T22:43:07Z","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "index_state":"PRIMARY"}]}"#;

static CIPHERS: LazyLock<(Cipher, DeterministicCipher)> = LazyLock::new(|| {
    let keyring = Keyring::from_json(KEYRING).expect("a keyring");
    (keyring.cipher("c").expect("a cipher"), keyring.deterministic("c").expect("a cipher"))
});

fuzz_target!(|input: &[u8]| {
    let (random, deterministic) = &*CIPHERS;
    both(random, input);
    both(deterministic, input);
});

fn both<A: Algorithm>(cipher: &Cipher<A>, input: &[u8]) {
    let session = cipher.session().expect("a session");
    let _ = A::FORMAT.key_id_of_bytes(input);
    assert!(session.find(input).and_then(|sealed| sealed.open_to_vec(b"")).is_err());
    if let Ok(text) = str::from_utf8(input) {
        let _ = A::FORMAT.key_id_of_text(text);
        let opened = session.open_text(text, b"");
        assert!(opened.is_err());
        if !is_encrypted_text(text) {
            assert!(matches!(opened, Err(hauberk::Error::NotEncrypted)));
        }
        let sealed = session.seal_text(text, b"row").expect("a ciphertext");
        let opened = session.open_text(&sealed, b"row").expect("what was sealed opens");
        assert_eq!(Ok(text), opened.text());
    }
}
