//! Periods of local days, and the buckets that a split by time cuts them into.
//!
//! The views compute the same in SQL (`part_buckets` of `schema/source/kpi_views/parts.sql`).

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;

use super::dimension::Dimension;

/// Days of a period, at most: ten years.
pub const MOST_DAYS: i32 = 3_660;
/// The years that a period may lie in: those of ClickHouse's `Date`.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2148;

/// Local days from the first through the last: the half-open interval of instants from 00:00 of the first to 00:00 of
/// the day after the last, in the space's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    from: Date,
    to: Date,
}

/// Why two texts are no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPeriod {
    /// Not of the form `2026-03-02`, no such day, or outside 1970 to 2148.
    #[error("expected a date such as 2026-03-02, between 1970 and 2148")]
    Date,
    /// The last day lies before the first.
    #[error("the period ends before it begins: `to` is its last day")]
    Backwards,
    /// More than [`MOST_DAYS`].
    #[error("a period has at most 3660 days: ask for a shorter one")]
    TooLong,
}

/// A part of a period that a split by time names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// `2026-03-02`, `2026-W53`, `2026-03` or `2026-Q1`.
    pub key: String,
    /// Its days, cut at the edges of the asked period.
    pub period: Period,
}

impl Period {
    /// From the first day through the last.
    ///
    /// # Errors
    /// [`InvalidPeriod`].
    pub fn new(from: Date, to: Date) -> Result<Self, InvalidPeriod> {
        if !YEARS.contains(&from.year()) || !YEARS.contains(&to.year()) {
            return Err(InvalidPeriod::Date);
        }
        if to < from {
            return Err(InvalidPeriod::Backwards);
        }
        let period = Self { from, to };
        if period.days() > MOST_DAYS { Err(InvalidPeriod::TooLong) } else { Ok(period) }
    }

    /// Reads both days, `YYYY-MM-DD` and nothing else.
    ///
    /// # Errors
    /// [`InvalidPeriod`].
    pub fn parse(from: &str, to: &str) -> Result<Self, InvalidPeriod> {
        let date = |text: &str| (text.len() == 10).then(|| text.parse().ok()).flatten().ok_or(InvalidPeriod::Date);
        Self::new(date(from)?, date(to)?)
    }

    /// The first day.
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Date {
        self.to
    }

    /// How many days, at least 1.
    pub fn days(self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days()) + 1
    }

    /// As many days right before it, to compare with. None before 1970.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let to = self.from.yesterday().ok()?;
        let from = to.checked_sub((self.days() - 1).days()).ok()?;
        Self::new(from, to).ok()
    }

    /// The buckets of a split by time, in order, cut at the period's edges, also those in which nothing happens.
    /// Empty for a split that is not by time.
    pub fn buckets(self, by: Dimension) -> Vec<Bucket> {
        let mut buckets: Vec<Bucket> = Vec::new();
        let Some(key) = key_of(by) else { return buckets };
        for date in self.from.series(1.day()).take_while(|date| *date <= self.to) {
            let key = key(date);
            match buckets.last_mut() {
                Some(last) if last.key == key => last.period.to = date,
                _ => buckets.push(Bucket { key, period: Self { from: date, to: date } }),
            }
        }
        buckets
    }

    /// The days of it on which contents are expected.
    pub fn working_days(self, calendar: &Calendar) -> u32 {
        let days = self.from.series(1.day()).take_while(|date| *date <= self.to);
        days.filter(|date| calendar.works_on(*date)).map(|_| 1).sum()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// How a day's bucket is called; none for a split that is not by time.
fn key_of(by: Dimension) -> Option<fn(Date) -> String> {
    Some(match by {
        Dimension::Day => |date| date.to_string(),
        Dimension::Week => |date| {
            let week: ISOWeekDate = date.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        },
        Dimension::Month => |date| format!("{:04}-{:02}", date.year(), date.month()),
        Dimension::Quarter => |date| format!("{:04}-Q{}", date.year(), (date.month() + 2) / 3),
        _ => return None,
    })
}

/// A space's way to count days.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Where midnight is looked up.
    pub zone: TimeZone,
    /// ISO weekdays, 1 is Monday, on which contents are expected.
    pub working_week: Vec<u8>,
    /// Days on which nothing is expected.
    pub holidays: Vec<Date>,
}

