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

/// How many tags and references an input may have, where each takes a time that adds up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constructs {
    /// So many in an input of any size.
    pub(super) least: usize,
    /// And one more in so many bytes.
    pub(super) bytes: usize,
}

impl Constructs {
    /// For a tree: html5ever takes some 500 ns for each.
    pub(super) const PARSED: Self = Self { least: 1 << 16, bytes: 32 };
    /// For its tokenizer alone, which takes some 300 ns.
    pub(super) const READ: Self = Self { least: 1 << 16, bytes: 16 };

    /// Refuses an input that has more.
    pub(super) fn check(self, html: &str) -> Result<()> {
        // NULs are tokens, too.
        let count = memchr::memchr3_iter(b'<', b'&', b'\0', html.as_bytes()).count();
        if count > self.least + html.len() / self.bytes {
            return Err(Error::InputTooLarge("the HTML has too many tags for its size"));
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
    fn tags_and_references_are_counted() {
        let constructs = Constructs { least: 4, bytes: 10 };
        for (html, is_allowed) in [
            ("<b>&amp;</b>", true),
            ("<b>&amp;</b><br>&\0", false),
            ("<<<<", true),
            ("&&&&\0", false),
            ("<b>&amp;</b><br>& and so on, and so on", true),
        ] {
            assert_eq!(is_allowed, constructs.check(html).is_ok(), "{html}");
        }
        // At 1 MiB, one in eleven bytes; up to 64 KiB, whatever there is.
        let most = "<p>word</p>".repeat((1 << 20) / 11);
        assert!(Constructs::PARSED.check(&most).is_err());
        let words = most.replace("word", "more than one word");
        assert_eq!(Ok(()), Constructs::PARSED.check(&words[..1 << 20]));
        assert_eq!(Ok(()), Constructs::PARSED.check(&"<".repeat(1 << 16)));
    }

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
