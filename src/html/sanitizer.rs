//! Sanitizing under a compiled policy.

use std::borrow::Cow;

use super::fast::{self, Outcome};
use super::guard;
use super::policy::Policy;
use super::settings::OnLimit;
use crate::{Error, Result};

/// Sanitizes under one policy, any number of times and from any thread.
#[derive(Debug)]
pub struct Sanitizer {
    pub(super) policy: Policy,
}

impl Sanitizer {
    /// A sanitizer under `policy`.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy }
    }

    /// The part of `html` that the policy allows, well-formed.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputTooLarge`] and [`crate::Error::InputTooDeep`] if `html` is over a limit
    /// or would take more than a bounded time and memory.
    pub fn sanitize<'a>(&self, html: &'a str) -> Result<Cow<'a, str>> {
        match self.within_limits(html) {
            Err(Error::InputTooDeep | Error::InputTooLarge(_))
                if self.policy.on_limit == OnLimit::Text =>
            {
                Ok(Cow::Owned(fast::text_only(html, self.policy.limits.output)))
            }
            answer => answer,
        }
    }

    /// What [`Self::sanitize`] gives, or the limit that the document is over.
    pub(super) fn within_limits<'a>(&self, html: &'a str) -> Result<Cow<'a, str>> {
        self.policy.limits.check_input(html.len())?;
        let read = match self.in_one_pass(html) {
            Outcome::Same => return Ok(Cow::Borrowed(html)),
            Outcome::Changed(clean) => return Ok(Cow::Owned(clean)),
            Outcome::Unusual(read) => read,
        };
        self.by_ammonia(html, read).map(Cow::Owned)
    }

    /// What [`Self::sanitize`] gives without ammonia, if that is enough for this document.
    #[must_use]
    pub fn sanitize_usual<'a>(&self, html: &'a str) -> Option<Cow<'a, str>> {
        match self.in_one_pass(html) {
            Outcome::Same => Some(Cow::Borrowed(html)),
            Outcome::Changed(clean) => Some(Cow::Owned(clean)),
            Outcome::Unusual(_) => None,
        }
    }

    fn in_one_pass(&self, html: &str) -> Outcome {
        let Some(tables) = &self.policy.tables else { return Outcome::Unusual(0) };
        fast::sanitize(html, tables, &self.policy.limits)
    }

    /// What [`Self::sanitize`] gives, by ammonia alone.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn sanitize_unusual(&self, html: &str) -> Result<String> {
        self.by_ammonia(html, 0)
    }

    /// Up to `read`, the attributes of tags were counted.
    fn by_ammonia(&self, html: &str, read: usize) -> Result<String> {
        guard::inspect(html, read, &self.policy.limits)?;
        let clean = |html: &str| {
            let mut clean = Vec::with_capacity(html.len() + html.len() / 8);
            // Writing to memory fails only when it is exhausted, which aborts.
            let _ = self.policy.engine.clean(html).write_to(&mut clean);
            String::from_utf8(clean).unwrap_or_default()
        };
        let clean = if html.len() <= TEXT_PIECE || html.contains('<') {
            clean(html)
        } else {
            TextPieces(html).map(clean).collect()
        };
        self.policy.limits.check_output(clean.len())?;
        Ok(clean)
    }
}

/// Text without tags, in pieces that mean the same alone: no character reference spans a space, a
/// character that is not ASCII or another `&`.
///
/// html5ever's serializer takes quadratic time in the text between two tags: 1 MiB of `&` keep it
/// busy for more than a minute.
struct TextPieces<'a>(&'a str);

impl<'a> Iterator for TextPieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0;
        let rest = text.as_bytes().get(TEXT_PIECE..).unwrap_or_default();
        let end = memchr::memchr3(b'&', b' ', NO_BREAK_SPACE, rest)
            .map_or(text.len(), |found| TEXT_PIECE + found);
        // None of the three is the middle of a character.
        let (piece, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        (!piece.is_empty()).then_some(piece)
    }
}

const TEXT_PIECE: usize = 4096;
/// The first byte of U+00A0, which the serializer looks for.
const NO_BREAK_SPACE: u8 = 0xC2;

#[cfg(test)]
mod tests {
    use super::super::policy::tests::settings;
    use super::*;
    use crate::Error;

    fn sanitize(html: &str) -> Result<String> {
        Ok(Sanitizer::new(Policy::compile(&settings())?).sanitize(html)?.into_owned())
    }

    #[test]
    fn what_is_allowed_stays() {
        let html =
            "<p title=\"x\">a <b>b</b> <a href=\"https://x.example/\" rel=\"noopener\">c</a>";
        assert_eq!(Ok(format!("{html}</p>")), sanitize(html));
    }

    #[test]
    fn what_is_not_goes() {
        for (html, expected) in [
            ("<script>alert(1)</script>x", "x"),
            ("<b onclick=alert(1)>x</b>", "<b>x</b>"),
            ("<a href=\"java\nscript:alert(1)\">x</a>", "<a rel=\"noopener\">x</a>"),
            ("<!-- x -->y", "y"),
            ("<svg><p>x</svg>", "<p>x</p>"),
        ] {
            assert_eq!(Ok(expected.to_owned()), sanitize(html));
        }
    }

    #[test]
    fn text_in_pieces_is_the_text() {
        for (text, clean) in [
            ("&", "&amp;"),
            ("&amp;", "&amp;"),
            ("&notit; ", "¬it; "),
            ("«»\u{A0}", "«»&nbsp;"),
            ("a\r\n b > c ", "a\n b &gt; c "),
            ("&#38", "&amp;"),
            ("äöü", "äöü"),
        ] {
            assert_eq!(Ok(clean.repeat(20_000)), sanitize(&text.repeat(20_000)), "{text}");
        }
    }

    #[test]
    fn too_much_is_an_error() {
        assert!(matches!(sanitize(&"x".repeat((1 << 20) + 1)), Err(Error::InputTooLarge(_))));
        assert_eq!(Err(Error::InputTooDeep), sanitize(&"<div>".repeat(10_000)));
    }
}
