//! Which hosts URLs may name.

use std::collections::{BTreeMap, BTreeSet};

use ammonia::Url;
use ammonia::url::Host;

use super::settings::{ANY_TAG, ByTag};
use crate::platform::fork::PerProcess;
use crate::{Error, Result};

/// The hosts that URLs may name, by tag.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    by_tag: ByTag<Allowed>,
    /// What relative URLs will be resolved against.
    base: Option<Url>,
}

#[derive(Clone, Debug, Default)]
struct Allowed {
    hosts: BTreeSet<String>,
    /// Domains below which every host is allowed, with a dot before.
    domains: Vec<String>,
}

impl Hosts {
    pub(super) fn new(setting: &ByTag<BTreeSet<String>>, base: Option<Url>) -> Result<Self> {
        let mut by_tag = BTreeMap::new();
        for (tag, hosts) in setting {
            let mut allowed = Allowed::default();
            for host in hosts {
                match host.strip_prefix("*.") {
                    Some(domain) => allowed.domains.push(format!(".{}", canonical(domain)?)),
                    None => {
                        allowed.hosts.insert(canonical(host)?);
                    }
                }
            }
            by_tag.insert(tag.clone(), allowed);
        }
        Ok(Self { by_tag, base })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_tag.is_empty()
    }

    /// Whether there is a list for a tag.
    pub(super) fn limit(&self, tag: &str) -> bool {
        self.of(tag).is_some()
    }

    /// Whether a URL on a tag names an allowed host, or none.
    ///
    /// It is read as browsers read it: they drop what is before an `@`, take `\` for `/`, and write
    /// hosts in ASCII.
    pub(super) fn allow(&self, tag: &str, url: &str) -> bool {
        let Some(allowed) = self.of(tag) else {
            return true;
        };
        // `https:x` is a path on a page under https, and a host on others.
        let base = self.base.as_ref().unwrap_or_else(|| NOWHERE.get());
        let Ok(url) = Url::parse(url).or_else(|_| base.join(url)) else {
            return false;
        };
        match url.host_str() {
            Some(host) if host == NO_HOST && self.base.is_none() => true,
            Some(host) => allowed.allows(host),
            // A link to a mailbox or telephone loads nothing.
            None => matches!(tag, "a" | "area"),
        }
    }

    fn of(&self, tag: &str) -> Option<&Allowed> {
        self.by_tag.get(tag).or_else(|| self.by_tag.get(ANY_TAG))
    }
}

impl Allowed {
    fn allows(&self, host: &str) -> bool {
        self.hosts.contains(host)
            || self.domains.iter().any(|domain| host.ends_with(domain.as_str()))
    }
}

/// A host as the parser writes it.
fn canonical(host: &str) -> Result<String> {
    match Host::parse(host) {
        Ok(parsed) if !host.contains('*') => Ok(parsed.to_string()),
        _ => Err(Error::Policy("the url_hosts are like \"example.org\" or \"*.example.org\"")),
    }
}

/// What relative URLs are resolved against to see whether they name a host.
static NOWHERE: PerProcess<Url> = PerProcess::new(|| {
    #[expect(clippy::expect_used, reason = "a constant that a test parses")]
    Url::parse("https://relative.invalid/").expect("a URL")
});
const NO_HOST: &str = "relative.invalid";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_as_browsers_do() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let hosts = Hosts::new(
            &BTreeMap::from([
                (
                    "*".to_owned(),
                    names(&["example.org", "*.example.net", "bücher.example", "[::1]"]),
                ),
                ("img".to_owned(), names(&["images.example"])),
            ]),
            None,
        )
        .unwrap();
        for url in [
            "https://example.org/x",
            "HTTPS://EXAMPLE.ORG:8443",
            "//example.org",
            "https:\\\\example.org\\x",
            "https://user:word@example.org/",
            "https://example.org\\@evil.example/",
            "https://a.example.net/",
            "https://a.b.example.net/",
            "https://xn--bcher-kva.example/",
            "https://BÜCHER.example/",
            "http://[::1]/",
            "mailto:x@y.example",
            "/x",
            "x?y=//evil.example",
            "#x",
            "",
        ] {
            assert!(hosts.allow("a", url), "{url}");
        }
        for url in [
            "https://evil.example/",
            "//evil.example/",
            "\\\\evil.example/",
            "/\\evil.example",
            "https://example.org@evil.example/",
            "https://example.org.evil.example/",
            "https://example.net/",
            "https://notexample.net/",
            "https://evil.example\\.example.org/",
            "https://evil.example#.example.org/",
            "https://example.org./",
            "https:evil.example",
            "https://",
        ] {
            assert!(!hosts.allow("a", url), "{url}");
        }
        assert!(hosts.allow("img", "https://images.example/x"));
        for url in ["https://example.org/", "data:image/png,x", "javascript:x"] {
            assert!(!hosts.allow("img", url), "{url}");
        }
        assert!(Hosts::default().allow("a", "https://anything.example/"));
    }

    #[test]
    fn relative_urls_have_the_host_of_their_base() {
        let setting = BTreeMap::from([("*".to_owned(), BTreeSet::from(["x.example".to_owned()]))]);
        for (base, allowed) in [("https://x.example/a", true), ("https://cdn.example/", false)] {
            let hosts = Hosts::new(&setting, Url::parse(base).ok()).unwrap();

            assert_eq!(allowed, hosts.allow("img", "/y.png"));
            assert!(hosts.allow("img", "https://x.example/y.png"));
        }
    }

    #[test]
    fn hosts_are_names() {
        for host in ["", "https://example.org", "example.org/x", "a b", "*", "x.*.y<"] {
            let setting = BTreeMap::from([("*".to_owned(), BTreeSet::from([host.to_owned()]))]);
            assert!(Hosts::new(&setting, None).is_err(), "{host}");
        }
    }
}
