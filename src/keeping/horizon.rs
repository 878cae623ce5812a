//! From "thirteen months" to an instant.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::Config;

/// What is older than this goes. Each is the beginning of a day in UTC, milliseconds since 1970, so that a removal a day
/// finds something to do once a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// For clicks, and what holds them.
    pub raw_ms: i64,
    /// For figures, sign-ins and the audit log.
    pub aggregates_ms: i64,
}

impl Horizon {
    /// Where it stands at `now_ms`: as many calendar months back as `config` says, in UTC.
    pub fn of(config: &Config, now_ms: i64) -> Self {
        Self {
            raw_ms: months_before(now_ms, config.raw_retention_months),
            aggregates_ms: months_before(now_ms, config.aggregate_retention_months),
        }
    }
}

/// The beginning of the day that is `months` calendar months before; of a month without that day, its last. A clock that
/// stands outside the calendar keeps everything.
fn months_before(now_ms: i64, months: u16) -> i64 {
    let then = Timestamp::from_millisecond(now_ms).and_then(|now| {
        let day = now.to_zoned(TimeZone::UTC).date().checked_sub(i64::from(months).months())?;
        Ok(day.to_zoned(TimeZone::UTC)?.timestamp())
    });
    then.map_or(0, Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(now: &str) -> String {
        let now: Timestamp = now.parse().expect("an instant");
        let horizon = Horizon::of(&Config::default(), now.as_millisecond());
        Timestamp::from_millisecond(horizon.raw_ms).expect("an instant").to_string()
    }

    #[test]
    fn a_month_is_a_calendar_month_and_a_day_is_whole() {
        assert_eq!(raw("2026-11-22T07:08:09Z"), "2025-10-22T00:00:00Z");
        assert_eq!(raw("2026-11-22T23:59:59.999Z"), "2025-10-22T00:00:00Z");
        // February has no 31st, and a leap year's has a 29th.
        assert_eq!(raw("2026-03-31T12:00:00Z"), "2025-02-28T00:00:00Z");
        assert_eq!(raw("2025-03-29T12:00:00Z"), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn a_clock_that_is_out_of_its_mind_removes_nothing() {
        let horizon = Horizon::of(&Config::default(), i64::MAX);
        assert_eq!((horizon.raw_ms, horizon.aggregates_ms), (0, 0));
        assert!(Horizon::of(&Config::default(), 0).raw_ms < 0);
    }
}
