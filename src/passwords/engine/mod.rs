//! Argon2 itself: from a password and its parameters to a tag.
//!
//! On x86-64 processors with AVX2 the memory is filled by our own loop ([`fill`]), elsewhere by the
//! `argon2` crate, which is also the oracle of the tests: both give the same tag for everything.
//!
//! What makes the loop fast, measured on 2026-11-23 (ratios of CPU time to argon2-cffi's wheel):
//! `BLAKE2b` rounds on 256-bit registers, two at a time (2.5x when the memory fits the cache); the
//! next reference block fetched as soon as word 0 of the new block is known, which is why that
//! column is computed first (1.4-1.8x from 64 MiB); two lanes taken in turns by one thread (1.2x).
//! With AVX-512 (2026-11-25, Sapphire Rapids) a block in the cache takes 117 ns instead of 171,
//! and a hash in 64 MiB three quarters of the time.

#[cfg(target_arch = "x86_64")]
mod blake2b;
#[cfg(target_arch = "x86_64")]
mod block;
#[cfg(target_arch = "x86_64")]
mod compress;
#[cfg(target_arch = "x86_64")]
mod compress512;
#[cfg(target_arch = "x86_64")]
mod fill;
#[cfg(target_arch = "x86_64")]
mod kernel;
mod portable;

use zeroize::Zeroizing;

#[cfg(target_arch = "x86_64")]
use self::kernel::Kernel;
use super::params::Parameters;
use crate::secret::wipe_stack;
use crate::{Error, Result};

/// What goes into a hash beside its parameters (RFC 9106, section 3.1).
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "passwords are not to be printed")]
pub struct Inputs<'a> {
    /// P, the password.
    pub password: &'a [u8],
    /// S, the salt, 8 to 64 bytes; its length counts, and not the parameters' `salt_len`.
    pub salt: &'a [u8],
    /// K, the secret; empty for none.
    pub secret: &'a [u8],
    /// X, the associated data, at most 32 bytes; empty for none.
    pub associated_data: &'a [u8],
}

/// The tag of `inputs`, `hash_len` bytes, computed on at most `threads` threads. The memory it was
/// computed in has been wiped, and so has the stack.
///
/// # Errors
///
/// [`Error::HashMemory`] if the memory could not be allocated; [`Error::HashParameters`] if the salt
/// or the associated data has an impossible length.
pub fn hash(
    inputs: &Inputs<'_>,
    parameters: &Parameters,
    threads: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    if !(8..=64).contains(&inputs.salt.len()) {
        return Err(Error::HashParameters("the salt is 8 to 64 bytes long"));
    }
    if inputs.associated_data.len() > 32 {
        return Err(Error::HashParameters("the associated data is at most 32 bytes long"));
    }
    let mut tag = Zeroizing::new(vec![0; parameters.hash_len as usize]);
    let result = compute(inputs, parameters, threads, &mut tag);
    // `BLAKE2b` had the password in its block.
    wipe_stack();
    result.map(|()| tag)
}

