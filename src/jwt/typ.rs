//! Kinds of tokens, as a header's `typ` tells them.

use crate::{Error, Result};

/// Which kind of token is expected (RFC 8725, section 3.11).
#[derive(Debug)]
pub(super) struct Typ {
    media_type: Box<str>,
    is_optional: bool,
}

impl Typ {
    pub(super) fn new(typ: &str) -> Result<Self> {
        if typ.is_empty() || !typ.is_ascii() {
            return Err(Error::InvalidInput("a typ is a media type, such as JWT or at+jwt"));
        }
        let media_type = without_application(typ);
        Ok(Self {
            media_type: media_type.into(),
            is_optional: media_type.eq_ignore_ascii_case("JWT"),
        })
    }

    /// Compares media types: in any case, and `application/` may be left out (RFC 7515, section
    /// 4.1.9).
    pub(super) fn check(&self, found: Option<&str>) -> Result<()> {
        match found {
            Some(typ) if without_application(typ).eq_ignore_ascii_case(&self.media_type) => Ok(()),
            None if self.is_optional => Ok(()),
            Some(_) => Err(Error::InvalidClaim("typ")),
            None => Err(Error::MissingClaim("typ")),
        }
    }
}

fn without_application(typ: &str) -> &str {
    match typ.split_at_checked(APPLICATION.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(APPLICATION) && !rest.contains('/') => {
            rest
        }
        _ => typ,
    }
}

const APPLICATION: &str = "application/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_compared_without_case_and_application() {
        let jwt = Typ::new("JWT").unwrap();
        for typ in
            [None, Some("JWT"), Some("jwt"), Some("application/jwt"), Some("Application/JWT")]
        {
            assert_eq!(Ok(()), jwt.check(typ), "{typ:?}");
        }
        for typ in ["", "at+jwt", "JWT ", "application/", "application/application/jwt", "text/jwt"]
        {
            assert_eq!(Err(Error::InvalidClaim("typ")), jwt.check(Some(typ)), "{typ:?}");
        }
        let access = Typ::new("application/at+JWT").unwrap();
        assert_eq!(Ok(()), access.check(Some("at+jwt")));
        assert_eq!(Err(Error::MissingClaim("typ")), access.check(None));
        assert_eq!(Err(Error::InvalidClaim("typ")), access.check(Some("JWT")));
        assert!(Typ::new("").is_err());
    }
}
