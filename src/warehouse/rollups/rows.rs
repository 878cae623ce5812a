//! What the roll-ups' questions are answered with. Days are written `2026-03-29`, ids as the API writes them.

use clickhouse::Row;
use serde::Deserialize;

/// A space and its time zone.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct Zone {
    /// The space.
    pub space_id: String,
    /// Its IANA name.
    pub time_zone: String,
    /// A number for the time zone, which is in the numbers of all that is cut by it.
    pub zone_mark: u64,
}

/// A day, or a month by its first day, that is not what is behind it.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct Changed {
    /// Whose.
    pub space_id: String,
    /// `click`, `share` or `month`.
    pub subject: String,
    /// Local.
    pub day: String,
    /// What is to be noted as seen once it was computed.
    pub seen: u64,
}

/// The sum of a space's marks of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct Sum {
    /// Whose; empty for what was removed.
    pub space_id: String,
    /// `advocate` or `content`.
    pub subject: String,
    /// Modulo 2^64.
    pub marks: u64,
}

/// That something was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Whose.
    pub space_id: String,
    /// `click`, `share`, `month`, `advocate` or `content`.
    pub subject: &'static str,
    /// The local day; 1970-01-01 where there is none.
    pub day: String,
    /// What had been seen before.
    pub seen: u64,
}

/// A local day.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct Day {
    /// The day.
    pub day: String,
    /// How many rows are behind it.
    pub rows: u64,
}

/// One number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct Number {
    /// The number.
    pub number: u64,
}
