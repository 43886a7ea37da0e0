//! How much a policy accepts.

use super::parse::Options;
use crate::{Error, Result};

/// Bounds on one input and on what becomes of it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made field by field, by whoever calls")]
pub struct Limits {
    /// The longest input, in bytes.
    pub input: usize,
    /// How deep elements may be nested.
    pub depth: usize,
    /// How many attributes a tag may have.
    pub attributes: usize,
    /// The longest output, in bytes.
    pub output: usize,
}

impl Limits {
    /// The limits, if they are within reason.
    pub(super) fn check(&self) -> Result<()> {
        if !(1..=MAX_BYTES).contains(&self.input) {
            return Err(Error::Policy("the max_input is 1 to 67108864 bytes"));
        }
        if !(1..=MAX_DEPTH).contains(&self.depth) {
            return Err(Error::Policy("the max_depth is 1 to 4096 elements"));
        }
        if !(1..=MAX_ATTRIBUTES).contains(&self.attributes) {
            return Err(Error::Policy("the max_attributes is 1 to 1024"));
        }
        if !(1..=MAX_BYTES).contains(&self.output) {
            return Err(Error::Policy("the max_output is 1 to 67108864 bytes"));
        }
        Ok(())
    }

    /// How a document under these limits is parsed: as ammonia does, without scripting.
    pub(super) const fn parsing(&self) -> Options {
        Options { attributes: self.attributes, depth: self.depth, scripting: false }
    }

    pub(super) fn check_input(&self, bytes: usize) -> Result<()> {
        if bytes > self.input {
            return Err(Error::InputTooLarge("the HTML is longer than max_input"));
        }
        Ok(())
    }

    pub(super) fn check_output(&self, bytes: usize) -> Result<()> {
        if bytes > self.output {
            return Err(Error::InputTooLarge("the HTML would become longer than max_output"));
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { input: 1 << 20, depth: 512, attributes: 256, output: 8 << 20 }
    }
}

/// 64 MiB.
const MAX_BYTES: usize = 64 << 20;
/// Browsers end at 512, so deeper documents have no readers.
const MAX_DEPTH: usize = 4096;
/// html5ever compares each attribute of a tag with all before it.
const MAX_ATTRIBUTES: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_within_reason() {
        let sound = Limits::default();
        assert_eq!(Ok(()), sound.check());
        for limits in [
            Limits { input: 0, ..sound },
            Limits { input: MAX_BYTES + 1, ..sound },
            Limits { depth: 0, ..sound },
            Limits { depth: MAX_DEPTH + 1, ..sound },
            Limits { attributes: 0, ..sound },
            Limits { attributes: MAX_ATTRIBUTES + 1, ..sound },
            Limits { output: 0, ..sound },
            Limits { output: MAX_BYTES + 1, ..sound },
        ] {
            assert!(limits.check().is_err(), "{limits:?}");
        }
    }
}
