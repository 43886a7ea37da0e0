//! Secrets that wipe themselves.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::Result;

/// A value that is overwritten when dropped and never printed.
///
/// There is no `Clone`, no `Display` and no comparison: a secret is read through [`Secret::expose`]
/// and compared with [`crate::constant_time::equal`].
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes ownership of `value`, which is wiped when the secret is dropped.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value, for as long as the borrow lasts.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<const N: usize> Secret<[u8; N]> {
    /// A secret that `fill` writes where it will stay, so that no move leaves a copy behind.
    ///
    /// # Errors
    ///
    /// Those of `fill`.
    pub fn boxed(fill: impl FnOnce(&mut [u8; N]) -> Result<()>) -> Result<Box<Self>> {
        let mut secret = Box::new(Self(Zeroizing::new([0; N])));
        fill(&mut secret.0)?;
        Ok(secret)
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new(vec![1_u8, 2, 3]);

        assert_eq!("[REDACTED]", format!("{secret:?}"));
        assert_eq!(&[1, 2, 3], secret.expose().as_slice());
    }
}