impl Calendar {
    /// From the settings of a space.
    ///
    /// # Errors
    /// [`InvalidPeriod::Date`] for a holiday that is no date, or a zone that is not known any more.
    pub fn new(zone: &str, working_week: &[u8], holidays: &[String]) -> Result<Self, InvalidPeriod> {
        let zone = TimeZone::get(zone).map_err(|_| InvalidPeriod::Date)?;
        let holidays = holidays.iter().map(|day| Date::from_str(day).map_err(|_| InvalidPeriod::Date));
        Ok(Self { zone, working_week: working_week.to_vec(), holidays: holidays.collect::<Result<_, _>>()? })
    }

    /// Whether contents are expected on a day.
    pub fn works_on(&self, date: Date) -> bool {
        let weekday: Weekday = date.weekday();
        let in_week = self.working_week.iter().any(|day| i8::try_from(*day) == Ok(weekday.to_monday_one_offset()));
        in_week && !self.holidays.contains(&date)
    }

    /// The first instant of a day, in milliseconds since 1970. Where the clock skips midnight, the first instant after.
    pub fn midnight_ms(&self, date: Date) -> i64 {
        let start = date.to_zoned(self.zone.clone()).and_then(|zoned| zoned.start_of_day());
        start.map_or(i64::MAX, |zoned| zoned.timestamp().as_millisecond())
    }

    /// The first instant of a period.
    pub fn start_ms(&self, period: Period) -> i64 {
        self.midnight_ms(period.from)
    }

    /// The first instant after a period.
    pub fn end_ms(&self, period: Period) -> i64 {
        period.to.tomorrow().map_or(i64::MAX, |date| self.midnight_ms(date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::parse(from, to).expect("a period")
    }

    fn keys(period: Period, by: Dimension) -> Vec<String> {
        let buckets = period.buckets(by).into_iter();
        buckets.map(|bucket| format!("{} {}", bucket.key, bucket.period)).collect()
    }

    #[test]
    fn a_period_is_two_days_in_order() {
        assert_eq!(period("2026-03-02", "2026-03-08").days(), 7);
        assert_eq!(period("2026-03-02", "2026-03-02").days(), 1);
        assert_eq!(Period::parse("2026-03-02", "2026-03-01"), Err(InvalidPeriod::Backwards));
        assert_eq!(Period::parse("2016-01-01", "2026-03-01"), Err(InvalidPeriod::TooLong));
        for text in ["2026-02-29", "20260302", "2026-3-2", "1969-12-31", "2149-01-01", "", "2026-03-02T10:00:00Z"] {
            assert_eq!(Period::parse(text, "2026-03-08"), Err(InvalidPeriod::Date), "{text}");
        }
        let before = period("2026-03-02", "2026-03-08").before();
        assert_eq!(before, Some(period("2026-02-23", "2026-03-01")));
        assert_eq!(period("1970-01-01", "1970-01-01").before(), None);
    }

    #[test]
    fn buckets_are_cut_at_the_edges() {
        let turn = period("2026-12-28", "2027-01-03");
        assert_eq!(keys(turn, Dimension::Week), ["2026-W53 2026-12-28 to 2027-01-03"]);
        assert_eq!(
            keys(turn, Dimension::Month),
            ["2026-12 2026-12-28 to 2026-12-31", "2027-01 2027-01-01 to 2027-01-03"]
        );
        assert_eq!(
            keys(turn, Dimension::Quarter),
            ["2026-Q4 2026-12-28 to 2026-12-31", "2027-Q1 2027-01-01 to 2027-01-03"]
        );
        assert_eq!(keys(turn, Dimension::Day).len(), 7);
        assert!(keys(turn, Dimension::Team).is_empty());
        let august = period("2026-08-01", "2026-08-31");
        assert_eq!(keys(august, Dimension::Week)[0], "2026-W31 2026-08-01 to 2026-08-02");
    }

    #[test]
    fn working_days_are_those_of_the_week_without_holidays() {
        let holidays = ["2026-08-15".to_owned(), "2027-01-01".to_owned()];
        let calendar = Calendar::new("Europe/Paris", &[1, 2, 3, 4, 5], &holidays).expect("a calendar");
        assert_eq!(period("2026-08-01", "2026-08-31").working_days(&calendar), 21);
        assert_eq!(period("2026-12-28", "2027-01-03").working_days(&calendar), 4);
        assert_eq!(period("2026-08-01", "2026-08-02").working_days(&calendar), 0);
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        let calendar = Calendar::new("Europe/Paris", &[], &[]).expect("a calendar");
        let hours = |day| (calendar.end_ms(period(day, day)) - calendar.start_ms(period(day, day))) / 3_600_000;
        assert_eq!((hours("2026-03-29"), hours("2026-03-30"), hours("2026-10-25")), (23, 24, 25));
    }
}
