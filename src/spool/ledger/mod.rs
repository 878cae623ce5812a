//! The ledger: which records were shipped, and what became of them.
//!
//! It promises that what a call wrote down is on the disk when the call returns, that a manifest is there before
//! its batch is sent, and that a segment's account is kept for ever. It forgets nothing that would let an identity
//! be given twice. Its calls wait for the disk: from asynchronous code, make them on a thread that may block.
//!
//! Deliberately absent: the rows themselves (they are frozen in memory and can be made again from the segments),
//! and any call to ClickHouse.

mod codec;
mod entry;
mod intervals;
pub(super) mod log;
mod manifest;
pub(super) mod state;
mod summary;
mod unrecorded;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

pub(super) use entry::Entry;
pub(super) use intervals::Intervals;
pub use manifest::Manifest;
pub use summary::SegmentSummary;
pub use unrecorded::Unrecorded;
pub(super) use unrecorded::{Counts, peek};

use self::log::Log;
use self::state::State;
use super::filesystem::FileSystem;
use super::identity::{Key, Range, RecordId};
use super::live::Living;
use super::signal::Signal;

/// A quarantine reason is cut to this, in bytes.
const LONGEST_REASON: usize = 200;

/// The ledger of one spool. Shared; every method may be called from any thread.
pub struct Ledger {
    files: Arc<dyn FileSystem>,
    directory: PathBuf,
    /// Free room that its file is given, bytes.
    room: u64,
    inside: Mutex<Inside>,
    living: Arc<Living>,
    rebuilt: bool,
    pub(super) unrecorded: Counts,
    /// Told when space may have become free.
    pub(super) changed: Arc<Signal>,
    /// Held as long as anyone can still write here, which is longer than the spool itself when a clone of the
    /// ledger outlives it.
    _lock: Box<dyn Send + Sync>,
}

struct Inside {
    state: State,
    /// `None` after a failed write: what the file holds at its end is then unknown, and the next entry writes it anew.
    log: Option<Log>,
    compacted_length: u64,
}

/// The ledger could not note something; then it did not happen.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The disk refused the write or the sync. Trying again is safe.
    #[error("the ledger could not be written ({0}): check the disk of the spool's directory")]
    Io(#[from] io::Error),
    /// No such batch is open.
    #[error("batch {batch:032x} is not open: it was verified or released before")]
    UnknownBatch {
        /// As asked for.
        batch: u128,
    },
    /// A batch of this name is open already.
    #[error("batch {batch:032x} is open already: draw another batch id")]
    BatchExists {
        /// As asked for.
        batch: u128,
    },
    /// A range is empty, or some record of it is in an open batch, stored or quarantined.
    #[error("{range} is empty or taken already: cut batches from what `pending` returns")]
    Overlap {
        /// The range in question.
        range: Range,
    },
    /// The segment is unknown, or its file is gone.
    #[error("no file holds {range}: its segment was removed after it was stored")]
    UnknownSegment {
        /// The range in question.
        range: Range,
    },
    /// A record is in no range of the batch.
    #[error("{range} is not part of batch {batch:032x}")]
    Outside {
        /// The batch.
        batch: u128,
        /// The record.
        range: Range,
    },
}

impl Ledger {
    /// Notes a batch that is about to be sent. Its records are pending no more.
    ///
    /// Errors when the name is taken, or a record is in another batch, stored or quarantined.
    pub fn open_batch(&self, manifest: Manifest) -> Result<(), LedgerError> {
        self.note(Entry::Opened(manifest))
    }

    /// Notes that a batch is about to be sent under another token; returns the generation to send it as.
    pub fn next_generation(&self, batch: u128) -> Result<u32, LedgerError> {
        let mut inside = self.inside.lock();
        let generation = inside.state.batch(batch)?.generation + 1;
        self.note_in(&mut inside, Entry::Generation { batch, generation })?;
        Ok(generation)
    }

    /// Notes that every record of a batch, but for those in quarantine, is verified to be stored.
    pub fn stored(&self, batch: u128) -> Result<(), LedgerError> {
        self.note(Entry::Stored { batch })
    }

    /// Notes records of an open batch that ClickHouse will not take, with the reason (cut to 200 bytes).
    pub fn quarantined(&self, batch: u128, records: &[(RecordId, String)]) -> Result<(), LedgerError> {
        let cut = |reason: &str| Arc::from(&reason[..reason.floor_char_boundary(LONGEST_REASON)]);
        let records = records.iter().map(|(id, reason)| (*id, cut(reason))).collect();
        self.note(Entry::Quarantined { batch, records })
    }

    /// Notes that a batch is known not to be stored and will never be sent again: its records, but for those in
    /// quarantine, are pending again.
    pub fn released(&self, batch: u128) -> Result<(), LedgerError> {
        self.note(Entry::Released { batch })
    }

    /// Makes stored or quarantined records pending again: a replay. Errors when a file is gone or a batch is open.
    pub fn requeued(&self, ranges: &[Range]) -> Result<(), LedgerError> {
        self.note(Entry::Requeued { ranges: ranges.to_vec() })
    }

    /// True when records of this segment may be stored although the ledger does not know it, because a former
    /// ledger was lost: ask ClickHouse for the segment's identities, then call [`proven`](Ledger::proven).
    pub fn is_doubtful(&self, range: &Range) -> bool {
        self.inside.lock().state.segments.get(&range.key()).is_some_and(|segment| segment.doubtful)
    }

