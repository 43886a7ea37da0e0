//! A policy, as tables of names.

use std::collections::{BTreeMap, BTreeSet};

use ammonia::Builder;

use super::element::{ELEMENTS, Kind, Traits, UNKNOWN};
use super::names::Names;
use crate::html::engine::{intern, is_cite, is_url};
use crate::html::hosts::Hosts;
use crate::html::rules::{Relative, Rules};
use crate::html::styles::Styles;
use crate::platform::fork_gate;

/// What is to be done with each element and each of its attributes.
#[derive(Debug)]
pub(in crate::html) struct Tables {
    entries: Vec<Entry>,
    names: Names,
    pub(super) unknown: Entry,
    pub(super) urls: Urls,
}

/// One element.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) traits: Traits,
    /// `<name` and `</name>`, if the element is kept.
    pub(super) tags: Option<(String, String)>,
    /// `<name>`, if nothing is set on it.
    pub(super) bare: Option<String>,
    /// Whether it goes with its content.
    pub(super) drop: bool,
    pub(super) attributes: Vec<Rule>,
    /// Beginnings of further attributes.
    pub(super) prefixes: Vec<&'static str>,
    /// Attributes that are set if the author did not, escaped, with the place of their rule.
    pub(super) set: Vec<(Option<usize>, String)>,
    /// What every tag ends with: the `rel` of links.
    pub(super) ending: String,
    /// Whether what is set changes its place when it is read again: first come the attributes that
    /// an author may write.
    pub(super) reorders: bool,
}

/// One attribute of an element.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// ` name="`.
    pub(super) text: String,
    pub(super) kind: Filter,
    /// The value that it is set to, escaped.
    pub(super) set: Option<String>,
}

/// What is done with an attribute's value.
#[derive(Debug)]
pub(super) enum Filter {
    Any,
    /// A URL that ammonia does not look at.
    Cite,
    Classes(BTreeSet<String>),
    Id(&'static str),
    /// One of these, in lower case.
    OneOf(BTreeSet<String>),
    Styles(Box<Styles>),
    Url,
}

/// What is done with URLs.
#[derive(Debug)]
pub(super) struct Urls {
    pub(super) schemes: BTreeSet<String>,
    pub(super) relative: Relative,
    pub(super) hosts: Hosts,
}

impl Tables {
    /// The tables of a policy, or None if it allows what only ammonia can sanitize.
    pub(in crate::html) fn new(rules: &Rules) -> Option<Self> {
        if rules.comments || touches_filtered(rules) {
            return None;
        }
        let mut known: BTreeMap<&str, (Kind, Traits)> = BTreeMap::new();
        for elements in ELEMENTS {
            for name in elements.names.split_whitespace() {
                known.insert(name, (elements.kind, elements.traits));
            }
        }
        let custom: Vec<_> = rules
            .tags
            .iter()
            .chain(&rules.drop_content)
            .filter(|name| !known.contains_key(name.as_str()))
            .collect();
        for name in custom {
            if !is_plain(name) {
                return None;
            }
            known.insert(name, (UNKNOWN.kind, UNKNOWN.traits));
        }
        let unsafe_kinds = [
            Kind::Foreign,
            Kind::Ignored,
            Kind::Metadata,
            Kind::RawText,
            Kind::ReferenceText,
            Kind::Unusual,
        ];
        let harmless = ["param", "source", "track"];
        let entries: Vec<_> = known
            .iter()
            .map(|(name, (kind, traits))| Entry::new(name, *kind, *traits, rules))
            .collect();
        if entries.iter().any(|entry| {
            entry.tags.is_some()
                && unsafe_kinds.contains(&entry.kind)
                && !harmless.contains(&entry.name)
        }) {
            return None;
        }
        let unknown = Entry::new("", UNKNOWN.kind, UNKNOWN.traits, rules);
        let urls = Urls {
            schemes: rules.schemes.clone(),
            relative: rules.relative.clone(),
            hosts: rules.hosts.clone(),
        };
        let names = Names::new(entries.iter().map(|entry| entry.name))?;
        Some(Self { entries, names, unknown, urls })
    }

    /// The entry of a name in any case, or that of unknown elements.
    #[inline]
    pub(super) fn entry(&self, name: &[u8]) -> &Entry {
        let entry = self.names.place(name).and_then(|place| self.entries.get(place));
        entry.unwrap_or(&self.unknown)
    }
}

impl Entry {
    fn new(name: &str, kind: Kind, traits: Traits, rules: &Rules) -> Self {
        let kept = !name.is_empty() && rules.tags.contains(name);
        let mut entry = Self {
            name: intern(name),
            kind,
            traits,
            tags: kept.then(|| (format!("<{name}"), format!("</{name}>"))),
            bare: None,
            drop: rules.drop_content.contains(name),
            attributes: Vec::new(),
            prefixes: Vec::new(),
            set: Vec::new(),
            ending: String::new(),
            reorders: false,
        };
        if kept {
            entry.allow(name, rules);
        }
        entry
    }

