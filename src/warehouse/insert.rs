//! [`ClickSink`] as a ClickHouse server fulfils it.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;

use super::audit::SegmentCount;
use super::click_row;
use super::client::Warehouse;
use super::error::CallError;
use super::frozen::{Frozen, token};
use super::parts::{Part, UnreadablePart};
use super::sink::{BoxFuture, ClickSink, InsertError, Stored};

/// How long one piece of a body may take to leave.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// How long ClickHouse may take to answer once the body was sent.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// How a body is cut on its way, in bytes; the bound of [`SEND_WITHIN`] holds for each piece.
const PIECE: usize = 1 << 20;

/// What makes one insert one part, stored or refused as a whole when the answer comes.
const SETTINGS: &[(&str, &str)] = &[
    ("async_insert", "0"),
    ("wait_end_of_query", "1"),
    ("insert_deduplicate", "1"),
    // One block: 500,000 rows of the longest kind are below both bounds.
    ("max_insert_block_size", "2000000"),
    ("max_insert_block_size_bytes", "0"),
    ("min_insert_block_size_rows", "2000000"),
    ("min_insert_block_size_bytes", "4294967296"),
    ("max_insert_threads", "1"),
    ("max_partitions_per_insert_block", "1"),
    ("throw_on_max_partitions_per_insert_block", "1"),
];

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

#[derive(Row, Deserialize)]
struct StoredRow {
    raw: u64,
    identities: u64,
    hash: u64,
}

impl ClickSink for Warehouse {
    fn insert(&self, batch: &Frozen) -> BoxFuture<'_, Result<(), InsertError>> {
        let batch = batch.clone();
        Box::pin(async move {
            let token = batch.token();
            let mut insert = self
                .client
                .insert_formatted_with(click_row::insert_statement(batch.schema)?)
                .with_timeouts(Some(SEND_WITHIN), Some(ANSWER_WITHIN))
                .with_setting("query_id", token.as_str())
                .with_setting("insert_deduplication_token", token.as_str());
            for (name, value) in SETTINGS {
                insert = insert.with_setting(*name, *value);
            }
            for start in (0..batch.bytes.len()).step_by(PIECE) {
                insert.send(batch.bytes.slice(start..batch.bytes.len().min(start + PIECE))).await?;
            }
            Ok(insert.end().await?)
        })
    }

    fn in_flight(&self, batch: u128, generation: u32) -> BoxFuture<'_, Result<bool, CallError>> {
        Box::pin(async move {
            let token = token(batch, generation);
            let sql = format!("SELECT count() AS count FROM system.processes WHERE query_id = '{token}'");
            Ok(self.row::<Count>(&sql).await?.count > 0)
        })
    }

    fn stored(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<Stored, CallError>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT sum(copies) AS raw, count() AS identities, sum({IDENTITY_HASH}) AS hash FROM (\
                 SELECT spool_id, lane, segment, record, count() AS copies FROM clicks \
                 WHERE _partition_id = '{partition}' AND batch = toUInt128('{batch}') \
                 GROUP BY spool_id, lane, segment, record)"
            );
            let StoredRow { raw, identities, hash } = self.row(&sql).await?;
            Ok(Stored { rows: raw, distinct: identities, hash })
        })
    }

    fn mark(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<u64, CallError>> {
        Box::pin(self.mark_batch(batch, partition))
    }

    fn mark_spool(&self, spool_id: u128) -> BoxFuture<'_, Result<(), CallError>> {
        Box::pin(async move {
            self.mark_clicks_of_spool(spool_id).await?;
            Ok(())
        })
    }

    fn segment_counts<'a>(
        &'a self,
        spool_id: u128,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<SegmentCount>, CallError>> {
        Box::pin(self.segment_counts(spool_id, without))
    }

    fn stored_records<'a>(
        &'a self,
        spool_id: u128,
        lane: u8,
        segment: u64,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<u32>, CallError>> {
        Box::pin(self.stored_records(spool_id, lane, segment, without))
    }

    fn doubled_records(&self, spool_id: u128, lane: u8, segment: u64) -> BoxFuture<'_, Result<Vec<u32>, CallError>> {
        Box::pin(self.doubled_records(spool_id, lane, segment))
    }

    fn unreadable_parts(&self) -> BoxFuture<'_, Result<Vec<UnreadablePart>, CallError>> {
        Box::pin(self.unreadable_parts())
    }

    fn parts_put_aside(&self) -> BoxFuture<'_, Result<Vec<String>, CallError>> {
        Box::pin(self.parts_put_aside())
    }

    fn drop_part_put_aside<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), CallError>> {
        Box::pin(self.drop_part_put_aside(name))
    }

    fn drop_part<'a>(&'a self, part: &'a Part) -> BoxFuture<'a, Result<(), CallError>> {
        Box::pin(self.drop_part(part))
    }
}

/// [`identity_hash`](crate::model::click_id::identity_hash) in ClickHouse's words.
pub(super) const IDENTITY_HASH: &str = "sipHash64Keyed(\
    (toUInt64(bitAnd(spool_id, toUInt128(18446744073709551615))), toUInt64(bitShiftRight(spool_id, 64))), \
    bitOr(bitOr(bitShiftLeft(toUInt128(lane), 96), bitShiftLeft(toUInt128(segment), 32)), toUInt128(record)))";