    /// Ends the doubt about the segment of `range`: the records of `stored`, all of that segment, are in ClickHouse,
    /// and the others are not. Records of an open batch are left to it.
    pub fn proven(&self, range: &Range, stored: &[Range]) -> Result<(), LedgerError> {
        if let Some(foreign) = stored.iter().find(|other| other.key() != range.key()) {
            return Err(LedgerError::UnknownSegment { range: *foreign });
        }
        self.note(Entry::Proven { key: range.key(), stored: stored.iter().map(|one| (one.from, one.to)).collect() })
    }

    /// Batches that were perhaps sent and are not verified; after a restart these come first.
    pub fn open_batches(&self) -> Vec<Manifest> {
        self.inside.lock().state.batches.values().cloned().collect()
    }

    /// The account of every segment that ever held a record, oldest first.
    pub fn segments(&self) -> Vec<SegmentSummary> {
        let living = self.living.snapshot();
        let inside = self.inside.lock();
        let committed = |key: &Key| living.iter().find(|segment| segment.key == *key).map(|segment| segment.count());
        let past = inside.state.past.values().map(SegmentSummary::of_past);
        let present = inside.state.segments.iter();
        let present = present.map(|(key, segment)| SegmentSummary::of(*key, segment, committed(key)));
        let mut all: Vec<_> = past.chain(present.filter(|summary| summary.answered > 0)).collect();
        all.sort_by_key(|summary| (summary.segment, summary.lane, summary.spool_id));
        all
    }

    /// Which records of `range` are verified in ClickHouse, ascending; none when the segment's file is gone.
    pub fn stored_ranges(&self, range: &Range) -> Vec<Range> {
        let inside = self.inside.lock();
        let segment = inside.state.segments.get(&range.key());
        let stored = segment.map(|segment| segment.stored.within(range.from, range.to)).unwrap_or_default();
        stored.iter().map(|(from, to)| range.key().range(from, to)).collect()
    }

    /// Records in quarantine whose segments are there, with their reasons.
    pub fn quarantine(&self) -> Vec<(RecordId, Arc<str>)> {
        let inside = self.inside.lock();
        let segments = inside.state.segments.iter();
        let records = segments.flat_map(|(key, segment)| {
            segment.quarantined.iter().map(|(record, reason)| (key.range(0, 0).id(*record), reason.clone()))
        });
        records.collect()
    }

    /// Answered clicks that no segment holds, by reason, over the life of the spool.
    pub fn unrecorded(&self) -> [(Unrecorded, u64); 2] {
        Unrecorded::ALL.map(|reason| (reason, self.unrecorded.get(reason)))
    }

    /// True when this start found the ledger lost or damaged beyond a cut-off end, drew a new spool id and counts
    /// every record at hand as not shipped.
    pub fn was_rebuilt(&self) -> bool {
        self.rebuilt
    }

    /// The identity under which new records are given out.
    pub fn spool_id(&self) -> u128 {
        self.inside.lock().state.spool_id
    }
}

/// What the rest of the spool asks.
impl Ledger {
    pub(super) fn start(
        files: Arc<dyn FileSystem>,
        directory: PathBuf,
        opened: (State, Log),
        room: u64,
        living: Arc<Living>,
        rebuilt: bool,
        lock: Box<dyn Send + Sync>,
    ) -> Self {
        let unrecorded = Counts::open(&*files, &directory);
        let (state, log) = opened;
        let inside = Mutex::new(Inside { state, compacted_length: log.length(), log: Some(log) });
        Self { files, directory, room, inside, living, rebuilt, unrecorded, changed: Arc::default(), _lock: lock }
    }

    /// Writes `entry`, syncs it, and lets it happen.
    pub(super) fn note(&self, entry: Entry) -> Result<(), LedgerError> {
        self.note_in(&mut self.inside.lock(), entry)
    }

    fn note_in(&self, inside: &mut Inside, entry: Entry) -> Result<(), LedgerError> {
        inside.state.check(&entry)?;
        // Taken out first: after an error the end of the file is unknown, and the next entry writes it anew.
        let mut log = match inside.log.take() {
            Some(log) if !log.wants_compaction(inside.compacted_length) => log,
            old => match (Log::prepare(&*self.files, &self.directory, &inside.state, self.room), old) {
                (Ok(new), _) => {
                    let log = new.install(&*self.files, &self.directory)?;
                    inside.compacted_length = log.length();
                    log
                }
                // Compaction can wait: the old file is whole.
                (Err(error), Some(old)) => {
                    tracing::warn!(%error, "the ledger could not be compacted");
                    inside.compacted_length = old.length();
                    old
                }
                (Err(error), None) => return Err(error.into()),
            },
        };
        crate::failpoint::reach("ledger-before-append");
        log.append(&entry)?;
        crate::failpoint::reach("ledger-after-append");
        inside.log = Some(log);
        let frees = matches!(entry, Entry::Stored { .. } | Entry::Proven { .. });
        inside.state.apply(entry);
        if frees {
            self.changed.raise();
        }
        Ok(())
    }

    /// A number that no segment ever had.
    pub(super) fn next_segment(&self) -> u64 {
        self.inside.lock().state.highest + 1
    }

    /// Reads something of the state, under its lock.
    pub(super) fn with<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.inside.lock().state)
    }

    /// Bytes of the ledger's own file.
    pub(super) fn file_length(&self) -> u64 {
        self.inside.lock().log.as_ref().map_or(0, Log::length)
    }
}
