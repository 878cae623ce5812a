//! Public holidays that a space can begin with.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// Years whose holidays can be computed: those that the programme may speak of.
pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// The public holidays of metropolitan France (Code du travail, L3133-1) as local dates, in order; none outside
/// [`YEARS`]. (Alsace and Moselle have two more.)
pub fn french(year: i16) -> Vec<String> {
    if !YEARS.contains(&year) {
        return Vec::new();
    }
    let easter = easter(year);
    let mut days = vec![
        date(year, 1, 1),
        easter + 1.day(),
        date(year, 5, 1),
        date(year, 5, 8),
        easter + 39.days(),
        easter + 50.days(),
        date(year, 7, 14),
        date(year, 8, 15),
        date(year, 11, 1),
        date(year, 11, 11),
        date(year, 12, 25),
    ];
    days.sort_unstable();
    days.iter().map(Date::to_string).collect()
}

/// Easter Sunday of the Gregorian calendar: the anonymous algorithm of 1876 (Meeus, Astronomical Algorithms, 8).
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    // March or April, and a day of it.
    date(year, (n / 31) as i8, (n % 31 + 1) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_the_church_s() {
        for (year, expected) in [(1981, "1981-04-19"), (2000, "2000-04-23"), (2026, "2026-04-05"), (2038, "2038-04-25")]
        {
            assert_eq!(easter(year).to_string(), expected);
        }
    }

    #[test]
    fn the_holidays_are_those_of_the_law() {
        let expected = [
            "2026-01-01",
            "2026-04-06",
            "2026-05-01",
            "2026-05-08",
            "2026-05-14",
            "2026-05-25",
            "2026-07-14",
            "2026-08-15",
            "2026-11-01",
            "2026-11-11",
            "2026-12-25",
        ];
        assert_eq!(french(2026), expected);
        assert!(french(1900).is_empty());
        for year in YEARS {
            assert_eq!(french(year).len(), 11);
        }
    }
}
