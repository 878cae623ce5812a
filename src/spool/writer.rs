//! Appending: a redirect worker's own end of the spool.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::{ptr, slice};

use super::Inner;
use super::config::Acknowledge;
use super::identity::{Key, RecordId};
use super::lane::{Lane, Taken};
use super::ledger::Unrecorded;
use super::live::Live;
use super::record::{self, HEAD, SEAL, Salt};
use super::segment::{FIRST_RECORD, SEAL_ROOM};

/// The one writer of a lane. Dropping it ends the segment cleanly.
pub struct Writer {
    inner: Arc<Inner>,
    lane: Arc<Lane>,
    acknowledge: Acknowledge,
    /// `None` until a first segment could be allocated.
    live: Option<Arc<Live>>,
    /// The rest repeats what `live` says, where the hot path finds it without a detour.
    pointer: *mut u8,
    salt: Salt,
    key: Key,
    /// Where the next record goes.
    offset: usize,
    /// Where records must end, so that the seal fits behind.
    end: usize,
    /// Number of the next record.
    record: u32,
}

// SAFETY: the pointer is into the region that `live` keeps; only this writer stores there, from whatever thread owns it.
unsafe impl Send for Writer {}

/// A record that was appended; ask [`Writer::durable`] when it is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    pub(super) segment: u64,
    pub(super) record: u32,
}

/// A record was not appended; nothing of it is visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The disk or `spool.max_bytes` is used up, or the next segment did not get ready in time.
    #[error("the spool is full: free disk space, raise spool.max_bytes, or see why clicks are not shipped")]
    Full,
    /// The disk refused the next segment with an error.
    #[error("the spool's disk reports errors: check the disk of the spool's directory")]
    Io,
    /// The record would not even fit an empty segment.
    #[error("a record of {at_most} bytes does not fit a segment: raise spool.segment_bytes")]
    TooLarge {
        /// As asked for.
        at_most: usize,
    },
}

impl AppendError {
    /// The reason under which an answer without a record is counted.
    pub fn reason(self) -> Unrecorded {
        match self {
            Self::Full | Self::TooLarge { .. } => Unrecorded::Full,
            Self::Io => Unrecorded::Io,
        }
    }
}

/// It is not known whether a record reached the disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The disk reported an error; the segment is left and another one begun.
    #[error("the spool's disk failed a sync{}: check the disk", .code.map_or_else(String::new, |code| format!(" (error {code})")))]
    Disk {
        /// The operating system's error number.
        code: Option<i32>,
    },
    /// The spool was closed first.
    #[error("the spool was closed before the record was synced")]
    Closed,
}

impl Writer {
    /// Appends one record of at most `at_most` bytes: `fill` gets its identity and zeroed or stale room of that
    /// length, writes the payload to its start and returns the payload's length.
    ///
    /// The record is in the kernel's hands when this returns: a kill of the process does not lose it. No lock, no
    /// system call and no allocation, but for once a segment, when the next one is taken; should the allocator be
    /// late then, the call waits for it at most 5 ms, once, and is `Full` after that. The pages are made ready behind
    /// every sync, so that few stores take a page fault; one that does may wait for the file system.
    ///
    /// # Panics
    /// When `fill` returns more than `at_most`. When it panics itself nothing is appended.
    #[inline]
    pub fn append(
        &mut self,
        at_most: usize,
        fill: impl FnOnce(RecordId, &mut [u8]) -> usize,
    ) -> Result<Ticket, AppendError> {
        let fits = at_most.saturating_add(self.offset + HEAD) <= self.end;
        if !fits || self.live.as_ref().is_none_or(|live| live.is_abandoned()) {
            self.next_segment(at_most)?;
        }
        let id = self.key.range(0, 0).id(self.record);
        // SAFETY: `offset + HEAD + at_most` is at most `end`, which is inside the region, and the region lives as long
        // as `live`. Nothing refers to these bytes: readers stop at what `advance` told them.
        let room = unsafe { slice::from_raw_parts_mut(self.pointer.add(self.offset + HEAD), at_most) };
        let length = fill(id, room);
        // What `fill` left behind its payload would stand where the next record's commit word is looked for.
        room[length..].fill(0);
        self.commit(length as u32, self.salt.checksum(self.record, length as u32, &room[..length]), length);
        self.record += 1;
        if let Some(live) = &self.live {
            live.advance(self.record, self.offset);
        }
        Ok(Ticket { segment: self.key.segment, record: id.record })
    }

