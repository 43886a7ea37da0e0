//! ammonia, set up by a policy's rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use ammonia::Builder;

use super::rules::{Relative, Rules};
use super::styles::Styles;
use super::urls;
use crate::platform::fork::PerProcess;

/// The engine that does what the rules say.
pub(super) fn build(rules: &Rules) -> Builder<'static> {
    let mut engine = Builder::empty();
    engine
        .tags(interned(&rules.tags))
        .clean_content_tags(interned(&rules.drop_content))
        .generic_attributes(interned(&rules.generic))
        .generic_attribute_prefixes(interned(&rules.prefixes))
        .tag_attributes(by_tag(&rules.attributes, interned))
        .tag_attribute_values(by_tag(&rules.values, |values| by_tag(values, interned)))
        .set_tag_attribute_values(by_tag(&rules.set, sorted))
        .allowed_classes(by_tag(&rules.classes, interned))
        .url_schemes(interned(&rules.schemes))
        .url_relative(match &rules.relative {
            Relative::Base(base) => ammonia::UrlRelative::RewriteWithBase(base.clone()),
            Relative::Deny => ammonia::UrlRelative::Deny,
            Relative::Pass => ammonia::UrlRelative::PassThrough,
        })
        .link_rel(rules.link_rel.as_deref().map(intern))
        .id_prefix(rules.id_prefix.as_deref().map(intern))
        .strip_comments(!rules.comments);
    if let Some(styles) = &rules.styles
        && ["animate", "set"].iter().any(|tag| rules.tags.contains(*tag))
    {
        // SVG's animations set styles, too.
        engine.filter_style_properties(interned(styles));
    }
    let judges_cites = rules.generic.contains("cite")
        || rules.attributes.values().any(|names| names.contains("cite"));
    if rules.styles.is_some() || !rules.hosts.is_empty() || judges_cites && !rules.lenient {
        let filter = Filter::new(rules);
        engine.attribute_filter(move |tag, name, value| filter.attribute(tag, name, value));
    }
    engine
}

/// What ammonia does not look at.
struct Filter {
    styles: Option<Styles>,
    rules: Rules,
}

impl Filter {
    fn new(rules: &Rules) -> Self {
        Self { styles: Styles::new(rules), rules: rules.clone() }
    }

    fn attribute<'a>(&self, tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
        let rules = &self.rules;
        if let ("style", Some(styles)) = (name, &self.styles) {
            return Some(Cow::Owned(styles.sanitize(value, tag)));
        }
        let is_cite = is_cite(tag, name) && !rules.lenient;
        let value = if is_cite {
            urls::judge(value, &rules.schemes, &rules.relative)?
        } else {
            Cow::Borrowed(value)
        };
        let is_url = is_cite || is_url(tag, name);
        (!is_url || rules.hosts.allow(tag, &value)).then_some(value)
    }
}

/// Whether an attribute is a URL that ammonia passes unread: it is where a quotation is from.
pub(super) fn is_cite(tag: &str, attribute: &str) -> bool {
    attribute == "cite" && matches!(tag, "blockquote" | "del" | "ins" | "q")
}

/// Whether ammonia takes an attribute for a URL.
pub(super) fn is_url(tag: &str, attribute: &str) -> bool {
    match attribute {
        "href" | "xlink:href" | "src" => true,
        "action" => tag == "form",
        "data" => tag == "object",
        "formaction" => matches!(tag, "button" | "input"),
        "ping" => tag == "a",
        "poster" => tag == "video",
        _ => false,
    }
}

fn by_tag<T, U>(
    names: &BTreeMap<String, T>,
    compile: impl Fn(&T) -> U,
) -> HashMap<&'static str, U> {
    names.iter().map(|(name, value)| (intern(name), compile(value))).collect()
}

fn interned(names: &BTreeSet<String>) -> HashSet<&'static str> {
    names.iter().map(|name| intern(name)).collect()
}

/// Attributes in a map that names them in their order.
///
/// ammonia appends attributes in the order of a map whose order is drawn at random. Output that
/// differs from process to process would be cached and compared in vain, so maps are drawn until
/// one is sorted: of six attributes, one in 720 is.
fn sorted(values: &BTreeMap<String, String>) -> HashMap<&'static str, &'static str> {
    loop {
        let drawn: HashMap<_, _> =
            values.iter().map(|(name, value)| (intern(name), intern(value))).collect();
        if drawn.keys().is_sorted() {
            return drawn;
        }
    }
}

/// The one copy of a name that is kept for the life of the process.
///
/// ammonia borrows its names. Policies are written by the application, not by its users, so the
/// names are few, and each is kept once however many policies use it.
pub(super) fn intern(name: &str) -> &'static str {
    // A child forked while another thread holds the lock has a lock of its own.
    static NAMES: PerProcess<Mutex<HashSet<&'static str>>> = PerProcess::new(Mutex::default);
    let mut names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
    names.get(name).copied().unwrap_or_else(|| {
        let name: &'static str = name.to_owned().leak();
        names.insert(name);
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_once() {
        assert!(core::ptr::eq(intern("name-of-a-test"), intern(&String::from("name-of-a-test"))));
    }

    #[test]
    fn maps_are_sorted() {
        let values = "fbdeca".chars().map(|name| (name.to_string(), "x".to_owned())).collect();
        let names = sorted(&values).keys().copied().collect::<String>();

        assert_eq!("abcdef", names);
    }
}
