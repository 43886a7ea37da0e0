//! Argon2 itself: from a password and its parameters to a tag.
//!
//! On x86-64 processors with AVX2 the memory is filled by our own loop ([`fill`]), elsewhere by the
//! `argon2` crate, which is also the oracle of the tests: both give the same tag for everything.
//!
//! What makes the loop fast, measured on 2026-11-23 (ratios of CPU time to argon2-cffi's wheel):
//! `BLAKE2b` rounds on 256-bit registers, two at a time (2.5x when the memory fits the cache); the
//! next reference block fetched as soon as word 0 of the new block is known, which is why that
//! column is computed first (1.4-1.8x from 64 MiB); two lanes taken in turns by one thread (1.2x).

#[cfg(target_arch = "x86_64")]
mod block;
#[cfg(target_arch = "x86_64")]
mod compress;
#[cfg(target_arch = "x86_64")]
mod fill;
#[cfg(target_arch = "x86_64")]
mod hash;
mod portable;

use core::fmt;

use crate::Result;

/// Which of the three variants (RFC 9106, 3.1): how reference blocks are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Argon2d: by the data. Only where no one else shares the machine.
    D,
    /// Argon2i: independently of the data.
    I,
    /// Argon2id: independently for the first half of the first pass, then by the data.
    ID,
}

impl Type {
    /// Its number in the initial hash (RFC 9106, 3.2).
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::D => 0,
            Self::I => 1,
            Self::ID => 2,
        }
    }
}

/// Which version of the algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 1.0, which overwrites blocks in later passes. Read, never written.
    V0x10,
    /// 1.3, the one of RFC 9106, which XORs into them.
    V0x13,
}

impl Version {
    /// Its number in the initial hash and in PHC strings.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::V0x10 => 0x10,
            Self::V0x13 => 0x13,
        }
    }
}

/// What a hash costs. The engine trusts it: bounds are checked where parameters are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cost {
    /// Which variant.
    pub r#type: Type,
    /// Which version.
    pub version: Version,
    /// Passes over the memory, at least 1.
    pub time_cost: u32,
    /// Memory in kibibytes, at least 8 times `parallelism`.
    pub memory_cost: u32,
    /// Lanes, at least 1. They change the hash, not the number of threads.
    pub parallelism: u32,
}

impl Cost {
    /// Blocks of 1 KiB that are really used: whole segments only (RFC 9106, 3.2, step 2).
    #[must_use]
    pub const fn blocks(&self) -> usize {
        self.segment_length() * SLICES * self.parallelism as usize
    }

    /// Blocks in a segment, the part of a lane that is computed without looking at other lanes'.
    #[must_use]
    pub const fn segment_length(&self) -> usize {
        self.memory_cost as usize / (SLICES * self.parallelism as usize)
    }
}

/// What is hashed (RFC 9106, 3.1).
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The message string P.
    pub password: &'a [u8],
    /// The nonce S.
    pub salt: &'a [u8],
    /// The secret value K; empty for none.
    pub secret: &'a [u8],
    /// The associated data X; empty for none.
    pub associated_data: &'a [u8],
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Input([REDACTED])")
    }
}

/// Computes the tag, as long as `tag` is, on at most `threads` threads.
///
/// # Errors
///
/// [`crate::Error::HashMemory`] if the memory cannot be had, [`crate::Error::HashParameters`] if
/// the parameters are ones that argon2 does not know.
pub fn argon2(input: &Input<'_>, cost: &Cost, threads: usize, tag: &mut [u8]) -> Result<()> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return fill::argon2(input, cost, threads, tag);
    }
    let _ = threads;
    portable::argon2(input, cost, tag)
}

/// Sync points of a pass (RFC 9106, 3.2).
const SLICES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR: Input<'static> =
        Input { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], associated_data: &[4; 12] };

    fn tags(input: &Input<'_>, cost: &Cost, threads: usize, length: usize) -> (Vec<u8>, Vec<u8>) {
        let (mut ours, mut oracle) = (vec![0; length], vec![0; length]);
        argon2(input, cost, threads, &mut ours).unwrap();
        portable::argon2(input, cost, &mut oracle).unwrap();
        (ours, oracle)
    }

    /// RFC 9106, section 5.
    #[test]
    fn vectors_of_the_standard() {
        for (r#type, expected) in [
            (Type::D, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"),
            (Type::I, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"),
            (Type::ID, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"),
        ] {
            let cost = Cost {
                r#type,
                version: Version::V0x13,
                time_cost: 3,
                memory_cost: 32,
                parallelism: 4,
            };
            let (ours, oracle) = tags(&VECTOR, &cost, 1, 32);
            assert_eq!(expected, crate::encoding::hex(&ours));
            assert_eq!(expected, crate::encoding::hex(&oracle));
        }
    }

    /// The engine and the `argon2` crate agree, whatever the parameters and the threads.
    #[test]
    fn agrees_with_the_oracle() {
        for r#type in [Type::D, Type::I, Type::ID] {
            for version in [Version::V0x10, Version::V0x13] {
                for (time_cost, memory_cost, parallelism) in
                    [(1, 8, 1), (1, 16, 2), (2, 33, 3), (3, 257, 5), (1, 1100, 1), (2, 2048, 8)]
                {
                    let cost = Cost { r#type, version, time_cost, memory_cost, parallelism };
                    for (threads, length) in [(1, 4), (2, 32), (3, 64), (64, 65), (1, 200)] {
                        let (ours, oracle) = tags(&VECTOR, &cost, threads, length);
                        assert_eq!(oracle, ours, "{cost:?}, {threads} threads, {length} bytes");
                    }
                }
            }
        }
    }
}