    /// Resolves when `ticket` is on the disk with `acknowledge = "disk"`, at once with `"os"`. The future holds on to
    /// nothing of the writer and may be awaited on any runtime.
    pub fn durable(&self, ticket: Ticket) -> impl Future<Output = Result<(), SyncError>> + Send + 'static + use<> {
        let progress = (self.acknowledge == Acknowledge::Disk).then(|| self.lane.progress.subscribe());
        async move {
            let Some(mut progress) = progress else { return Ok(()) };
            let known = progress.wait_for(|progress| progress.verdict(ticket).is_some()).await;
            known.ok().and_then(|progress| progress.verdict(ticket)).unwrap_or(Err(SyncError::Closed))
        }
    }

    /// Counts an answer that was given although no segment holds its click. The count survives a kill.
    pub fn unrecorded(&self, reason: Unrecorded) {
        self.inner.core.ledger.unrecorded.add(reason, 1);
    }

    pub(super) fn new(inner: Arc<Inner>, lane: Arc<Lane>) -> Self {
        Self {
            acknowledge: inner.core.config.acknowledge,
            inner,
            lane,
            live: None,
            pointer: ptr::null_mut(),
            salt: Salt::new(0),
            key: Key { segment: 0, lane: 0, spool_id: 0 },
            offset: 0,
            end: 0,
            record: 0,
        }
    }

    /// Frames the payload that stands behind `offset` and moves on; the commit word comes last.
    #[inline]
    fn commit(&mut self, length_word: u32, crc: u32, length: usize) {
        let mut head = [0; HEAD - 4];
        head[0..4].copy_from_slice(&self.record.to_le_bytes());
        head[4..8].copy_from_slice(&length_word.to_le_bytes());
        head[8..12].copy_from_slice(&crc.to_le_bytes());
        // SAFETY: as in `append`; these twelve bytes lie between the commit word and the payload.
        unsafe { ptr::copy_nonoverlapping(head.as_ptr(), self.pointer.add(self.offset + 4), head.len()) };
        if let Some(live) = &self.live {
            live.commit_word(self.offset).store(self.salt.commit_word(self.record), Ordering::Release);
        }
        self.offset += record::framed(length);
    }

    #[cold]
    fn next_segment(&mut self, at_most: usize) -> Result<(), AppendError> {
        let core = &self.inner.core;
        let largest = core.config.segment_bytes as usize - FIRST_RECORD - SEAL_ROOM - HEAD - record::ALIGN;
        if at_most > largest {
            return Err(AppendError::TooLarge { at_most });
        }
        let next = match self.lane.take(core.patience) {
            Taken::Ready(next) => next,
            Taken::Refused(refusal) => return Err(refusal.into()),
            Taken::Late { waited } => {
                core.counts.late_allocations.fetch_add(u64::from(waited), Ordering::Relaxed);
                core.ledger.changed.raise();
                return Err(AppendError::Full);
            }
        };
        self.leave_segment();
        self.pointer = next.pointer();
        self.salt = next.salt;
        self.key = next.key;
        self.offset = FIRST_RECORD;
        self.end = next.capacity() - SEAL_ROOM - record::ALIGN;
        self.record = 0;
        self.live = Some(next);
        self.inner.core.ledger.changed.raise();
        Ok(())
    }

    /// Seals the segment: what follows its last record is known to be nothing.
    fn leave_segment(&mut self) {
        let Some(live) = self.live.clone() else { return };
        self.commit(SEAL, self.salt.checksum(self.record, SEAL, &[]), 0);
        live.advance(self.record, self.offset);
        live.finish();
        self.live = None;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.leave_segment();
        if let Some(unused) = self.lane.leave() {
            unused.finish();
        }
        self.inner.core.ledger.changed.raise();
    }
}
