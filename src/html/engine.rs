//! ammonia, set up by a policy's rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ammonia::Builder;

use super::interned;
use super::rules::{Relative, Rules};
use super::styles::Styles;
use super::urls;

pub(super) use super::interned::intern;

/// The engine that does what the rules say: ammonia borrows its names.
#[derive(Debug)]
pub(super) enum Engine {
    /// There is no room for the names, so it is made anew each time.
    Passing,
    Kept(Box<Builder<'static>>),
}

impl Engine {
    pub(super) fn new(rules: &Rules) -> Self {
        if interned::keep(rules.names()) {
            Self::Kept(Box::new(build(rules, intern)))
        } else {
            Self::Passing
        }
    }

    /// What ammonia gives, as UTF-8.
    pub(super) fn clean(&self, html: &str, rules: &Rules, output: &mut Vec<u8>) {
        let clean = match self {
            Self::Kept(engine) => engine.clean(html),
            Self::Passing => build(rules, |name| name).clean(html),
        };
        // Writing to memory fails only when it is exhausted, which aborts.
        let _ = clean.write_to(output);
    }
}

fn build<'r, 'n>(rules: &'r Rules, name: impl Fn(&'r str) -> &'n str + Copy) -> Builder<'n> {
    let set = |names: &'r BTreeSet<String>| names.iter().map(|it| name(it)).collect::<HashSet<_>>();
    let mut engine = Builder::empty();
    engine
        .tags(set(&rules.tags))
        .clean_content_tags(set(&rules.drop_content))
        .generic_attributes(set(&rules.generic))
        .generic_attribute_prefixes(set(&rules.prefixes))
        .tag_attributes(by_name(&rules.attributes, name, set))
        .tag_attribute_values(by_name(&rules.values, name, |values| by_name(values, name, set)))
        .set_tag_attribute_values(by_name(&rules.set, name, |values| sorted(values, name)))
        .allowed_classes(by_name(&rules.classes, name, set))
        .url_schemes(set(&rules.schemes))
        .url_relative(match &rules.relative {
            Relative::Base(base) => ammonia::UrlRelative::RewriteWithBase(base.clone()),
            Relative::Deny => ammonia::UrlRelative::Deny,
            Relative::Pass => ammonia::UrlRelative::PassThrough,
        })
        .link_rel(rules.link_rel.as_deref().map(name))
        .id_prefix(rules.id_prefix.as_deref().map(name))
        .strip_comments(!rules.comments);
    if let Some(styles) = &rules.styles
        && ["animate", "set"].iter().any(|tag| rules.tags.contains(*tag))
    {
        // SVG's animations set styles, too.
        engine.filter_style_properties(set(styles));
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

fn by_name<'r, 'n, T, U>(
    values: &'r BTreeMap<String, T>,
    name: impl Fn(&'r str) -> &'n str,
    compile: impl Fn(&'r T) -> U,
) -> HashMap<&'n str, U> {
    values.iter().map(|(key, value)| (name(key), compile(value))).collect()
}

/// Attributes in a map that names them in their order.
///
/// ammonia appends attributes in the order of a map whose order is drawn at random. Output that
/// differs from process to process would be cached and compared in vain, so maps are drawn until
/// one is sorted: of six attributes, one in 720 is.
fn sorted<'r, 'n>(
    values: &'r BTreeMap<String, String>,
    name: impl Fn(&'r str) -> &'n str,
) -> HashMap<&'n str, &'n str> {
    loop {
        let drawn: HashMap<_, _> =
            values.iter().map(|(key, value)| (name(key), name(value))).collect();
        if drawn.keys().is_sorted() {
            return drawn;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::tests::{names, settings};
    use super::*;

    #[test]
    fn maps_are_sorted() {
        let values = "fbdeca".chars().map(|name| (name.to_string(), "x".to_owned())).collect();
        let names = sorted(&values, |name| name).keys().copied().collect::<String>();

        assert_eq!("abcdef", names);
    }

    #[test]
    fn engines_without_room_for_their_names_do_the_same() {
        let mut settings = settings();
        settings.id_prefix = Some("x-".to_owned());
        settings.attributes.insert("p".to_owned(), names("id cite"));
        settings.classes.insert("p".to_owned(), names("x"));
        settings.set_attributes =
            [("b".to_owned(), [("lang".to_owned(), "en".to_owned())].into())].into();
        let rules = Rules::new(&settings).unwrap();
        let html = "<p id=a class='x y'>b<b onclick=x>c</b><a href='https://x.example'>d<i cite=x>";
        let clean = |engine: Engine| {
            let mut output = Vec::new();
            engine.clean(html, &rules, &mut output);
            String::from_utf8(output).unwrap()
        };

        assert!(clean(Engine::new(&rules)).contains("<p id=\"x-a\" class=\"x\">"));
        assert_eq!(clean(Engine::new(&rules)), clean(Engine::Passing));
    }
}
