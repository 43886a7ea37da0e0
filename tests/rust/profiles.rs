//! The policies that the Python package ships, and policies drawn at random.

#![expect(clippy::unwrap_used, reason = "for tests only")]

use std::collections::{BTreeMap, BTreeSet};

use hauberk::html::{Limits, Settings, UrlRelative};
use serde_json::Value;

use crate::markup::Random;

/// The settings of each shipped profile, by its name.
pub(crate) fn shipped() -> Vec<(String, Settings)> {
    let profiles: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("../vectors/html_profiles.json")).unwrap();
    profiles.into_iter().map(|(name, profile)| (name, settings(&profile))).collect()
}

fn settings(profile: &Value) -> Settings {
    let or = |name: &str, otherwise: &str| match &profile[name] {
        Value::Null => otherwise.split_whitespace().map(ToOwned::to_owned).collect(),
        value => names(value),
    };
    let attributes = profile["attributes"].as_object().cloned().unwrap_or_default();
    Settings {
        tags: names(&profile["tags"]),
        attributes: attributes.iter().map(|(tag, value)| (tag.clone(), names(value))).collect(),
        url_schemes: or("url_schemes", "http https mailto"),
        link_rel: match profile.get("link_rel") {
            None => Some("noopener noreferrer".to_owned()),
            Some(rel) => rel.as_str().map(ToOwned::to_owned),
        },
        drop_content: or("drop_content", "script style"),
        ..Settings::default()
    }
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// A policy with whatever options.
pub(crate) fn random(random: &mut Random) -> Settings {
    let tags: BTreeSet<_> = random.some(
        "a abbr article b big blockquote br button caption cite code col colgroup dd del details div \
         dl dt em font form h1 h2 hr i img input ins li map my-tag o:p object ol p pre rb rp rt rtc \
         ruby s section small span strong sub table tbody td tfoot th thead tr u ul video wbr",
        2,
    );
    let mut attributes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for tag in tags.iter().cloned().chain(["*".to_owned()]) {
        let names = random.some("cite href src title alt lang id name width data-x", 3);
        attributes.insert(tag, names);
    }
    if random.below(3) == 0 {
        attributes.entry("*".to_owned()).or_default().insert("data-*".to_owned());
    }
    let drop: BTreeSet<_> = random.some("script style title b del o:p table td", 2);
    let mut settings = Settings {
        drop_content: drop.difference(&tags).cloned().collect(),
        attributes: attributes
            .into_iter()
            .filter(|(tag, _)| tag == "*" || tags.contains(tag))
            .collect(),
        url_schemes: random.some("http https mailto tel data", 2),
        url_relative: match random.below(4) {
            0 => UrlRelative::Deny,
            1 => UrlRelative::Base("https://base.example/a/b?c".to_owned()),
            _ => UrlRelative::Pass,
        },
        link_rel: random.maybe("nofollow noopener"),
        link_target: random.maybe("_blank"),
        id_prefix: random.maybe("user-"),
        limits: Limits::default(),
        // `<object>` and `<form>` have rules of their own.
        lenient: true,
        tags,
        ..Settings::default()
    };
    settings.url_schemes.insert("https".to_owned());
    settings.drop_content.retain(|tag| !settings.attributes.contains_key(tag));
    if random.below(3) == 0 {
        settings.classes.insert(random.one("p * span td").to_owned(), random.some("a b note x", 2));
    }
    if random.below(3) == 0 {
        let values =
            BTreeMap::from([(random.one("align type width").to_owned(), names_of("x left"))]);
        settings.attribute_values.insert(random.one("td * img").to_owned(), values);
    }
    if random.below(3) == 0 {
        let set = ["loading", "alt", "lang"].map(|name| (name.to_owned(), "a\"&b".to_owned()));
        let count = random.below(4);
        let set = set.into_iter().take(count).collect();
        settings.set_attributes.insert(random.one("img * p").to_owned(), set);
    }
    if random.below(3) == 0 {
        settings.styles = Some(names_of("background color width"));
    }
    if random.below(4) == 0 {
        settings
            .url_hosts
            .insert(random.one("* a img").to_owned(), names_of("x.example *.example.org"));
    }
    settings
}

fn names_of(names: &str) -> BTreeSet<String> {
    names.split_whitespace().map(ToOwned::to_owned).collect()
}

impl Random {
    /// About one in so many of some words.
    fn some(&mut self, words: &str, one_in: usize) -> BTreeSet<String> {
        let mut chosen = BTreeSet::new();
        for word in words.split_whitespace() {
            if self.below(one_in) == 0 {
                chosen.insert(word.to_owned());
            }
        }
        chosen
    }

    fn maybe(&mut self, word: &str) -> Option<String> {
        (self.below(2) == 0).then(|| word.to_owned())
    }
}
