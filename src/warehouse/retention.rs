//! Rows that are too old, on their way out.
//!
//! Whole months go as partitions; of the month in between, the days before the instant go by a mutation. ClickHouse's
//! own TTL was turned down: its expression is part of the table, so a changed configuration would rewrite every part to
//! learn of it, and nothing would say which records it took.

use clickhouse::Row;
use serde::Deserialize;

use super::click_row::partition_of;
use super::client::Warehouse;
use super::error::CallError;

/// What is announced of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row, Deserialize)]
pub struct KeptSince {
    /// Rows from this instant on are there, milliseconds since 1970.
    pub since_ms: i64,
    /// When that was said.
    pub announced_at_ms: i64,
}

#[derive(Row, Deserialize)]
struct Partition {
    partition: u32,
    rows: u64,
}

#[derive(Row, Deserialize)]
struct Count {
    rows: u64,
}

impl Warehouse {
    /// From when on clicks are kept; none when all are.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn clicks_kept_since(&self) -> Result<Option<KeptSince>, CallError> {
        let sql = "SELECT toUnixTimestamp64Milli(since) AS since_ms, toUnixTimestamp64Milli(announced_at) AS announced_at_ms \
                   FROM kept_since FINAL WHERE what = 'clicks'";
        Ok(self.rows(sql).await?.pop())
    }

    /// Says that clicks before `since_ms` will be removed, so that nobody computes a figure of them anew meanwhile.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn announce_clicks_kept_since(&self, since_ms: i64, now_ms: i64) -> Result<(), CallError> {
        self.execute(&format!(
            "INSERT INTO kept_since VALUES ('clicks', fromUnixTimestamp64Milli(toInt64({since_ms}), 'UTC'), \
             fromUnixTimestamp64Milli(toInt64({now_ms}), 'UTC'))"
        ))
        .await
    }

    /// Whether there are clicks before `before_ms`.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn has_clicks_before(&self, before_ms: i64) -> Result<bool, CallError> {
        let old = format!("clicked_at < fromUnixTimestamp64Milli(toInt64({before_ms}), 'UTC')");
        Ok(self.row::<Count>(&format!("SELECT count() AS rows FROM clicks WHERE {old}")).await?.rows > 0)
    }

    /// Removes clicks before `before_ms` and what was believed of them, after noting which they were. Answers how many
    /// rows went. May be interrupted anywhere and done again.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn remove_clicks_before(&self, before_ms: i64) -> Result<u64, CallError> {
        let month = partition_of(before_ms);
        let mut removed = 0;
        for Partition { partition, rows } in self.months("clicks", month).await? {
            self.note_expired(&format!("_partition_id = '{partition}'")).await?;
            self.execute(&format!("ALTER TABLE clicks DROP PARTITION ID '{partition}'")).await?;
            removed += rows;
        }
        let old = format!("clicked_at < fromUnixTimestamp64Milli(toInt64({before_ms}), 'UTC')");
        let of_month = format!("_partition_id = '{month}' AND {old}");
        let Count { rows } = self.row(&format!("SELECT count() AS rows FROM clicks WHERE {of_month}")).await?;
        if rows > 0 {
            self.note_expired(&of_month).await?;
            self.mutate("clicks", &format!("DELETE IN PARTITION ID '{month}' WHERE {old}"), |_| {}).await?;
            removed += rows;
        }
        self.drop_months_before("verdicts", before_ms).await?;
        Ok(removed)
    }

    /// Drops the partitions of `table`, which is cut by months, that hold nothing from `before_ms` on. Answers how many
    /// rows they had.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn drop_months_before(&self, table: &str, before_ms: i64) -> Result<u64, CallError> {
        let mut removed = 0;
        for Partition { partition, rows } in self.months(table, partition_of(before_ms)).await? {
            self.execute(&format!("ALTER TABLE {table} DROP PARTITION ID '{partition}'")).await?;
            removed += rows;
        }
        Ok(removed)
    }

    /// Removes sign-ins before `before_ms`.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn remove_sign_ins_before(&self, before_ms: i64) -> Result<(), CallError> {
        let old = format!("signed_in_at < fromUnixTimestamp64Milli(toInt64({before_ms}), 'UTC')");
        let Count { rows } = self.row(&format!("SELECT count() AS rows FROM sign_ins WHERE {old}")).await?;
        if rows > 0 {
            self.mutate("sign_ins", &format!("DELETE WHERE {old}"), |_| {}).await?;
        }
        Ok(())
    }

    /// The months of a table before `month`.
    async fn months(&self, table: &str, month: u32) -> Result<Vec<Partition>, CallError> {
        self.rows(&format!(
            "SELECT toUInt32(partition_id) AS partition, sum(rows) AS rows FROM system.parts \
             WHERE database = currentDatabase() AND table = '{table}' AND active AND toUInt32OrZero(partition_id) < {month} \
             AND match(partition_id, '^[0-9]{{6}}$') GROUP BY partition_id ORDER BY partition_id"
        ))
        .await
    }

    async fn note_expired(&self, which: &str) -> Result<(), CallError> {
        self.execute(&format!(
            "INSERT INTO expired_clicks SELECT spool_id, lane, segment, groupBitmapState(record) FROM clicks \
             WHERE {which} GROUP BY spool_id, lane, segment"
        ))
        .await
    }
}
