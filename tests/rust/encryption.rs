//! Keyrings and ciphers through the crate's public interface.

use hauberk::Error;
use hauberk::encoding::hex_decode;
use hauberk::encryption::{Cipher, Key, KeyState, Keyring};
use serde_json::{Value, json};

#[test]
fn golden_ciphertexts_open() {
    let formats: Value = serde_json::from_str(include_str!("../vectors/formats.json")).unwrap();
    for case in formats["ciphertext"].as_array().unwrap() {
        let text = |name: &str| case[name].as_str().unwrap();
        let bytes = |name: &str| hex_decode(text(name).as_bytes()).unwrap();
        let document = json!({"version": 1, "keys": [{
            "id": text("key_id"),
            "state": "PRIMARY",
            "created": "2026-11-23T22:43:07Z",
            "key": hauberk::encoding::base64url(&bytes("key")),
            "index_state": "PRIMARY",
        }]});
        let keyring = Keyring::from_json(document.to_string().as_bytes()).unwrap();
        let cipher = keyring.cipher(text("context")).unwrap();
        let associated_data = bytes("associated_data");
        assert_eq!(Ok(bytes("plaintext")), open(&cipher, &bytes("sealed"), &associated_data));
        assert_eq!(document, serde_json::from_str::<Value>(&keyring.to_json()).unwrap());
    }
}

#[test]
fn a_cipher_follows_its_keyring() {
    let keyring = Keyring::generate().unwrap();
    let cipher = keyring.cipher("shop.Order.address").unwrap();
    let old = keyring.primary_id().unwrap();
    let sealed = seal(&cipher, b"secret").unwrap();

    let key = Key::generate().unwrap();
    keyring.add(&key).unwrap();
    keyring.promote(key.id()).unwrap();
    keyring.promote_index(key.id()).unwrap();
    assert_eq!(Ok(b"secret".to_vec()), open(&cipher, &sealed, b""));
    assert_eq!(key.id().number().to_be_bytes(), seal(&cipher, b"").unwrap()[1..5]);

    keyring.disable(old).unwrap();
    assert_eq!(Err(Error::DisabledKey(old.number())), open(&cipher, &sealed, b""));
    keyring.destroy(old).unwrap();
    assert_eq!(Err(Error::DestroyedKey(old.number())), open(&cipher, &sealed, b""));
    assert_eq!(
        vec![(old, KeyState::Destroyed), (key.id(), KeyState::Primary)],
        keyring.keys().iter().map(|info| (info.id, info.state)).collect::<Vec<_>>()
    );
    assert!(!keyring.to_json().contains("[REDACTED]"));
    assert!(format!("{keyring:?}").contains("[REDACTED]"));
}

#[test]
fn a_buffer_of_the_wrong_length_is_an_error() {
    let cipher = Keyring::generate().unwrap().cipher("").unwrap();
    let session = cipher.session().unwrap();
    for length in [0, 4, 28, 44, 47, 49] {
        let mut sealed = vec![0; length];
        assert!(matches!(session.seal(b"abc", b"", &mut sealed), Err(Error::InvalidInput(_))));
    }
    let sealed = seal(&cipher, b"abc").unwrap();
    assert!(session.find(&sealed).unwrap().open(b"", &mut [0; 2]).is_err());
}

#[test]
fn a_keyring_file_is_read_as_it_was_written() {
    let directory = std::env::temp_dir().join(format!("hauberk-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let path = directory.join("keys.json");
    let keyring = Keyring::generate().unwrap();
    keyring.save(&path).unwrap();
    let again = Keyring::from_file(&path, Box::new(|_| {})).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    assert_eq!(keyring.keys(), again.keys());
    assert_eq!(*keyring.to_json(), *again.to_json());
    assert!(matches!(Keyring::from_file(&path, Box::new(|_| {})), Err(Error::KeyringFile(_))));
}

#[test]
fn a_change_by_another_process_is_not_undone() {
    let directory = std::env::temp_dir().join(format!("hauberk-undone-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let path = directory.join("keys.json");
    let ours = Keyring::generate().unwrap();
    let key = Key::generate().unwrap();
    ours.add(&key).unwrap();
    ours.save(&path).unwrap();
    let theirs = Keyring::from_file(&path, Box::new(|_| {})).unwrap();
    theirs.destroy(key.id()).unwrap();
    theirs.save(&path).unwrap();
    let refused = ours.save(&path);
    let again = theirs.save(&path);
    let there = Keyring::from_file(&path, Box::new(|_| {})).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(matches!(refused, Err(Error::Keyring(_))));
    assert_eq!(Ok(()), again);
    assert_eq!(theirs.keys(), there.keys());
}

fn seal(cipher: &Cipher, plaintext: &[u8]) -> hauberk::Result<Vec<u8>> {
    let mut sealed = vec![0; <Cipher>::FORMAT.ciphertext_length(plaintext.len())];
    cipher.session()?.seal(plaintext, b"", &mut sealed)?;
    Ok(sealed)
}

fn open(cipher: &Cipher, sealed: &[u8], associated_data: &[u8]) -> hauberk::Result<Vec<u8>> {
    let session = cipher.session()?;
    let sealed = session.find(sealed)?;
    let mut plaintext = vec![0; sealed.plaintext_length()];
    sealed.open(associated_data, &mut plaintext)?;
    Ok(plaintext)
}