#[inline(never)]
fn compute(
    inputs: &Inputs<'_>,
    parameters: &Parameters,
    threads: usize,
    tag: &mut [u8],
) -> Result<()> {
    #[cfg(target_arch = "x86_64")]
    if let Some(kernel) = Kernel::best() {
        return fill(kernel, inputs, parameters, threads, tag);
    }
    let _ = threads;
    portable::hash(inputs, parameters, tag)
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "what was compiled for AVX2 is called once AVX2 is known")]
fn fill(
    kernel: Kernel,
    inputs: &Inputs<'_>,
    parameters: &Parameters,
    threads: usize,
    tag: &mut [u8],
) -> Result<()> {
    // SAFETY: there is a kernel only where the processor has said that it has AVX2.
    unsafe { fill::hash(kernel, inputs, parameters, threads, tag) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{Type, Version};

    const VECTOR: Inputs<'static> =
        Inputs { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], associated_data: &[4; 12] };

    fn oracle(inputs: &Inputs<'_>, parameters: &Parameters) -> Vec<u8> {
        let mut tag = vec![0; parameters.hash_len as usize];
        portable::hash(inputs, parameters, &mut tag).unwrap();
        tag
    }

    /// What each of this processor's kernels makes of it, and what [`hash`] does.
    fn tags(inputs: &Inputs<'_>, parameters: &Parameters, threads: usize) -> Vec<Vec<u8>> {
        let mut tags = vec![hash(inputs, parameters, threads).unwrap().to_vec()];
        #[cfg(target_arch = "x86_64")]
        for kernel in [Kernel::narrow(), Kernel::wide()].into_iter().flatten() {
            let mut tag = vec![0; parameters.hash_len as usize];
            fill(kernel, inputs, parameters, threads, &mut tag).unwrap();
            tags.push(tag);
        }
        tags
    }

    /// RFC 9106, section 5.
    #[test]
    fn vectors_of_the_standard() {
        for (kind, expected) in [
            (Type::D, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"),
            (Type::I, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"),
            (Type::Id, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"),
        ] {
            let parameters = Parameters::new(kind, Version::V0x13, [32, 3, 4], [32, 16]).unwrap();
            for tag in tags(&VECTOR, &parameters, 1) {
                assert_eq!(expected, crate::encoding::hex(&tag));
            }
            assert_eq!(expected, crate::encoding::hex(&oracle(&VECTOR, &parameters)));
        }
    }

    /// Our kernels and the `argon2` crate agree, whatever the parameters and the threads.
    #[test]
    fn agrees_with_the_oracle() {
        for kind in [Type::D, Type::I, Type::Id] {
            for version in [Version::V0x10, Version::V0x13] {
                for costs in
                    [[8, 1, 1], [16, 1, 2], [33, 2, 3], [257, 3, 5], [1100, 1, 1], [2048, 2, 8]]
                {
                    for (threads, hash_len) in [(1, 4), (2, 32), (3, 64), (64, 65), (1, 200)] {
                        let lengths = [hash_len, 16];
                        let parameters = Parameters::new(kind, version, costs, lengths).unwrap();
                        let expected = oracle(&VECTOR, &parameters);
                        for tag in tags(&VECTOR, &parameters, threads) {
                            assert_eq!(expected, tag, "{parameters:?}, {threads} threads");
                        }
                    }
                }
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

        /// The same over random inputs and small random parameters.
        #[test]
        fn agrees_with_the_oracle_on_anything(
            kind in proptest::sample::select(vec![Type::D, Type::I, Type::Id]),
            version in proptest::sample::select(vec![Version::V0x10, Version::V0x13]),
            (parallelism, memory, more, time) in (1_u32..9, 8_u32..24, 0_u32..40, 1_u32..4),
            (hash_len, threads) in (4_u32..150, 1_usize..5),
            password: Vec<u8>,
            secret: Vec<u8>,
            salt in proptest::collection::vec(0_u8.., 8..64),
            associated_data in proptest::collection::vec(0_u8.., 0..32),
        ) {
            let costs = [memory * parallelism + more, time, parallelism];
            let parameters = Parameters::new(kind, version, costs, [hash_len, 16]).unwrap();
            let inputs = Inputs {
                password: &password,
                salt: &salt,
                secret: &secret,
                associated_data: &associated_data,
            };
            let expected = oracle(&inputs, &parameters);
            for tag in tags(&inputs, &parameters, threads) {
                proptest::prop_assert_eq!(&expected, &tag);
            }
        }
    }

    #[test]
    fn lengths_that_are_impossible_are_errors() {
        let parameters = Parameters::new(Type::Id, Version::V0x13, [8, 1, 1], [32, 16]).unwrap();
        for salt in [&b"1234567"[..], &[0; 65]] {
            let inputs = Inputs { salt, ..VECTOR };
            assert!(matches!(hash(&inputs, &parameters, 1), Err(Error::HashParameters(_))));
        }
        let inputs = Inputs { associated_data: &[0; 33], ..VECTOR };
        assert!(matches!(hash(&inputs, &parameters, 1), Err(Error::HashParameters(_))));
    }
}
