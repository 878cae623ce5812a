//! A batch whose bytes are final, with an index of its rows: any run of them can be sent alone.

use std::collections::BTreeSet;
use std::ops::Range;

use bytes::Bytes;

use crate::model::Class;
use crate::spool::RecordId;
use crate::warehouse::click_row::SCHEMA;
use crate::warehouse::{Fingerprint, Frozen};

/// Rows in the order of their records. Slices share the bytes: nothing is copied for a retry.
#[derive(Debug)]
pub(super) struct Batch {
    /// Stored with every row.
    pub(super) id: u128,
    /// The month of all its rows in UTC, `yyyymm`.
    pub(super) partition: u32,
    /// `clicked_at` of its oldest row, milliseconds since 1970.
    pub(super) oldest_ms: i64,
    bytes: Bytes,
    index: Index,
    fingerprint: Fingerprint,
}

/// What is kept beside the bytes: five bytes a row, and one entry for each gap between record numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Where each row ends in the bytes.
    pub(super) ends: Vec<u32>,
    pub(super) classes: Vec<Class>,
    pub(super) runs: Vec<Run>,
}

/// Rows whose record numbers follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) first_row: u32,
    pub(super) first: RecordId,
}

/// The allocations of a batch, to be filled again.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pub(super) bytes: Vec<u8>,
    pub(super) index: Index,
}

impl Buffers {
    /// Takes the allocations back from a batch; what a client of the network still holds is let go.
    pub(super) fn from_batch(batch: Batch) -> Self {
        let bytes = batch.bytes.try_into_mut().map(Vec::from).unwrap_or_default();
        let mut buffers = Self { bytes, index: batch.index };
        buffers.truncate(0);
        buffers
    }

    /// Rows so far.
    pub(super) fn rows(&self) -> u32 {
        self.index.ends.len() as u32 // a batch has at most a million rows
    }

    /// Says that the bytes written since the last row are the row of `id`.
    pub(super) fn push(&mut self, id: RecordId, class: Class) {
        let row = self.rows();
        let follows = self.index.runs.last().is_some_and(|run| run.at(row) == id);
        if !follows {
            self.index.runs.push(Run { first_row: row, first: id });
        }
        self.index.ends.push(self.bytes.len() as u32); // checked against `batch_bytes`, at most 1 GiB
        self.index.classes.push(class);
    }

    /// Forgets all rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: u32) {
        let kept = rows as usize;
        self.index.ends.truncate(kept);
        self.index.classes.truncate(kept);
        self.index.runs.retain(|run| run.first_row < rows);
        self.bytes.truncate(self.index.ends.last().map_or(0, |end| *end as usize));
    }

    /// Ends filling.
    pub(super) fn freeze(self, id: u128, partition: u32, oldest_ms: i64) -> Batch {
        let mut batch = Batch {
            id,
            partition,
            oldest_ms,
            bytes: self.bytes.into(),
            index: self.index,
            fingerprint: Fingerprint::default(),
        };
        batch.fingerprint = batch.fingerprint_of(0..batch.rows());
        batch
    }
}

impl Run {
    fn at(&self, row: u32) -> RecordId {
        RecordId { record: self.first.record.wrapping_add(row - self.first_row), ..self.first }
    }
}

impl Batch {
    /// How many rows.
    pub(super) fn rows(&self) -> u32 {
        self.index.ends.len() as u32 // a batch has at most a million rows
    }

    /// Which rows.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Which rows, but for some.
    pub(super) fn fingerprint_without(&self, refused: &BTreeSet<u32>) -> Fingerprint {
        let mut left = self.fingerprint;
        for row in refused {
            let one = self.fingerprint_of(*row..row + 1);
            left.rows -= one.rows;
            left.hash = left.hash.wrapping_sub(one.hash);
        }
        left
    }

    fn fingerprint_of(&self, rows: Range<u32>) -> Fingerprint {
        let mut print = Fingerprint::default();
        self.identities(rows).for_each(|(_, id)| print.add(id.spool_id, id.lane, id.segment, id.record));
        print
    }

