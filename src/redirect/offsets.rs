//! Offsets of local times from UTC, looked up once between two changes of clocks.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::address::{DAY_MS, Day};

const MINUTE_MS: i64 = 60_000;

/// One worker's memory of offsets, by the index of a time zone.
#[derive(Debug, Default)]
pub(super) struct Offsets(Vec<Valid>);

/// An offset and the instants for which it holds.
#[derive(Debug, Clone, Copy)]
struct Valid {
    from_ms: i64,
    until_ms: i64,
    minutes: i16,
}

impl Offsets {
    /// The offset of `zone` at an instant, in minutes. An index always stands for the same zone.
    pub(super) fn minutes(&mut self, index: u32, zone: &TimeZone, at_ms: i64) -> i16 {
        match self.0.get(index as usize) {
            Some(known) if (known.from_ms..known.until_ms).contains(&at_ms) => known.minutes,
            _ => self.look_up(index, zone, at_ms),
        }
    }

    #[cold]
    fn look_up(&mut self, index: u32, zone: &TimeZone, at_ms: i64) -> i16 {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let until = zone.following(at).next().map_or(i64::MAX, |change| change.timestamp().as_millisecond());
        let minutes = i16::try_from(zone.to_offset(at).seconds() / 60).unwrap_or(0);
        let never = Valid { from_ms: 0, until_ms: 0, minutes: 0 };
        if self.0.len() <= index as usize {
            self.0.resize(index as usize + 1, never);
        }
        self.0[index as usize] = Valid { from_ms: at_ms, until_ms: until, minutes };
        minutes
    }
}

/// The local day of an instant.
pub(super) fn local_day(at_ms: i64, offset_minutes: i16) -> Day {
    let local = at_ms.saturating_add(i64::from(offset_minutes) * MINUTE_MS);
    Day::try_from(local.div_euclid(DAY_MS)).unwrap_or(Day::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_changes_at_the_minute_at_which_clocks_do() {
        let paris = TimeZone::get("Europe/Paris").expect("the machine's time zones");
        let mut offsets = Offsets::default();
        // 2026-03-29T01:00:00Z
        let change = 1_774_746_000_000;
        for (at, minutes) in [(change - 1, 60), (change, 120), (change - 1, 60), (change + 1, 120)] {
            assert_eq!(offsets.minutes(3, &paris, at), minutes);
        }
        assert_eq!(offsets.minutes(0, &TimeZone::UTC, change), 0);
    }

    #[test]
    fn a_day_ends_at_local_midnight() {
        assert_eq!(local_day(DAY_MS - 60 * MINUTE_MS, 60), 1);
        assert_eq!(local_day(DAY_MS - 60 * MINUTE_MS - 1, 60), 0);
        assert_eq!(local_day(0, -60), -1);
    }
}
