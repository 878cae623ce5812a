//! Dates as the web writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// The years that are believed, as everywhere in the programme.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Milliseconds since 1970 of an instant (RFC 3339, RFC 2822) or, in UTC, of a local time or the
/// beginning of a day. None for anything else.
pub(super) fn instant_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if !(8..=64).contains(&text.len()) {
        return None;
    }
    let utc = |local: DateTime| local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let instant = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| DateTimeParser::new().parse_timestamp(text).ok())
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|day| utc(day.to_datetime(jiff::civil::Time::midnight()))))?;
    believable(instant.as_millisecond())
}

/// An instant in the years that are believed.
pub(super) fn believable(at_ms: i64) -> Option<i64> {
    let instant = Timestamp::from_millisecond(at_ms).ok()?;
    YEARS.contains(&instant.to_zoned(TimeZone::UTC).year()).then_some(at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        let expected = Some(1_772_445_600_000);
        for text in [
            "2026-03-02T10:00:00Z",
            "2026-03-02T11:00:00+01:00",
            "Mon, 02 Mar 2026 10:00:00 GMT",
            "Mon, 2 Mar 2026 11:00:00 +0100",
            "2026-03-02 10:00:00",
            "2026-03-02T10:00:00",
        ] {
            assert_eq!(instant_ms(text), expected, "{text}");
        }
        assert_eq!(instant_ms("2026-03-02"), Some(1_772_409_600_000));
        for text in ["", "soon", "02/03/2026", "0001-01-01", "9999-12-31T23:59:59Z", "2026-13-45", &"9".repeat(100)] {
            assert_eq!(instant_ms(text), None, "{text}");
        }
    }
}
