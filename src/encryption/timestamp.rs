//! A moment in UTC, to the second, in ISO 8601.

use core::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// When a key was made: seconds since 1970-01-01T00:00:00Z, within the years 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// This moment, by the system's clock.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(since.map_or(0, |since| since.as_secs()).min(LAST))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// The moment that `YYYY-MM-DDThh:mm:ssZ` names; `+00:00` is read as well as `Z`, and a
    /// fraction of a second is dropped.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
        let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let (date, time) = text.split_once('T')?;
        let [year, month, day] = fields(date, '-')?;
        let [hour, minute, second] = fields(time, ':')?;
        let in_range = fraction.bytes().all(|byte| byte.is_ascii_digit())
            && !fraction.is_empty()
            && (1..=12).contains(&month)
            && hour < 24
            && minute < 60
            && second < 60;
        if !in_range {
            return None;
        }
        let days = days_from_civil(year, month, day)?;
        let moment = Self(((days * 24 + hour) * 60 + minute) * 60 + second);
        // Written again it must be the same: no 30th of February, no missing leading zero.
        (moment.0 <= LAST && moment.to_string().strip_suffix('Z') == Some(text)).then_some(moment)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0 / DAY);
        let (hour, minute, second) = (self.0 / 3600 % 24, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

fn fields(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<u16>().ok().map(u64::from));
    let fields = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(fields)
}

/// H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the
/// leap day is the last of its year.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month > 2 { year } else { year.checked_sub(1)? };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
    days.checked_sub(EPOCH)
}

fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + EPOCH;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year_of_era + carry, month, day)
}

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: u64 = 719_468;
const DAY: u64 = 86_400;
/// 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-23T22:43:07Z", 1_795_473_787),
            ("9999-12-31T23:59:59Z", LAST),
        ] {
            assert_eq!(Some(Timestamp(seconds)), Timestamp::parse(text));
            assert_eq!(text, Timestamp(seconds).to_string());
        }
        let moment = Some(Timestamp(1_795_473_787));
        assert_eq!(moment, Timestamp::parse("2026-11-23T22:43:07+00:00"));
        assert_eq!(moment, Timestamp::parse("2026-11-23T22:43:07.123456Z"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "Z",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-1-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+01:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.xZ",
            "1969-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(None, Timestamp::parse(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in 0..=LAST) {
            let moment = Timestamp(seconds);
            prop_assert_eq!(Some(moment), Timestamp::parse(&moment.to_string()));
        }

        #[test]
        fn nothing_panics(text in "[0-9TZ:.+-]{0,30}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
