//! The keys of a verifier, found by what a header says.

use std::sync::Arc;

use super::header::Header;
use super::key::Key;
use crate::{Error, Result};

/// Keys that verify, each bound to its algorithm.
#[derive(Clone, Debug)]
pub struct KeySet(Box<[Arc<Key>]>);

impl KeySet {
    /// Takes keys; of private keys, their public half.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if there is none or more than 100, if a `kid` stands twice, or if more
    /// than 8 keys of one algorithm have no `kid`: each of them would be tried.
    pub fn new(keys: impl IntoIterator<Item = Arc<Key>>) -> Result<Self> {
        let keys = keys
            .into_iter()
            .map(|key| if key.can_verify() { Ok(key) } else { key.public().map(Arc::new) })
            .collect::<Result<Box<[_]>>>()?;
        if !(1..=MAX_KEYS).contains(&keys.len()) {
            return Err(Error::InvalidKey("a verifier has 1 to 100 keys"));
        }
        for (index, key) in keys.iter().enumerate() {
            let others = || keys.iter().skip(index + 1);
            if key.kid().is_some() && others().any(|other| other.kid() == key.kid()) {
                return Err(Error::InvalidKey("two keys have the same kid"));
            }
            let is_rival =
                |other: &&Arc<Key>| other.kid().is_none() && other.algorithm() == key.algorithm();
            if key.kid().is_none() && others().filter(is_rival).count() >= MAX_UNNAMED {
                return Err(Error::InvalidKey(
                    "more than 8 keys of one algorithm have no kid: give them names",
                ));
            }
        }
        Ok(Self(keys))
    }

    /// The keys, in their order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<Key>> {
        self.0.iter()
    }

    /// The keys that may have signed a token with this header: all have its `alg`. If it has a
    /// `kid`, the key of that name, and without one those that have no name; if it has none, those
    /// without a name, or the only key of the algorithm.
    pub(super) fn candidates(&self, header: &Header) -> Result<Candidates> {
        let of_algorithm = || {
            let keys = self.0.iter().enumerate();
            keys.filter(|(_, key)| key.algorithm().name() == &*header.alg)
        };
        let kid = header.kid.as_deref();
        if let Some((index, _)) = of_algorithm().find(|(_, key)| kid.is_some() && key.kid() == kid)
        {
            return Ok(Candidates::One(index));
        }
        let unnamed: Vec<usize> = of_algorithm()
            .filter_map(|(index, key)| key.kid().is_none().then_some(index))
            .collect();
        let mut all = of_algorithm();
        match (unnamed.as_slice(), kid, all.next(), all.next()) {
            ([one], ..) => Ok(Candidates::One(*one)),
            ([], None, Some((only, _)), None) => Ok(Candidates::One(only)),
            ([], ..) => Err(Error::TokenSignature),
            _ => Ok(Candidates::Several(unnamed)),
        }
    }

    pub(super) fn is_asymmetric(&self, candidates: &Candidates) -> bool {
        candidates
            .indices()
            .iter()
            .any(|index| self.0.get(*index).is_some_and(|key| key.algorithm().is_asymmetric()))
    }

    /// Verifies a signature with the first candidate that it fits, and returns which.
    pub(super) fn verify(
        &self,
        candidates: &Candidates,
        message: &[u8],
        signature: &str,
    ) -> Result<usize> {
        let mut verdict = Err(Error::TokenSignature);
        for index in candidates.indices() {
            let Some(key) = self.0.get(*index) else { continue };
            verdict = key.verify(message, signature).map(|()| *index);
            if verdict != Err(Error::TokenSignature) {
                break;
            }
        }
        verdict
    }
}

/// Places in a [`KeySet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Candidates {
    One(usize),
    Several(Vec<usize>),
}

impl Candidates {
    fn indices(&self) -> &[usize] {
        match self {
            Self::One(index) => core::slice::from_ref(index),
            Self::Several(indices) => indices,
        }
    }
}

/// As many as a JWK set from elsewhere may have.
const MAX_KEYS: usize = 100;
/// How many signatures an unknown token may cost.
const MAX_UNNAMED: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt::Algorithm;

    fn key(algorithm: Algorithm, kid: Option<&str>) -> Arc<Key> {
        Arc::new(Key::generate(algorithm, kid).unwrap())
    }

    fn header(alg: &str, kid: Option<&str>) -> Header {
        Header { alg: alg.into(), kid: kid.map(Into::into), typ: None }
    }

    #[test]
    fn keys_are_found_by_kid_and_algorithm() {
        let keys = KeySet::new([
            key(Algorithm::HS256, Some("a")),
            key(Algorithm::HS256, Some("b")),
            key(Algorithm::EdDSA, Some("c")),
        ])
        .unwrap();
        for (alg, kid, expected) in [
            ("HS256", Some("a"), Ok(Candidates::One(0))),
            ("HS256", Some("b"), Ok(Candidates::One(1))),
            ("HS256", Some("c"), Err(Error::TokenSignature)),
            ("HS256", Some("d"), Err(Error::TokenSignature)),
            ("HS256", None, Err(Error::TokenSignature)),
            ("EdDSA", None, Ok(Candidates::One(2))),
            ("EdDSA", Some("d"), Err(Error::TokenSignature)),
            ("none", None, Err(Error::TokenSignature)),
        ] {
            assert_eq!(expected, keys.candidates(&header(alg, kid)), "{alg} {kid:?}");
        }
    }

    #[test]
    fn keys_without_a_name_are_all_tried() {
        let [new, old] = [key(Algorithm::HS256, None), key(Algorithm::HS256, None)];
        let signature = old.sign(b"message").unwrap();
        let keys = KeySet::new([new, old]).unwrap();
        let candidates = keys.candidates(&header("HS256", Some("whatever"))).unwrap();
        assert_eq!(Candidates::Several(vec![0, 1]), candidates);
        assert_eq!(Ok(1), keys.verify(&candidates, b"message", &signature));
        assert_eq!(Err(Error::TokenSignature), keys.verify(&candidates, b"massage", &signature));
    }

    #[test]
    fn ambiguous_sets_are_refused() {
        assert!(KeySet::new([]).is_err());
        assert!(
            KeySet::new([key(Algorithm::HS256, Some("a")), key(Algorithm::HS384, Some("a"))])
                .is_err()
        );
        assert!(KeySet::new((0..9).map(|_| key(Algorithm::HS256, None))).is_err());
        assert!(KeySet::new((0..8).map(|_| key(Algorithm::HS256, None))).is_ok());
        let one = key(Algorithm::HS256, None);
        assert!(KeySet::new((0..101).map(|_| Arc::clone(&one))).is_err());
    }
}
