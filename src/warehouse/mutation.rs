//! Changes of rows that are stored: ClickHouse's mutations, waited for.
//!
//! A mutation rewrites the columns that it names in every part that holds a row it touches, each part at once, and
//! goes on after a restart of ClickHouse. The parts as they were are removed some minutes later (`old_parts_lifetime`).

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;
use tokio::time::Instant;

use super::client::Warehouse;
use super::error::CallError;

/// First and longest pause between two looks.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));
/// A mutation that finishes no part within this time is given up waiting for; it may still succeed.
const STANDSTILL: Duration = Duration::from_secs(3600);
/// Longest text of a mutation, in bytes.
const LONGEST: u64 = 64 << 20;

#[derive(Row, Deserialize)]
struct Unfinished {
    mutations: u64,
    parts: i64,
    failure: String,
}

impl Warehouse {
    /// Executes `ALTER TABLE {table} {command}` and waits until every row that was stored before is changed. `told` hears
    /// how many parts are to be rewritten still. Dropping it leaves the mutation running.
    ///
    /// # Errors
    /// ClickHouse's own, also when the mutation fails while it runs: it is withdrawn then, and parts that it
    /// finished stay changed.
    pub async fn mutate(&self, table: &str, command: &str, mut told: impl FnMut(u64)) -> Result<(), CallError> {
        self.settled(table, &mut told).await?;
        let sql = format!("ALTER TABLE {table} {command}");
        let query = self.client.query_raw(&sql).with_setting("mutations_sync", "0");
        let query = query.with_setting("max_query_size", LONGEST.to_string());
        super::client::bounded(Duration::from_secs(120), query.execute()).await?;
        self.settled(table, &mut told).await
    }

    /// Waits until no mutation of `table` is under way.
    async fn settled(&self, table: &str, told: &mut impl FnMut(u64)) -> Result<(), CallError> {
        let (mut pause, mut before, mut moved) = (PAUSE.0, i64::MAX, Instant::now());
        loop {
            let Unfinished { mutations, parts, failure } = self
                .row(&format!(
                    "SELECT count() AS mutations, sum(parts_to_do) AS parts, max(latest_fail_reason) AS failure \
                     FROM system.mutations WHERE database = currentDatabase() AND table = '{table}' AND NOT is_done"
                ))
                .await?;
            if mutations == 0 {
                return Ok(());
            }
            if !failure.is_empty() {
                // It would be tried for ever, and hold up every later one.
                self.execute(&format!(
                    "KILL MUTATION WHERE database = currentDatabase() AND table = '{table}' AND latest_fail_reason != ''"
                ))
                .await?;
                return Err(CallError::Answer(failure));
            }
            if parts < before {
                (before, moved) = (parts, Instant::now());
            } else if moved.elapsed() > STANDSTILL {
                return Err(CallError::TimedOut);
            }
            told(parts.unsigned_abs());
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }
}
