//! Argon2 by the `argon2` crate: for processors without AVX2, and the oracle of the tests.

use core::hint::black_box;

use argon2::{Algorithm, Argon2, AssociatedData, Block, ParamsBuilder};

use super::{Cost, Input, Type, Version};
use crate::{Error, Result};

/// Computes the tag on the calling thread; the memory is wiped before it is freed.
pub(super) fn argon2(input: &Input<'_>, cost: &Cost, tag: &mut [u8]) -> Result<()> {
    let algorithm = match cost.r#type {
        Type::D => Algorithm::Argon2d,
        Type::I => Algorithm::Argon2i,
        Type::ID => Algorithm::Argon2id,
    };
    let version = match cost.version {
        Version::V0x10 => argon2::Version::V0x10,
        Version::V0x13 => argon2::Version::V0x13,
    };
    let data = AssociatedData::new(input.associated_data).map_err(unknown)?;
    let parameters = ParamsBuilder::new()
        .t_cost(cost.time_cost)
        .m_cost(cost.memory_cost)
        .p_cost(cost.parallelism)
        .output_len(tag.len())
        .data(data)
        .build()
        .map_err(unknown)?;
    let engine =
        Argon2::new_with_secret(input.secret, algorithm, version, parameters).map_err(unknown)?;

    let mut memory = Vec::new();
    memory.try_reserve_exact(cost.blocks()).map_err(|_| Error::HashMemory)?;
    memory.resize(cost.blocks(), Block::new());
    let result =
        engine.hash_password_into_with_memory(input.password, input.salt, tag, &mut *memory);
    memory.fill(Block::new());
    black_box(&memory);
    result.map_err(unknown)
}

fn unknown(error: argon2::Error) -> Error {
    match error {
        argon2::Error::OutOfMemory => Error::HashMemory,
        _ => Error::HashParameters("the parameters are outside what argon2 allows"),
    }
}
