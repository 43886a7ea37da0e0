//! The readers of JWKs and JWK sets panic on nothing, and what they read is written and read the
//! same.

#![no_main]

use hauberk::jwt::{Algorithm, Key, KeySet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    for algorithm in [None, Some(Algorithm::ES256), Some(Algorithm::EdDSA), Some(Algorithm::RS256)] {
        let _ = Key::secret_from_jwk(text, algorithm);
        if let Ok(key) = Key::public_from_jwk(text, algorithm) {
            check(&key);
        }
        if let Ok(key) = Key::private_from_jwk(text, algorithm) {
            check(&key);
            let written = key.to_private_jwk().expect("a private key is written");
            let again = Key::private_from_jwk(&written, None).expect("what was written is a JWK");
            assert_eq!(key.thumbprint(), again.thumbprint());
        }
    }
    if let Ok(keys) = KeySet::from_jwks(text, &Algorithm::ALL)
        && let Ok(written) = keys.to_jwks()
    {
        let again = KeySet::from_jwks(written.as_bytes(), &Algorithm::ALL);
        assert_eq!(keys.keys().len(), again.expect("what was written is a set").keys().len());
    }
});

fn check(key: &Key) {
    let written = key.to_jwk().expect("a public half is written");
    let again = Key::public_from_jwk(written.as_bytes(), None).expect("what was written is a JWK");
    assert_eq!(key.thumbprint(), again.thumbprint());
    assert_eq!((key.algorithm(), key.kid()), (again.algorithm(), again.kid()));
}
