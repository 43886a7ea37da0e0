//! Sanitizing under a compiled policy.

use std::borrow::Cow;

use super::fast::{self, Outcome, Rest};
use super::guard;
use super::policy::Policy;
use super::settings::OnLimit;
use crate::platform::fork_gate;
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
        self.within(html, self.policy.limits.check_input(html.len()))
    }

    /// The same for what was made of an input: it may be as long as an output.
    pub(super) fn sanitize_again<'a>(&self, html: &'a str) -> Result<Cow<'a, str>> {
        self.within(html, self.policy.limits.check_output(html.len()))
    }

    /// What [`Self::sanitize`] gives, or the limit that the document is over.
    pub(super) fn within_limits<'a>(&self, html: &'a str) -> Result<Cow<'a, str>> {
        self.policy.limits.check_input(html.len())?;
        self.settled(html)
    }

    fn within<'a>(&self, html: &'a str, size: Result<()>) -> Result<Cow<'a, str>> {
        match size.and_then(|()| self.settled(html)) {
            Err(Error::InputTooDeep | Error::InputTooLarge(_))
                if self.policy.on_limit == OnLimit::Text =>
            {
                let text = fast::text_only(html, self.policy.limits.output);
                // A byte order mark at the beginning would go the next time.
                Ok(Cow::Owned(text.trim_start_matches('\u{FEFF}').to_owned()))
            }
            answer => answer,
        }
    }

    /// Sanitizes until that changes nothing, which is nearly always at once.
    ///
    /// It is not where what goes held apart what stays: a heading in a `<main>` in a heading, the
    /// newline after `<pre>`, a byte order mark behind a tag. ammonia's output is looked at by the
    /// fast path, which knows that it would change nothing in a tenth of ammonia's time.
    fn settled<'a>(&self, html: &'a str) -> Result<Cow<'a, str>> {
        match self.once(html)? {
            (Cow::Owned(clean), settled) if settled < clean.len() && !self.policy.rules.lenient => {
                self.until_settled(clean, settled).map(Cow::Owned)
            }
            (clean, _) => Ok(clean),
        }
    }

    /// Sanitizes what was sanitized, from where it is not known to be `settled`, until nothing
    /// changes.
    fn until_settled(&self, mut clean: String, mut settled: usize) -> Result<String> {
        for _ in 0..MAX_ROUNDS {
            let doubtful = clean.get(settled..).unwrap_or_default();
            let (next, known) = match self.once(doubtful)? {
                (Cow::Owned(next), known) if next != doubtful => (next, known),
                _ => return Ok(clean),
            };
            clean.truncate(settled);
            clean.push_str(&next);
            settled += known;
            if settled == clean.len() {
                return Ok(clean);
            }
        }
        Err(Error::InputTooLarge("the HTML changes whenever it is sanitized"))
    }

    /// Sanitizes, and says up to where doing so again is known to change nothing.
    fn once<'a>(&self, html: &'a str) -> Result<(Cow<'a, str>, usize)> {
        Ok(match self.in_one_pass(html) {
            Outcome::Same => (Cow::Borrowed(html), html.len()),
            Outcome::Changed(clean) => {
                let settled = clean.len();
                (Cow::Owned(clean), settled)
            }
            Outcome::Unsettled(clean) => (Cow::Owned(clean), 0),
            Outcome::Unusual(rest) => {
                let settled = if rest.is_settled { rest.before.len() } else { 0 };
                let clean = self.by_ammonia(html, rest)?;
                // What begins with a byte order mark means something else alone.
                let alone = !clean.get(settled..).unwrap_or_default().starts_with('\u{FEFF}');
                (Cow::Owned(clean), if alone { settled } else { 0 })
            }
        })
    }

    /// What the fast path gives, if it is enough for this document.
    #[must_use]
    pub fn sanitize_usual<'a>(&self, html: &'a str) -> Option<Cow<'a, str>> {
        match self.in_one_pass(html) {
            Outcome::Same => Some(Cow::Borrowed(html)),
            Outcome::Changed(clean) | Outcome::Unsettled(clean) => Some(Cow::Owned(clean)),
            Outcome::Unusual(_) => None,
        }
    }

    fn in_one_pass(&self, html: &str) -> Outcome {
        let Some(tables) = &self.policy.tables else { return Outcome::Unusual(Rest::default()) };
        fast::sanitize(html, tables, &self.policy.limits)
    }

    /// What ammonia gives.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn sanitize_unusual(&self, html: &str) -> Result<String> {
        self.by_ammonia(html, Rest::default())
    }

    fn by_ammonia(&self, html: &str, rest: Rest) -> Result<String> {
        fork_gate::undisturbed(|| self.by_ammonia_alone(html, rest))
    }

    fn by_ammonia_alone(&self, html: &str, rest: Rest) -> Result<String> {
        let html = html.get(rest.start..).unwrap_or_default();
        guard::inspect(html, rest.read - rest.start, &self.policy.limits)?;
        let mut clean = rest.before.into_bytes();
        clean.reserve(html.len() + html.len() / 8);
        let Policy { engine, rules, .. } = &self.policy;
        let mut write = |html: &str| engine.clean(html, rules, &mut clean);
        if html.len() <= TEXT_PIECE || html.contains('<') {
            write(html);
        } else {
            TextPieces(html).for_each(write);
        }
        self.policy.limits.check_output(clean.len())?;
        Ok(String::from_utf8(clean).unwrap_or_default())
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

/// Two are the most that were seen.
const MAX_ROUNDS: usize = 8;
const TEXT_PIECE: usize = 4096;
/// The first byte of U+00A0, which the serializer looks for.
const NO_BREAK_SPACE: u8 = 0xC2;

#[cfg(test)]
mod tests {
    use super::super::policy::tests::{names, settings};
    use super::super::settings::Settings;
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
    fn what_is_sanitized_stays() {
        let settings = |tags: &str| {
            let tags = names(tags);
            let attributes = [("*".to_owned(), names("title"))].into();
            Settings { tags, attributes, drop_content: names("script"), ..Settings::default() }
        };
        for (tags, html) in [
            ("h1 h2", "<h1><main>a<h2>b"),
            ("h1", &*"<h1><main>a".repeat(200)),
            ("h1", "<table><h1><main>a<h1>b"),
            ("p", "<p>a<button><p>b"),
            ("li", "<li>a<ul><li>b"),
            ("dd dt", "<dd>a<dl><dt>b"),
            ("a", "<a>b<object><a>c"),
            ("button", "<button>a<object><button>b"),
            ("rt ruby", "<ruby><rt>a<span><rt>b"),
            ("pre", "<pre>\n\na"),
            ("pre", "<pre title=\"x\"><x-y></x-y>\na"),
            ("table", "<table><tr><td>a"),
            ("td", "<table><tr><td>a"),
            ("b", "<x-y></x-y>\u{FEFF}\u{FEFF}a"),
            ("b", "\u{FEFF}\u{FEFF}a"),
            ("b", "a&#13;b<u>c"),
            ("form", "<form><table></form><form>a"),
        ] {
            let sanitizer = Sanitizer::new(Policy::compile(&settings(tags)).unwrap());
            let once = sanitizer.sanitize(html).unwrap();

            assert_eq!(once, sanitizer.sanitize(&once).unwrap(), "{html}");
        }
    }

    #[test]
    fn ammonia_gets_only_the_end() {
        let sanitizer = Sanitizer::new(Policy::compile(&settings()).unwrap());
        for (html, start, before) in [
            ("<p>a</p>b<p onclick=c>d</p>\n<select>", 28, "<p>a</p>b<p>d</p>\n"),
            ("<b>a<div><p>c</b><b></b>", 0, ""),
            ("<p>a</p><b>c<div><p>d</b>", 8, "<p>a</p>"),
            ("<p><i>a</p><b>c<select>", 0, ""),
            ("<form><select>", 0, ""),
        ] {
            let Outcome::Unusual(rest) = sanitizer.in_one_pass(html) else { panic!("{html}") };

            assert_eq!((start, before), (rest.start, &*rest.before), "{html}");
        }
    }

    #[test]
    fn depth_is_what_a_policy_says() {
        let mut settings = Settings { tags: names("div ul li"), ..Settings::default() };
        settings.limits.depth = 4096;
        let sanitizer = Sanitizer::new(Policy::compile(&settings).unwrap());
        for (tags, count) in [("<div>", 4000), ("<span>", 4000), ("<ul><li>", 2000)] {
            assert!(sanitizer.sanitize(&tags.repeat(count)).is_ok(), "{tags}");
        }
        assert_eq!(Err(Error::InputTooDeep), sanitizer.sanitize(&"<div>".repeat(4200)));
    }

    #[test]
    fn text_begins_with_no_byte_order_mark() {
        let mut settings = settings();
        settings.limits.depth = 2;
        settings.on_limit = OnLimit::Text;
        let sanitizer = Sanitizer::new(Policy::compile(&settings).unwrap());
        for mark in ["\u{FEFF}", "&#xFEFF;", "\u{FEFF}&#xFEFF;"] {
            let html = format!("{}{mark}x", "<b>".repeat(20));
            let text = sanitizer.sanitize(&html).unwrap();

            assert_eq!("x", text);
        }
    }

    #[test]
    fn too_much_is_an_error() {
        assert!(matches!(sanitize(&"x".repeat((1 << 20) + 1)), Err(Error::InputTooLarge(_))));
        assert_eq!(Err(Error::InputTooDeep), sanitize(&"<div>".repeat(10_000)));
    }
}
