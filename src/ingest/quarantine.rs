//! Records that became no row, and how to give them another try.
//!
//! The ledger names them with their reasons, and the spool keeps their segments for as long, beyond
//! any retention. A file of their own was turned down: it would be a second copy of people's clicks
//! to be encrypted, aged and erased, and a second thing to be kept consistent.

use std::sync::Arc;

use super::records::ranges_of;
use crate::spool::{Ledger, LedgerError, Range, RecordId};

/// One record in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Which record.
    pub id: RecordId,
    /// What ClickHouse or the decoder said, cut to 200 bytes. May quote bytes of the row.
    pub reason: Arc<str>,
}

/// Everything in quarantine, by lane and segment.
pub fn list(ledger: &Ledger) -> Vec<Quarantined> {
    let mut records: Vec<_> = ledger.quarantine().into_iter().map(|(id, reason)| Quarantined { id, reason }).collect();
    records.sort_by_key(|record| record.id);
    records
}

/// Lets these records out of quarantine: shipping takes them up like any other that waits, and what is refused
/// again returns. To be used after what the reasons name was repaired. Answers with how many were let out;
/// records that are not in quarantine are passed over.
///
/// # Errors
/// When the ledger cannot be written; then all stay where they are.
pub fn replay(ledger: &Ledger, records: &[RecordId]) -> Result<usize, LedgerError> {
    let mut held: Vec<_> = ledger.quarantine().into_iter().map(|(id, _)| id).collect();
    held.retain(|id| records.contains(id));
    held.sort_unstable();
    let ranges = runs(&held);
    if !ranges.is_empty() {
        ledger.requeued(&ranges)?;
    }
    Ok(held.len())
}

/// Sorted records as contiguous ranges.
fn runs(records: &[RecordId]) -> Vec<Range> {
    let place = |id: &RecordId| (id.spool_id, id.lane, id.segment);
    let segments = records.chunk_by(|one, next| place(one) == place(next));
    let of_segment = |ids: &[RecordId]| {
        let (spool_id, lane, segment) = place(&ids[0]);
        let of = Range { spool_id, lane, segment, from: 0, to: 0 };
        ranges_of(&of, ids.iter().map(|id| id.record))
    };
    segments.flat_map(of_segment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_range_and_segments_do_not() {
        let id = |segment, record| RecordId { spool_id: 1, lane: 2, segment, record };
        let found = runs(&[id(1, 4), id(1, 5), id(1, 7), id(2, 8)]);
        let found: Vec<_> = found.iter().map(|range| (range.segment, range.from, range.to)).collect();
        assert_eq!(found, [(1, 4, 6), (1, 7, 8), (2, 8, 9)]);
    }
}
