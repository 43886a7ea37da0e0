//! URLs as the standard reads them.

use ammonia::Url;

use super::engine;
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
