//! A policy's settings with what holds for every tag spelled out for each.

use core::iter;
use std::collections::{BTreeMap, BTreeSet};

use ammonia::Url;

use super::hosts::Hosts;
use super::settings::{ANY_TAG, ByTag, Settings, UrlRelative};
use crate::{Error, Result};

/// What the engine and the fast path are made from.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) tags: BTreeSet<String>,
    /// Attributes of every tag.
    pub(super) generic: BTreeSet<String>,
    /// Beginnings of attributes of every tag.
    pub(super) prefixes: BTreeSet<String>,
    pub(super) attributes: ByTag<BTreeSet<String>>,
    pub(super) values: ByTag<BTreeMap<String, BTreeSet<String>>>,
    pub(super) set: ByTag<BTreeMap<String, String>>,
    pub(super) classes: ByTag<BTreeSet<String>>,
    pub(super) styles: Option<BTreeSet<String>>,
    pub(super) schemes: BTreeSet<String>,
    pub(super) hosts: Hosts,
    pub(super) relative: Relative,
    pub(super) link_rel: Option<String>,
    pub(super) id_prefix: Option<String>,
    pub(super) drop_content: BTreeSet<String>,
    pub(super) comments: bool,
    /// Whether nothing is done that ammonia does not do.
    pub(super) lenient: bool,
}

/// What becomes of URLs without a scheme.
#[derive(Clone, Debug)]
pub(super) enum Relative {
    Base(Url),
    Deny,
    Pass,
}

impl Rules {
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        let mut attributes = settings.attributes.clone();
        let (prefixes, mut generic): (BTreeSet<_>, BTreeSet<_>) = attributes
            .remove(ANY_TAG)
            .unwrap_or_default()
            .into_iter()
            .partition(|name| name.ends_with('*'));
        let style = |names: &BTreeSet<String>| names.contains("style");
        if settings.styles.is_some() && !style(&generic) && !attributes.values().any(style) {
            generic.insert("style".to_owned());
        }
        let mut set = spread(&settings.tags, &settings.set_attributes);
        if let Some(target) = &settings.link_target {
            set.entry("a".to_owned()).or_default().insert("target".to_owned(), target.clone());
        }
        let mut values = spread(&settings.tags, &settings.attribute_values);
        for value in values.values_mut().flat_map(BTreeMap::values_mut) {
            *value = value.iter().map(|it| it.to_lowercase()).collect();
        }
        let relative = Relative::new(&settings.url_relative, &settings.url_schemes)?;
        let base = match &relative {
            Relative::Base(base) => Some(base.clone()),
            Relative::Deny | Relative::Pass => None,
        };
        Ok(Self {
            tags: settings.tags.clone(),
            generic,
            prefixes: prefixes.iter().map(|name| name.trim_end_matches('*').to_owned()).collect(),
            attributes,
            values,
            set,
            classes: spread(&settings.tags, &settings.classes),
            styles: settings.styles.clone(),
            schemes: settings.url_schemes.clone(),
            hosts: Hosts::new(&settings.url_hosts, base)?,
            relative,
            link_rel: settings.link_rel.clone(),
            id_prefix: settings.id_prefix.clone(),
            drop_content: settings.drop_content.clone(),
            comments: settings.comments,
            lenient: settings.lenient,
        })
    }
}

impl Rules {
    /// Every name, prefix and value that ammonia borrows; some more than once.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let sets = [&self.tags, &self.drop_content, &self.generic, &self.prefixes, &self.schemes];
        let sets = sets.into_iter().chain(&self.styles).flatten();
        let by_tag = self.attributes.iter().chain(&self.classes);
        let by_tag = by_tag.flat_map(|(tag, names)| iter::once(tag).chain(names));
        let values = self.values.iter().flat_map(|(tag, by_name)| {
            let values = by_name.iter().flat_map(|(name, values)| iter::once(name).chain(values));
            iter::once(tag).chain(values)
        });
        let set = self.set.iter().flat_map(|(tag, by_name)| {
            iter::once(tag).chain(by_name.iter().flat_map(|(name, value)| [name, value]))
        });
        let single = self.link_rel.iter().chain(&self.id_prefix);
        sets.chain(by_tag).chain(values).chain(set).chain(single).map(String::as_str)
    }
}

impl Relative {
    fn new(setting: &UrlRelative, schemes: &BTreeSet<String>) -> Result<Self> {
        Ok(match setting {
            UrlRelative::Base(base) => match Url::parse(base) {
                Ok(base) if !base.cannot_be_a_base() && schemes.contains(base.scheme()) => {
                    Self::Base(base)
                }
                _ => {
                    return Err(Error::Policy(
                        "the base of relative URLs is an absolute URL of an allowed scheme",
                    ));
                }
            },
            UrlRelative::Deny => Self::Deny,
            UrlRelative::Pass => Self::Pass,
        })
    }
}

/// What holds for every tag joined to what holds for each.
fn spread<T: Spread>(tags: &BTreeSet<String>, by_tag: &ByTag<T>) -> ByTag<T> {
    let mut spread = by_tag.clone();
    if let Some(general) = spread.remove(ANY_TAG) {
        for tag in tags {
            spread.entry(tag.clone()).or_default().join(&general);
        }
    }
    spread
}

trait Spread: Clone + Default {
    /// Adds what is missing.
    fn join(&mut self, general: &Self);
}

impl Spread for BTreeSet<String> {
    fn join(&mut self, general: &Self) {
        self.extend(general.iter().cloned());
    }
}

impl Spread for BTreeMap<String, String> {
    fn join(&mut self, general: &Self) {
        for (name, value) in general {
            self.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

impl Spread for BTreeMap<String, BTreeSet<String>> {
    fn join(&mut self, general: &Self) {
        for (name, values) in general {
            self.entry(name.clone()).or_default().extend(values.iter().cloned());
        }
    }
}
