//! Whatever the markup: the fast path gives what ammonia gives, what is left is allowed, and
//! sanitizing it again changes nothing.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use hauberk::html::{Policy, Sanitizer, Settings, UrlRelative};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    for (settings, sanitizer) in &*POLICIES {
        if let Some(usual) = sanitizer.sanitize_usual(html) {
            let ammonia = sanitizer.sanitize_unusual(html).expect("the fast path has its limits");
            assert_eq!(ammonia, usual, "the fast path differs");
        }
        let Ok(clean) = sanitizer.sanitize(html) else { continue };
        check(&clean, settings);
        let again = sanitizer.sanitize(&clean).expect("what was sanitized is within the limits");
        assert_eq!(again, clean, "sanitizing changes what was sanitized");
    }
});

/// Reads sanitized markup, which has one way to write everything.
fn check(clean: &str, settings: &Settings) {
    let mut rest = clean;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "an end without a beginning");
        rest = &rest[start + 1..];
        if let Some(end) = rest.strip_prefix('/') {
            let (name, after) = end.split_once('>').expect("an end tag ends");
            assert!(settings.tags.contains(name), "an end tag that is not allowed");
            rest = after;
            continue;
        }
        let end = rest.find([' ', '>']).expect("a name ends");
        let (tag, mut attributes) = rest.split_at(end);
        assert!(settings.tags.contains(tag), "a tag that is not allowed");
        while let Some(attribute) = attributes.strip_prefix(' ') {
            let (name, value) = attribute.split_once("=\"").expect("an attribute has a value");
            let (value, after) = value.split_once('"').expect("a value ends");
            assert!(is_allowed(settings, tag, name), "an attribute that is not allowed");
            assert!(!value.contains(['<', '>']), "markup in a value");
            if matches!(name, "href" | "src") {
                check_url(value, settings);
            }
            attributes = after;
        }
        rest = attributes.strip_prefix('>').expect("a tag ends");
    }
    assert!(!rest.contains('>'), "an end without a beginning");
}

fn is_allowed(settings: &Settings, tag: &str, name: &str) -> bool {
    let named = |tag: &str| settings.attributes.get(tag).is_some_and(|it| it.contains(name));
    named(tag)
        || named("*")
        || tag == "a" && matches!(name, "rel" | "target")
        || name == "class" && settings.classes.contains_key(tag)
}

/// What browsers skip does not hide a scheme: controls and spaces before it, and tabs and line
/// breaks within it. Other controls within it make the URL a relative one.
fn check_url(value: &str, settings: &Settings) {
    let value = value.trim_start_matches(|it: char| it <= ' ');
    let url: String = value.chars().filter(|it| !matches!(it, '\t' | '\n' | '\r')).collect();
    let Some((scheme, _)) = url.split_once(':') else { return };
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
    let scheme = scheme.to_ascii_lowercase();
    assert!(!is_scheme || settings.url_schemes.contains(&scheme), "a scheme that is not allowed");
}

static POLICIES: LazyLock<Vec<(Settings, Sanitizer)>> = LazyLock::new(|| {
    let plain = Settings {
        tags: names(
            "a abbr b blockquote br caption center code col colgroup dd del div dl dt em h1 h2 hr i \
             img li ol p pre q ruby rp rt s span strong sub table tbody td tfoot th thead tr u ul",
        ),
        attributes: BTreeMap::from([
            ("a".to_owned(), names("href")),
            ("img".to_owned(), names("alt src")),
            ("td".to_owned(), names("colspan")),
            ("*".to_owned(), names("lang title")),
        ]),
        url_schemes: names("http https mailto"),
        link_rel: Some("noopener".to_owned()),
        drop_content: names("script style"),
        ..Settings::default()
    };
    let more = Settings {
        tags: names("a b div form input li my-tag p table td tr ul"),
        classes: BTreeMap::from([("p".to_owned(), names("a b"))]),
        attributes: BTreeMap::from([
            ("a".to_owned(), names("href")),
            ("*".to_owned(), names("id")),
        ]),
        url_relative: UrlRelative::Base("https://base.example/x/".to_owned()),
        id_prefix: Some("user-".to_owned()),
        link_target: Some("_blank".to_owned()),
        ..plain.clone()
    };
    let compiled = |settings: Settings| {
        let policy = Policy::compile(&settings).expect("a sound policy");
        (settings, Sanitizer::new(policy))
    };
    vec![compiled(plain), compiled(more)]
});

fn names(names: &str) -> BTreeSet<String> {
    names.split_whitespace().map(ToOwned::to_owned).collect()
}
