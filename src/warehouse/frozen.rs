//! A batch of click rows, encoded once and sent as often as it takes.

use bytes::Bytes;

use super::click_row::{ClickRow, IMPORTED_SCHEMA, Imported, SCHEMA};
use crate::model::click_id::{identity_hash, storable_ms};
use crate::model::{ContentId, SpaceId};

/// Which rows a batch holds, small enough for a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// How many rows, each with an identity of its own.
    pub rows: u64,
    /// Sum modulo 2^64 of [`identity_hash`] over the rows; the order of rows does not matter.
    pub hash: u64,
}

impl Fingerprint {
    /// Takes one more identity in.
    pub fn add(&mut self, spool_id: u128, lane: u8, segment: u64, record: u32) {
        self.rows += 1;
        self.hash = self.hash.wrapping_add(identity_hash(spool_id, lane, segment, record));
    }
}

/// A batch that is being filled.
///
/// Its rows are frozen in the table's order, because sorting numbers here costs a tenth of what sorting
/// texts costs ClickHouse, which leaves sorted rows as they are.
pub struct Batch {
    id: u128,
    schema: u16,
    bytes: Vec<u8>,
    rows: Vec<(SortKey, Span)>,
    fingerprint: Fingerprint,
}

/// A row's place in the table: space, content, time, spool, lane, segment, record. Ids are written so that their texts
/// are in the order of their numbers.
type SortKey = (SpaceId, ContentId, i64, u128, u8, u64, u32);
/// Where a row's bytes begin and end.
type Span = (usize, usize);

impl Batch {
    /// An empty batch. `id` is a UUIDv7 as a number, so that later batches have higher ids and the
    /// index on the `batch` column can exclude old parts.
    pub fn new(id: u128, expected_rows: usize) -> Self {
        Self {
            id,
            schema: SCHEMA,
            bytes: Vec::with_capacity(expected_rows * ClickRow::TYPICAL_ENCODED),
            rows: Vec::with_capacity(expected_rows),
            fingerprint: Fingerprint::default(),
        }
    }

    /// An empty batch for rows that came with a bundle.
    pub fn imported(id: u128, expected_rows: usize) -> Self {
        Self { schema: IMPORTED_SCHEMA, ..Self::new(id, expected_rows) }
    }

    /// Encodes one row. All rows of a batch belong to the same month, see [`ClickRow::partition`].
    pub fn push(&mut self, row: &ClickRow<'_>) {
        debug_assert_eq!(self.schema, SCHEMA, "a batch of recorded clicks");
        self.push_row(row, |_| {});
    }

    /// Encodes one row of a batch made by [`Self::imported`].
    pub fn push_imported(&mut self, row: &ClickRow<'_>, more: &Imported<'_>) {
        debug_assert_eq!(self.schema, IMPORTED_SCHEMA, "a batch of imported clicks");
        self.push_row(row, |bytes| more.encode(bytes));
    }

    fn push_row(&mut self, row: &ClickRow<'_>, more: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        row.encode(self.id, &mut self.bytes);
        more(&mut self.bytes);
        let ClickRow { space_id, content_id, clicked_at_ms, spool_id, lane, segment, record, .. } = *row;
        let key = (space_id, content_id, storable_ms(clicked_at_ms), spool_id, lane, segment, record);
        self.rows.push((key, (start, self.bytes.len())));
        self.fingerprint.add(spool_id, lane, segment, record);
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.fingerprint.rows
    }

    /// Bytes so far.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Which rows stand in it so far.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Ends filling; the bytes never change again. The same rows give the same bytes, in whatever order they were pushed.
    pub fn freeze(mut self, generation: u32, partition: u32) -> Frozen {
        self.rows.sort_unstable();
        let mut sorted = Vec::with_capacity(self.bytes.len());
        for (_, (start, end)) in &self.rows {
            sorted.extend_from_slice(&self.bytes[*start..*end]);
        }
        Frozen {
            batch: self.id,
            generation,
            schema: self.schema,
            partition,
            rows: self.fingerprint.rows,
            fingerprint: self.fingerprint,
            bytes: sorted.into(),
        }
    }
}

/// A batch whose bytes are final. Cloning shares the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The batch's id, a UUIDv7 as a number; stored with every row.
    pub batch: u128,
    /// 0 at first; one more for each time that something is sent again, or a part of it alone. Part of the token, because
    /// ClickHouse may have remembered a token whose rows it then lost.
    pub generation: u32,
    /// The columns that the bytes hold, see [`SCHEMA`].
    pub schema: u16,
    /// The month of all its rows in UTC, `yyyymm`.
    pub partition: u32,
    /// How many rows.
    pub rows: u64,
    /// Which rows.
    pub fingerprint: Fingerprint,
    /// The rows in ClickHouse's `RowBinary`.
    pub bytes: Bytes,
}

impl Frozen {
    /// The deduplication token and query id: `relais-<batch as 32 hex digits>-<generation>`.
    pub fn token(&self) -> String {
        token(self.batch, self.generation)
    }
}

/// The token of a batch and generation, see [`Frozen::token`].
pub fn token(batch: u128, generation: u32) -> String {
    format!("relais-{batch:032x}-{generation}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::testing::BARE;

    #[test]
    fn the_order_of_pushing_leaves_no_trace() {
        let row = |space, content, clicked_at_ms, record| ClickRow {
            space_id: SpaceId::from_bits(space),
            content_id: ContentId::from_bits(content),
            clicked_at_ms,
            record,
            ..BARE
        };
        let rows = [row(1, 1, 1, 1), row(1, 1, 1, 2), row(1, 1, 2, 0), row(1, 2, 0, 0), row(2, 0, 0, 0)];
        let frozen = |order: &[usize]| {
            let mut batch = Batch::new(9, 0);
            order.iter().for_each(|index| batch.push(&rows[*index]));
            batch.freeze(1, 197_001)
        };
        assert_eq!(frozen(&[4, 2, 0, 3, 1]), frozen(&[0, 1, 2, 3, 4]));
        let mut in_order = Vec::new();
        rows.iter().for_each(|row| row.encode(9, &mut in_order));
        assert_eq!(frozen(&[4, 2, 0, 3, 1]).bytes, in_order);
    }

    #[test]
    fn a_fingerprint_tells_rows_apart_and_does_not_mind_their_order() {
        let of = |records: &[u32]| {
            let mut print = Fingerprint::default();
            records.iter().for_each(|record| print.add(7, 1, 2, *record));
            print
        };
        assert_eq!(of(&[1, 2, 3]), of(&[3, 1, 2]));
        assert_ne!(of(&[1, 2, 3]), of(&[1, 2, 4]));
        assert_ne!(of(&[1, 2]), of(&[1, 1]));
    }
}
