//! Local dates and instants as texts. The one place that knows which library reads them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// The years that the programme may speak of; what lies outside is a typing error.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Why a text is no date or instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// Not of the form `2026-03-02`, no such day, or outside 1970 to 2199.
    #[error("expected a date such as 2026-03-02, between 1970 and 2199")]
    Date,
    /// Not of the form `2026-03-02T10:00:00Z`, no such instant, or outside 1970 to 2199.
    #[error(
        "expected an RFC 3339 time with an offset, such as 2026-03-02T10:00:00Z or 2026-03-02T11:00:00+01:00, between 1970 and 2199"
    )]
    Instant,
    /// The time zone database knows no such name.
    #[error("expected an IANA time zone, such as Europe/Paris or UTC")]
    Zone,
}

/// Reads a local date, `YYYY-MM-DD` and nothing else, and gives it back in that form.
///
/// # Errors
/// [`InvalidTime::Date`].
pub fn local_date(text: &str) -> Result<String, InvalidTime> {
    // jiff reads more forms (`20260302`, a date with a time); the contract has one.
    if text.len() != 10 {
        return Err(InvalidTime::Date);
    }
    let date: Date = text.parse().map_err(|_| InvalidTime::Date)?;
    if YEARS.contains(&date.year()) { Ok(date.to_string()) } else { Err(InvalidTime::Date) }
}

/// Reads an RFC 3339 instant as milliseconds since 1970; finer digits are dropped.
///
/// # Errors
/// [`InvalidTime::Instant`].
pub fn instant_ms(text: &str) -> Result<i64, InvalidTime> {
    // Leaves out jiff's `2026-03-02 10:00[Europe/Paris]` and hours without minutes.
    let bytes = text.as_bytes();
    let shaped = (20..=40).contains(&bytes.len()) && bytes[10].eq_ignore_ascii_case(&b'T') && !text.contains('[');
    let instant: Timestamp = shaped.then(|| text.parse().ok()).flatten().ok_or(InvalidTime::Instant)?;
    if YEARS.contains(&instant.to_zoned(TimeZone::UTC).year()) {
        Ok(instant.as_millisecond())
    } else {
        Err(InvalidTime::Instant)
    }
}

/// Writes an instant as RFC 3339 in UTC, with milliseconds when there are some.
pub fn format_instant(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).map(|instant| instant.to_string()).unwrap_or_default()
}

/// Checks the name of a time zone and gives it its usual spelling.
///
/// # Errors
/// [`InvalidTime::Zone`].
pub fn time_zone(name: &str) -> Result<String, InvalidTime> {
    let zone = TimeZone::get(name).map_err(|_| InvalidTime::Zone)?;
    zone.iana_name().map(str::to_owned).ok_or(InvalidTime::Zone)
}

/// The local date of an instant in a zone that [`time_zone`] accepted.
///
/// # Errors
/// [`InvalidTime::Zone`] when the database has lost the zone since.
pub fn date_in(zone: &str, at_ms: i64) -> Result<String, InvalidTime> {
    let zone = TimeZone::get(zone).map_err(|_| InvalidTime::Zone)?;
    let instant = Timestamp::from_millisecond(at_ms).map_err(|_| InvalidTime::Instant)?;
    Ok(instant.to_zoned(zone).date().to_string())
}

/// An instant in a zone, as forms show it: `2026-03-02T10:00`.
///
/// # Errors
/// [`InvalidTime::Zone`] when the database has lost the zone since.
pub fn local_minute(zone: &str, at_ms: i64) -> Result<String, InvalidTime> {
    let zone = TimeZone::get(zone).map_err(|_| InvalidTime::Zone)?;
    let instant = Timestamp::from_millisecond(at_ms).map_err(|_| InvalidTime::Instant)?;
    Ok(instant.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string())
}

