//! Sanitizing under a compiled policy.

use super::guard;
use super::policy::Policy;
use crate::Result;

/// Sanitizes under one policy, any number of times and from any thread.
#[derive(Debug)]
pub struct Sanitizer {
    policy: Policy,
}

impl Sanitizer {
    /// A sanitizer under `policy`.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy }
    }

    /// The part of `html` that the policy allows, well-formed.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputTooLarge`] and [`crate::Error::InputTooDeep`] if `html` is over a limit
    /// or would take more than a bounded time and memory.
    pub fn sanitize(&self, html: &str) -> Result<String> {
        guard::inspect(html, &self.policy.limits)?;
        Ok(self.policy.engine.clean(html).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::tests::settings;
    use super::*;
    use crate::Error;

    fn sanitize(html: &str) -> Result<String> {
        Sanitizer::new(Policy::compile(&settings())?).sanitize(html)
    }

    #[test]
    fn what_is_allowed_stays() {
        let html =
            "<p title=\"x\">a <b>b</b> <a href=\"https://x.example/\" rel=\"noopener\">c</a>";
        assert_eq!(Ok(format!("{html}</p>")), sanitize(html));
    }

    #[test]
    fn what_is_not_goes() {
        for (html, expected) in [
            ("<script>alert(1)</script>x", "x"),
            ("<b onclick=alert(1)>x</b>", "<b>x</b>"),
            ("<a href=\"java\nscript:alert(1)\">x</a>", "<a rel=\"noopener\">x</a>"),
            ("<!-- x -->y", "y"),
            ("<svg><p>x</svg>", "<p>x</p>"),
        ] {
            assert_eq!(Ok(expected.to_owned()), sanitize(html));
        }
    }

    #[test]
    fn too_much_is_an_error() {
        assert!(matches!(sanitize(&"x".repeat((1 << 20) + 1)), Err(Error::InputTooLarge(_))));
        assert_eq!(Err(Error::InputTooDeep), sanitize(&"<div>".repeat(10_000)));
    }
}
