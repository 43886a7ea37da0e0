//! What a sanitizer lets through, compiled once.

use super::check;
use super::engine::Engine;
use super::fast::Tables;
use super::rules::Rules;
use super::settings::{OnLimit, Settings};
use crate::Result;
use crate::html::Limits;

/// A policy that does not contradict itself, ready to be used.
#[derive(Debug)]
pub struct Policy {
    pub(super) engine: Engine,
    /// None if the policy allows what only ammonia can sanitize, or if there is no room for it.
    pub(super) tables: Option<Tables>,
    pub(super) limits: Limits,
    pub(super) rules: Rules,
    pub(super) on_limit: OnLimit,
}

impl Policy {
    /// Checks and compiles a policy.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Policy`] if a name cannot be met or must not be allowed, if a limit is out
    /// of range, or if one setting contradicts another.
    pub fn compile(settings: &Settings) -> Result<Self> {
        check::check(settings)?;
        let rules = Rules::new(settings)?;
        let engine = Engine::new(&rules);
        let tables = match engine {
            // They hold names, too.
            Engine::Passing => None,
            Engine::Kept(_) => Tables::new(&rules),
        };
        Ok(Self { engine, tables, limits: settings.limits, rules, on_limit: settings.on_limit })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::html::UrlRelative;

    /// A few tags, under the default limits.
    pub(in super::super) fn settings() -> Settings {
        Settings {
            tags: names("a b i p div table tbody tr td ul li"),
            attributes: BTreeMap::from([
                ("a".to_owned(), names("href")),
                ("*".to_owned(), names("title")),
            ]),
            url_schemes: names("https"),
            url_relative: UrlRelative::Pass,
            link_rel: Some("noopener".to_owned()),
            drop_content: names("script style"),
            ..Settings::default()
        }
    }

    pub(in super::super) fn names(names: &str) -> BTreeSet<String> {
        names.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn rel_may_be_left_to_the_author() {
        let mut settings = settings();
        settings.link_rel = None;
        settings.attributes.insert("a".to_owned(), BTreeSet::from(["rel".to_owned()]));

        assert!(Policy::compile(&settings).is_ok());
    }
}
