//! The ledger in memory: what the entries add up to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::LedgerError;
use super::entry::Entry;
use super::intervals::Intervals;
use super::manifest::Manifest;
use crate::spool::identity::{Key, Range};

/// Everything that is known of a spool's records.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::spool) struct State {
    pub(in crate::spool) spool_id: u128,
    /// Highest segment number that was ever given, over all lanes.
    pub(in crate::spool) highest: u64,
    /// Segments whose files are there.
    pub(in crate::spool) segments: BTreeMap<Key, Segment>,
    /// Segments whose files are gone; kept for ever, for the audit.
    pub(in crate::spool) past: HashMap<Key, Past>,
    /// Batches that were perhaps sent and are not verified.
    pub(in crate::spool) batches: BTreeMap<u128, Manifest>,
}

/// One segment whose file is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::spool) struct Segment {
    /// Length of its file.
    pub(in crate::spool) bytes: u64,
    /// Wall time of its allocation, ms since 1970.
    pub(in crate::spool) created_ms: u64,
    /// Set when it takes no more records.
    pub(in crate::spool) closed: Option<Closed>,
    /// Answered, without an outcome, and not in the file.
    pub(in crate::spool) gaps: Intervals,
    /// Verified in ClickHouse.
    pub(in crate::spool) stored: Intervals,
    /// Refused by ClickHouse, with the reason.
    pub(in crate::spool) quarantined: BTreeMap<u32, Arc<str>>,
    /// In an open batch. Follows from the batches, so it is not written with a segment.
    pub(in crate::spool) open: Intervals,
    /// A former ledger was lost: what is pending may be stored all the same.
    pub(in crate::spool) doubtful: bool,
}

/// The end of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::spool) struct Closed {
    /// Records that it was given.
    pub(in crate::spool) answered: u32,
    /// Wall time, ms since 1970.
    pub(in crate::spool) at_ms: u64,
}

/// What stays of a segment whose file is gone.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::spool) struct Past {
    pub(in crate::spool) key: Key,
    pub(in crate::spool) answered: u32,
    pub(in crate::spool) stored: u32,
    pub(in crate::spool) quarantined: u32,
    pub(in crate::spool) gaps: Intervals,
}

impl Segment {
    /// Records that are stored or in quarantine.
    fn settled(&self) -> Intervals {
        let mut settled = self.stored.clone();
        self.quarantined.keys().for_each(|record| settled.insert(*record, record + 1));
        settled
    }

    /// Those, and the records of open batches.
    fn taken(&self) -> Intervals {
        let mut taken = self.settled();
        taken.insert_all(&self.open);
        taken
    }

    /// The lowest stretch of records below `end` that are to be shipped. Records that are known to be missing are
    /// left out at its ends only: a stretch with holes still fits one range.
    pub(in crate::spool) fn pending(&self, end: u32) -> Option<(u32, u32)> {
        self.taken().holes(end).iter().find_map(|(from, to)| {
            let mut readable = Intervals::default();
            readable.insert(from, to);
            readable.remove_all(&self.gaps);
            Some((readable.iter().next()?.0, readable.end()))
        })
    }

    /// How many of the records below `end` are to be shipped.
    pub(in crate::spool) fn pending_count(&self, end: u32) -> u32 {
        let mut taken = self.taken();
        taken.insert_all(&self.gaps);
        taken.holes(end).count()
    }

    /// The first record below `end` that is not stored, quarantined or known to be missing.
    pub(in crate::spool) fn oldest(&self, end: u32) -> Option<u32> {
        let mut settled = self.settled();
        settled.insert_all(&self.gaps);
        settled.holes(end).iter().next().map(|(from, _)| from)
    }

    /// Closed, and every record stored, quarantined or known to be missing.
    pub(in crate::spool) fn is_settled(&self) -> bool {
        self.open.is_empty() && self.closed.is_some_and(|closed| self.pending_count(closed.answered) == 0)
    }

    /// One past the highest record that any entry speaks of.
    pub(in crate::spool) fn extent(&self) -> u32 {
        let quarantined = self.quarantined.last_key_value().map_or(0, |(record, _)| record + 1);
        self.stored.end().max(self.open.end()).max(quarantined)
    }
}

