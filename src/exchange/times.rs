//! Instants as a bundle writes them, and back as they were written.
//!
//! Relais keeps milliseconds since 1970. It writes an instant as local time of the space with its offset
//! and with three digits of milliseconds when they are not zero: `2026-03-02T10:00:00+01:00`. A bundle may
//! write it otherwise; its *form* is what, beside the instant, gives the same text again:
//!
//! | form | written |
//! | --- | --- |
//! | empty | as Relais does |
//! | `Z`, `-05:00`, … | with this offset, without a fraction |
//! | `Z.3` | with three digits behind the point (1 to 9; those behind the third are zeros) |
//! | `Z_456` | with the milliseconds and these digits behind them |
//! | `Zt` | with a small `t` between date and time |
//!
//! A click keeps its form in ClickHouse, where a few forms are a dictionary; everything else keeps the
//! whole text in the store's table `written`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::programme::times::{InvalidTime, instant_ms};

/// The zone of a space.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// Of a name that the programme accepted.
    ///
    /// # Errors
    /// When the time zone database has lost it since.
    pub fn of(name: &str) -> Result<Self, InvalidTime> {
        TimeZone::get(name).map(Self).map_err(|_| InvalidTime::Zone)
    }

    /// The instant of a local time, the earlier one of two.
    pub(super) fn local_ms(&self, local: DateTime) -> Option<i64> {
        self.0.to_ambiguous_timestamp(local).earlier().ok().map(Timestamp::as_millisecond)
    }

    /// Seconds that local time is ahead of UTC at this instant.
    fn offset_seconds(&self, at_ms: i64) -> i32 {
        let instant = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        self.0.to_offset(instant).seconds()
    }
}

/// An instant as it was read: what is kept, and the parts of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant<'a> {
    /// Milliseconds since 1970; digits behind the third are cut.
    pub ms: i64,
    text: &'a str,
}

/// Reads RFC 3339 with an offset and at most nine digits of a second.
///
/// # Errors
/// [`InvalidTime::Instant`].
pub fn read(text: &str) -> Result<Instant<'_>, InvalidTime> {
    let instant = Instant { ms: instant_ms(text)?, text };
    // What the reader above takes beyond RFC 3339 could not be written again.
    let bytes = text.as_bytes();
    let seconds = bytes.get(17..19).is_some_and(|digits| digits != b"60");
    let digits = instant.fraction().bytes().all(|byte| byte.is_ascii_digit());
    let point = text[19..].starts_with('.');
    let fraction = if point { (1..=9).contains(&instant.fraction().len()) } else { instant.fraction().is_empty() };
    if seconds && digits && fraction && offset_of(instant.offset()).is_some() {
        Ok(instant)
    } else {
        Err(InvalidTime::Instant)
    }
}

impl<'a> Instant<'a> {
    /// Digits behind the point.
    fn fraction(&self) -> &'a str {
        match self.text[19..].strip_prefix('.') {
            Some(rest) => &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())],
            None => "",
        }
    }

    fn offset(&self) -> &'a str {
        let rest = &self.text[19..];
        rest.strip_prefix('.').map_or(rest, |behind| &behind[self.fraction().len()..])
    }

    /// The form; see the module.
    pub fn form(&self, zone: &Zone) -> String {
        let (fraction, offset) = (self.fraction(), self.offset());
        let usual_digits = if self.ms.rem_euclid(1000) == 0 { 0 } else { 3 };
        let plain = self.text.as_bytes()[10] == b'T';
        let named = !offset.eq_ignore_ascii_case("z") && offset != "-00:00";
        if plain && named && fraction.len() == usual_digits && offset_of(offset) == Some(zone.offset_seconds(self.ms)) {
            return String::new();
        }
        let mut form = offset.to_owned();
        match fraction.get(3..) {
            Some(finer) if finer.bytes().any(|digit| digit != b'0') => {
                form.push('_');
                form.push_str(finer);
            }
            _ if !fraction.is_empty() => {
                form.push('.');
                form.push_str(&fraction.len().to_string());
            }
            _ => {}
        }
        if !plain {
            form.push(char::from(self.text.as_bytes()[10]));
        }
        form
    }
}

/// Writes an instant in a form that [`Instant::form`] gave; as Relais does when the form does not fit it.
pub fn write(at_ms: i64, form: &str, zone: &Zone) -> String {
    in_form(at_ms, form).unwrap_or_else(|| {
        let digits = if at_ms.rem_euclid(1000) == 0 { 0 } else { 3 };
        let seconds = zone.offset_seconds(at_ms);
        let sign = if seconds < 0 { '-' } else { '+' };
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
        let mut text = local(at_ms, seconds, 'T');
        push_fraction(&mut text, at_ms, digits, "");
        text.push_str(&format!("{sign}{hours:02}:{minutes:02}"));
        text
    })
}

