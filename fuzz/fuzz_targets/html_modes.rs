//! Whatever is done with HTML besides stripping it, the strip-mode sanitizer has the last word:
//! it changes nothing of the output. And nothing panics.

#![no_main]

use std::borrow::Cow;
use std::sync::LazyLock;

use hauberk::Error;
use hauberk::html::{
    self, Element, Item, Link, Linkify, Literal, OnDisallowed, Policy, Sanitizer, Settings,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let _ = html::text(html, Some(100));
    literal(html);
    let sanitizer = &*SANITIZER;
    for mode in [OnDisallowed::Drop, OnDisallowed::Escape] {
        last_word(sanitizer.sanitize_as(html, mode).map(Cow::into_owned));
    }
    let removals = sanitizer.removals(html, OnDisallowed::Strip);
    assert!(removals.is_err() || removals.is_ok_and(|all| all.is_sorted_by_key(|it| it.position)));

    let Ok(clean) = sanitizer.sanitize(html) else { return };
    last_word(sanitizer.truncate(&clean, 20, "…"));
    last_word(sanitizer.linkify::<Error>(&clean, &LINKIFY, None));
    last_word(sanitizer.linkify::<Error>(&clean, &LINKIFY, Some(&mut |link| Ok(hostile(html, link)))));
    last_word(sanitizer.rewrite::<Error>(&clean, |element| Ok(Some(renamed(html, element)))));
});

fn last_word(output: Result<String, Error>) {
    if let Ok(output) = output {
        let again = SANITIZER.sanitize(&output).expect("what was sanitized is within the limits");
        assert_eq!(output, again);
    }
}

/// Text and comments of the stream can be escaped so that no tag is left in them.
fn literal(html: &str) {
    let Ok(items) = (Literal { tags: TAGS.map(str::to_owned).into(), strip: false }).read(html) else {
        return;
    };
    for item in items {
        if let Item::Characters(text) = item {
            assert!(!html::escape_but_references(&text, None).contains(['<', '>']));
        }
    }
}

/// A link with whatever the input holds.
fn hostile(html: &str, link: Link) -> Option<Link> {
    let attribute = |name: &str| (name.to_owned(), html.to_owned());
    let attributes = vec![attribute("href"), attribute("onclick"), attribute("title")];
    Some(Link { text: html.to_owned(), attributes, ..link })
}

/// An element with another's name and whatever the input holds.
fn renamed(html: &str, (name, _): Element) -> Element {
    let name = TAGS.get(html.len() % TAGS.len()).map_or(name, |it| (*it).to_owned());
    (name, vec![("href".to_owned(), html.to_owned()), ("title".to_owned(), html.to_owned())])
}

const TAGS: [&str; 12] =
    ["a", "b", "code", "h1", "i", "li", "p", "pre", "table", "td", "tr", "ul"];

static LINKIFY: LazyLock<Linkify> =
    LazyLock::new(|| Linkify { email: true, skip: ["pre".to_owned()].into() });

static SANITIZER: LazyLock<Sanitizer> = LazyLock::new(|| {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let settings = Settings {
        tags: TAGS.map(str::to_owned).into(),
        attributes: [("a".to_owned(), names(&["href"])), ("*".to_owned(), names(&["title"]))].into(),
        url_schemes: names(&["https", "mailto"]),
        url_hosts: [("a".to_owned(), names(&["x.example", "*.example.org"]))].into(),
        drop_content: names(&["script"]),
        ..Settings::default()
    };
    Sanitizer::new(Policy::compile(&settings).expect("a sound policy"))
});
