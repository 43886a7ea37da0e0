//! Which URLs are kept.

use std::borrow::Cow;

use ammonia::Url;
use ammonia::url::ParseError;

use super::tables::Urls;
use super::{Result, Unusual};
use crate::html::rules::Relative;

impl Urls {
    /// What becomes of a URL: None if it goes, itself in most cases.
    pub(super) fn judge<'a>(&self, tag: &str, url: &'a str) -> Result<Option<Cow<'a, str>>> {
        let kept = match kind(url) {
            Kind::Scheme(scheme) => self.schemes.contains(scheme),
            Kind::Relative => return self.judge_relative(tag, url),
            Kind::Unclear => match Url::parse(url) {
                Ok(url) => self.schemes.contains(url.scheme()),
                Err(ParseError::RelativeUrlWithoutBase) => return self.judge_relative(tag, url),
                Err(_) => false,
            },
        };
        self.check_host(tag, url, kept)?;
        Ok(kept.then_some(Cow::Borrowed(url)))
    }

    fn judge_relative<'a>(&self, tag: &str, url: &'a str) -> Result<Option<Cow<'a, str>>> {
        self.check_host(tag, url, !matches!(self.relative, Relative::Deny))?;
        match &self.relative {
            Relative::Base(base) => {
                let absolute = base.join(url).map_err(|_| Unusual)?;
                Ok(Some(Cow::Owned(absolute.into())))
            }
            Relative::Deny => Ok(None),
            Relative::Pass => Ok(Some(Cow::Borrowed(url))),
        }
    }

    /// Where hosts are limited, ammonia drops attributes late, and puts the last in their place.
    fn check_host(&self, tag: &str, url: &str, kept: bool) -> Result<()> {
        if !kept || self.hosts.is_empty() || self.hosts.allow(tag, url) {
            Ok(())
        } else {
            Err(Unusual)
        }
    }
}

/// What can be told of a URL at a glance.
enum Kind<'a> {
    /// It parses, and has this scheme.
    Scheme(&'a str),
    Relative,
    Unclear,
}

fn kind(url: &str) -> Kind<'_> {
    let bytes = url.as_bytes();
    match bytes.first() {
        // Control characters and spaces are skipped.
        Some(byte) if *byte <= b' ' => return Kind::Unclear,
        Some(byte) if byte.is_ascii_alphabetic() => {}
        _ => return Kind::Relative,
    }
    let Some(colon) = bytes.iter().position(|byte| *byte == b':') else {
        return Kind::Relative;
    };
    let (Some(scheme), Some(rest)) = (url.get(..colon), bytes.get(colon + 1..)) else {
        return Kind::Unclear;
    };
    match scheme {
        "http" | "https" if is_plain_host(rest) => Kind::Scheme(scheme),
        // Without a slash, what follows can be anything.
        "mailto" | "tel" if rest.first() != Some(&b'/') => Kind::Scheme(scheme),
        _ => Kind::Unclear,
    }
}

/// Whether `//` and a host follow that is a name in ASCII: not a number, not in Punycode, without
/// user and port.
fn is_plain_host(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b"//") else {
        return false;
    };
    let end =
        rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')));
    let (host, after) = rest.split_at(end.unwrap_or(rest.len()));
    let mut labels = host.split(|byte| *byte == b'.');
    let plain = |label: &[u8]| {
        !label.is_empty() && label.get(..4).is_none_or(|start| !start.eq_ignore_ascii_case(b"xn--"))
    };
    matches!(after.first(), None | Some(b'/' | b'?' | b'#'))
        && labels.clone().all(plain)
        && labels.next_back().and_then(<[u8]>::first).is_some_and(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(url: &str) {
        let parsed = Url::parse(url);
        match kind(url) {
            Kind::Scheme(scheme) => {
                assert_eq!(Ok(scheme), parsed.as_ref().map(Url::scheme), "{url}");
            }
            Kind::Relative => assert_eq!(Err(ParseError::RelativeUrlWithoutBase), parsed, "{url}"),
            Kind::Unclear => {}
        }
    }

    #[test]
    fn a_glance_sees_what_the_parser_sees() {
        for url in [
            "https://example.org",
            "http://a-b.c.d/e?f#g",
            "https://1.2.3.4/",
            "https://a.1/",
            "https://xn--a/",
            "https://a..b/",
            "https://-/",
            "https:///a",
            "https:a",
            "https://a:b/",
            "https://a@b/",
            "mailto:a@b",
            "mailto:",
            "mailto:/x",
            "mailto://x",
            "tel:+1",
            "a:b",
            "/a:b",
            "#a:b",
            "?a:b",
            ".:a",
            "",
            "a",
            "javascript:x",
            " javascript:x",
            "java\tscript:x",
            "ht\ntps://a",
            "https:\\\\a",
            "https://a\\b",
            "https://a b",
            "https://a\tb/",
            "1:a",
            "a+b:c",
        ] {
            check(url);
        }
    }

    proptest! {
        #[test]
        fn a_glance_sees_what_the_parser_sees_in_any_text(
            scheme in "(http|https|mailto|tel|HTTPS|javascript|a)?",
            rest in "[:/\\\\@a-z0-9.xn \t\n%-]{0,12}\\PC{0,3}",
        ) {
            check(&format!("{scheme}{rest}"));
            check(&format!("{scheme}:{rest}"));
            check(&format!("{scheme}://{rest}"));
        }
    }
}
