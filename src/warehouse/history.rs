//! Clicks that came with a bundle on their way in, and all clicks of a space on their way out.
//!
//! A bundle's clicks have identities like recorded ones: [`spool_of`] is a spool id that no node draws,
//! and lane, segment and record are made of the row. So whatever is sent twice is seen once here too, and
//! the audit, which asks for the spools that a node knows, never takes them for invented.

use std::time::Duration;

use clickhouse::Row;
use clickhouse::query::RowCursor;
use serde::Deserialize;

use super::client::{Warehouse, bounded};
use super::error::CallError;
use super::frozen::Frozen;
use super::sink::ClickSink;
use crate::model::SpaceId;

/// The high half of the spool ids of imports: "imported" in ASCII. A node's are 128 random bits.
const IMPORTED: u64 = u64::from_be_bytes(*b"imported");
/// Tries to store one batch before the import gives up; it can be begun again.
const TRIES: u32 = 6;
/// Pause before the second try; each further one waits twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the next row of an export may take.
const ROW_WITHIN: Duration = Duration::from_secs(120);

/// The spool id of a space's imported clicks.
pub fn spool_of(space: SpaceId) -> u128 {
    u128::from(IMPORTED) << 64 | u128::from(space.bits())
}

/// What a bundle says of a click, as ClickHouse keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct StoredClick<'a> {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The written id of the advocate, or empty.
    pub advocate_id: &'a str,
    /// What a bundle called an advocate whom the space does not have.
    pub advocate_key: &'a str,
    /// The written id of the content.
    pub content_id: &'a str,
    /// Where it was shared.
    pub channel: &'a str,
    /// How a bundle wrote the time, or empty.
    pub clicked_at_form: &'a str,
    /// Who asked.
    pub class: &'a str,
    /// Country, or empty.
    pub country: &'a str,
    /// Kind of device, or empty.
    pub device: &'a str,
    /// The day's pseudonym, or empty.
    pub visitor: &'a str,
    /// What was answered.
    pub answer: &'a str,
}

/// Clicks of a space, each seen once, in no particular order.
pub struct Clicks {
    cursor: RowCursor<StoredClick<'static>>,
}

impl Clicks {
    /// The next one.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows; also when none comes within 120 s.
    pub async fn next(&mut self) -> Result<Option<StoredClick<'_>>, CallError> {
        bounded(ROW_WITHIN, self.cursor.next()).await
    }
}

/// How many clicks a period of a space has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct ClickCount {
    /// All.
    pub clicks: u64,
    /// Those that were answered otherwise than with the content.
    pub otherwise: u64,
}

impl Warehouse {
    /// Clicks of a space from `from_ms` through `through_ms`.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub fn clicks_of(&self, space: SpaceId, from_ms: i64, through_ms: i64) -> Result<Clicks, CallError> {
        let sql = format!(
            "SELECT toUnixTimestamp64Milli(clicked_at) AS at_ms, toString(advocate_id) AS advocate_id, advocate_key, \
             toString(content_id) AS content_id, toString(channel) AS channel, \
             toString(clicked_at_form) AS clicked_at_form, toString(class) AS class, toString(country) AS country, \
             device, visitor, toString(answer) AS answer FROM clicks FINAL WHERE {}",
            period(space, from_ms, through_ms)
        );
        let query = self.client.query_raw(&sql).with_setting("do_not_merge_across_partitions_select_final", "1");
        Ok(Clicks { cursor: query.fetch().map_err(CallError::from)? })
    }

    /// How many they are.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn count_clicks(&self, space: SpaceId, from_ms: i64, through_ms: i64) -> Result<ClickCount, CallError> {
        self.row(&format!(
            "SELECT count() AS clicks, countIf(answer != 'content') AS otherwise FROM clicks FINAL WHERE {} \
             SETTINGS do_not_merge_across_partitions_select_final = 1",
            period(space, from_ms, through_ms)
        ))
        .await
    }

    /// Stores a batch, verifies that it is there, as delivery does, because the answer to an insert proves nothing, and
    /// marks it for the roll-ups.
    ///
    /// # Errors
    /// The last one, when ClickHouse does not hold the batch after six tries.
    pub async fn store(&self, mut batch: Frozen) -> Result<(), CallError> {
        let mut pause = PAUSE;
        loop {
            let answer = self.insert(&batch).await;
            if answer.is_err() {
                // Never killed: it may have committed already. Nobody to ask is no reason to stop trying.
                while self.in_flight(batch.batch, batch.generation).await.unwrap_or(false) {
                    tokio::time::sleep(PAUSE).await;
                }
            }
            let found = self.stored(batch.batch, batch.partition).await;
            match (found, answer) {
                (Ok(stored), _) if stored.holds(&batch.fingerprint) => {
                    match self.mark_batch(batch.batch, batch.partition).await {
                        Err(error) if batch.generation + 1 >= TRIES => return Err(error),
                        Err(_again) => {}
                        Ok(_) => return Ok(()),
                    }
                }
                (Err(error), _) | (_, Err(error)) if batch.generation + 1 >= TRIES => return Err(error),
                (Ok(_), Ok(())) if batch.generation + 1 >= TRIES => {
                    return Err(CallError::Answer("an insert succeeded and its rows are not there".to_owned()));
                }
                _ => {}
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            batch.generation += 1;
        }
    }
}

fn period(space: SpaceId, from_ms: i64, through_ms: i64) -> String {
    // An id is written in letters, digits and an underscore.
    format!(
        "space_id = '{space}' AND clicked_at >= fromUnixTimestamp64Milli(toInt64({from_ms}), 'UTC') \
         AND clicked_at <= fromUnixTimestamp64Milli(toInt64({through_ms}), 'UTC')"
    )
}
