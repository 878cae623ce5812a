//! What names a record for ever, and stretches of records.

use std::fmt;

/// The identity of one record. No clock is in it; it is never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId {
    /// 128 random bits, drawn when a spool's ledger is first made (or was lost); names the node.
    pub spool_id: u128,
    /// The redirect worker.
    pub lane: u8,
    /// Number of the segment; grows over all lanes and restarts of a spool.
    pub segment: u64,
    /// Number of the record in its segment, from 0.
    pub record: u32,
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}/{:03}-{:020}/{}", self.spool_id, self.lane, self.segment, self.record)
    }
}

/// A contiguous stretch of records of one segment: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// As in [`RecordId`].
    pub spool_id: u128,
    /// As in [`RecordId`].
    pub lane: u8,
    /// As in [`RecordId`].
    pub segment: u64,
    /// First record.
    pub from: u32,
    /// One past the last record.
    pub to: u32,
}

impl Range {
    /// Numbers of records that it spans, whether or not each of them can be read.
    pub fn len(&self) -> u32 {
        self.to.saturating_sub(self.from)
    }

    /// True when it spans nothing.
    pub fn is_empty(&self) -> bool {
        self.to <= self.from
    }

    /// The identity of record number `record` of this range's segment.
    pub fn id(&self, record: u32) -> RecordId {
        RecordId { spool_id: self.spool_id, lane: self.lane, segment: self.segment, record }
    }

    pub(super) fn key(&self) -> Key {
        Key { segment: self.segment, lane: self.lane, spool_id: self.spool_id }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records {}..{}", self.key(), self.from, self.to)
    }
}

/// A segment's identity. Ordered by number first, so that walking backwards is newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) segment: u64,
    pub(super) lane: u8,
    pub(super) spool_id: u128,
}

impl Key {
    pub(super) fn range(self, from: u32, to: u32) -> Range {
        Range { spool_id: self.spool_id, lane: self.lane, segment: self.segment, from, to }
    }
}

impl RecordId {
    pub(super) fn key(&self) -> Key {
        Key { segment: self.segment, lane: self.lane, spool_id: self.spool_id }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spool {:032x} lane {} segment {}", self.spool_id, self.lane, self.segment)
    }
}
