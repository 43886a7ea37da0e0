//! HTML: untrusted markup in, markup that a policy allows out.
//!
//! ammonia, on html5ever, does the work. In front of it stands [`guard`], because parsing HTML as
//! the standard says amplifies: 29 KB of unclosed `<b>` become 28 MB, and nested elements take
//! quadratic time.

mod addresses;
mod batch;
mod check;
mod cost;
mod detect;
mod drop_mode;
mod engine;
mod escape;
mod escape_mode;
mod fast;
mod fragment;
mod guard;
mod hidden;
mod hosts;
mod interned;
mod limits;
mod linkify;
mod literal;
mod markup;
mod meter;
mod metered;
mod modes;
mod names;
mod parse;
mod policy;
#[cfg(test)]
#[path = "../../tests/rust/markup.rs"]
mod random_markup;
mod references;
mod report;
mod rewrite;
mod rules;
mod sanitizer;
mod settings;
mod styles;
mod tag;
mod text;
mod tokens;
mod truncate;
mod urls;

pub use detect::is_html;
pub use escape::{escape, escape_strictly};
pub use limits::Limits;
pub use linkify::{Link, Linkify, OnLink};
pub use literal::{Item, Literal};
pub use modes::OnDisallowed;
pub use policy::Policy;
pub use references::{escape_but_references, resolve_references};
pub use report::{Removal, RemovalKind};
pub use rewrite::Element;
pub use sanitizer::Sanitizer;
pub use settings::{ByTag, OnLimit, Settings, UrlRelative};
pub use text::text;
pub use urls::{is_url_attribute, join_url};
