//! Links for the URLs and addresses in the text of sanitized markup.

use core::fmt::Write as _;
use std::borrow::Cow;
use std::collections::BTreeSet;

use super::addresses::{Addresses, Found};
use super::markup::{
    self, Piece, Start, is_void, unescape, write_attributes, write_end, write_start, write_text,
    write_value,
};
use super::rewrite::check_names;
use crate::Error;

/// What becomes a link.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made field by field, by whoever calls")]
pub struct Linkify {
    /// Whether mail addresses do.
    pub email: bool,
    /// Elements whose text is left alone.
    pub skip: BTreeSet<String>,
}

/// A link that is to be or that is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callbacks return it")]
pub struct Link {
    /// The text of the link.
    pub text: String,
    /// Its attributes, in their order.
    pub attributes: Vec<(String, String)>,
    /// Whether it was found in the text.
    pub is_new: bool,
}

/// What is asked about each link: it may change it, or have None.
pub type OnLink<'a, E> = &'a mut dyn FnMut(Link) -> Result<Option<Link>, E>;

impl Linkify {
    /// `html` with links for what `is_allowed` says may be linked. New ones get the attributes that
    /// are `given`: those that the sanitizer would give them, so that it finds nothing to change.
    ///
    /// What comes out is no more trustworthy than `on_link`: the sanitizer has to have the last
    /// word.
    pub(super) fn run<E: From<Error>>(
        &self,
        html: &str,
        is_allowed: impl Fn(&str) -> bool,
        given: &[(String, String)],
        on_link: Option<OnLink<'_, E>>,
    ) -> Result<String, E> {
        let addresses = Addresses::new(self.email);
        let mut attributes = String::new();
        write_attributes(&mut attributes, given);
        let mut run = Run {
            addresses: &addresses,
            is_allowed,
            given,
            attributes,
            on_link,
            linked: String::with_capacity(html.len() + html.len() / 2),
            text: String::new(),
            open: Vec::new(),
        };
        let mut skipped: Vec<&str> = Vec::new();
        for piece in markup::pieces(html) {
            match piece {
                Piece::Comment(text) => {
                    run.linked.push_str("<!--");
                    run.linked.push_str(text);
                    run.linked.push_str("-->");
                }
                Piece::End("a") if run.on_link.is_some() => run.end()?,
                Piece::End(name) => {
                    if skipped.last() == Some(&name) {
                        skipped.pop();
                    }
                    write_end(&mut run.linked, name);
                }
                Piece::Start(start) if start.name == "a" && run.on_link.is_some() => {
                    run.start(&start);
                }
                Piece::Start(start) => {
                    if (start.name == "a" || self.skip.contains(start.name) || !skipped.is_empty())
                        && !is_void(start.name)
                    {
                        skipped.push(start.name);
                    }
                    run.linked.push_str(start.source);
                }
                Piece::Text(text) if !run.open.is_empty() => {
                    run.text.push_str(&unescape(text));
                    run.linked.push_str(text);
                }
                Piece::Text(text) if skipped.is_empty() => run.text(text)?,
                Piece::Text(text) => run.linked.push_str(text),
            }
        }
        while !run.open.is_empty() {
            run.end()?;
        }
        Ok(run.linked)
    }
}

struct Run<'a, 'given, A, E> {
    addresses: &'given Addresses,
    is_allowed: A,
    given: &'given [(String, String)],
    /// The same, written.
    attributes: String,
    on_link: Option<OnLink<'a, E>>,
    linked: String,
    /// The text inside the outermost open link.
    text: String,
    /// Links of the markup that are open: a table's cell may hold another link than what is around
    /// the table.
    open: Vec<Open>,
}

/// A link of the markup whose end is yet to come.
struct Open {
    attributes: Vec<(String, String)>,
    /// How much was written before it.
    linked: usize,
    /// How much text stands before it in the outermost link.
    text: usize,
}

impl<A: Fn(&str) -> bool, E: From<Error>> Run<'_, '_, A, E> {
    fn text(&mut self, source: &str) -> Result<(), E> {
        let text = unescape(source);
        let mut end = 0;
        for found in self.addresses.of(&text) {
            let Some(url) = address(&found, &self.is_allowed) else {
                continue;
            };
            write_text(&mut self.linked, text.get(end..found.start).unwrap_or_default());
            end = found.start + found.text.len();
            self.found(found.text, &url)?;
        }
        if end == 0 {
            self.linked.push_str(source);
        } else {
            write_text(&mut self.linked, text.get(end..).unwrap_or_default());
        }
        Ok(())
    }

