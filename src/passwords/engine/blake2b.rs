//! The two hashes around the memory: H0 and H' (RFC 9106, 3.2 and 3.3), both `BLAKE2b`.

use blake2::digest::Digest;
use blake2::digest::array::Array;
use blake2::digest::block_api::{UpdateCore, VariableOutputCore};
use blake2::digest::block_buffer::LazyBuffer;
use blake2::{Blake2b512, Blake2bVarCore};
use zeroize::{Zeroize, Zeroizing};

use super::Inputs;
use crate::passwords::params::Parameters;
use crate::{Error, Result};

/// H0, from everything that goes in (RFC 9106, 3.2, step 1).
pub(super) fn initial(inputs: &Inputs<'_>, parameters: &Parameters) -> Result<Zeroizing<[u8; 64]>> {
    let mut hash = Blake2b512::new();
    for number in [
        parameters.parallelism,
        parameters.hash_len,
        parameters.memory_cost,
        parameters.time_cost,
        parameters.version.number(),
        parameters.kind.number(),
    ] {
        hash.update(number.to_le_bytes());
    }
    for field in [inputs.password, inputs.salt, inputs.secret, inputs.associated_data] {
        hash.update(length(field.len())?.to_le_bytes());
        hash.update(field);
    }
    Ok(Zeroizing::new(hash.finalize().into()))
}

/// H', a hash as long as `out` is (RFC 9106, 3.3).
pub(super) fn long(parts: &[&[u8]], out: &mut [u8]) -> Result<()> {
    let total = length(out.len())?.to_le_bytes();
    if out.len() <= FULL {
        return short(&total, parts, out);
    }
    let mut hash = Blake2b512::new();
    hash.update(total);
    for part in parts {
        hash.update(part);
    }
    // V1, V2 …: the first half of each is output, the whole of it makes the next.
    let mut value = Zeroizing::new(<[u8; FULL]>::from(hash.finalize()));
    let mut rest = out;
    loop {
        let (half, tail) = rest.split_at_mut(FULL / 2);
        half.copy_from_slice(value.split_at(FULL / 2).0);
        rest = tail;
        if rest.len() <= FULL {
            return short(&*value, &[], rest);
        }
        *value = Blake2b512::digest(*value).into();
    }
}

/// `BLAKE2b` with an output of up to 64 bytes.
fn short(first: &[u8], parts: &[&[u8]], out: &mut [u8]) -> Result<()> {
    let mut core = Blake2bVarCore::new(out.len()).map_err(|_| TAG_LENGTH)?;
    let mut buffer = LazyBuffer::new(&[]);
    for part in [first].iter().chain(parts) {
        buffer.digest_blocks(part, |blocks| core.update_blocks(blocks));
    }
    let mut full = Array::default();
    core.finalize_variable_core(&mut buffer, &mut full);
    out.copy_from_slice(full.get(..out.len()).ok_or(TAG_LENGTH)?);
    full.as_mut_slice().zeroize();
    Ok(())
}

fn length(bytes: usize) -> Result<u32> {
    u32::try_from(bytes).map_err(|_| Error::HashParameters("an argument is longer than 4 GiB"))
}

const FULL: usize = 64;
const TAG_LENGTH: Error = Error::HashParameters("a tag has at least one byte");
