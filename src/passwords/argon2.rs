//! The engine: one function from inputs and parameters to a tag.
//!
//! The argon2 crate computes it, in one thread whatever `parallelism` says (lanes are a property
//! of the hash, threads one of the machine). Its own allocation is not wiped, so it is lent ours.

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder};
use zeroize::Zeroizing;

use super::params::{Parameters, Type, Version};
use crate::{Error, Result};

/// What goes into a hash beside its parameters (RFC 9106, section 3.1).
#[expect(missing_debug_implementations, reason = "passwords are not to be printed")]
pub struct Inputs<'a> {
    /// P, the password.
    pub password: &'a [u8],
    /// S, the salt; its length counts, and not the parameters' `salt_len`.
    pub salt: &'a [u8],
    /// K, the secret; empty for none.
    pub secret: &'a [u8],
    /// X, the associated data, at most 32 bytes; empty for none.
    pub associated_data: &'a [u8],
}

/// The tag of `inputs`, `hash_len` bytes. The memory it was computed in has been wiped.
///
/// # Errors
///
/// [`Error::HashMemory`] if the memory could not be allocated; [`Error::HashParameters`] if the salt
/// or the associated data has an impossible length.
pub fn hash(inputs: &Inputs<'_>, parameters: &Parameters) -> Result<Zeroizing<Vec<u8>>> {
    let params = engine_parameters(inputs, parameters).map_err(translate)?;
    let mut memory = memory(params.block_count())?;
    let mut tag = Zeroizing::new(vec![0; parameters.hash_len as usize]);
    Argon2::new_with_secret(
        inputs.secret,
        match parameters.kind {
            Type::D => Algorithm::Argon2d,
            Type::I => Algorithm::Argon2i,
            Type::Id => Algorithm::Argon2id,
        },
        match parameters.version {
            Version::V0x10 => argon2::Version::V0x10,
            Version::V0x13 => argon2::Version::V0x13,
        },
        params,
    )
    .and_then(|argon2| {
        let memory = memory.as_mut_slice();
        argon2.hash_password_into_with_memory(inputs.password, inputs.salt, &mut tag, memory)
    })
    .map_err(translate)?;
    Ok(tag)
}

fn engine_parameters(inputs: &Inputs<'_>, parameters: &Parameters) -> argon2::Result<Params> {
    ParamsBuilder::new()
        .m_cost(parameters.memory_cost)
        .t_cost(parameters.time_cost)
        .p_cost(parameters.parallelism)
        .output_len(parameters.hash_len as usize)
        .data(AssociatedData::new(inputs.associated_data)?)
        .build()
}

/// Memory for `blocks` of 1 KiB, wiped when dropped. Asks before it takes: `vec!` would abort.
fn memory(blocks: usize) -> Result<Zeroizing<Vec<Block>>> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(blocks).map_err(|_| Error::HashMemory)?;
    memory.resize(blocks, Block::new());
    Ok(Zeroizing::new(memory))
}

fn translate(error: argon2::Error) -> Error {
    match error {
        argon2::Error::OutOfMemory => Error::HashMemory,
        argon2::Error::AdTooLong => {
            Error::HashParameters("the associated data is at most 32 bytes long")
        }
        argon2::Error::SaltTooShort | argon2::Error::SaltTooLong => {
            Error::HashParameters("the salt is 8 to 64 bytes long")
        }
        // `Parameters` and a password within memory leave none of these.
        _ => Error::HashParameters("argon2 does not take these parameters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_does_not_exist_is_an_error() {
        assert_eq!(Some(Error::HashMemory), memory(usize::MAX / 1024).err());
    }

    #[test]
    fn lengths_that_are_impossible_are_errors() {
        let parameters = Parameters::new(Type::Id, Version::V0x13, [8, 1, 1], [32, 16]).unwrap();
        let inputs = Inputs { password: b"", salt: b"1234567", secret: b"", associated_data: b"" };
        assert!(matches!(hash(&inputs, &parameters), Err(Error::HashParameters(_))));
        let inputs = Inputs { salt: b"12345678", associated_data: &[0; 33], ..inputs };
        assert!(matches!(hash(&inputs, &parameters), Err(Error::HashParameters(_))));
    }
}
