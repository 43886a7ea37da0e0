//! URLs as the standard reads them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ammonia::Url;
use ammonia::url::ParseError;

use super::engine;
use super::rules::Relative;
use crate::{Error, Result};

/// `url` as a browser resolves it on a page at `base`.
///
/// # Errors
///
/// [`Error::Policy`] if `base` is no absolute URL or `url` is none at all.
pub fn join_url(base: &str, url: &str) -> Result<String> {
    let joined = Url::parse(base).and_then(|base| base.join(url));
    joined.map(String::from).map_err(|_| Error::Policy("the url_relative has a URL that is none"))
}

/// What becomes of a URL: None if its scheme is not allowed, or it has none and may not.
pub(super) fn judge<'a>(
    url: &'a str,
    schemes: &BTreeSet<String>,
    relative: &Relative,
) -> Option<Cow<'a, str>> {
    match (Url::parse(url), relative) {
        (Ok(parsed), _) => schemes.contains(parsed.scheme()).then_some(Cow::Borrowed(url)),
        (Err(ParseError::RelativeUrlWithoutBase), Relative::Base(base)) => {
            base.join(url).ok().map(|joined| Cow::Owned(joined.into()))
        }
        (Err(ParseError::RelativeUrlWithoutBase), Relative::Pass) => Some(Cow::Borrowed(url)),
        (Err(_), _) => None,
    }
}

/// The same, as the parser writes it.
pub(super) fn normalized(
    url: &str,
    schemes: &BTreeSet<String>,
    relative: &Relative,
) -> Option<String> {
    let url = judge(url, schemes, relative)?;
    Some(Url::parse(&url).map_or_else(|_| url.into_owned(), String::from))
}

/// Whether the value of an attribute is taken for a URL.
#[must_use]
pub fn is_url_attribute(tag: &str, attribute: &str) -> bool {
    engine::is_url(tag, attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_joined() {
        assert_eq!(Ok("https://x.example/a/c".to_owned()), join_url("https://x.example/a/b", "c"));
        assert!(join_url("x.example", "c").is_err());
        assert!(is_url_attribute("img", "src") && !is_url_attribute("img", "alt"));
    }
}
