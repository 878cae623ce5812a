//! The `[spool]` section.

use std::time::Duration;

use serde::Deserialize;

/// Where clicks wait until ClickHouse has them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What an answer waits for. `os` (default): the record is in the kernel's hands; a kill of the process
    /// loses nothing, a power cut at most the last `sync_interval_ms`. `disk`: the answer waits for a group
    /// sync; a power cut loses nothing that was answered.
    pub acknowledge: Acknowledge,
    /// Pause between two group syncs, in milliseconds: 1 to 10,000 (default 10).
    pub sync_interval_ms: u64,
    /// Size of one segment file, in bytes: 4,096 to 268,435,456 (default 8 MiB). It is allocated in full
    /// before use; every redirect worker holds two.
    pub segment_bytes: u64,
    /// Upper bound of the whole directory, in bytes (default 10 GiB); at least four segments. Stored segments
    /// are removed first when it is reached; one that holds a click that is not stored never is.
    pub max_bytes: u64,
    /// What becomes of a request whose click cannot be recorded because the spool is full. `redirect`
    /// (default): the visitor is sent on and the click counted as unrecorded; `refuse`: 503.
    pub when_full: WhenFull,
    /// How long segments stay after every click of them was stored and verified, in days (default 7), so that
    /// they can be shipped again; less when their space is needed.
    pub retention_days: u32,
    /// How long a segment may stay for the sake of records in quarantine, in days; no setting of its own: as long as
    /// `[privacy]` lets a click be kept.
    #[serde(skip)]
    pub quarantine_days: u32,
}

/// What an answer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledge {
    /// The kernel has the record.
    Os,
    /// The disk has the record.
    Disk,
}

/// What a full spool means for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    /// Answer it and count the click as unrecorded.
    Redirect,
    /// Answer 503.
    Refuse,
}

/// A value of the `[spool]` section cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `sync_interval_ms` outside its bounds.
    #[error("spool.sync_interval_ms is {0}: give 1 to 10000 milliseconds")]
    SyncInterval(u64),
    /// `segment_bytes` outside its bounds or not a multiple of 8.
    #[error("spool.segment_bytes is {0}: give a multiple of 8 from 4096 to 268435456 bytes")]
    SegmentBytes(u64),
    /// `max_bytes` holds fewer than four segments.
    #[error("spool.max_bytes is {max}: give at least four times spool.segment_bytes ({segment} bytes)")]
    MaxBytes {
        /// As configured.
        max: u64,
        /// `segment_bytes` as configured.
        segment: u64,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            acknowledge: Acknowledge::Os,
            sync_interval_ms: 10,
            segment_bytes: 8 << 20,
            max_bytes: 10 << 30,
            when_full: WhenFull::Redirect,
            retention_days: 7,
            quarantine_days: 13 * 31,
        }
    }
}

impl Config {
    /// Says which value cannot work, if one cannot.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if !(1..=10_000).contains(&self.sync_interval_ms) {
            return Err(ConfigError::SyncInterval(self.sync_interval_ms));
        }
        if !(4096..=256 << 20).contains(&self.segment_bytes) || !self.segment_bytes.is_multiple_of(8) {
            return Err(ConfigError::SegmentBytes(self.segment_bytes));
        }
        if self.max_bytes / 4 < self.segment_bytes {
            return Err(ConfigError::MaxBytes { max: self.max_bytes, segment: self.segment_bytes });
        }
        Ok(())
    }

    /// Room that the ledger keeps free for itself, in bytes.
    pub(super) fn ledger_room(&self) -> u64 {
        (self.max_bytes >> 10).clamp(4 << 10, 256 << 10)
    }

    pub(super) fn sync_interval(&self) -> Duration {
        Duration::from_millis(self.sync_interval_ms)
    }

    pub(super) fn quarantine_ms(&self) -> u64 {
        u64::from(self.quarantine_days.max(self.retention_days)) * 86_400_000
    }

    pub(super) fn retention_ms(&self) -> u64 {
        u64::from(self.retention_days) * 86_400_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_contract_s_and_valid() {
        let config: Config = serde_json::from_str("{}").expect("every key has a default");
        assert_eq!(config, Config::default());
        assert_eq!((config.segment_bytes, config.max_bytes), (8_388_608, 10_737_418_240));
        config.validate().expect("valid");
    }

    #[test]
    fn unknown_keys_and_impossible_values_are_refused() {
        assert!(serde_json::from_str::<Config>(r#"{"segment_byte": 1}"#).is_err());
        assert_eq!(Config { sync_interval_ms: 0, ..Config::default() }.validate(), Err(ConfigError::SyncInterval(0)));
        assert_eq!(
            Config { segment_bytes: 4097, ..Config::default() }.validate(),
            Err(ConfigError::SegmentBytes(4097))
        );
        assert_eq!(
            Config { max_bytes: 31 << 20, ..Config::default() }.validate(),
            Err(ConfigError::MaxBytes { max: 31 << 20, segment: 8 << 20 })
        );
    }
}
