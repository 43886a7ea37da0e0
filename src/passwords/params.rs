//! What an argon2 hash costs and how long it is.

use crate::{Error, Result};

/// Parameters of argon2 that are known to be within the bounds of this module.
///
/// Fields are public to be read; only [`Parameters::new`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameters {
    /// Which of the three functions.
    pub kind: Type,
    /// Which version of them.
    pub version: Version,
    /// Memory in kibibytes.
    pub memory_cost: u32,
    /// Passes over the memory.
    pub time_cost: u32,
    /// Lanes. They say nothing about the number of threads.
    pub parallelism: u32,
    /// Length of the tag in bytes.
    pub hash_len: u32,
    /// Length of the salt in bytes.
    pub salt_len: u32,
}

impl Parameters {
    /// Parameters within the bounds, the same for making and for verifying a hash.
    ///
    /// # Errors
    ///
    /// [`Error::HashParameters`], naming the parameter and its bounds.
    pub fn new(
        kind: Type,
        version: Version,
        [memory_cost, time_cost, parallelism]: [u32; 3],
        [hash_len, salt_len]: [u32; 2],
    ) -> Result<Self> {
        let check = |within: bool, reason| if within { Ok(()) } else { Err(reason) };
        check((1..=MAX_PARALLELISM).contains(&parallelism), BAD_PARALLELISM)?;
        check((8 * parallelism..=MAX_MEMORY_COST).contains(&memory_cost), BAD_MEMORY_COST)?;
        check((1..=MAX_TIME_COST).contains(&time_cost), BAD_TIME_COST)?;
        let work = u64::from(memory_cost) * u64::from(time_cost);
        check(work <= MAX_WORK, BAD_WORK)?;
        check((4..=MAX_HASH_LEN).contains(&hash_len), BAD_HASH_LEN)?;
        check((8..=MAX_SALT_LEN).contains(&salt_len), BAD_SALT_LEN)?;
        Ok(Self { kind, version, memory_cost, time_cost, parallelism, hash_len, salt_len })
    }

    /// The memory that a hash takes, in bytes.
    #[must_use]
    pub const fn memory_bytes(&self) -> usize {
        self.memory_cost as usize * 1024
    }

    /// The same with a salt of another length.
    ///
    /// # Errors
    ///
    /// [`Error::HashParameters`] if it is out of bounds.
    pub fn with_salt_len(self, salt_len: usize) -> Result<Self> {
        let salt_len = u32::try_from(salt_len).unwrap_or(u32::MAX);
        Self::new(
            self.kind,
            self.version,
            [self.memory_cost, self.time_cost, self.parallelism],
            [self.hash_len, salt_len],
        )
    }
}

/// The three functions of RFC 9106.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Argon2d: memory accesses depend on the password.
    D,
    /// Argon2i: they do not.
    I,
    /// Argon2id: they do not in the first half of the first pass. What RFC 9106 recommends.
    Id,
}

impl Type {
    /// The name in a PHC string.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::D => "argon2d",
            Self::I => "argon2i",
            Self::Id => "argon2id",
        }
    }

    /// The number by which RFC 9106 calls it.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::D => 0,
            Self::I => 1,
            Self::Id => 2,
        }
    }

    /// The function with a name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [Self::D, Self::I, Self::Id].into_iter().find(|kind| kind.name().as_bytes() == name)
    }

    /// The function with a number.
    ///
    /// # Errors
    ///
    /// [`Error::HashParameters`] if RFC 9106 has no such function.
    pub fn from_number(number: u32) -> Result<Self> {
        [Self::D, Self::I, Self::Id]
            .into_iter()
            .find(|kind| kind.number() == number)
            .ok_or(Error::HashParameters("the type is 0 (argon2d), 1 (argon2i) or 2 (argon2id)"))
    }
}

/// The two versions of argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 16: what hashes have that name no version.
    V0x10,
    /// 19: RFC 9106.
    V0x13,
}

impl Version {
    /// The number in a PHC string.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::V0x10 => 0x10,
            Self::V0x13 => 0x13,
        }
    }

    /// The version with a number.
    ///
    /// # Errors
    ///
    /// [`Error::HashParameters`] if there is no such version.
    pub fn from_number(number: u32) -> Result<Self> {
        match number {
            0x10 => Ok(Self::V0x10),
            0x13 => Ok(Self::V0x13),
            _ => Err(Error::HashParameters("the version is 16 or 19")),
        }
    }
}

/// 8 GiB, written once. How much a process allows at present is the limiter's to say.
const MAX_MEMORY_COST: u32 = 8 << 20;
const MAX_TIME_COST: u32 = 64;
/// Kibibytes times passes: 8 GiB written once, which takes some seconds.
const MAX_WORK: u64 = 8 << 20;
const MAX_PARALLELISM: u32 = 64;
/// With the longest salt, the encoded hash stays within `phc::MAX_LENGTH`.
const MAX_HASH_LEN: u32 = 256;
const MAX_SALT_LEN: u32 = 64;

const BAD_MEMORY_COST: Error =
    Error::HashParameters("the memory_cost is 8 x parallelism to 8388608 kibibytes");
const BAD_TIME_COST: Error = Error::HashParameters("the time_cost is 1 to 64 passes");
const BAD_WORK: Error =
    Error::HashParameters("the memory_cost x time_cost is at most 8388608 kibibytes");
const BAD_PARALLELISM: Error = Error::HashParameters("the parallelism is 1 to 64 lanes");
const BAD_HASH_LEN: Error = Error::HashParameters("the hash_len is 4 to 256 bytes");
const BAD_SALT_LEN: Error = Error::HashParameters("the salt is 8 to 64 bytes long");

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(costs: [u32; 3], lengths: [u32; 2]) -> Result<Parameters> {
        Parameters::new(Type::Id, Version::V0x13, costs, lengths)
    }

    #[test]
    fn bounds_are_inclusive() {
        for (costs, lengths) in [
            ([8, 1, 1], [4, 8]),
            ([1 << 20, 8, 64], [256, 64]),
            ([8 << 20, 1, 1], [32, 16]),
            ([131_072, 64, 64], [32, 16]),
            ([512, 64, 64], [32, 16]),
        ] {
            assert!(parameters(costs, lengths).is_ok(), "{costs:?} {lengths:?}");
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_named() {
        for (costs, lengths, reason) in [
            ([7, 1, 1], [32, 16], BAD_MEMORY_COST),
            ([31, 1, 4], [32, 16], BAD_MEMORY_COST),
            ([(8 << 20) + 1, 1, 1], [32, 16], BAD_MEMORY_COST),
            ([u32::MAX, 1, 1], [32, 16], BAD_MEMORY_COST),
            ([8, 0, 1], [32, 16], BAD_TIME_COST),
            ([8, 65, 1], [32, 16], BAD_TIME_COST),
            ([8, u32::MAX, 1], [32, 16], BAD_TIME_COST),
            ([1 << 20, 9, 1], [32, 16], BAD_WORK),
            ([8, 1, 0], [32, 16], BAD_PARALLELISM),
            ([1 << 20, 1, 65], [32, 16], BAD_PARALLELISM),
            ([1 << 20, 1, u32::MAX], [32, 16], BAD_PARALLELISM),
            ([8, 1, 1], [3, 16], BAD_HASH_LEN),
            ([8, 1, 1], [257, 16], BAD_HASH_LEN),
            ([8, 1, 1], [32, 7], BAD_SALT_LEN),
            ([8, 1, 1], [32, 65], BAD_SALT_LEN),
        ] {
            assert_eq!(Err(reason), parameters(costs, lengths), "{costs:?} {lengths:?}");
        }
    }
}
