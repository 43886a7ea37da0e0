//! HTML: untrusted markup in, markup that a policy allows out.
//!
//! ammonia, on html5ever, does the work. In front of it stands [`guard`], because parsing HTML as
//! the standard says amplifies: 29 KB of unclosed `<b>` become 28 MB, and nested elements take
//! quadratic time.

mod cost;
mod escape;
mod guard;
mod meter;
mod names;
mod policy;
mod sanitizer;
mod tag;

pub use escape::escape;
pub use policy::{Policy, Settings, UrlRelative};
pub use sanitizer::Sanitizer;
