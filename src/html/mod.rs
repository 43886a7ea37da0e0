//! HTML: untrusted markup in, markup that a policy allows out.
//!
//! ammonia, on html5ever, does the work. In front of it stands [`guard`], because parsing HTML as
//! the standard says amplifies: 29 KB of unclosed `<b>` become 28 MB, and nested elements take
//! quadratic time.

mod check;
mod cost;
mod engine;
mod escape;
mod fast;
mod guard;
mod hosts;
mod limits;
mod meter;
mod names;
mod policy;
mod rules;
mod sanitizer;
mod settings;
mod styles;
mod tag;

pub use escape::escape;
pub use limits::Limits;
pub use policy::Policy;
pub use sanitizer::Sanitizer;
pub use settings::{ByTag, Settings, UrlRelative};
