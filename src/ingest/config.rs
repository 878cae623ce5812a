//! How shipping is cut and bounded: the section `[ingest]`.

use serde::Deserialize;

/// Size and pace of batches. The defaults suit one ClickHouse beside the redirects as well as a cluster.
///
/// Shipping holds at most `in_flight_batches × batch_bytes` of frozen rows, and about 5 bytes a row
/// beside them, whatever ClickHouse does; what does not fit waits on disk, in the spool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Time between two cuts, milliseconds. Shorter shows clicks sooner and makes more parts for ClickHouse to
    /// merge. A cut that filled a batch is followed by the next one at once.
    pub tick_ms: u64,
    /// Most rows of a batch.
    pub batch_rows: u32,
    /// Most encoded bytes of a batch. The last row may end up to 4 KiB beyond it.
    pub batch_bytes: u32,
    /// Batches that are being encoded, sent or verified at a time. With 1 nothing overlaps.
    pub in_flight_batches: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { tick_ms: 500, batch_rows: 500_000, batch_bytes: 64 << 20, in_flight_batches: 2 }
    }
}

/// A key of `[ingest]` is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ingest.{key} is {value}, choose a value from {least} to {most}")]
pub struct ConfigError {
    key: &'static str,
    value: u64,
    least: u64,
    most: u64,
}

impl Config {
    /// Checks every key against its range.
    ///
    /// # Errors
    /// Names the first key that is out of range, and the range.
    pub fn check(&self) -> Result<(), ConfigError> {
        let ranges = [
            ("tick_ms", self.tick_ms, 10, 60_000),
            ("batch_rows", u64::from(self.batch_rows), 1, 1_000_000),
            // Row offsets are 32 bits wide, and an insert wants the batch several times over in memory.
            ("batch_bytes", u64::from(self.batch_bytes), 4 << 10, 1 << 30),
            ("in_flight_batches", self.in_flight_batches as u64, 1, 16),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(ConfigError { key, value, least, most });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert_eq!(Config::default().check(), Ok(()));
    }

    #[test]
    fn a_key_out_of_range_is_named_with_its_range() {
        let config = Config { in_flight_batches: 0, ..Config::default() };
        let text = config.check().expect_err("0 batches ship nothing").to_string();
        assert_eq!(text, "ingest.in_flight_batches is 0, choose a value from 1 to 16");
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(serde_json::from_str::<Config>(r#"{"tick_ms": 100}"#).is_ok());
        assert!(serde_json::from_str::<Config>(r#"{"tick": 100}"#).is_err());
    }
}
