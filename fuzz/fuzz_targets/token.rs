//! No bytes make a verifier panic, and none that it was not given a key for make a token.
//!
//! The input is also taken for a header and for a payload, each signed with the right key, so that
//! the readers behind the signature are reached.

#![no_main]

use std::sync::{Arc, LazyLock};

use hauberk::encoding::base64url;
use hauberk::jwt::{
    Algorithm, Expectations, Key, KeySet, MAX_LENGTH, Required, SignedBytes, Unverified, Verifier,
};
use libfuzzer_sys::fuzz_target;

const NOW: f64 = 1_800_000_000.0;

struct Setting {
    keys: Arc<KeySet>,
    secret: Arc<Key>,
    verifier: Verifier,
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let secret = Key::secret(&[9; 32], Algorithm::HS256, None, false).expect("is long enough");
    let secret = Arc::new(secret);
    let pair = Key::generate(Algorithm::EdDSA, Some("k")).expect("there is randomness");
    let keys = KeySet::new([Arc::clone(&secret), Arc::new(pair)]).expect("two keys are a set");
    let keys = Arc::new(keys);
    let expectations = Expectations {
        issuer: Some(["issuer".into()].into()),
        audience: Some(["audience".into()].into()),
        subject: None,
        required: Required::new(["exp", "client_id"]).expect("these are names"),
        leeway: 0.0,
        max_age: Some(600.0),
    };
    let verifier = Verifier::new(Arc::clone(&keys), expectations, "JWT", MAX_LENGTH);
    let verifier = verifier.and_then(|verifier| verifier.remembering(16)).expect("all is in range");
    Setting { keys, secret, verifier }
});

fuzz_target!(|input: &[u8]| {
    let Setting { keys, secret, verifier } = &*SETTING;
    assert!(verifier.verify(input, NOW).is_err(), "nobody signed this");
    assert!(SignedBytes::verify(input, keys, MAX_LENGTH).is_err(), "nobody signed this");
    let _ = Unverified::parse(input);

    let header = base64url(input);
    let message = format!("{header}.e30");
    if let Ok(signature) = secret.sign(message.as_bytes()) {
        let token = format!("{message}.{signature}");
        assert!(verifier.verify(token.as_bytes(), NOW).is_err(), "it has no claims");
        let _ = SignedBytes::verify(token.as_bytes(), keys, MAX_LENGTH);
    }

    let signed = SignedBytes::prepare(input, secret, Some(br#"{"typ":"JWT"}"#))
        .and_then(|message| SignedBytes::sign(&message, secret));
    if let Ok(token) = signed
        && let Ok(payload) = verifier.verify(token.as_bytes(), NOW)
    {
        assert_eq!(input, payload, "what is verified is what was signed");
    }
});
