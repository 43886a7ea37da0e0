//! Tokens from the key to the claims, without Python.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::sync::Arc;

use hauberk::Error;
use hauberk::jwt::{
    Algorithm, Expectations, Expiry, Given, Key, KeySet, MAX_LENGTH, Required, Settings,
    SignedBytes, Signer, Unverified, Verifier,
};
use proptest::prelude::*;

const NOW: f64 = 1_800_000_000.0;

fn verifier(key: &Arc<Key>) -> Verifier {
    let expectations = Expectations {
        issuer: None,
        audience: None,
        subject: None,
        required: Required::new(["exp"]).unwrap(),
        leeway: 0.0,
        max_age: None,
    };
    Verifier::new(KeySet::new([Arc::clone(key)]).unwrap(), expectations, "JWT", MAX_LENGTH).unwrap()
}

fn sign(key: &Arc<Key>, claims: &[u8]) -> String {
    let signer = Signer::new(Arc::clone(key), "JWT", None, Settings::default()).unwrap();
    let expiry = Expiry::In(60.0);
    let message = signer.prepare(claims.to_vec(), Given::default(), expiry, None, NOW).unwrap();
    signer.sign(message).unwrap()
}

#[test]
fn every_algorithm_verifies_what_it_signs() {
    for algorithm in Algorithm::ALL {
        let key = Arc::new(Key::generate(algorithm, Some("kid")).unwrap());
        let token = sign(&key, b"{}");
        let verifier = verifier(&key);
        assert_eq!(b"{\"exp\":1800000060}"[..], verifier.verify(token.as_bytes(), NOW).unwrap());
        assert_eq!(Err(Error::ExpiredToken), verifier.verify(token.as_bytes(), NOW + 60.0));
    }
}

#[test]
fn a_token_is_for_one_algorithm_alone() {
    let keys: Vec<_> = [Algorithm::HS256, Algorithm::HS384, Algorithm::EdDSA, Algorithm::ES256]
        .map(|algorithm| Arc::new(Key::generate(algorithm, None).unwrap()))
        .into();
    for signing in &keys {
        let token = sign(signing, b"{}");
        for verifying in &keys {
            let verdict = verifier(verifying).verify(token.as_bytes(), NOW);
            let expected = signing.algorithm() == verifying.algorithm();
            assert_eq!(expected, verdict.is_ok());
        }
    }
}

/// One secret under two algorithms is two keys.
#[test]
fn a_secret_does_not_verify_for_another_algorithm() {
    let key = |algorithm| Arc::new(Key::secret(&[7; 64], algorithm, None, false).unwrap());
    let token = sign(&key(Algorithm::HS512), b"{}");
    let verdict = verifier(&key(Algorithm::HS256)).verify(token.as_bytes(), NOW);
    assert_eq!(Err(Error::TokenSignature), verdict);
}

#[test]
fn keys_print_no_material() {
    let key = Key::secret(b"0123456789abcdef0123456789abcdef", Algorithm::HS256, None, false);
    let text = format!("{:?}", key.unwrap());
    assert_eq!("Key { algorithm: HS256, kid: None, .. }", text);
}

proptest! {
    #[test]
    fn nothing_panics_on_bytes(token: Vec<u8>) {
        let key = Arc::new(Key::secret(&[7; 32], Algorithm::HS256, None, false).unwrap());
        prop_assert!(verifier(&key).verify(&token, NOW).is_err());
        prop_assert!(Unverified::parse(&token).is_err());
        prop_assert!(Key::private_from_pem(&token, Algorithm::EdDSA, None, None).is_err());
        prop_assert!(Key::public_from_der(&token, Algorithm::RS256, None).is_err());
    }

    #[test]
    fn any_payload_is_verified_or_malformed(payload: Vec<u8>) {
        let key = Arc::new(Key::secret(&[7; 32], Algorithm::HS256, None, false).unwrap());
        // Without a `typ` that says it is no token, so that the verifier reads on.
        let message = SignedBytes::prepare(&payload, &key, Some(b"{\"typ\":null}")).unwrap();
        let token = SignedBytes::sign(&message, &key).unwrap();
        let keys = KeySet::new([Arc::clone(&key)]).unwrap();
        prop_assert_eq!(payload, SignedBytes::verify(token.as_bytes(), &keys, MAX_LENGTH).unwrap().payload);
        let verdict = verifier(&key).verify(token.as_bytes(), NOW);
        prop_assert!(matches!(verdict, Err(Error::MalformedToken(_) | Error::MissingClaim(_))));
    }
}
