//! Settings that must not be: names that run code, and settings that contradict each other.

use std::collections::BTreeMap;

use super::names;
use super::settings::{ANY_TAG, Settings};
use crate::{Error, Result};

/// Refuses settings under which the output would not be safe, or on which ammonia would panic (and
/// only when it is used).
pub(super) fn check(settings: &Settings) -> Result<()> {
    if !settings.lenient {
        check_tags(settings)?;
        check_attributes(settings)?;
        check_values(settings)?;
    }
    check_contradictions(settings)?;
    settings.limits.check()
}

fn check_tags(settings: &Settings) -> Result<()> {
    let hosts = |tag: &str| settings.url_hosts.get(tag).is_some_and(|hosts| !hosts.is_empty());
    // An embedded document is as safe as whoever serves it.
    let embedded = |tag: &str| tag == "iframe" && hosts(tag);
    let allowed = settings.tags.iter();
    let other = keys(&settings.attributes)
        .chain(keys(&settings.attribute_values))
        .chain(keys(&settings.set_attributes))
        .chain(keys(&settings.classes));
    allowed.chain(other).filter(|tag| !embedded(tag)).try_for_each(|tag| names::check_tag(tag))
}

fn check_attributes(settings: &Settings) -> Result<()> {
    for (tag, names) in &settings.attributes {
        for name in names {
            match name.as_str() {
                "style" if settings.styles.is_some() => {}
                name if tag == ANY_TAG && name.ends_with('*') => names::check_prefix(name)?,
                name => names::check_attribute(name)?,
            }
        }
    }
    let with_values = settings.attribute_values.values().flat_map(BTreeMap::keys);
    let set = settings.set_attributes.values().flat_map(BTreeMap::keys);
    with_values.chain(set).try_for_each(|name| names::check_attribute(name))
}

fn check_values(settings: &Settings) -> Result<()> {
    settings.url_schemes.iter().try_for_each(|scheme| names::check_scheme(scheme))?;
    settings.link_rel.iter().try_for_each(|rel| names::check_rel(rel))?;
    settings.link_target.iter().try_for_each(|target| names::check_target(target))?;
    settings.id_prefix.iter().try_for_each(|prefix| names::check_id_prefix(prefix))
}

fn check_contradictions(settings: &Settings) -> Result<()> {
    let allowed = |tag: &str, name: &str| {
        settings.attributes.get(tag).is_some_and(|names| names.contains(name))
    };
    let set = |tag: &str, name: &str| {
        settings.set_attributes.get(tag).is_some_and(|names| names.contains_key(name))
    };
    let on_links = |name: &str| ["a", ANY_TAG].iter().any(|tag| allowed(tag, name));
    let set_on_links = |name: &str| ["a", ANY_TAG].iter().any(|tag| set(tag, name));
    let valued = settings
        .attribute_values
        .iter()
        .any(|(tag, names)| matches!(tag.as_str(), "a" | ANY_TAG) && names.contains_key("rel"));
    if settings.link_rel.is_some() && (on_links("rel") || set_on_links("rel") || valued) {
        return Err(Error::Policy(
            "the attributes of links hold \"rel\", which link_rel sets: leave out one of the two",
        ));
    }
    if settings.link_target.is_some() && set_on_links("target") {
        return Err(Error::Policy("the set_attributes and link_target both set \"target\""));
    }
    let classed = settings.classes.keys().any(|tag| allowed(tag, "class"))
        || settings.classes.contains_key(ANY_TAG)
            && settings.tags.iter().any(|tag| allowed(tag, "class"));
    if !settings.classes.is_empty() && (classed || allowed(ANY_TAG, "class")) {
        return Err(Error::Policy(
            "the attributes hold \"class\", which classes filters: leave out one of the two",
        ));
    }
    let kept = |tag: &String| settings.tags.contains(tag) || settings.attributes.contains_key(tag);
    if settings.drop_content.iter().any(kept) {
        return Err(Error::Policy(
            "the tags or attributes hold a tag that drop_content removes with its content",
        ));
    }
    if settings.styles.is_some() && settings.tags.contains("style") {
        return Err(Error::Policy("the styles filter attributes, and the tags hold \"style\""));
    }
    if settings.set_attributes.values().any(|names| names.len() > MAX_SET) {
        return Err(Error::Policy("the set_attributes hold more than 6 for one tag"));
    }
    Ok(())
}

fn keys<T>(by_tag: &BTreeMap<String, T>) -> impl Iterator<Item = &String> {
    by_tag.keys().filter(|tag| *tag != ANY_TAG)
}

/// See `engine::sorted`.
const MAX_SET: usize = 6;

#[cfg(test)]
mod tests {
    use super::super::policy::tests::{names, settings};
    use super::*;

    #[test]
    fn contradictions_are_refused() {
        type Change = fn(&mut Settings);
        let changes: [Change; 24] = [
            |it| it.tags.extend(names("script")),
            |it| it.tags.extend(names("B")),
            |it| it.tags.extend(names("iframe")),
            |it| it.drop_content.extend(names("b")),
            |it| it.drop_content.extend(names("a")),
            |it| put(it, "a", "rel"),
            |it| put(it, "*", "rel"),
            |it| put(it, "b", "onx"),
            |it| put(it, "b", "style"),
            |it| put(it, "<", "title"),
            |it| put(it, "*", "on*"),
            |it| put(it, "*", "*"),
            |it| put(it, "b", "data-*"),
            |it| it.url_schemes.extend(names("javascript")),
            |it| it.link_rel = Some("\"".to_owned()),
            |it| it.link_target = Some("a b".to_owned()),
            |it| it.id_prefix = Some("<".to_owned()),
            |it| it.limits.depth = 0,
            |it| set(it, "a", "rel"),
            |it| set(it, "b", "onclick"),
            |it| {
                it.link_target = Some("_blank".to_owned());
                set(it, "*", "target");
            },
            |it| {
                put(it, "b", "class");
                it.classes.insert("*".to_owned(), names("x"));
            },
            |it| "1234567".chars().for_each(|name| set(it, "b", &format!("a{name}"))),
            |it| {
                it.attribute_values
                    .insert("b".to_owned(), BTreeMap::from([("srcdoc".to_owned(), names("x"))]));
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut settings = settings();
            assert_eq!(Ok(()), check(&settings));
            change(&mut settings);
            assert!(matches!(check(&settings), Err(Error::Policy(_))), "{number}");
        }
    }

    #[test]
    fn what_is_watched_over_is_allowed() {
        let mut settings = settings();
        settings.link_rel = None;
        put(&mut settings, "a", "rel");
        put(&mut settings, "*", "data-*");
        settings.styles = Some(names("color"));
        put(&mut settings, "b", "style");
        settings.tags.extend(names("iframe"));
        settings.url_hosts.insert("iframe".to_owned(), names("video.example"));

        assert_eq!(Ok(()), check(&settings));
    }

    fn put(settings: &mut Settings, tag: &str, name: &str) {
        settings.attributes.entry(tag.to_owned()).or_default().insert(name.to_owned());
    }

    fn set(settings: &mut Settings, tag: &str, name: &str) {
        let names = settings.set_attributes.entry(tag.to_owned()).or_default();
        names.insert(name.to_owned(), "x".to_owned());
    }
}