    fn found(&mut self, text: &str, url: &str) -> Result<(), E> {
        let Some(on_link) = &mut self.on_link else {
            self.linked.push_str("<a href=\"");
            write_value(&mut self.linked, url);
            self.linked.push('"');
            self.linked.push_str(&self.attributes);
            self.linked.push('>');
            write_text(&mut self.linked, text);
            write_end(&mut self.linked, "a");
            return Ok(());
        };
        let attributes = vec![("href".to_owned(), url.to_owned())];
        let link = Link { text: text.to_owned(), attributes, is_new: true };
        let Some(mut link) = on_link(link)? else {
            write_text(&mut self.linked, text);
            return Ok(());
        };
        for (name, value) in self.given {
            if link.attributes.iter().all(|(other, _)| other != name) {
                link.attributes.push((name.clone(), value.clone()));
            }
        }
        check_names("a", &link.attributes)?;
        write_start(&mut self.linked, "a", &link.attributes);
        write_text(&mut self.linked, &link.text);
        write_end(&mut self.linked, "a");
        Ok(())
    }

    fn start(&mut self, start: &Start<'_>) {
        self.open.push(Open {
            attributes: start.attributes(),
            linked: self.linked.len(),
            text: self.text.len(),
        });
    }

    /// Asks about the innermost link of the markup, which ends here.
    fn end(&mut self) -> Result<(), E> {
        let (Some(open), Some(on_link)) = (self.open.pop(), &mut self.on_link) else {
            return Ok(());
        };
        let before = self.text.get(open.text..).unwrap_or_default();
        let link = Link { text: before.to_owned(), attributes: open.attributes, is_new: false };
        if let Some(link) = on_link(link)? {
            check_names("a", &link.attributes)?;
            let content = self.linked.split_off(open.linked);
            write_start(&mut self.linked, "a", &link.attributes);
            if link.text == before {
                self.linked.push_str(&content);
            } else {
                write_text(&mut self.linked, &link.text);
            }
            write_end(&mut self.linked, "a");
        }
        if self.open.is_empty() {
            self.text.clear();
        }
        Ok(())
    }
}

/// Where a link leads that is written like this; None if it is better no link.
fn address<'a>(found: &Found<'a>, is_allowed: &impl Fn(&str) -> bool) -> Option<Cow<'a, str>> {
    let Found { text: found, is_email, .. } = *found;
    if is_email {
        let address = found.strip_prefix("mailto:").unwrap_or(found);
        let url = format!("mailto:{}", percent_encode(address));
        return is_allowed(&url).then_some(Cow::Owned(url));
    }
    let colon = memchr::memchr(b':', found.as_bytes()).unwrap_or(found.len());
    if let Some((scheme, rest)) = found.split_at_checked(colon)
        && rest.starts_with("://")
        && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.'))
    {
        let web = ["http", "https", "ftp"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
        return (web && is_allowed(found)).then_some(Cow::Borrowed(found));
    }
    if !is_web_name(found) {
        return None;
    }
    let with = |scheme: &str| Some([scheme, found].concat()).filter(|url| is_allowed(url));
    with("https://").or_else(|| with("http://")).map(Cow::Owned)
}

/// Whether what has dots and no scheme is meant as an address on the web, and not as a file.
fn is_web_name(found: &str) -> bool {
    let host = found.split(['/', '?', '#', ':']).next().unwrap_or(found);
    if host.contains('@') {
        return false;
    }
    if host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
        return true;
    }
    let top = host.rsplit('.').next().unwrap_or_default();
    let known = TOP_LEVEL.binary_search_by(|known| {
        known.bytes().cmp(top.bytes().map(|byte| byte.to_ascii_lowercase()))
    });
    known.is_ok()
}

/// The local part as RFC 6068 wants it.
fn percent_encode(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '%' | '?' | '&' | '#' | '"' | '/' | '^' | '`' | '{' | '|' | '}' => {
                // Writing to a String does not fail.
                let _ = write!(encoded, "%{:02X}", u32::from(character));
            }
            _ => encoded.push(character),
        }
    }
    encoded
}

