//! The registered claims (RFC 7519, section 4.1) and what a verifier expects of them.

use crate::json::{Event, Members};
use crate::{Error, Result};

use super::names;

/// What a verifier expects of a token's claims.
#[derive(Clone, Debug)]
pub struct Expectations {
    /// Whose tokens are accepted; `None` if `iss` is not looked at.
    pub issuer: Option<Box<[Box<str>]>>,
    /// For whom tokens are accepted; `None` if none may say for whom it is.
    pub audience: Option<Box<[Box<str>]>>,
    /// About whom, if only one subject is acceptable.
    pub subject: Option<Box<str>>,
    /// Claims that must be there.
    pub required: Required,
    /// By how many seconds clocks may differ.
    pub leeway: f64,
    /// How many seconds after `iat` a token is accepted at most.
    pub max_age: Option<f64>,
}

impl Expectations {
    /// Checks that the expectations can be met.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if `leeway` or `max_age` is negative or longer than there are times,
    /// if the issuers or audiences are an empty list, or if a name is empty.
    pub fn check(&self) -> Result<()> {
        let seconds = [Some(self.leeway), self.max_age];
        if !seconds.into_iter().flatten().all(|seconds| (0.0..=LAST_SECOND).contains(&seconds)) {
            return Err(Error::InvalidInput(
                "a leeway or max_age is a number of seconds from 0 on, and no longer than all time",
            ));
        }
        if self.subject.as_deref().is_some_and(str::is_empty) {
            return Err(Error::InvalidInput("a subject is None or not empty"));
        }
        for names in [&self.issuer, &self.audience].into_iter().flatten() {
            if names.is_empty() || names.iter().any(|name| name.is_empty()) {
                return Err(Error::InvalidInput(
                    "issuer and audience are None or at least one name, and no name is empty",
                ));
            }
        }
        Ok(())
    }
}

/// The names of claims that must be there, each with its place in a bit set.
#[derive(Clone, Debug, Default)]
pub struct Required(Vec<&'static str>);

impl Required {
    /// Takes names, also of claims that are not registered. One that is given twice counts once.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for more than 64 names and for what is no name.
    pub fn new<'a>(claims: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut names = Vec::new();
        for claim in claims {
            let name = names::intern(claim)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.len() > 64 {
            return Err(Error::InvalidInput("at most 64 claims can be required"));
        }
        Ok(Self(names))
    }

    fn bit(&self, claim: &str) -> u64 {
        self.0.iter().position(|name| *name == claim).map_or(0, |place| 1 << place)
    }

    fn first_missing(&self, present: u64) -> Option<&'static str> {
        self.0
            .iter()
            .enumerate()
            .find_map(|(place, name)| (present >> place & 1 == 0).then_some(*name))
    }
}

/// The registered claims of one token, collected while its JSON is read.
#[derive(Debug)]
pub(super) struct Claims<'e> {
    expectations: &'e Expectations,
    /// Bits of [`Required`].
    present: u64,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    /// Whether the claim, if it is there, is one of those expected.
    iss: Option<bool>,
    aud: Option<bool>,
    sub: Option<bool>,
}

impl<'e> Claims<'e> {
    pub(super) const fn new(expectations: &'e Expectations) -> Self {
        Self {
            expectations,
            present: 0,
            exp: None,
            nbf: None,
            iat: None,
            iss: None,
            aud: None,
            sub: None,
        }
    }

    /// Decides whether a token with these claims is acceptable at the time `now`, in seconds
    /// since the epoch.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a time that is none, [`Error::MissingClaim`],
    /// [`Error::ExpiredToken`], [`Error::NotYetValid`] and [`Error::InvalidClaim`], in this order.
    pub(super) fn check(&self, now: f64) -> Result<()> {
        check_clock(now)?;
        let expected = self.expectations;
        if let Some(missing) = expected.required.first_missing(self.present) {
            return Err(Error::MissingClaim(missing));
        }
        self.check_times(now)?;

        check_name("iss", self.iss, expected.issuer.is_some())?;
        check_name("sub", self.sub, expected.subject.is_some())?;
        match (self.aud, &expected.audience) {
            // RFC 7519, section 4.1.3: whoever does not find itself in `aud` must refuse.
            (Some(_), None) => Err(Error::InvalidClaim("aud")),
            (aud, audience) => check_name("aud", aud, audience.is_some()),
        }
    }

    fn check_times(&self, now: f64) -> Result<()> {
        let Expectations { leeway, max_age, .. } = *self.expectations;
        // "On or after" the time it must not be accepted (RFC 7519, section 4.1.4).
        if self.exp.is_some_and(|exp| exp <= now - leeway) {
            return Err(Error::ExpiredToken);
        }
        for (claim, time) in [("nbf", self.nbf), ("iat", self.iat)] {
            if time.is_some_and(|time| time > now + leeway) {
                return Err(Error::NotYetValid(claim));
            }
        }
        match (max_age, self.iat) {
            (Some(_), None) => Err(Error::MissingClaim("iat")),
            (Some(max_age), Some(iat)) if now - iat > max_age + leeway => Err(Error::ExpiredToken),
            _ => Ok(()),
        }
    }

