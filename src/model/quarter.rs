//! Quarters of a year, in which objectives are set.

use std::fmt;
use std::str::FromStr;

/// A quarter of a year of the calendar, written `2026-Q1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quarter {
    year: i16,
    /// 1 to 4.
    number: u8,
}

/// The years that a quarter may lie in: those of ClickHouse's `Date`, in which figures are counted.
const YEARS: std::ops::RangeInclusive<i16> = 1971..=2147;

/// The text is no quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a quarter such as 2026-Q1, between 1971 and 2147")]
pub struct InvalidQuarter;

impl Quarter {
    /// The quarter of a local date, `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`InvalidQuarter`] for what is no date of those years.
    pub fn of(date: &str) -> Result<Self, InvalidQuarter> {
        let mut parts = date.split('-');
        let (year, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let month: u8 = month.parse().map_err(|_| InvalidQuarter)?;
        if !(1..=12).contains(&month) {
            return Err(InvalidQuarter);
        }
        format!("{year}-Q{}", (month - 1) / 3 + 1).parse()
    }

    /// The quarter so many later, or earlier where that is less than 0; at the ends of time the last or the first.
    #[must_use]
    pub fn moved(self, quarters: i16) -> Self {
        let all = (i32::from(self.year) * 4 + i32::from(self.number) - 1 + i32::from(quarters))
            .clamp(i32::from(*YEARS.start()) * 4, i32::from(*YEARS.end()) * 4 + 3);
        let (year, number) = (all.div_euclid(4), all.rem_euclid(4) + 1);
        Self {
            year: i16::try_from(year).expect("clamped to the years above"),
            number: u8::try_from(number).expect("1 to 4"),
        }
    }

    /// The first day of its first month, `YYYY-MM-DD`.
    pub fn first_day(self) -> String {
        format!("{}-{:02}-01", self.year, (self.number - 1) * 3 + 1)
    }

    /// The last day of its last month, `YYYY-MM-DD`.
    pub fn last_day(self) -> String {
        let day = if matches!(self.number, 1 | 4) { 31 } else { 30 };
        format!("{}-{:02}-{day}", self.year, self.number * 3)
    }
}

impl FromStr for Quarter {
    type Err = InvalidQuarter;

    fn from_str(text: &str) -> Result<Self, InvalidQuarter> {
        let (year, number) = text.split_once("-Q").ok_or(InvalidQuarter)?;
        let (year, number) = (year.parse().map_err(|_| InvalidQuarter)?, number.parse().map_err(|_| InvalidQuarter)?);
        let quarter = Self { year, number };
        // One text a quarter: no signs and no leading zeros.
        let is_one = YEARS.contains(&year) && (1..=4).contains(&number) && quarter.to_string() == text;
        if is_one { Ok(quarter) } else { Err(InvalidQuarter) }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_reads_back_moves_and_has_its_days() {
        let quarter: Quarter = "2026-Q4".parse().expect("a quarter");
        assert_eq!((quarter.to_string(), quarter.moved(1).to_string(), quarter.moved(-4).to_string()), {
            ("2026-Q4".to_owned(), "2027-Q1".to_owned(), "2025-Q4".to_owned())
        });
        assert_eq!((quarter.first_day(), quarter.last_day()), ("2026-10-01".to_owned(), "2026-12-31".to_owned()));
        assert_eq!(quarter.moved(-1).last_day(), "2026-09-30");
        assert_eq!(Quarter::of("2026-03-31").map(|quarter| quarter.to_string()), Ok("2026-Q1".to_owned()));
        for text in ["", "2026", "2026-Q0", "2026-Q5", "2026-Q", "x-Q1", "99999-Q1", "1-Q1", "+2026-Q1", "2026-Q01"] {
            assert_eq!(text.parse::<Quarter>(), Err(InvalidQuarter), "{text}");
        }
        for date in ["", "2026", "2026-13-01", "2026-00-01", "1-02-03"] {
            assert_eq!(Quarter::of(date), Err(InvalidQuarter), "{date}");
        }
    }

    #[test]
    fn the_ends_of_time_are_not_passed() {
        let last: Quarter = "2147-Q4".parse().expect("a quarter");
        assert_eq!((last.moved(1), last.moved(i16::MIN).to_string()), (last, "1971-Q1".to_owned()));
    }
}
