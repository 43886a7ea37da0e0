//! Peppers: secrets beside the database that go into hashes, as argon2's secret input.

use crate::secret::Secret;
use crate::{Error, Result};

/// A ring of named secrets.
///
/// New hashes are made with the first; the others, and no pepper at all, still verify. Whoever has
/// stolen the hashes without the peppers cannot guess a single password.
#[derive(Debug, Default)]
pub struct Peppers {
    ring: Vec<(PepperId, Secret<Vec<u8>>)>,
    unused_for_new: bool,
}

impl Peppers {
    /// No pepper.
    pub const NONE: Self = Self { ring: Vec::new(), unused_for_new: true };

    /// A ring whose first pepper is for new hashes, or which is for old ones only.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if an id is used twice or a secret is shorter than 16 bytes.
    pub fn new(ring: Vec<(PepperId, Secret<Vec<u8>>)>, for_new_hashes: bool) -> Result<Self> {
        if ring.iter().any(|(_, secret)| secret.expose().len() < MIN_SECRET) {
            return Err(Error::InvalidInput("a pepper is at least 16 bytes long"));
        }
        let twice = |(place, (id, _)): (usize, &(PepperId, _))| {
            ring.iter().take(place).any(|(earlier, _)| earlier == id)
        };
        if ring.iter().enumerate().any(twice) {
            return Err(Error::InvalidInput("each pepper has an id of its own"));
        }
        Ok(Self { ring, unused_for_new: !for_new_hashes })
    }

    /// The id of the pepper for new hashes.
    #[must_use]
    pub fn current(&self) -> Option<PepperId> {
        let (id, _) = self.ring.first()?;
        (!self.unused_for_new).then_some(*id)
    }

    /// The secret that a hash was made with, empty for none.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownPepper`] if there is none of this id.
    pub fn secret(&self, id: Option<PepperId>) -> Result<&[u8]> {
        let Some(id) = id else { return Ok(&[]) };
        self.ring
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, secret)| secret.expose().as_slice())
            .ok_or(Error::UnknownPepper)
    }
}

/// The name of a pepper, 1 to 8 ASCII characters. It stands in the hash for all to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PepperId {
    /// Zeros behind the name.
    padded: [u8; MAX_ID],
    length: usize,
}

impl PepperId {
    /// The id of a name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if it is not 1 to 8 ASCII characters.
    pub fn new(name: &[u8]) -> Result<Self> {
        let mut padded = [0; MAX_ID];
        match padded.get_mut(..name.len()) {
            Some(start) if name.is_ascii() && !name.is_empty() => start.copy_from_slice(name),
            _ => return Err(Error::InvalidInput("a pepper's id is 1 to 8 ASCII characters")),
        }
        Ok(Self { padded, length: name.len() })
    }

    /// The name.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.padded.get(..self.length).unwrap_or_default()
    }
}

/// An id is 64 bits at most, and fits the stored hash of a framework's user table.
const MAX_ID: usize = 8;
const MIN_SECRET: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &[u8], secret: &[u8]) -> (PepperId, Secret<Vec<u8>>) {
        (PepperId::new(name).unwrap(), Secret::new(secret.to_vec()))
    }

    #[test]
    fn the_first_is_current_and_each_is_found() {
        let ring = vec![entry(b"new", &[1; 16]), entry(b"old", &[2; 40])];
        let peppers = Peppers::new(ring, true).unwrap();

        assert_eq!(PepperId::new(b"new").ok(), peppers.current());
        assert_eq!(Ok(&[2; 40][..]), peppers.secret(PepperId::new(b"old").ok()));
        assert_eq!(Ok(&[][..]), peppers.secret(None));
        for unknown in [&b"ne"[..], b"new\0", b"newer"] {
            let id = PepperId::new(unknown).ok();
            assert_eq!(Err(Error::UnknownPepper), peppers.secret(id), "{unknown:?}");
        }
    }

    #[test]
    fn a_ring_may_be_for_old_hashes_only() {
        let peppers = Peppers::new(vec![entry(b"old", &[1; 16])], false).unwrap();

        assert_eq!(None, peppers.current());
        assert!(peppers.secret(PepperId::new(b"old").ok()).is_ok());
        assert_eq!(None, Peppers::NONE.current());
        assert_eq!(None, Peppers::new(vec![], true).unwrap().current());
    }

    #[test]
    fn what_is_no_pepper() {
        for name in [&b""[..], b"123456789", "\u{e9}".as_bytes(), &[0; 1000]] {
            assert!(PepperId::new(name).is_err(), "{name:?}");
        }
        for ring in [
            vec![entry(b"a", &[1; 15])],
            vec![entry(b"a", &[])],
            vec![entry(b"a", &[1; 16]), entry(b"b", &[1; 16]), entry(b"a", &[2; 16])],
        ] {
            assert!(matches!(Peppers::new(ring, true), Err(Error::InvalidInput(_))));
        }
    }

    #[test]
    fn nothing_is_printed() {
        let printed = format!("{:?}", Peppers::new(vec![entry(b"a", b"hunter2 hunter2 ")], true));

        assert!(printed.contains("REDACTED"));
        assert!(!printed.contains("104"), "{printed}");
    }
}