    fn allow(&mut self, tag: &str, rules: &Rules) {
        let set = rules.set.get(tag);
        let whole = rules.generic.iter().chain(rules.attributes.get(tag).into_iter().flatten());
        let mut filters: BTreeMap<&str, Filter> = BTreeMap::new();
        for (name, values) in rules.values.get(tag).into_iter().flatten() {
            filters.insert(name, Filter::OneOf(values.clone()));
        }
        for name in whole {
            filters.insert(name, Filter::Any);
        }
        for (name, filter) in &mut filters {
            if is_url(tag, name) && matches!(filter, Filter::Any) {
                *filter = Filter::Url;
            }
            if is_cite(tag, name) && !rules.lenient {
                *filter = Filter::Cite;
            }
            if let ("style", Some(styles)) = (*name, Styles::new(rules)) {
                *filter = Filter::Styles(Box::new(styles));
            }
        }
        if let (Some(prefix), true) = (&rules.id_prefix, filters.contains_key("id")) {
            filters.insert("id", Filter::Id(intern(prefix)));
        }
        if let Some(classes) = rules.classes.get(tag) {
            filters.insert("class", Filter::Classes(classes.clone()));
        }
        for (name, kind) in filters {
            let set = set.and_then(|set| set.get(name)).map(|value| escaped(value));
            let text = format!(" {name}=\"");
            self.attributes.push(Rule { name: intern(name), text, kind, set });
        }
        for (name, value) in set.into_iter().flatten() {
            let place = self.attributes.iter().position(|rule| rule.name == name);
            self.set.push((place, format!(" {name}=\"{}\"", escaped(value))));
        }
        self.reorders = !self.set.is_sorted_by_key(|(place, _)| place.is_none());
        self.prefixes = rules.prefixes.iter().map(|prefix| intern(prefix)).collect();
        if let (Some(rel), "a") = (&rules.link_rel, tag) {
            self.ending = format!(" rel=\"{}\"", escaped(rel));
        }
        if self.set.is_empty() && self.ending.is_empty() {
            self.bare = Some(format!("<{tag}>"));
        }
    }
}

/// Whether a setting acts on an attribute on which another acts afterwards.
fn touches_filtered(rules: &Rules) -> bool {
    let filtered = |tag: &str, name: &str| {
        matches!(name, "class" | "id" | "rel" | "style") || is_url(tag, name) || is_cite(tag, name)
    };
    let set = rules.set.iter().flat_map(|(tag, set)| set.keys().map(move |name| (tag, name)));
    let values = rules.values.iter().flat_map(|(tag, of)| of.keys().map(move |name| (tag, name)));
    let prefixed = |name: &str| rules.prefixes.iter().any(|prefix| name.starts_with(prefix));
    set.clone().chain(values).any(|(tag, name)| filtered(tag, name))
        || set.into_iter().any(|(_, name)| prefixed(name))
        || rules.prefixes.iter().any(|prefix| !prefix.ends_with('-'))
        || rules.styles.is_none()
            && (rules.generic.contains("style")
                || rules.attributes.values().any(|names| names.contains("style")))
}

/// Whether ammonia takes a name for that of an HTML element without rules of its own, and not for
/// one of SVG or `MathML`.
fn is_plain(name: &str) -> bool {
    let mut engine = Builder::empty();
    let markup = format!("<{name}>x</{name}>");
    engine.add_tags([intern(name)]);
    fork_gate::undisturbed(|| engine.clean(&markup).to_string() == markup)
}

fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for character in value.chars() {
        match reference(character, true) {
            Some(reference) => escaped.push_str(reference),
            None => escaped.push(character),
        }
    }
    escaped
}

/// What a character is written as, if not as itself.
pub(super) const fn reference(character: char, in_value: bool) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\u{A0}' => Some("&nbsp;"),
        '"' if in_value => Some("&quot;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::policy::tests::settings;

    fn tables() -> Tables {
        Tables::new(&Rules::new(&settings()).unwrap()).unwrap()
    }

    #[test]
    fn names_are_found_in_any_case() {
        let tables = tables();
        for name in ELEMENTS.iter().flat_map(|it| it.names.split_whitespace()) {
            assert_eq!(name, tables.entry(name.as_bytes()).name);
            assert_eq!(name, tables.entry(name.to_ascii_uppercase().as_bytes()).name);
        }
        assert_eq!("", tables.entry(b"o:p").name);
    }

    /// ammonia drops the content of elements that are named as those of SVG and `MathML`.
    #[test]
    fn no_name_is_foreign() {
        let mut engine = Builder::empty();
        engine.clean_content_tags(["script", "style"].into());
        for elements in
            ELEMENTS.iter().filter(|it| !matches!(it.kind, Kind::Foreign | Kind::Unusual))
        {
            for name in elements.names.split_whitespace() {
                let expected = match elements.kind {
                    Kind::RawText if engine.clone_clean_content_tags().contains(name) => "",
                    _ => "x",
                };
                let clean = engine.clean(&format!("<{name}>x")).to_string();
                assert_eq!(expected, clean, "{name}");
            }
        }
    }

    #[test]
    fn names_of_policies_are_looked_at() {
        for (name, plain) in [("my-element", true), ("x", true), ("text", false), ("path", false)] {
            assert_eq!(plain, is_plain(name));
        }
    }
}
