//! A segment's account, for the audit.

use super::state::{Past, Segment};
use crate::spool::identity::{Key, Range};

/// What became of every record that a segment was given.
/// `answered = missing + stored + quarantined + open + pending`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSummary {
    /// As in [`RecordId`](crate::spool::RecordId).
    pub spool_id: u128,
    /// As in [`RecordId`](crate::spool::RecordId).
    pub lane: u8,
    /// As in [`RecordId`](crate::spool::RecordId).
    pub segment: u64,
    /// Records that it was given: each belongs to one answer.
    pub answered: u32,
    /// Records that are neither stored nor readable; `gaps` names them.
    pub missing: u32,
    /// Where the missing ones were.
    pub gaps: Vec<Range>,
    /// Records verified in ClickHouse.
    pub stored: u32,
    /// Records that ClickHouse refused.
    pub quarantined: u32,
    /// Records in a batch that is not verified yet.
    pub open: u32,
    /// Records in no batch yet.
    pub pending: u32,
    /// It takes no more records.
    pub closed: bool,
    /// Its file is gone.
    pub forgotten: bool,
    /// Its history was lost with a ledger: what is pending may be stored all the same.
    pub doubtful: bool,
    /// Length of its file; 0 when it is gone.
    pub bytes: u64,
}

impl SegmentSummary {
    /// `answered` as far as the ledger knows it, or as the living segment says.
    pub(in crate::spool) fn of(key: Key, segment: &Segment, living: Option<u32>) -> Self {
        let answered = segment.closed.map(|closed| closed.answered).or(living).unwrap_or(segment.extent());
        let mut gaps = segment.gaps.clone();
        // An open batch may hold what the file does not: it counts as open until it is verified.
        gaps.remove_all(&segment.open);
        let open = segment.quarantined.keys().fold(segment.open.clone(), |mut open, record| {
            open.remove(*record, record + 1);
            open
        });
        Self {
            spool_id: key.spool_id,
            lane: key.lane,
            segment: key.segment,
            answered,
            missing: gaps.count(),
            gaps: gaps.iter().map(|(from, to)| key.range(from, to)).collect(),
            stored: segment.stored.count(),
            quarantined: segment.quarantined.len() as u32,
            open: open.count(),
            pending: segment.pending_count(answered),
            closed: segment.closed.is_some(),
            forgotten: false,
            doubtful: segment.doubtful,
            bytes: segment.bytes,
        }
    }

    pub(in crate::spool) fn of_past(past: &Past) -> Self {
        Self {
            spool_id: past.key.spool_id,
            lane: past.key.lane,
            segment: past.key.segment,
            answered: past.answered,
            missing: past.gaps.count(),
            gaps: past.gaps.iter().map(|(from, to)| past.key.range(from, to)).collect(),
            stored: past.stored,
            quarantined: past.quarantined,
            open: 0,
            pending: 0,
            closed: true,
            forgotten: true,
            doubtful: false,
            bytes: 0,
        }
    }
}