/// The instant, milliseconds since 1970, that somebody in a zone means by a local time (`2026-03-02T10:00`, as forms send
/// it) or a local date. A date means the end of its day, and now while the day lasts: what happened on a day happened
/// after everything else that is known of it.
///
/// # Errors
/// [`InvalidTime::Date`], [`InvalidTime::Zone`].
pub fn local_instant_ms(zone: &str, text: &str, now_ms: i64) -> Result<i64, InvalidTime> {
    let zone = TimeZone::get(zone).map_err(|_| InvalidTime::Zone)?;
    let instant = |local: DateTime| zone.to_timestamp(local).map(Timestamp::as_millisecond);
    let (date, time) = text.split_at_checked(10).ok_or(InvalidTime::Date)?;
    let date: Date = local_date(date)?.parse().map_err(|_| InvalidTime::Date)?;
    if time.is_empty() {
        let end = instant(date.at(23, 59, 59, 0)).map_err(|_| InvalidTime::Date)?;
        let begin = instant(date.at(0, 0, 0, 0)).map_err(|_| InvalidTime::Date)?;
        return Ok(if begin <= now_ms { end.min(now_ms) } else { end });
    }
    let time = time.strip_prefix(['T', ' ']).filter(|time| [5, 8].contains(&time.len())).ok_or(InvalidTime::Date)?;
    let time: Time = time.parse().map_err(|_| InvalidTime::Date)?;
    instant(date.to_datetime(time)).map_err(|_| InvalidTime::Date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_form() {
        assert_eq!(local_date("2024-02-29"), Ok("2024-02-29".to_owned()));
        for text in ["2026-02-29", "20260302", "2026-3-2", "02/03/2026", "2026-03-02T10:00:00Z", "0026-03-02", ""] {
            assert_eq!(local_date(text), Err(InvalidTime::Date), "{text}");
        }
    }

    #[test]
    fn instants_need_an_offset() {
        assert_eq!(instant_ms("1970-01-01T00:00:01.5Z"), Ok(1500));
        assert_eq!(instant_ms("1970-01-01T01:00:01+01:00"), Ok(1000));
        for text in ["2026-03-02T10:00:00", "2026-03-02", "2026-03-02 10:00:00Z", "2026-03-02T25:00:00Z", "é", "now"] {
            assert_eq!(instant_ms(text), Err(InvalidTime::Instant), "{text}");
        }
        assert_eq!(format_instant(1500), "1970-01-01T00:00:01.5Z");
    }

    #[test]
    fn a_local_time_is_read_where_the_space_is_and_a_date_is_the_end_of_its_day() {
        let now_ms = instant_ms("2026-03-02T11:00:00Z").expect("an instant");
        let read = |text| local_instant_ms("Europe/Paris", text, now_ms).map(format_instant);
        let is = |text: &str| Ok(text.to_owned());
        assert_eq!(read("2026-03-02T10:30"), is("2026-03-02T09:30:00Z"));
        assert_eq!(local_minute("Europe/Paris", now_ms), is("2026-03-02T12:00"));
        assert_eq!(read("2026-07-01 10:30:15"), is("2026-07-01T08:30:15Z"));
        assert_eq!(read("2026-03-01"), is("2026-03-01T22:59:59Z"));
        assert_eq!(read("2026-03-02"), is("2026-03-02T11:00:00Z"));
        assert_eq!(read("2026-03-03"), is("2026-03-03T22:59:59Z"));
        for text in
            ["", "2026-02-30", "02/03/2026", "2026-03-02T25:00", "2026-03-02T", "2026-03-02x10:00", "20260302T10"]
        {
            assert_eq!(read(text), Err(InvalidTime::Date), "{text}");
        }
    }

    #[test]
    fn a_date_depends_on_the_zone() {
        let late_evening = instant_ms("2026-06-30T22:30:00Z").expect("an instant");
        assert_eq!(date_in("Europe/Paris", late_evening), Ok("2026-07-01".to_owned()));
        assert_eq!(date_in("America/New_York", late_evening), Ok("2026-06-30".to_owned()));
        assert_eq!(time_zone("europe/paris"), Ok("Europe/Paris".to_owned()));
        assert_eq!(time_zone("Mars/Olympus"), Err(InvalidTime::Zone));
    }
}
