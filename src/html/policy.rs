//! What a sanitizer lets through, compiled once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use ammonia::Builder;

use super::guard::Limits;
use super::names;
use crate::{Error, Result};

/// What a policy says, to be checked and compiled.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made field by field, by whoever calls")]
pub struct Settings {
    /// Tags that are kept; of others the content is kept.
    pub tags: BTreeSet<String>,
    /// Attributes that are kept, by tag; `*` stands for every tag.
    pub attributes: BTreeMap<String, BTreeSet<String>>,
    /// Schemes that URLs may have.
    pub url_schemes: BTreeSet<String>,
    /// What becomes of URLs without a scheme.
    pub url_relative: UrlRelative,
    /// The `rel` that every link gets.
    pub link_rel: Option<String>,
    /// Tags that go with their content.
    pub drop_content: BTreeSet<String>,
    /// Whether comments are kept.
    pub comments: bool,
    /// The longest input, in bytes.
    pub max_input: usize,
    /// How deep elements may be nested.
    pub max_depth: usize,
}

/// What becomes of URLs without a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlRelative {
    /// Their attribute goes.
    Deny,
    /// They stay.
    Pass,
}

impl core::str::FromStr for UrlRelative {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "deny" => Ok(Self::Deny),
            "pass" => Ok(Self::Pass),
            _ => Err(Error::Policy("the url_relative is \"pass\" or \"deny\"")),
        }
    }
}

/// A policy that does not contradict itself, ready to be used.
#[derive(Debug)]
pub struct Policy {
    pub(super) engine: Builder<'static>,
    pub(super) limits: Limits,
}

impl Policy {
    /// Checks and compiles a policy.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`] if a name cannot be met or must not be allowed, if a limit is out of range,
    /// or if one setting contradicts another (ammonia would panic, and only when it is used).
    pub fn compile(settings: &Settings) -> Result<Self> {
        check_names(settings)?;
        check_contradictions(settings)?;
        let limits = Limits::new(settings.max_input, settings.max_depth)?;

        let mut attributes: HashMap<_, _> =
            settings.attributes.iter().map(|(tag, names)| (intern(tag), interned(names))).collect();
        let generic = attributes.remove(ANY_TAG).unwrap_or_default();
        let mut engine = Builder::empty();
        engine
            .tags(interned(&settings.tags))
            .clean_content_tags(interned(&settings.drop_content))
            .generic_attributes(generic)
            .tag_attributes(attributes)
            .url_schemes(interned(&settings.url_schemes))
            .url_relative(match settings.url_relative {
                UrlRelative::Deny => ammonia::UrlRelative::Deny,
                UrlRelative::Pass => ammonia::UrlRelative::PassThrough,
            })
            .link_rel(settings.link_rel.as_deref().map(intern))
            .strip_comments(!settings.comments);
        Ok(Self { engine, limits })
    }
}

fn check_names(settings: &Settings) -> Result<()> {
    settings.tags.iter().try_for_each(|tag| names::check_tag(tag))?;
    let tags = settings.attributes.keys().filter(|tag| *tag != ANY_TAG);
    tags.into_iter().try_for_each(|tag| names::check_tag(tag))?;
    let attributes = settings.attributes.values().flatten();
    attributes.into_iter().try_for_each(|name| names::check_attribute(name))?;
    settings.url_schemes.iter().try_for_each(|scheme| names::check_scheme(scheme))?;
    settings.link_rel.iter().try_for_each(|rel| names::check_rel(rel))
}

fn check_contradictions(settings: &Settings) -> Result<()> {
    let named = |tag: &str| settings.attributes.get(tag).is_some_and(|names| names.contains("rel"));
    if settings.link_rel.is_some() && (named("a") || named(ANY_TAG)) {
        return Err(Error::Policy(
            "the attributes of links hold \"rel\", which link_rel sets: leave out one of the two",
        ));
    }
    let kept = |tag: &String| settings.tags.contains(tag) || settings.attributes.contains_key(tag);
    if settings.drop_content.iter().any(kept) {
        return Err(Error::Policy(
            "the tags or attributes hold a tag that drop_content removes with its content",
        ));
    }
    Ok(())
}

fn interned(names: &BTreeSet<String>) -> HashSet<&'static str> {
    names.iter().map(|name| intern(name)).collect()
}

/// The one copy of a name that is kept for the life of the process.
///
/// ammonia borrows its names. Policies are written by the application, not by its users, so the
/// names are few, and each is kept once however many policies use it.
fn intern(name: &str) -> &'static str {
    static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names.get(name).copied().unwrap_or_else(|| {
        let name: &'static str = name.to_owned().leak();
        names.insert(name);
        name
    })
}

const ANY_TAG: &str = "*";

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A few tags, under the default limits.
    pub(in super::super) fn settings() -> Settings {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Settings {
            tags: names(&["a", "b", "i", "p", "div", "table", "tbody", "tr", "td", "ul", "li"]),
            attributes: BTreeMap::from([
                ("a".to_owned(), names(&["href"])),
                ("*".to_owned(), names(&["title"])),
            ]),
            url_schemes: names(&["https"]),
            url_relative: UrlRelative::Pass,
            link_rel: Some("noopener".to_owned()),
            drop_content: names(&["script", "style"]),
            comments: false,
            max_input: 1 << 20,
            max_depth: 512,
        }
    }

    #[test]
    fn names_are_kept_once() {
        assert!(core::ptr::eq(intern("name-of-a-test"), intern(&String::from("name-of-a-test"))));
    }

    #[test]
    fn contradictions_are_refused() {
        fn put(names: &mut BTreeSet<String>, name: &str) {
            names.insert(name.to_owned());
        }
        fn put_for(settings: &mut Settings, tag: &str, name: &str) {
            put(settings.attributes.entry(tag.to_owned()).or_default(), name);
        }
        let changes: [fn(&mut Settings); 11] = [
            |it| put(&mut it.tags, "script"),
            |it| put(&mut it.tags, "B"),
            |it| put(&mut it.drop_content, "b"),
            |it| put(&mut it.drop_content, "a"),
            |it| put_for(it, "a", "rel"),
            |it| put_for(it, "*", "rel"),
            |it| put_for(it, "b", "onx"),
            |it| put_for(it, "<", "title"),
            |it| put(&mut it.url_schemes, "javascript"),
            |it| it.link_rel = Some("\"".to_owned()),
            |it| it.max_depth = 0,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut settings = settings();
            assert!(Policy::compile(&settings).is_ok());
            change(&mut settings);
            assert!(matches!(Policy::compile(&settings), Err(Error::Policy(_))), "{number}");
        }
    }

    #[test]
    fn rel_may_be_left_to_the_author() {
        let mut settings = settings();
        settings.link_rel = None;
        settings.attributes.insert("a".to_owned(), BTreeSet::from(["rel".to_owned()]));

        assert!(Policy::compile(&settings).is_ok());
    }
}
