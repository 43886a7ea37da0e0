//! Argon2 by the `argon2` crate: for processors without AVX2, and the oracle of the tests.
//!
//! It computes in one thread whatever `parallelism` says. Its own allocation is not wiped, so it is
//! lent ours.

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder};
use zeroize::Zeroizing;

use super::Inputs;
use crate::passwords::params::{Parameters, Type, Version};
use crate::{Error, Result};

/// Computes the tag on the calling thread.
pub(super) fn hash(inputs: &Inputs<'_>, parameters: &Parameters, tag: &mut [u8]) -> Result<()> {
    let params = translate_parameters(inputs, parameters).map_err(translate)?;
    let mut memory = memory(params.block_count())?;
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
        argon2.hash_password_into_with_memory(inputs.password, inputs.salt, tag, memory)
    })
    .map_err(translate)
}

fn translate_parameters(inputs: &Inputs<'_>, parameters: &Parameters) -> argon2::Result<Params> {
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
        // `Parameters` and the engine's checks leave none of these.
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
}
