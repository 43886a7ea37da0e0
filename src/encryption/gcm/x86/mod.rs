//! AES-256-GCM for short messages, with the processor's instructions for it.
//!
//! What costs time in a message of a field's size is not its bytes but its key. So the round keys
//! are expanded while the hash key, the mask of the tag and the first blocks of the keystream are
//! encrypted with them, which fills the gaps between one round key and the next.
//!
//! Constant in time: there is no table, and no branch or address depends on anything but lengths
//! and on whether the tag was right.

#![expect(unsafe_code, reason = "what was compiled for instructions that a processor may not have")]

mod aes;
mod block_key;
mod bytes;
mod ghash;
mod message_key;
mod processor;
mod wide;

pub(in crate::encryption) use self::block_key::BlockKey;
pub(super) use self::message_key::MessageKey;
pub(in crate::encryption) use self::processor::Processor;
