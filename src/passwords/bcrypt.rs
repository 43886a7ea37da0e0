//! Bcrypt, for verifying hashes of the past. None is made anew.

use zeroize::Zeroizing;

use crate::{Error, Result};

/// The 23 bytes that stand at the end of a bcrypt hash, in 4 KiB of memory and 2^`cost` rounds.
///
/// `$2a$`, `$2b$` and `$2y$` are one function where their writers were right, and this is it. What
/// stands behind the first 72 bytes of a password decides nothing, as it did when the hash was
/// made.
///
/// # Errors
///
/// [`Error::HashParameters`] if the cost is not 4 to 16.
pub fn bcrypt(password: &[u8], cost: u32, salt: [u8; 16]) -> Result<Zeroizing<[u8; 23]>> {
    if !(4..=MAX_COST).contains(&cost) {
        return Err(BAD_COST);
    }
    // The C string that the first implementation read: its end is part of the key.
    let mut key = Zeroizing::new([0; LONGEST]);
    let length = password.len().min(LONGEST);
    key.iter_mut().zip(password).for_each(|(to, from)| *to = *from);
    let key = key.get(..(length + 1).min(LONGEST)).unwrap_or_default();
    let whole = Zeroizing::new(::bcrypt::bcrypt(cost, salt, key));
    let mut digest = Zeroizing::new([0; 23]);
    // The last byte is left out: that is how bcrypt has been written since its beginning.
    digest.iter_mut().zip(whole.iter()).for_each(|(to, from)| *to = *from);
    Ok(digest)
}

const LONGEST: usize = 72;
/// About four seconds. Cost 12 is what most writers took.
const MAX_COST: u32 = 16;
const BAD_COST: Error = Error::HashParameters("the cost of bcrypt is 4 to 16");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    fn digest(password: &[u8], cost: u32, salt: u128) -> String {
        hex(&*bcrypt(password, cost, salt.to_be_bytes()).unwrap())
    }

    /// The vectors of jBCrypt, which the crate's own tests have too.
    #[test]
    fn published_vectors() {
        for (password, cost, salt, expected) in [
            (
                "",
                6,
                0x144b_3d69_1a7b_4ecf_39cf_735c_7fa7_a79c,
                "557e94f34bf286e8719a26be94ac1e16d95ef9f819dee0",
            ),
            (
                "a",
                6,
                0xa361_2d8c_9a37_dac2_f99d_94da_03bd_4521,
                "e6d53831f82060dc08a2e8489ce850ce48fbf976978738",
            ),
            (
                "abcdefghijklmnopqrstuvwxyz",
                8,
                0x715b_96ca_ed2a_c92c_354e_d16c_1e19_e38a,
                "98bf9ffc1f5be485f959e8b1d526392fbd4ed2d5719f50",
            ),
        ] {
            assert_eq!(expected, digest(password.as_bytes(), cost, salt));
        }
    }

    #[test]
    fn what_stands_behind_72_bytes_decides_nothing() {
        let long = [b'a'; 80];

        assert_eq!(digest(&long[..72], 4, 1), digest(&long, 4, 1));
        assert_ne!(digest(&long[..71], 4, 1), digest(&long, 4, 1));
    }

    #[test]
    fn costs_are_bounded() {
        for cost in [0, 3, 17, 31, 32, u32::MAX] {
            assert_eq!(Some(BAD_COST), bcrypt(b"password", cost, [0; 16]).err(), "{cost}");
        }
    }
}
