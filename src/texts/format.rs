//! Numbers, dates and instants as a language writes them.
//!
//! French groups digits with a narrow no-break space, has a decimal comma, and keeps a no-break
//! space before `%` (Imprimerie nationale); English has comma and point.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Argument, Texts};
use crate::model::programme::Language;

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A number with so many digits behind the point, such as `12,345.6` or `12 345,6`.
pub fn decimal(language: Language, value: f64, digits: usize) -> String {
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::French => ('\u{202f}', ','),
    };
    let plain = format!("{:.digits$}", value.abs());
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + 8);
    if value < 0.0 && plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        out.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push(point);
        out.push_str(rest);
    }
    out
}

impl Texts {
    /// A count.
    pub fn number<'a>(&self, value: impl Into<Argument<'a>>) -> String {
        match value.into() {
            // No count of people or clicks has more than 53 bits.
            Argument::Number(number) => decimal(self.language(), number as f64, 0),
            Argument::Text(text) => text.to_owned(),
        }
    }

    /// A number with so many digits behind the point.
    pub fn decimal(&self, value: f64, digits: usize) -> String {
        decimal(self.language(), value, digits)
    }

    /// A share of one, as `12.5 %`, with so many digits behind the point.
    pub fn percent(&self, share: f64, digits: usize) -> String {
        let number = decimal(self.language(), share * 100.0, digits);
        match self.language() {
            Language::English => format!("{number}%"),
            Language::French => format!("{number}\u{202f}%"),
        }
    }

    /// A local date (`YYYY-MM-DD`), such as `2 March 2026`; what is none stays as it is.
    pub fn date(&self, local: &str) -> String {
        local.parse::<Date>().map_or_else(|_| local.to_owned(), |date| self.civil(date))
    }

    /// A month (`YYYY-MM`), such as `March 2026`; what is none stays as it is.
    pub fn month(&self, month: &str) -> String {
        let names = match self.language() {
            Language::English => MONTHS_EN,
            Language::French => MONTHS_FR,
        };
        let read = || {
            let (year, number) = month.split_once('-')?;
            Some(format!("{} {year}", names.get(number.parse::<usize>().ok()?.checked_sub(1)?)?))
        };
        read().unwrap_or_else(|| month.to_owned())
    }

    /// The local date of an instant in a zone.
    pub fn day(&self, zone: &str, at_ms: i64) -> String {
        local(zone, at_ms).map_or_else(String::new, |at| self.civil(at.date()))
    }

    /// Date and time of an instant in a zone, to the minute, such as `2 March 2026, 11:00`.
    pub fn instant(&self, zone: &str, at_ms: i64) -> String {
        let Some(at) = local(zone, at_ms) else { return String::new() };
        let (date, clock) = (self.civil(at.date()), self.clock(zone, at_ms));
        match self.language() {
            Language::English => format!("{date}, {clock}"),
            Language::French => format!("{date} à {clock}"),
        }
    }

    /// Hour and minute of an instant in a zone, such as `11:00`.
    pub fn clock(&self, zone: &str, at_ms: i64) -> String {
        let Some(at) = local(zone, at_ms) else { return String::new() };
        match self.language() {
            Language::English => format!("{}:{:02}", at.hour(), at.minute()),
            Language::French => format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute()),
        }
    }

    fn civil(&self, date: Date) -> String {
        let index = usize::try_from(date.month() - 1).unwrap_or_default();
        let (day, year) = (date.day(), date.year());
        match self.language() {
            Language::English => format!("{day} {} {year}", MONTHS_EN[index]),
            Language::French if day == 1 => format!("1er {} {year}", MONTHS_FR[index]),
            Language::French => format!("{day} {} {year}", MONTHS_FR[index]),
        }
    }
}

/// An instant in a zone; UTC when the database has lost the zone.
fn local(zone: &str, at_ms: i64) -> Option<jiff::Zoned> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Some(Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{Catalogue, Source};

    static TEXTS: Catalogue = Catalogue::new(&[Source {
        english: "clicks =\n { $count ->\n [one] one click\n *[other] { $count } clicks\n }\n",
        french: "clicks =\n { $count ->\n [one] { $count } clic\n *[other] { $count } clics\n }\n",
    }]);

    #[test]
    fn each_language_writes_numbers_and_bends_words_by_them() {
        let (english, french) = (TEXTS.of(Language::English), TEXTS.of(Language::French));
        assert_eq!(english.say_of("clicks", "count", 1234), "1,234 clicks");
        assert_eq!(french.say_of("clicks", "count", 1234), "1\u{202f}234 clics");
        assert_eq!((english.say_of("clicks", "count", 0), english.say_of("clicks", "count", 1)), {
            ("0 clicks".to_owned(), "one click".to_owned())
        });
        assert_eq!(french.say_of("clicks", "count", 0), "0 clic", "nothing is singular in French");
        assert_eq!((english.decimal(-1234.56, 1), french.decimal(0.25, 2)), ("−1,234.6".into(), "0,25".into()));
        assert_eq!((english.percent(0.125, 1), french.percent(1.0, 0)), ("12.5%".into(), "100\u{202f}%".into()));
        assert_eq!(english.decimal(-0.01, 1), "0.0");
    }

    #[test]
    fn each_language_writes_dates_in_the_zone_that_they_are_of() {
        let (english, french) = (TEXTS.of(Language::English), TEXTS.of(Language::French));
        let late = 1_782_858_600_000; // 2026-06-30T22:30:00Z
        assert_eq!(french.instant("Europe/Paris", late), "1er juillet 2026 à 0\u{a0}h\u{a0}30");
        assert_eq!(english.instant("UTC", late), "30 June 2026, 22:30");
        assert_eq!(english.day("Europe/Paris", late), "1 July 2026");
        assert_eq!((french.date("2026-08-12"), french.date("soon")), ("12 août 2026".into(), "soon".into()));
        assert_eq!((french.month("2026-08"), english.month("2026-13")), ("août 2026".into(), "2026-13".into()));
    }
}
