//! What the audit and the recovery of a spool ask: which records of a spool are stored.

use clickhouse::Row;
use serde::Deserialize;

use super::client::Warehouse;
use super::error::CallError;
use super::parts::Part;

/// What ClickHouse holds of one segment of a spool.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct SegmentCount {
    /// The lane.
    pub lane: u8,
    /// The segment.
    pub segment: u64,
    /// Rows as they lie; doubled ones count twice.
    pub rows: u64,
    /// Rows that a reader with `FINAL` sees.
    pub visible: u64,
    /// Distinct records.
    pub records: u64,
    /// The highest record.
    pub last_record: u32,
    /// Those of the distinct records that are gone because retention removed them; they count as rows that are seen.
    pub expired: u64,
}

impl SegmentCount {
    /// Rows that a reader sees although it saw their record already: figures are wrong by so much.
    pub fn doubled(&self) -> u64 {
        self.visible.saturating_sub(self.records)
    }
}

#[derive(Row, Deserialize)]
struct Record {
    record: u32,
}

impl Warehouse {
    /// Every segment of the spool that has a row, or had until retention removed it, by lane and segment; rows in the parts
    /// `without` are not looked at. Reads the identities of the whole table,
    /// so it belongs into an audit, not into shipping.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn segment_counts(&self, spool_id: u128, without: &[Part]) -> Result<Vec<SegmentCount>, CallError> {
        let readable = not_in(without);
        // A bitmap counts distinct records exactly in a few bytes a thousand of them.
        let sql = format!(
            "SELECT lane, segment, sum(row_count) + expired AS rows, sum(seen) + expired AS visible, \
             toUInt64(bitmapCardinality(groupBitmapMergeState(bits))) AS records, \
             toUInt32(bitmapMax(groupBitmapMergeState(bits))) AS last_record, \
             toUInt64(bitmapAndnotCardinality(groupBitmapMergeStateIf(bits, gone), groupBitmapMergeStateIf(bits, NOT gone))) \
             AS expired FROM (\
             SELECT lane, segment, count() AS row_count, 0 AS seen, groupBitmapState(record) AS bits, false AS gone \
             FROM clicks WHERE spool_id = toUInt128('{spool_id}'){readable} GROUP BY lane, segment \
             UNION ALL \
             SELECT lane, segment, 0 AS row_count, count() AS seen, groupBitmapState(record) AS bits, false AS gone \
             FROM clicks FINAL WHERE spool_id = toUInt128('{spool_id}'){readable} GROUP BY lane, segment \
             UNION ALL \
             SELECT lane, segment, 0 AS row_count, 0 AS seen, groupBitmapMergeState(records) AS bits, true AS gone \
             FROM expired_clicks WHERE spool_id = toUInt128('{spool_id}') GROUP BY lane, segment) \
             GROUP BY lane, segment ORDER BY lane, segment \
             SETTINGS do_not_merge_across_partitions_select_final = 1"
        );
        self.rows(&sql).await
    }

    /// The records of one segment that are stored, or were until retention removed them, ascending, each once; rows in the parts `without` are not looked at.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn stored_records(
        &self,
        spool_id: u128,
        lane: u8,
        segment: u64,
        without: &[Part],
    ) -> Result<Vec<u32>, CallError> {
        let readable = not_in(without);
        let place = place(spool_id, lane, segment);
        let sql = format!(
            "SELECT DISTINCT record FROM (\
             SELECT record FROM clicks WHERE {place}{readable} \
             UNION ALL \
             SELECT arrayJoin(bitmapToArray(groupBitmapMergeState(records))) AS record FROM expired_clicks WHERE {place}) \
             ORDER BY record"
        );
        self.records(&sql).await
    }

    /// The records of one segment that a reader with `FINAL` sees more than once, ascending.
    ///
    /// # Errors
    /// ClickHouse's own, or why nobody knows.
    pub async fn doubled_records(&self, spool_id: u128, lane: u8, segment: u64) -> Result<Vec<u32>, CallError> {
        let place = place(spool_id, lane, segment);
        let sql = format!(
            "SELECT record FROM clicks FINAL WHERE {place} GROUP BY record HAVING count() > 1 ORDER BY record \
             SETTINGS do_not_merge_across_partitions_select_final = 1"
        );
        self.records(&sql).await
    }

    async fn records(&self, sql: &str) -> Result<Vec<u32>, CallError> {
        Ok(self.rows::<Record>(sql).await?.into_iter().map(|row| row.record).collect())
    }
}

fn place(spool_id: u128, lane: u8, segment: u64) -> String {
    format!("spool_id = toUInt128('{spool_id}') AND lane = {lane} AND segment = {segment}")
}

/// The condition that leaves parts out; ClickHouse does not open the files of a part that it excludes by name.
fn not_in(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let names: Vec<_> = parts.iter().map(|part| format!("'{}'", part.name)).collect();
    format!(" AND _part NOT IN ({})", names.join(", "))
}
