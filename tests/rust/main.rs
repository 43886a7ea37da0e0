//! The crate through its public interface, in one binary.

mod encryption;
mod html;
mod html_equality;
mod json;
mod jwt;
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "for tests only")]
mod markup;
mod profiles;
mod rfc9106;
mod signing;
mod wycheproof;
