//! The half year that is told: its days, its holidays, and when people are awake.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::chance::Chance;

/// Days that are told, the last one not counted.
pub(super) const DAYS: i32 = 182;
/// An hour in milliseconds.
pub(super) const HOUR_MS: f64 = 3_600_000.0;
/// A day in milliseconds.
pub(super) const DAY_MS: f64 = 24.0 * HOUR_MS;

/// When people of an office publish and share, by local hour.
const AT_WORK: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.5, 1.6, 2.2, 1.8, 1.3, 1.9, 1.5, 1.2, 1.2, 1.2, 1.4, 1.3, 0.8, 0.5, 0.4, 0.2,
    0.1,
];
/// When people read, by local hour, as a part of the busiest one.
const AWAKE: [f64; 24] = [
    0.10, 0.05, 0.03, 0.02, 0.03, 0.08, 0.25, 0.60, 0.85, 0.90, 0.80, 0.75, 1.00, 0.95, 0.75, 0.70, 0.70, 0.80, 0.95,
    0.90, 0.85, 0.80, 0.50, 0.25,
];

/// The days of a story.
pub(super) struct Calendar {
    zone: TimeZone,
    first: Date,
    /// The last instant of the story.
    pub(super) until_ms: i64,
}

impl Calendar {
    /// The half year until this instant, in Paris.
    pub(super) fn until(until_ms: i64) -> Self {
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        let today = zone.to_datetime(timestamp(until_ms)).date();
        let first = today.checked_sub(DAYS.days()).unwrap_or(today);
        Self { zone, first, until_ms }
    }

    /// Every day with its number, the last one being that on which the story ends.
    pub(super) fn days(&self) -> impl Iterator<Item = (i32, Date)> {
        let first = self.first;
        (0..=DAYS).map(move |number| (number, first.saturating_add(number.days())))
    }

    /// The date of a day's number, which may lie before the beginning.
    pub(super) fn date(&self, number: i32) -> Date {
        self.first.saturating_add(number.days())
    }

    /// The number of a date.
    pub(super) fn number(&self, date: Date) -> i32 {
        date.since(self.first).map_or(0, |span| span.get_days())
    }

    /// Days since the beginning of the story.
    pub(super) fn days_at(&self, at_ms: i64) -> f64 {
        (at_ms - self.at(0, 0.0)) as f64 / DAY_MS
    }

    /// The instant of a day's local hour.
    pub(super) fn at(&self, number: i32, hour: f64) -> i64 {
        let midnight = self.zone.to_ambiguous_timestamp(self.date(number).at(0, 0, 0, 0)).compatible();
        midnight.map_or(0, Timestamp::as_millisecond) + (hour * HOUR_MS) as i64
    }

    /// The local date of an instant.
    pub(super) fn date_of(&self, at_ms: i64) -> Date {
        self.zone.to_datetime(timestamp(at_ms)).date()
    }

    /// An instant of this day at which people work.
    pub(super) fn at_work(&self, number: i32, chance: &mut Chance) -> i64 {
        let hour = chance.pick(&AT_WORK).unwrap_or(9);
        self.at(number, hour as f64 + chance.between(0.0, 1.0))
    }

    /// How likely somebody reads at this instant, 0 to 1.
    pub(super) fn awake(&self, at_ms: i64) -> f64 {
        AWAKE[usize::try_from(self.zone.to_datetime(timestamp(at_ms)).hour()).unwrap_or(0)]
    }

    /// French public holidays of the story, and of the months around it.
    pub(super) fn holidays(&self) -> Vec<Date> {
        let years = self.first.year() - 1..=self.first.year() + 2;
        years.flat_map(holidays_of).collect()
    }
}

fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The eleven public holidays of France (Code du travail, article L3133-1).
fn holidays_of(year: i16) -> Vec<Date> {
    let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    let easter = easter(year);
    // Monday of Easter, Ascension, Monday of Pentecost.
    let movable = [1, 39, 50].map(|days: i32| easter.saturating_add(days.days()));
    let fixed = fixed.into_iter().filter_map(|(month, day)| Date::new(year, month, day).ok());
    fixed.chain(movable).collect()
}

/// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let part = |number: i32| i8::try_from(number).unwrap_or(1);
    Date::new(i16::try_from(year).unwrap_or(0), part(month), part(day)).unwrap_or(Date::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_when_the_church_says() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)] {
            assert_eq!(easter(year), Date::new(year, month, day).expect("a date"));
        }
    }

    #[test]
    fn days_are_local_ones_also_when_the_clock_is_turned() {
        // 2026-03-29 has 23 hours in Paris.
        let until = "2026-04-10T12:00:00Z".parse::<Timestamp>().expect("an instant").as_millisecond();
        let calendar = Calendar::until(until);
        let turned = calendar.number(Date::new(2026, 3, 29).expect("a date"));
        let hours = (calendar.at(turned + 1, 0.0) - calendar.at(turned, 0.0)) as f64 / HOUR_MS;
        assert!((hours - 23.0).abs() < 1e-9);
        assert_eq!(
            calendar.days().last().map(|(number, date)| (number, date.to_string())),
            Some((182, "2026-04-10".to_owned()))
        );
    }
}
