//! When the ledger and ClickHouse may disagree: after a ledger was lost, and after parts were.
//!
//! Both are settled by asking which identities of a segment are stored, and shipping the others.

use std::collections::{BTreeSet, HashMap};

use super::deliver::Delivery;
use super::records::{is_whole, ranges_of, subtract};
use crate::spool::{Range, Reader, SegmentSummary};
use crate::warehouse::{Part, SegmentCount};

type Counts = HashMap<(u128, u8, u64), SegmentCount>;

/// Drops the parts that cannot be read, after what they held is queued to be shipped again.
///
/// A part whose files are bad when ClickHouse starts is put aside by ClickHouse itself: then its rows are gone from the
/// table without an error to any question. It is removed only when every row of it is still in the spool.
///
/// A disk that was full during a merge can leave an active part whose marks are empty; each question that touches
/// it then fails with code 246, and so do the verifications of new batches. Rows of segments that the spool
/// has removed already cannot be shipped again: the audit counts them as lost.
pub(super) async fn replace_unreadable_parts(delivery: &Delivery) {
    let damaged = delivery.ask(|| delivery.sink.unreadable_parts()).await;
    let aside = delivery.ask(|| delivery.sink.parts_put_aside()).await;
    if damaged.is_empty() && aside.is_empty() {
        return;
    }
    let parts: Vec<_> = damaged.into_iter().map(|damaged| damaged.part).collect();
    let held: Vec<_> = delivery.ledger.segments().into_iter().filter(|segment| segment.stored > 0).collect();
    let counts = counts_of(delivery, held.iter().map(|segment| segment.spool_id).collect(), &parts).await;
    let (mut queued, mut lost) = (0u64, 0u64);
    for segment in held {
        let count = counts.get(&(segment.spool_id, segment.lane, segment.segment));
        // Fewer would not do: rows that no batch has verified yet may stand in for verified ones that are gone.
        if count.is_some_and(|count| is_whole(count, segment.answered)) {
            continue;
        }
        if segment.forgotten {
            lost += u64::from(segment.stored).saturating_sub(count.map_or(0, |count| count.records));
        } else {
            queued += requeue_missing(delivery, &segment, &parts).await;
        }
    }
    let names: Vec<_> = parts.iter().map(|part| &part.name).chain(&aside).collect();
    tracing::error!(parts = ?names, queued, lost, "parts of the clicks table cannot be read: they are dropped, and the clicks \
        that the spool still holds (queued) are shipped again");
    // Queued and synced before: a crash here leaves the parts to be found once more, never rows to be forgotten.
    for part in &parts {
        delivery.ask(|| delivery.sink.drop_part(part)).await;
    }
    // One that holds the only copy of a click is left to whoever can repair it.
    for name in aside.iter().filter(|_| lost == 0) {
        delivery.ask(|| delivery.sink.drop_part_put_aside(name)).await;
    }
}

async fn requeue_missing(delivery: &Delivery, segment: &SegmentSummary, parts: &[Part]) -> u64 {
    let SegmentSummary { spool_id, lane, segment: number, answered, .. } = *segment;
    let whole = Range { spool_id, lane, segment: number, from: 0, to: answered };
    let there = delivery.ask(|| delivery.sink.stored_records(spool_id, lane, number, parts)).await;
    let missing = subtract(&delivery.ledger.stored_ranges(&whole), &there);
    let records = missing.iter().map(|range| u64::from(range.len())).sum();
    if records > 0 {
        // Only a segment that was removed since can refuse; its rows are lost then, and the audit says so.
        let _removed = delivery.record(move |ledger| ledger.requeued(&missing)).await;
    }
    records
}

/// Asks for each doubtful segment which of its records are stored, so that only the others are shipped.
pub(super) async fn settle_doubts(delivery: &Delivery, reader: &Reader) {
    let mut doubtful = reader.pending();
    doubtful.retain(|range| delivery.ledger.is_doubtful(range));
    if doubtful.is_empty() {
        return;
    }
    tracing::warn!(segments = doubtful.len(), "the spool's ledger was lost: ClickHouse is asked which clicks it holds");
    let counts = counts_of(delivery, doubtful.iter().map(|range| range.spool_id).collect(), &[]).await;
    let mut known = Vec::new();
    for range in doubtful {
        let Range { spool_id, lane, segment, to, .. } = range;
        let mut stored = Vec::new();
        if counts.contains_key(&(spool_id, lane, segment)) {
            let records = delivery.ask(|| delivery.sink.stored_records(spool_id, lane, segment, &[])).await;
            stored = ranges_of(&range, records.into_iter().filter(|record| *record < to));
        }
        known.push((range, stored));
    }
    // Which of them will be rolled up is as unknown, and nobody asks again once they are proven. Not before they were
    // read: an insert that was given up may become visible in between.
    let marked: BTreeSet<u128> = counts.keys().map(|(spool_id, ..)| *spool_id).collect();
    for spool_id in marked {
        delivery.ask(|| delivery.sink.mark_spool(spool_id)).await;
    }
    for (range, stored) in known {
        // Only a segment that was removed since can refuse; nothing is in doubt about it then.
        let _removed = delivery.record(move |ledger| ledger.proven(&range, &stored)).await;
    }
}

async fn counts_of(delivery: &Delivery, spools: BTreeSet<u128>, without: &[Part]) -> Counts {
    let mut counts = Counts::new();
    for spool_id in spools {
        let found = delivery.ask(|| delivery.sink.segment_counts(spool_id, without)).await;
        counts.extend(found.into_iter().map(|count| ((spool_id, count.lane, count.segment), count)));
    }
    counts
}
