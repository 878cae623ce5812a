//! Housekeeping: the next segment of every lane, the end of full ones, and what may be removed.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::core::Core;
use super::filesystem::is_full;
use super::identity::Key;
use super::lane::{Lane, Refusal};
use super::ledger::{Entry, Intervals, LedgerError};
use super::live::Live;
use super::segment::file_name;

impl Core {
    /// One round of everything.
    pub(super) fn keep_once(&self) {
        self.close_finished();
        self.forget_expired();
        let lanes: Vec<_> = self.lanes.lock().values().cloned().collect();
        for lane in lanes.iter().filter(|lane| lane.wants_segment()) {
            self.supply(lane);
        }
        self.report();
    }

    /// Allocates a segment for `lane` and hands it over.
    pub(super) fn supply(&self, lane: &Lane) {
        let _turn = self.keeping.lock();
        if !lane.wants_segment() {
            return;
        }
        let outcome = self.allocate(lane);
        if outcome.is_err() {
            self.counts.refused_allocations.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(unwanted) = lane.supply(outcome) {
            unwanted.finish();
        }
    }

    /// Makes room by removing what is stored, then allocates. Refused when there is no room all the same.
    fn allocate(&self, lane: &Lane) -> Result<Arc<Live>, Refusal> {
        let known = lane.is_refused();
        loop {
            let needed = self.config.segment_bytes;
            let room = self.files.room(&self.directory).unwrap_or(u64::MAX);
            // Asked for first: filling a disk to the last byte to find out would starve whoever shares it.
            let fits = self.bytes() + needed <= self.config.max_bytes && needed <= room;
            let error = match fits.then(|| self.allocate_file(lane.number)) {
                Some(Ok(live)) => {
                    self.living.add(live.clone());
                    if known {
                        tracing::info!(lane = lane.number, "a segment could be allocated again; clicks are recorded");
                    }
                    return Ok(live);
                }
                Some(Err(error)) => Some(error),
                None => None,
            };
            let full = error.as_ref().is_none_or(is_full);
            if full && self.forget_oldest() {
                continue;
            }
            // Tried again every round, and said once.
            if !known {
                tracing::warn!(
                    lane = lane.number,
                    error = error.map(|error| error.to_string()),
                    bytes = self.bytes(),
                    max_bytes = self.config.max_bytes,
                    "no segment could be allocated: free disk space, raise spool.max_bytes, or see why clicks are not \
                     shipped"
                );
            }
            return Err(if full { Refusal::Full } else { Refusal::Io });
        }
    }

    /// Notes the end of segments that their writer has left and the disk has, and lets go of their memory.
    pub(super) fn close_finished(&self) {
        let _turn = self.keeping.lock();
        for live in self.living.snapshot() {
            if !live.is_finished() || (live.is_dirty() && !live.is_abandoned()) {
                continue;
            }
            if let Err(error) = self.close(&live) {
                tracing::warn!(%error, segment = live.key.segment, "the end of a segment could not be noted");
            }
        }
    }

    fn close(&self, live: &Live) -> Result<(), LedgerError> {
        let (key, answered) = (live.key, live.count());
        let known =
            self.ledger.with(|state| state.segments.get(&key).map(|segment| (segment.closed, segment.is_settled())));
        let Some((closed, settled)) = known else {
            self.living.remove(key);
            return Ok(());
        };
        if answered == 0 {
            self.living.remove(key);
            return self.forget(key);
        }
        if closed.is_none() {
            let at_ms = self.files.now_ms();
            self.ledger.note(Entry::Closed { key, answered, gaps: Intervals::default(), at_ms })?;
        }
        // What a failed sync left behind may be nowhere but in this memory: it stays until all of it is shipped.
        if !live.is_abandoned() || settled {
            self.living.remove(key);
        }
        Ok(())
    }

    /// Removes segments whose retention is over. Those with records in quarantine stay longer, until their room is needed
    /// or no click may be kept any more.
    fn forget_expired(&self) {
        let _turn = self.keeping.lock();
        let now_ms = self.files.now_ms();
        let horizon = now_ms.saturating_sub(self.config.retention_ms());
        let last = now_ms.saturating_sub(self.config.quarantine_ms());
        let expired: Vec<Key> = self.ledger.with(|state| {
            let old = state.segments.iter().filter(|(_, segment)| {
                let horizon = if segment.quarantined.is_empty() { horizon } else { last };
                segment.closed.is_some_and(|closed| closed.at_ms < horizon) && segment.is_settled()
            });
            old.map(|(key, _)| *key).collect()
        });
        for key in expired {
            if let Err(error) = self.forget(key) {
                tracing::warn!(%error, segment = key.segment, "an old segment could not be removed");
            }
        }
    }

    /// Removes the oldest segment that holds nothing unshipped; false when there is none.
    fn forget_oldest(&self) -> bool {
        let oldest = self.ledger.with(|state| {
            let mut settled = state.segments.iter().filter(|(_, segment)| segment.is_settled());
            settled.next().map(|(key, _)| *key)
        });
        oldest.is_some_and(|key| match self.forget(key) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, segment = key.segment, "a stored segment could not be removed");
                false
            }
        })
    }

    /// The ledger first: a file that it knows to be gone is removed again at the next start, not shipped again.
    fn forget(&self, key: Key) -> Result<(), LedgerError> {
        self.ledger.note(Entry::Forgotten { key })?;
        crate::failpoint::reach("spool-before-remove");
        match self.files.remove(&self.directory.join(file_name(key.lane, key.segment))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Bytes of the whole directory, as `max_bytes` counts them.
    pub(super) fn bytes(&self) -> u64 {
        let segments: u64 = self.ledger.with(|state| state.segments.values().map(|segment| segment.bytes).sum());
        let unshipped: u64 = self.unshipped.iter().filter(|one| !one.in_ledger).map(|one| one.bytes).sum();
        segments + unshipped + self.ledger.file_length()
    }

    /// Bytes of closed segments that hold a record which is neither stored nor in quarantine: no call for room gets
    /// these. An open segment is not counted, because it is allocated whole and nearly empty in quiet hours.
    fn unshipped_bytes(&self) -> u64 {
        self.ledger.with(|state| {
            let waiting = state.segments.values().filter(|segment| segment.closed.is_some() && !segment.is_settled());
            waiting.map(|segment| segment.bytes).sum()
        })
    }

    fn report(&self) {
        let now_ms = self.files.now_ms();
        let gauge = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        self.metrics.spool_bytes.set(gauge(self.bytes()));
        self.metrics.spool_unshipped_bytes.set(gauge(self.unshipped_bytes()));
        self.metrics.spool_max_bytes.set(gauge(self.config.max_bytes));
        let living = self.living.snapshot();
        let mut ages = self.keeping.lock();
        ages.mark(now_ms, &living);
        let oldest = self.ledger.with(|state| {
            let unsettled = state.segments.iter().filter_map(|(key, segment)| {
                let count = || living.iter().find(|live| live.key == *key).map(|live| live.count());
                let end = segment.closed.map(|closed| closed.answered).or_else(count)?;
                Some(ages.appended_ms(*key, segment.oldest(end)?).unwrap_or(segment.created_ms))
            });
            unsettled.min()
        });
        ages.retain(|key| self.ledger.with(|state| state.segments.get(key).is_some_and(|one| !one.is_settled())));
        self.metrics.spool_oldest.set(oldest.map_or(0.0, |then| now_ms.saturating_sub(then) as f64 / 1000.0));
    }
}

/// When records were appended, to about a round of the keeper: for the age of the oldest one only, so that neither a
/// record nor the hot path needs a clock.
#[derive(Default)]
pub(super) struct Ages(HashMap<Key, VecDeque<(u32, u64)>>);

/// Marks that are kept of one segment; beyond it every second one is dropped.
const MARKS: usize = 4096;

impl Ages {
    fn mark(&mut self, now_ms: u64, living: &[Arc<Live>]) {
        for live in living {
            let marks = self.0.entry(live.key).or_default();
            if live.count() > marks.back().map_or(0, |last| last.0) {
                marks.push_back((live.count(), now_ms));
            }
            if marks.len() > MARKS {
                let mut number = 0;
                marks.retain(|_| {
                    number += 1;
                    number % 2 == 0
                });
            }
        }
    }

    fn appended_ms(&self, key: Key, record: u32) -> Option<u64> {
        let marks = self.0.get(&key)?;
        marks.get(marks.partition_point(|mark| mark.0 <= record)).map(|mark| mark.1)
    }

    fn retain(&mut self, keep: impl Fn(&Key) -> bool) {
        self.0.retain(|key, _| keep(key));
    }
}
