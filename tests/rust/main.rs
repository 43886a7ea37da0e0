//! The crate through its public interface, in one binary.

mod encryption;
mod html;
mod html_equality;
mod json;
mod jwt;
mod markup;
mod profiles;
mod rfc9106;
mod signing;
mod wycheproof;