fn in_form(at_ms: i64, form: &str) -> Option<String> {
    let end = form.find(['.', '_', 't', ' ']).unwrap_or(form.len());
    let (offset, rest) = form.split_at(end);
    let (rest, between) = match rest.strip_suffix(['t', ' ']) {
        Some(shorter) => (shorter, char::from(rest.as_bytes()[shorter.len()])),
        None => (rest, 'T'),
    };
    let (digits, finer) = match rest.split_at_checked(1) {
        None => (0, ""),
        Some((".", count)) => (count.parse().ok().filter(|count| (1..=9).contains(count))?, ""),
        Some((_, finer)) => (3, finer),
    };
    let kept = at_ms.rem_euclid(1000);
    let fits = match digits {
        0 => kept == 0,
        1 => kept % 100 == 0,
        2 => kept % 10 == 0,
        _ => true,
    };
    if !fits {
        return None;
    }
    let mut text = local(at_ms, offset_of(offset)?, between);
    push_fraction(&mut text, at_ms, digits, finer);
    text.push_str(offset);
    Some(text)
}

/// Date and time without a fraction.
fn local(at_ms: i64, offset_seconds: i32, between: char) -> String {
    let shifted = at_ms.saturating_add(i64::from(offset_seconds) * 1000);
    let time = Timestamp::from_millisecond(shifted).unwrap_or(Timestamp::UNIX_EPOCH);
    let time = Offset::UTC.to_datetime(time);
    format!(
        "{:04}-{:02}-{:02}{between}{:02}:{:02}:{:02}",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

fn push_fraction(text: &mut String, at_ms: i64, digits: usize, finer: &str) {
    if digits > 0 {
        let all = format!("{:03}000000", at_ms.rem_euclid(1000));
        text.push('.');
        text.push_str(&all[..digits]);
        text.push_str(finer);
    }
}

/// Seconds of `Z` or `±hh:mm`.
fn offset_of(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 6 && matches!(bytes[0], b'+' | b'-') && bytes[3] == b':';
    let number = |from: usize| text.get(from..from + 2)?.parse::<u8>().ok().map(i32::from);
    let (hours, minutes) = shaped.then(|| Some((number(1)?, number(4)?))).flatten()?;
    let seconds = hours * 3600 + minutes * 60;
    (hours < 24 && minutes < 60).then_some(if bytes[0] == b'-' { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paris() -> Zone {
        Zone::of("Europe/Paris").expect("a zone")
    }

    #[test]
    fn local_time_with_milliseconds_where_there_are_some_needs_no_form() {
        for text in ["2026-03-02T10:00:00+01:00", "2026-03-29T23:59:59.999+02:00", "2026-10-25T02:30:00+01:00"] {
            let instant = read(text).expect("an instant");
            assert_eq!(instant.form(&paris()), "");
            assert_eq!(write(instant.ms, "", &paris()), text);
        }
    }

    #[test]
    fn every_other_form_is_short_and_gives_the_text_again() {
        for (text, form) in [
            ("2026-03-22T23:00:00Z", "Z"),
            ("2026-03-22T23:00:00.000Z", "Z.3"),
            ("2026-03-22T23:00:00.5+01:00", "+01:00.1"),
            ("2026-03-27T12:05:00-05:00", "-05:00"),
            ("2026-03-27T12:05:00-00:00", "-00:00"),
            ("2026-03-27T12:05:00.123456Z", "Z_456"),
            ("2026-03-27T12:05:00.120000000Z", "Z.9"),
            ("2026-03-27t12:05:00z", "zt"),
        ] {
            let instant = read(text).expect(text);
            assert_eq!(instant.form(&paris()), form);
            assert_eq!(write(instant.ms, form, &paris()), text);
        }
    }

    #[test]
    fn a_form_that_does_not_fit_the_instant_any_more_is_let_go() {
        let text = "2026-03-02T10:00:00.250+01:00";
        let ms = read(text).expect("an instant").ms;
        for form in ["Z", "Z.1", "Mars", "Z.77", "+1:00"] {
            assert_eq!(write(ms, form, &paris()), text, "{form}");
        }
    }

    #[test]
    fn what_could_not_be_written_again_is_refused() {
        for text in [
            "2026-03-02T10:00:00",
            "2026-03-02",
            "2026-03-02T10:00:60Z",
            "2026-03-02T10:00:00,5Z",
            "2026-03-02T10:00:00.Z",
            "2026-03-02T10:00:00+01",
            "2026-03-02T10:00:00+0100",
            "2026-03-02T10:00:00.1234567890Z",
            "2026-02-30T10:00:00Z",
            "1969-12-31T23:59:59Z",
            "",
            "é",
        ] {
            assert_eq!(read(text), Err(InvalidTime::Instant), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            ms in 0i64..7_000_000_000_000, offset in -1439i32..1440, digits in 0usize..10, small in any::<bool>(),
        ) {
            let sign = if offset < 0 { '-' } else { '+' };
            let fraction = &format!("{:03}456789", ms % 1000)[..digits];
            let point = if digits == 0 { "" } else { "." };
            let text = format!(
                "{}{point}{fraction}{sign}{:02}:{:02}",
                local(ms - ms % 1000, offset * 60, if small { 't' } else { 'T' }),
                offset.abs() / 60,
                offset.abs() % 60,
            );
            if let Ok(instant) = read(&text) {
                prop_assert_eq!(write(instant.ms, &instant.form(&paris()), &paris()), text);
            }
        }
    }
}