    fn is_audience(&self, name: &str) -> bool {
        self.expectations.audience.as_ref().is_some_and(|names| has(names, name))
    }
}

impl Members for Claims<'_> {
    type Name = Name;

    #[inline]
    fn name(&mut self, key: &str) -> Option<Name> {
        let bit = self.expectations.required.bit(key);
        let name = match key {
            "aud" => Name::Aud,
            "exp" => Name::Exp,
            "iat" => Name::Iat,
            "iss" => Name::Iss,
            "jti" => Name::Jti,
            "nbf" => Name::Nbf,
            "sub" => Name::Sub,
            "client_id" if bit != 0 => return Some(Name::ClientId(bit)),
            _ if bit != 0 => return Some(Name::Other(bit)),
            _ => return None,
        };
        self.present |= bit;
        Some(name)
    }

    #[inline]
    fn member(&mut self, name: Name, value: Event<'_>) -> Result<()> {
        match (name, value) {
            (Name::Exp, value) => self.exp = Some(time("exp", value)?),
            (Name::Nbf, value) => self.nbf = Some(time("nbf", value)?),
            (Name::Iat, value) => self.iat = Some(time("iat", value)?),
            (Name::Iss, Event::String(name)) => {
                let issuers = self.expectations.issuer.as_ref();
                self.iss = Some(issuers.is_none_or(|names| has(names, name)));
            }
            (Name::Iss, _) => return Err(Error::InvalidClaim("iss")),
            (Name::Sub, Event::String(name)) => {
                let subject = self.expectations.subject.as_deref();
                self.sub = Some(subject.is_none_or(|subject| subject == name));
            }
            (Name::Sub, _) => return Err(Error::InvalidClaim("sub")),
            (Name::Aud, Event::String(name)) => self.aud = Some(self.is_audience(name)),
            (Name::Aud, Event::BeginArray) => self.aud = Some(false),
            (Name::Aud, _) => return Err(Error::InvalidClaim("aud")),
            // A required claim that is null says nothing.
            (Name::Jti, Event::String(_)) | (Name::Other(_) | Name::ClientId(_), Event::Null) => {}
            (Name::Jti, _) => return Err(Error::InvalidClaim("jti")),
            (Name::ClientId(bit), Event::String(_)) | (Name::Other(bit), _) => self.present |= bit,
            (Name::ClientId(_), _) => return Err(Error::InvalidClaim("client_id")),
        }
        Ok(())
    }

    #[inline]
    fn element(&mut self, name: Name, value: Event<'_>) -> Result<()> {
        match (name, value) {
            (Name::Aud, Event::String(name)) => {
                self.aud = Some(self.aud == Some(true) || self.is_audience(name));
                Ok(())
            }
            (Name::Aud, _) => Err(Error::InvalidClaim("aud")),
            _ => Ok(()),
        }
    }
}

/// The claims that are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    Aud,
    /// RFC 8693, section 4.3: text. Looked at only where it is required.
    ClientId(u64),
    Exp,
    Iat,
    Iss,
    Jti,
    Nbf,
    /// One that is only required, and its bit.
    Other(u64),
    Sub,
}

/// Refuses what a broken clock says. No comparison with it would find a token to have expired.
pub(super) fn check_clock(now: f64) -> Result<()> {
    if (0.0..=LAST_SECOND).contains(&now) {
        Ok(())
    } else {
        Err(Error::Configuration("the clock is set before 1970 or after 9999"))
    }
}

/// A `NumericDate` (RFC 7519, section 2): a number, and no `true`, text or infinity.
fn time(claim: &'static str, value: Event<'_>) -> Result<f64> {
    let seconds = match value {
        // In the range that is allowed below, every integer is exactly a float.
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53, refused beyond")]
        Event::Integer(seconds) => seconds as f64,
        Event::Float(seconds) => seconds,
        _ => return Err(Error::InvalidClaim(claim)),
    };
    if (0.0..=LAST_SECOND).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(Error::InvalidClaim(claim))
    }
}

fn check_name(claim: &'static str, fits: Option<bool>, expected: bool) -> Result<()> {
    match fits {
        Some(false) => Err(Error::InvalidClaim(claim)),
        None if expected => Err(Error::MissingClaim(claim)),
        Some(true) | None => Ok(()),
    }
}

fn has(names: &[Box<str>], name: &str) -> bool {
    names.iter().any(|expected| **expected == *name)
}

/// 9999-12-31T23:59:59Z, the last that Python's `datetime` and RFC 3339 can write.
pub(super) const LAST_SECOND: f64 = 253_402_300_799.0;
