//! When something was signed, and how old it may be.

use core::time::Duration;
use std::time::SystemTime;

use super::keys::SEPARATOR;
use crate::{Error, Result};

/// Whole seconds since 1970-01-01 00:00 UTC, up to the end of the year 9999, which is as far as
/// Python's `datetime` goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// What the system's clock says.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the clock is before 1970 or after 9999.
    pub fn now() -> Result<Self> {
        SystemTime::UNIX_EPOCH
            .elapsed()
            .ok()
            .and_then(|elapsed| Self::new(elapsed.as_secs()))
            .ok_or(CLOCK)
    }

    /// What a clock of the caller's says, in seconds and parts of a second.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if that is no number, before 1970 or after 9999.
    pub fn from_clock(seconds: f64) -> Result<Self> {
        whole_seconds(seconds).and_then(Self::new).ok_or(CLOCK)
    }

    /// The seconds, if they are in range.
    #[must_use]
    pub fn new(seconds: u64) -> Option<Self> {
        (seconds <= END_OF_9999).then_some(Self(seconds))
    }

    /// The seconds since 1970.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// Splits a value from the time behind it. There is one text for each time: decimal digits
    /// without a sign or leading zeros.
    pub(super) fn split_from(signed: &str) -> Result<(&str, Self)> {
        let (value, digits) = signed.rsplit_once(SEPARATOR).ok_or(Error::BadSignature)?;
        let canonical = digits.bytes().all(|digit| digit.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        if !canonical {
            return Err(Error::BadSignature);
        }
        let time = digits.parse().ok().and_then(Self::new).ok_or(Error::BadSignature)?;
        Ok((value, time))
    }

    /// Whether something signed at this time may still be used.
    ///
    /// Without a bound the time is not looked at. With one, a time that lies further ahead than
    /// [`LEEWAY`] is refused as well: it would live longer than the bound says.
    pub(super) fn check(self, now: Self, max_age: Option<MaxAge>) -> Result<()> {
        let Some(MaxAge(max_age)) = max_age else { return Ok(()) };
        if self.0.saturating_sub(now.0) > LEEWAY {
            return Err(Error::SignatureInTheFuture(self.0));
        }
        if now.0.saturating_sub(self.0) > max_age {
            return Err(Error::SignatureExpired(self.0));
        }
        Ok(())
    }
}

/// How old a signature may be, in seconds.
///
/// Times are kept in whole seconds, so a signature lives up to one second longer than this, and
/// never shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxAge(u64);

impl MaxAge {
    /// From seconds and parts of a second.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if that is negative or no finite number.
    pub fn new(seconds: f64) -> Result<Self> {
        whole_seconds(seconds).map(Self).ok_or(Error::InvalidInput(
            "a max_age is a finite number of seconds from 0 up, or None for any age",
        ))
    }
}

/// Seconds that the clocks of two machines may differ by.
const LEEWAY: u64 = 60;

const END_OF_9999: u64 = 253_402_300_799;
const CLOCK: Error = Error::Configuration("the clock is set before 1970 or after 9999");

fn whole_seconds(seconds: f64) -> Option<u64> {
    Duration::try_from_secs_f64(seconds).ok().map(|duration| duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_text() {
        for (text, seconds) in [("v.0", 0), ("v.7", 7), ("v.253402300799", END_OF_9999)] {
            assert_eq!(Ok(("v", Timestamp(seconds))), Timestamp::split_from(text));
        }
        for text in [
            "v",
            "v.",
            "v.00",
            "v.07",
            "v.+7",
            "v.-7",
            "v. 7",
            "v.7 ",
            "v.1_0",
            "v.٣",
            "v.0x7",
            "v.7a",
            "v.253402300800",
            "v.18446744073709551616",
        ] {
            assert_eq!(Err(Error::BadSignature), Timestamp::split_from(text), "{text:?}");
        }
    }

    #[test]
    fn ages_are_bounded_on_both_sides() {
        let now = Timestamp(1000);
        let hour = MaxAge::new(3600.0).unwrap();
        let none = MaxAge::new(0.0).unwrap();
        assert_eq!(Ok(()), Timestamp(1000).check(now, Some(none)));
        assert_eq!(Err(Error::SignatureExpired(999)), Timestamp(999).check(now, Some(none)));
        assert_eq!(Ok(()), Timestamp(0).check(now, Some(hour)));
        assert_eq!(Ok(()), Timestamp(1060).check(now, Some(none)));
        assert_eq!(Err(Error::SignatureInTheFuture(1061)), Timestamp(1061).check(now, Some(hour)));
        assert_eq!(Ok(()), Timestamp(0).check(Timestamp(END_OF_9999), None));
        assert_eq!(Ok(()), Timestamp(END_OF_9999).check(now, None));
    }

    #[test]
    fn bounds_and_clocks_are_finite() {
        for seconds in [-1.0, f64::NAN, f64::INFINITY, f64::MAX] {
            assert!(MaxAge::new(seconds).is_err());
            assert!(Timestamp::from_clock(seconds).is_err());
        }
        assert_eq!(Ok(MaxAge(1)), MaxAge::new(1.9));
        assert_eq!(Ok(Timestamp(1)), Timestamp::from_clock(1.9));
        assert_eq!(Err(CLOCK), Timestamp::from_clock(253_402_300_800.0));
    }
}