impl State {
    /// Says why `entry` cannot happen now, if it cannot.
    pub(super) fn check(&self, entry: &Entry) -> Result<(), LedgerError> {
        match entry {
            Entry::Opened(manifest) => self.check_manifest(manifest),
            Entry::Generation { batch, .. } | Entry::Stored { batch } | Entry::Released { batch } => {
                self.batch(*batch).map(|_| ())
            }
            Entry::Quarantined { batch, records } => {
                let manifest = self.batch(*batch)?;
                for (id, _) in records {
                    let inside = |range: &Range| range.key() == id.key() && (range.from..range.to).contains(&id.record);
                    if !manifest.ranges.iter().any(inside) {
                        let range = id.key().range(id.record, id.record.saturating_add(1));
                        return Err(LedgerError::Outside { batch: *batch, range });
                    }
                }
                Ok(())
            }
            Entry::Requeued { ranges } => ranges.iter().try_for_each(|range| {
                let segment = self.segment(range)?;
                let overlap = segment.open.within(range.from, range.to);
                if overlap.is_empty() { Ok(()) } else { Err(LedgerError::Overlap { range: *range }) }
            }),
            Entry::Proven { key, .. } | Entry::Missing { key, .. } | Entry::Forgotten { key } => {
                self.segment(&key.range(0, 0)).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    fn check_manifest(&self, manifest: &Manifest) -> Result<(), LedgerError> {
        if self.batches.contains_key(&manifest.batch) {
            return Err(LedgerError::BatchExists { batch: manifest.batch });
        }
        let mut seen: HashMap<Key, Intervals> = HashMap::new();
        for range in &manifest.ranges {
            let taken = self.segment(range)?.taken();
            let seen = seen.entry(range.key()).or_default();
            let free = taken.within(range.from, range.to).is_empty() && seen.within(range.from, range.to).is_empty();
            if range.is_empty() || !free {
                return Err(LedgerError::Overlap { range: *range });
            }
            seen.insert(range.from, range.to);
        }
        Ok(())
    }

    pub(super) fn batch(&self, batch: u128) -> Result<&Manifest, LedgerError> {
        self.batches.get(&batch).ok_or(LedgerError::UnknownBatch { batch })
    }

    fn segment(&self, range: &Range) -> Result<&Segment, LedgerError> {
        self.segments.get(&range.key()).ok_or(LedgerError::UnknownSegment { range: *range })
    }

    /// Lets `entry` happen. What it speaks of and is not there is passed over: that was checked when it was written.
    pub(in crate::spool) fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Identity { spool_id, highest } => {
                self.spool_id = spool_id;
                self.highest = self.highest.max(highest);
            }
            Entry::Begun { key, bytes, created_ms } => {
                self.highest = self.highest.max(key.segment);
                self.segments.insert(key, Segment { bytes, created_ms, ..Segment::default() });
            }
            Entry::Closed { key, answered, gaps, at_ms } => self.change(key, |segment| {
                // A power cut may have taken records that were already shipped: they were answered as well.
                let extent = segment.extent().max(answered);
                segment.closed = Some(Closed { answered: extent, at_ms });
                segment.gaps.insert_all(&gaps);
                segment.gaps.insert(answered, extent);
                segment.trim_gaps();
            }),
            Entry::Missing { key, records } => self.change(key, |segment| {
                segment.gaps.insert_all(&records);
                segment.trim_gaps();
            }),
            Entry::Opened(manifest) => {
                for range in &manifest.ranges {
                    self.change(range.key(), |segment| segment.open.insert(range.from, range.to));
                }
                self.batches.insert(manifest.batch, manifest);
            }
            Entry::Generation { batch, generation } => {
                if let Some(manifest) = self.batches.get_mut(&batch) {
                    manifest.generation = generation;
                }
            }
            Entry::Stored { batch } => {
                let Some(manifest) = self.batches.remove(&batch) else { return };
                // Every number of its ranges became a row: then none of them is missing, whatever the file says.
                let whole = manifest.rows == manifest.span();
                for range in &manifest.ranges {
                    self.change(range.key(), |segment| segment.store(range.from, range.to, whole));
                }
            }
            Entry::Quarantined { records, .. } => {
                for (id, reason) in records {
                    self.change(id.key(), |segment| {
                        segment.quarantined.insert(id.record, reason);
                        segment.gaps.remove(id.record, id.record + 1);
                    });
                }
            }
            Entry::Released { batch } => {
                let Some(manifest) = self.batches.remove(&batch) else { return };
                for range in &manifest.ranges {
                    self.change(range.key(), |segment| segment.open.remove(range.from, range.to));
                }
            }
            Entry::Requeued { ranges } => {
                for range in ranges {
                    self.change(range.key(), |segment| {
                        segment.stored.remove(range.from, range.to);
                        segment.quarantined.retain(|record, _| !(range.from..range.to).contains(record));
                    });
                }
            }
            Entry::Proven { key, mut stored } => self.change(key, |segment| {
                // Those of an open batch get their outcome with it.
                stored.remove_all(&segment.open);
                stored.iter().for_each(|(from, to)| segment.store(from, to, true));
                segment.doubtful = false;
                // ClickHouse may know of records that a power cut took from the file, and the lost ledger with it.
                let extent = segment.extent();
                if let Some(closed) = segment.closed.as_mut().filter(|closed| closed.answered < extent) {
                    let unseen = std::mem::replace(&mut closed.answered, extent);
                    segment.gaps.insert(unseen, extent);
                    segment.trim_gaps();
                }
            }),
            Entry::Doubted { key } => self.change(key, |segment| segment.doubtful = true),
            Entry::Complete => {}
            Entry::Forgotten { key } => {
                if let Some(segment) = self.segments.remove(&key) {
                    self.remember(key, &segment);
                }
            }
            Entry::Segment(key, segment) => {
                self.highest = self.highest.max(key.segment);
                self.segments.insert(key, *segment);
            }
            Entry::Past(past) => {
                self.highest = self.highest.max(past.key.segment);
                self.past.insert(past.key, past);
            }
        }
    }

    fn change(&mut self, key: Key, change: impl FnOnce(&mut Segment)) {
        if let Some(segment) = self.segments.get_mut(&key) {
            change(segment);
        }
    }

    /// Keeps the sums of a segment whose file goes. One that never held a record leaves nothing.
    pub(in crate::spool) fn remember(&mut self, key: Key, segment: &Segment) {
        let answered = segment.closed.map_or(segment.extent(), |closed| closed.answered);
        let gaps = segment.settled().holes(answered);
        if answered > 0 {
            let (stored, quarantined) = (segment.stored.count(), segment.quarantined.len() as u32);
            self.past.insert(key, Past { key, answered, stored, quarantined, gaps });
        }
    }

    /// The entries that a compacted ledger consists of.
    pub(super) fn snapshot(&self) -> impl Iterator<Item = Entry> + '_ {
        let identity = Entry::Identity { spool_id: self.spool_id, highest: self.highest };
        let past = self.past.values().cloned().map(Entry::Past);
        let segments = self.segments.iter().map(|(key, segment)| Entry::Segment(*key, Box::new(segment.clone())));
        // Batches last: opening one marks records of segments that must be there.
        let batches = self.batches.values().cloned().map(Entry::Opened);
        std::iter::once(identity).chain(past).chain(segments).chain(batches).chain([Entry::Complete])
    }
}

impl Segment {
    /// A record that is stored or in quarantine has its outcome, whether or not the file still holds it.
    fn trim_gaps(&mut self) {
        self.gaps.remove_all(&self.stored);
        self.quarantined.keys().for_each(|record| self.gaps.remove(*record, record + 1));
    }

    fn store(&mut self, from: u32, to: u32, whole: bool) {
        self.open.remove(from, to);
        let mut rows = Intervals::default();
        rows.insert(from, to);
        self.quarantined.range(from..to).for_each(|(record, _)| rows.remove(*record, record + 1));
        if whole {
            self.gaps.remove(from, to);
        } else {
            rows.remove_all(&self.gaps);
        }
        self.stored.insert_all(&rows);
    }
}
