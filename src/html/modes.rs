//! What becomes of what a policy does not allow, and who may change what it does.

use std::borrow::Cow;

use super::drop_mode::drop_disallowed;
use super::escape_mode::{Kept, escape_disallowed};
use super::limits::Constructs;
use super::linkify::{Linkify, OnLink};
use super::report::{Removal, RemovalKind, removals};
use super::rewrite::{Element, rewrite};
use super::sanitizer::Sanitizer;
use super::settings::OnLimit;
use super::truncate::truncate;
use crate::platform::fork_gate;
use crate::{Error, Result};

/// What becomes of tags and comments that a policy does not allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the modes that there are")]
pub enum OnDisallowed {
    /// They go with all they contain.
    Drop,
    /// They become text.
    Escape,
    /// They go, and what they contain stays.
    #[default]
    Strip,
}

impl core::str::FromStr for OnDisallowed {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "drop" => Ok(Self::Drop),
            "escape" => Ok(Self::Escape),
            "strip" => Ok(Self::Strip),
            _ => Err(Error::Policy("the on_disallowed is \"strip\", \"escape\" or \"drop\"")),
        }
    }
}

impl Sanitizer {
    /// The part of `html` that the policy allows, and what else `mode` makes of it.
    ///
    /// Sanitizing the result by [`Self::sanitize`] gives the result.
    ///
    /// # Errors
    ///
    /// As [`Self::sanitize`].
    pub fn sanitize_as<'a>(&self, html: &'a str, mode: OnDisallowed) -> Result<Cow<'a, str>> {
        if mode == OnDisallowed::Strip {
            return self.sanitize(html);
        }
        match self.as_within_limits(html, mode) {
            // The text, where that is what becomes of such input.
            Err(Error::InputTooDeep | Error::InputTooLarge(_))
                if self.policy.on_limit == OnLimit::Text =>
            {
                self.sanitize(html)
            }
            answer => answer,
        }
    }

    fn as_within_limits<'a>(&self, html: &'a str, mode: OnDisallowed) -> Result<Cow<'a, str>> {
        let limits = &self.policy.limits;
        limits.check_input(html.len())?;
        // Where there is nothing to strip, there is nothing to escape or to drop.
        if let Some(Cow::Borrowed(html)) = self.sanitize_usual(html) {
            return Ok(Cow::Borrowed(html));
        }
        Constructs::PARSED.check(html)?;
        let prepared = fork_gate::undisturbed(|| match mode {
            OnDisallowed::Drop => drop_disallowed(html, self.kept(), limits.parsing()),
            OnDisallowed::Escape => escape_disallowed(html, self.kept(), limits.parsing()),
            OnDisallowed::Strip => self.within_limits(html).map(Cow::into_owned),
        });
        self.settle(prepared?).map(Cow::Owned)
    }

    /// Sanitized markup with what `change` makes of its elements, as far as the policy allows it.
    ///
    /// # Errors
    ///
    /// As [`Self::sanitize`]; [`Error::InvalidInput`] if `change` returns an impossible name; and
    /// what `change` returns.
    pub fn rewrite<E: From<Error>>(
        &self,
        sanitized: &str,
        change: impl FnMut(Element) -> core::result::Result<Option<Element>, E>,
    ) -> core::result::Result<String, E> {
        Ok(self.settle(rewrite(sanitized, change)?)?)
    }

    /// Sanitized markup with links for the URLs in its text, as far as the policy allows them.
    ///
    /// # Errors
    ///
    /// As [`Self::rewrite`].
    pub fn linkify<E: From<Error>>(
        &self,
        sanitized: &str,
        linkify: &Linkify,
        on_link: Option<OnLink<'_, E>>,
    ) -> core::result::Result<String, E> {
        if !self.policy.rules.tags.contains("a") {
            return Ok(self.settle(sanitized.to_owned())?);
        }
        let rules = &self.policy.rules;
        let set = rules.set.get("a").into_iter().flatten();
        let rel = rules.link_rel.iter().map(|rel| ("rel".to_owned(), rel.clone()));
        let given: Vec<_> =
            set.map(|(name, value)| (name.clone(), value.clone())).chain(rel).collect();
        let schemes: Vec<_> = rules.schemes.iter().map(String::as_str).collect();
        let is_allowed = |url: &str| {
            let end = memchr::memchr(b':', url.as_bytes()).unwrap_or(url.len());
            let scheme = url.get(..end).unwrap_or_default();
            let known = schemes.iter().any(|it| it.eq_ignore_ascii_case(scheme));
            known && rules.hosts.allow("a", url)
        };
        Ok(self.settle(linkify.run(sanitized, is_allowed, &given, on_link)?)?)
    }

    /// The markup around the first `length` characters of sanitized markup.
    ///
    /// # Errors
    ///
    /// As [`Self::sanitize`].
    pub fn truncate(&self, sanitized: &str, length: usize, ellipsis: &str) -> Result<String> {
        self.settle(truncate(sanitized, length, ellipsis))
    }

    /// What [`Self::sanitize_as`] does not let through, in the order of the input.
    ///
    /// # Errors
    ///
    /// As [`Self::sanitize`].
    pub fn removals(&self, html: &str, mode: OnDisallowed) -> Result<Vec<Removal>> {
        if self.policy.on_limit == OnLimit::Text
            && let Err(Error::InputTooDeep | Error::InputTooLarge(_)) =
                self.as_within_limits(html, mode)
        {
            let kind = RemovalKind::Document;
            return Ok(vec![Removal { kind, name: String::new(), position: 0 }]);
        }
        let limits = &self.policy.limits;
        limits.check_input(html.len())?;
        if let Some(Cow::Borrowed(_)) = self.sanitize_usual(html) {
            return Ok(Vec::new());
        }
        Constructs::PARSED.check(html)?;
        fork_gate::undisturbed(|| {
            removals(html, self.kept(), mode, limits.parsing(), &|tag| {
                self.sanitize_again(tag).map(Cow::into_owned)
            })
        })
    }

    fn kept(&self) -> Kept<'_> {
        let rules = &self.policy.rules;
        Kept { tags: &rules.tags, drop_content: &rules.drop_content, comments: rules.comments }
    }

    /// Lets the sanitizer have the last word.
    fn settle(&self, html: String) -> Result<String> {
        match self.sanitize_again(&html)? {
            Cow::Owned(clean) => Ok(clean),
            Cow::Borrowed(_) => Ok(html),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::Policy;
    use super::super::policy::tests::settings;
    use super::*;

    #[test]
    fn tags_without_end_are_refused_where_they_are_parsed() {
        let sanitizer = Sanitizer::new(Policy::compile(&settings()).unwrap());
        let usual = "<b>x</b>".repeat(1 << 16);
        let unusual = ["<x-y>", &usual].concat();
        assert!(sanitizer.sanitize(&unusual).is_ok());
        for mode in [OnDisallowed::Drop, OnDisallowed::Escape] {
            // There is nothing to do, which is seen at once.
            assert!(matches!(sanitizer.sanitize_as(&usual, mode), Ok(Cow::Borrowed(_))));
            assert!(matches!(sanitizer.sanitize_as(&unusual, mode), Err(Error::InputTooLarge(_))));
        }
        let mode = OnDisallowed::Strip;
        assert_eq!(Ok(vec![]), sanitizer.removals(&usual, mode));
        assert!(matches!(sanitizer.removals(&unusual, mode), Err(Error::InputTooLarge(_))));
    }

    #[test]
    fn reports_are_bounded() {
        let sanitizer = Sanitizer::new(Policy::compile(&settings()).unwrap());
        let attributes = (0..50).fold(String::new(), |all, number| format!("{all} a{number}"));
        let tags = |count: usize| format!("<b{attributes}>x</b>").repeat(count);
        let listed = |html: &str| sanitizer.removals(html, OnDisallowed::Strip);

        assert_eq!(Ok(60_000), listed(&tags(1200)).map(|removals| removals.len()));
        assert!(matches!(listed(&tags(1320)), Err(Error::InputTooLarge(_))));
    }
}