    /// The identity of a row.
    pub(super) fn identity(&self, row: u32) -> RecordId {
        let run = self.index.runs.partition_point(|run| run.first_row <= row) - 1;
        self.index.runs[run].at(row)
    }

    /// Rows with their identities, in order.
    pub(super) fn identities(&self, rows: Range<u32>) -> impl Iterator<Item = (u32, RecordId)> {
        let runs = &self.index.runs;
        let mut run = runs.partition_point(|run| run.first_row <= rows.start).saturating_sub(1);
        rows.map(move |row| {
            if runs.get(run + 1).is_some_and(|next| next.first_row <= row) {
                run += 1;
            }
            (row, runs[run].at(row))
        })
    }

    /// The class of a row.
    pub(super) fn class(&self, row: u32) -> Class {
        self.index.classes[row as usize]
    }

    /// Some of its rows under a generation that never stood for others.
    pub(super) fn frozen(&self, rows: Range<u32>, generation: u32) -> Frozen {
        let end_of = |row: u32| if row == 0 { 0 } else { self.index.ends[row as usize - 1] as usize };
        Frozen {
            batch: self.id,
            generation,
            schema: SCHEMA,
            partition: self.partition,
            rows: u64::from(rows.end - rows.start),
            fingerprint: if rows == (0..self.rows()) { self.fingerprint } else { self.fingerprint_of(rows.clone()) },
            bytes: self.bytes.slice(end_of(rows.start)..end_of(rows.end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(segment: u64, record: u32) -> RecordId {
        RecordId { spool_id: 7, lane: 1, segment, record }
    }

    fn sample() -> (Vec<RecordId>, Batch) {
        let ids = [id(4, 10), id(4, 11), id(4, 13), id(3, 0), id(3, 1)];
        let mut buffers = Buffers::default();
        for (row, id) in ids.iter().enumerate() {
            buffers.bytes.extend(std::iter::repeat_n(row as u8, row + 1));
            buffers.push(*id, Class::Human);
        }
        (ids.into(), buffers.freeze(1, 202_611, 0))
    }

    #[test]
    fn a_row_keeps_its_identity_over_gaps_and_segments() {
        let (ids, batch) = sample();
        assert_eq!(batch.index.runs.len(), 3);
        for (row, id) in ids.iter().enumerate() {
            assert_eq!(batch.identity(row as u32), *id);
        }
        for from in 0..ids.len() {
            let seen: Vec<_> = batch.identities(from as u32..5).map(|(_, id)| id).collect();
            assert_eq!(seen, ids[from..]);
        }
    }

    #[test]
    fn a_slice_holds_its_rows_and_their_fingerprint_alone() {
        let (ids, batch) = sample();
        let slice = batch.frozen(1..4, 9);
        assert_eq!(&slice.bytes[..], [1, 1, 2, 2, 2, 3, 3, 3, 3]);
        let mut expected = Fingerprint::default();
        ids[1..4].iter().for_each(|id| expected.add(id.spool_id, id.lane, id.segment, id.record));
        assert_eq!(slice.fingerprint, expected);
        assert_eq!(batch.fingerprint_without(&BTreeSet::from([0, 4])), expected);
    }

    #[test]
    fn rows_of_an_unreadable_range_can_be_taken_back() {
        let mut buffers = Buffers::default();
        for record in [1, 2, 7, 8] {
            buffers.bytes.push(record as u8);
            buffers.push(id(1, record), Class::Bot);
        }
        buffers.truncate(2);
        buffers.bytes.push(9);
        buffers.push(id(1, 9), Class::Human);
        let batch = buffers.freeze(1, 202_611, 0);
        assert_eq!(batch.identities(0..3).map(|(_, id)| id.record).collect::<Vec<_>>(), [1, 2, 9]);
        assert_eq!(&batch.frozen(0..3, 1).bytes[..], [1, 2, 9]);
    }
}
