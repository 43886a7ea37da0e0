//! What a policy says, before it is checked and compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::Limits;
use crate::{Error, Result};

/// Names, by the tag they belong to; `*` stands for every tag.
pub type ByTag<T> = BTreeMap<String, T>;

/// What a policy says, to be checked and compiled.
///
/// Whoever adds an option adds its field here, its rule in `check`, its line in `Rules` (where
/// what holds for every tag is spelled out for each) and then what it does: in `engine` if ammonia
/// can do it, and in `fast`, or there as a reason to leave the fast path alone.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "made field by field, by whoever calls")]
pub struct Settings {
    /// Tags that are kept; of others the content is kept.
    pub tags: BTreeSet<String>,
    /// Attributes that are kept, by tag; a name under `*` that ends in `*` is a beginning.
    pub attributes: ByTag<BTreeSet<String>>,
    /// Attributes that are kept if they have one of these values, in whatever case.
    pub attribute_values: ByTag<BTreeMap<String, BTreeSet<String>>>,
    /// Attributes that are put on every tag of a name, whatever its author wrote.
    pub set_attributes: ByTag<BTreeMap<String, String>>,
    /// Classes that are kept, by tag.
    pub classes: ByTag<BTreeSet<String>>,
    /// CSS properties that are kept in `style` attributes; without, there are none of these.
    pub styles: Option<BTreeSet<String>>,
    /// Schemes that URLs may have.
    pub url_schemes: BTreeSet<String>,
    /// Hosts that URLs may name, by tag; on tags that are not mentioned all hosts are allowed.
    pub url_hosts: ByTag<BTreeSet<String>>,
    /// What becomes of URLs without a scheme.
    pub url_relative: UrlRelative,
    /// The `rel` that every link gets.
    pub link_rel: Option<String>,
    /// The `target` that every link gets.
    pub link_target: Option<String>,
    /// What every `id` begins with afterwards.
    pub id_prefix: Option<String>,
    /// Tags that go with their content.
    pub drop_content: BTreeSet<String>,
    /// Whether comments are kept.
    pub comments: bool,
    /// How much is accepted.
    pub limits: Limits,
    /// What becomes of input above the limits.
    pub on_limit: OnLimit,
    /// Names are taken as they are, those that run code among them: for replacing a library whose
    /// users are used to it.
    pub lenient: bool,
}

/// What becomes of URLs without a scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum UrlRelative {
    /// They are resolved against this one.
    Base(String),
    /// Their attribute goes.
    Deny,
    /// They stay.
    #[default]
    Pass,
}

impl UrlRelative {
    /// By its name, and the URL that is called base.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`] if there is no such name, or a base without need or a need without base.
    pub fn named(name: &str, base: Option<String>) -> Result<Self> {
        match (name, base) {
            ("base", Some(base)) => Ok(Self::Base(base)),
            ("deny", None) => Ok(Self::Deny),
            ("pass", None) => Ok(Self::Pass),
            _ => Err(Error::Policy("the url_relative is \"pass\", \"deny\" or a Base")),
        }
    }
}

/// What becomes of input above the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnLimit {
    /// It is an error.
    #[default]
    Raise,
    /// Its text is kept, without any markup.
    Text,
}

impl core::str::FromStr for OnLimit {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "raise" => Ok(Self::Raise),
            "text" => Ok(Self::Text),
            _ => Err(Error::Policy("the on_limit is \"raise\" or \"text\"")),
        }
    }
}

/// Stands for every tag.
pub(super) const ANY_TAG: &str = "*";
