//! What `style` attributes may not hold, whichever properties are allowed.

use std::borrow::Cow;

use super::hosts::Hosts;

/// The declarations of `style` in which nothing loads a URL that nobody looks at.
///
/// ammonia keeps the allowed properties and judges the URLs in `url()` by their scheme; it knows
/// neither of `image-set("…")` and `src()` nor of hosts. What is dropped here is dropped without
/// reading CSS: no part that holds anything doubtful is left, so it does not matter where CSS would
/// have cut it.
pub(super) fn without_doubtful<'a>(style: &'a str, tag: &str, hosts: &Hosts) -> Cow<'a, str> {
    let urls = !hosts.limit(tag);
    let doubtful = |part: &str| DOUBTFUL.is_in(part) || !urls && URL.is_in(part);
    if !doubtful(style) {
        return Cow::Borrowed(style);
    }
    // None of the words holds a semicolon, so joining the parts makes no new one.
    let kept: Vec<_> = style.split(';').filter(|part| !doubtful(part)).collect();
    Cow::Owned(kept.join(";"))
}

/// Words that a style sheet knows in any case.
struct Words(&'static [&'static str]);

impl Words {
    fn is_in(&self, style: &str) -> bool {
        let style = style.to_ascii_lowercase();
        self.0.iter().any(|word| style.contains(word))
    }
}

/// An escape may spell any of the others; a comment may part what is one word to old parsers.
const DOUBTFUL: Words = Words(&[
    "\\",
    "@",
    "/*",
    "image-set(",
    "image(",
    "src(",
    "cross-fade(",
    "element(",
    "paint(",
    "expression(",
    "-moz-binding",
    "behavior",
    "javascript:",
]);
const URL: Words = Words(&["url("]);

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn what_may_load_unseen_goes() {
        let hosts = Hosts::default();
        let harmless = "color: red; background: url(https://x.example/)";
        for (style, kept) in [
            (harmless, harmless),
            ("color:red;background:image-set('x.png' 1x);top:0", "color:red;top:0"),
            ("background:-WEBKIT-IMAGE-SET('a;b')", "b')"),
            ("a:\\75rl(x);top:0", "top:0"),
            ("@import 'x';top:0", "top:0"),
            ("background:u/**/rl(x)", ""),
        ] {
            assert_eq!(kept, without_doubtful(style, "p", &hosts));
        }
    }

    #[test]
    fn no_urls_where_hosts_are_limited() {
        let hosts = BTreeMap::from([("p".to_owned(), BTreeSet::from(["x.example".to_owned()]))]);
        let hosts = Hosts::new(&hosts).unwrap();

        assert_eq!("top:0", without_doubtful("background:URL(x);top:0", "p", &hosts));
        assert_eq!("background:url(x)", without_doubtful("background:url(x)", "b", &hosts));
    }
}
