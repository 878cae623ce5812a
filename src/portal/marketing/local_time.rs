//! Instants as fields of forms: the wall clock where the space is, to the minute.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::programme::Field;

/// How a browser writes the value of a field `datetime-local`.
const FORM: &str = "%Y-%m-%dT%H:%M";

/// The value of a field, `2026-03-02T11:00`; empty for no instant.
pub(super) fn written(zone: &str, at_ms: Option<i64>) -> String {
    let instant = at_ms.and_then(|at_ms| Timestamp::from_millisecond(at_ms).ok());
    instant.map_or_else(String::new, |instant| instant.to_zoned(zone_of(zone)).strftime(FORM).to_string())
}

/// What a field says, as the programme takes it. What still reads as `standing` is written leaves it as it is, to the
/// millisecond; what is no time goes on as it was typed, and is refused there.
pub(super) fn read(zone: &str, typed: &str, standing: Option<i64>) -> Field<String> {
    let typed = typed.trim();
    if typed == written(zone, standing) {
        return Field::Absent;
    }
    if typed.is_empty() {
        return Field::Null;
    }
    let instant = typed.parse::<DateTime>().ok().filter(|_| typed.contains('T')).and_then(|time| {
        // An hour that the clock skips is the one after it, one that comes twice the first: as clocks on walls have it.
        time.to_zoned(zone_of(zone)).ok()
    });
    Field::Value(instant.map_or_else(|| typed.to_owned(), |zoned| zoned.timestamp().to_string()))
}

fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_where_the_space_is() {
        let read = |typed: &str| read("Europe/Paris", typed, None);
        assert_eq!(read("2026-03-02T11:00"), Field::Value("2026-03-02T10:00:00Z".to_owned()));
        assert_eq!(read("2026-07-14T09:30"), Field::Value("2026-07-14T07:30:00Z".to_owned()), "summer time");
        assert_eq!(
            read("2026-03-29T02:30"),
            Field::Value("2026-03-29T01:30:00Z".to_owned()),
            "an hour that is skipped"
        );
        assert_eq!((read(""), read(" ")), (Field::Absent, Field::Absent));
        for typed in ["soon", "2026-03-02", "2026-02-30T10:00"] {
            assert_eq!(read(typed), Field::Value(typed.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_nobody_touched_stays_to_the_millisecond() {
        let standing = Some(1_772_445_612_345);
        assert_eq!(written("Europe/Paris", standing), "2026-03-02T11:00");
        assert_eq!(read("Europe/Paris", "2026-03-02T11:00", standing), Field::Absent);
        assert_eq!(read("Europe/Paris", "", standing), Field::Null);
        assert_eq!(written("Europe/Paris", None), "");
    }
}