/// Names that are written without a scheme, but for those that are better known as the end of a
/// file's name (`.md`, `.py`, `.rs`, `.sh`, `.so`, `.zip` …). They are sorted.
const TOP_LEVEL: &[&str] = &[
    "aero", "ai", "app", "ar", "asia", "at", "au", "be", "bg", "biz", "br", "ca", "cat", "ch",
    "cl", "club", "cn", "co", "com", "coop", "cz", "de", "dev", "dk", "edu", "ee", "es", "eu",
    "fi", "fr", "gov", "gr", "hk", "hr", "hu", "ie", "il", "in", "info", "int", "io", "is", "it",
    "jobs", "jp", "kr", "lt", "lu", "lv", "me", "mil", "mobi", "museum", "mx", "name", "net", "nl",
    "no", "nz", "online", "org", "pl", "pro", "pt", "ro", "ru", "se", "sg", "shop", "si", "site",
    "sk", "tech", "tel", "tr", "travel", "tv", "tw", "ua", "uk", "us", "xxx", "xyz", "za",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn linkify(html: &str) -> String {
        let skip = ["pre", "code"].map(str::to_owned).into();
        let allowed = |url: &str| !url.contains("evil");
        Linkify { email: true, skip }.run::<Error>(html, allowed, &[], None).unwrap()
    }

    #[test]
    fn addresses_become_links() {
        for (html, expected) in [
            ("", ""),
            ("plain &amp; simple", "plain &amp; simple"),
            (
                "see https://x.example/?a=1&amp;b=2.",
                "see <a href=\"https://x.example/?a=1&amp;b=2\">https://x.example/?a=1&amp;b=2</a>.",
            ),
            ("(www.x.example)", "(<a href=\"https://www.x.example\">www.x.example</a>)"),
            ("x.com/?a=http://y", "<a href=\"https://x.com/?a=http://y\">x.com/?a=http://y</a>"),
            ("X.COM/a", "<a href=\"https://X.COM/a\">X.COM/a</a>"),
            ("a@x.example", "<a href=\"mailto:a@x.example\">a@x.example</a>"),
            ("a%b@x.example", "<a href=\"mailto:a%25b@x.example\">a%b@x.example</a>"),
            ("run test.py, libgl.so.1, README.md", "run test.py, libgl.so.1, README.md"),
            ("javascript://x.com/%0aalert(1)", "javascript://x.com/%0aalert(1)"),
            ("https://evil.example", "https://evil.example"),
            (
                "<p>x.com<br>y.com</p>",
                "<p><a href=\"https://x.com\">x.com</a><br><a href=\"https://y.com\">y.com</a></p>",
            ),
        ] {
            assert_eq!(expected, linkify(html), "{html}");
        }
    }

    #[test]
    fn top_level_domains_are_sorted() {
        assert!(TOP_LEVEL.is_sorted());
    }

    #[test]
    fn some_text_is_left_alone() {
        for html in [
            "<a href=\"https://x.com\">https://x.com <b>y.com</b></a>",
            "<pre><i>x.com</i> y.com</pre>",
            "<code>x.com<br></code>",
        ] {
            assert_eq!(html, linkify(html));
            assert!(linkify(&format!("{html} z.com")).ends_with(">z.com</a>"));
        }
    }

    #[test]
    fn each_link_is_asked_about() {
        let html = "<a href=\"/1\">1<table><tbody><tr><td><a href=\"/2\">2</a></td></tr></tbody>\
                    </table>www.x.com</a> <a href=\"/3\">3</a>";
        let mut asked = Vec::new();
        let mut drop_second = |link: Link| {
            let href = link.attributes.first().map(|(_, value)| value.clone()).unwrap_or_default();
            let answer = (href != "/2").then(|| link.clone());
            asked.push((href, link.text));
            Ok::<_, Error>(answer)
        };
        let linkify = Linkify { email: false, skip: BTreeSet::new() };

        assert_eq!(
            html.replace("<a href=\"/2\">2</a>", "2"),
            linkify.run(html, |_| true, &[], Some(&mut drop_second)).unwrap()
        );
        let expected = [("/2", "2"), ("/1", "12www.x.com"), ("/3", "3")];
        assert_eq!(expected.map(|(href, text)| (href.to_owned(), text.to_owned())), *asked);
    }

    #[test]
    fn callbacks_change_links() {
        let mut change = |mut link: Link| {
            if link.text == "drop.com" {
                return Ok::<_, Error>(None);
            }
            link.attributes.push(("title".to_owned(), "\"<".to_owned()));
            if !link.is_new {
                link.text = "<new>".to_owned();
            }
            Ok(Some(link))
        };
        let linkify = Linkify { email: false, skip: BTreeSet::new() };
        let html = "x.com <a href=\"/\">o<b>ld</b></a> <a>drop<i>.com</i></a> drop.com";
        assert_eq!(
            "<a href=\"https://x.com\" title=\"&quot;&lt;\">x.com</a> \
             <a href=\"/\" title=\"&quot;&lt;\">&lt;new&gt;</a> drop<i>.com</i> drop.com",
            linkify.run(html, |_| true, &[], Some(&mut change)).unwrap()
        );
    }
}
