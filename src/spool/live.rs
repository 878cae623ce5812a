//! Segments that are mapped: being written, about to be, or just full.

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::filesystem::{File, Region};
use super::identity::Key;
use super::record::{self, HEAD, SEAL, Salt};
use super::segment::FIRST_RECORD;

/// A mapped segment. One writer stores into it; anyone may read what it has committed.
pub(super) struct Live {
    pub(super) key: Key,
    pub(super) salt: Salt,
    region: Region,
    file: Box<dyn File>,
    /// How far the writer is: number of records in the high half, offset behind the last in the low one.
    committed: AtomicU64,
    /// What `committed` said before the last sync that succeeded.
    synced: AtomicU64,
    /// Up to where pages were made ready for the writer.
    ready: AtomicUsize,
    /// A sync failed: nobody knows what of it reached the disk. The writer goes on in another segment.
    abandoned: AtomicBool,
    /// The writer has left it.
    finished: AtomicBool,
}

/// How far pages are made ready ahead of the writer, in bytes.
const AHEAD_AT_LEAST: usize = 64 << 10;
const AHEAD_AT_MOST: usize = 2 << 20;

/// The bytes of a committed record are not what was stored: the memory or the disk beneath it is at fault.
#[derive(Debug)]
pub(super) struct Corrupt;

impl Live {
    pub(super) fn new(key: Key, salt: u64, region: Region, file: Box<dyn File>) -> Self {
        let start = AtomicU64::new(FIRST_RECORD as u64);
        let synced = AtomicU64::new(FIRST_RECORD as u64);
        let (ready, abandoned, finished) = Default::default();
        Self { key, salt: Salt::new(salt), region, file, committed: start, synced, ready, abandoned, finished }
    }

    pub(super) fn pointer(&self) -> *mut u8 {
        self.region.pointer()
    }

    pub(super) fn capacity(&self) -> usize {
        self.region.length()
    }

    /// The commit word of the record at `offset`, a multiple of 8 at least [`HEAD`] bytes before the end.
    pub(super) fn commit_word(&self, offset: usize) -> &AtomicU32 {
        debug_assert!(offset.is_multiple_of(record::ALIGN) && offset + HEAD <= self.capacity());
        // SAFETY: inside the region and aligned to 4 bytes; after the mapping is made these four bytes are only
        // reached through atomics, but by the writer's own clearing of room that no reader looks at yet.
        unsafe { AtomicU32::from_ptr(self.pointer().add(offset).cast()) }
    }

    /// Called by the writer after the commit word was stored.
    #[inline]
    pub(super) fn advance(&self, records: u32, offset: usize) {
        self.committed.store(u64::from(records) << 32 | offset as u64, Ordering::Release);
    }

    /// Where the last committed record ends, bytes from the start of the segment.
    pub(super) fn end(&self) -> usize {
        (self.committed.load(Ordering::Acquire) & 0xffff_ffff) as usize
    }

    /// Records committed so far.
    pub(super) fn count(&self) -> u32 {
        (self.committed.load(Ordering::Acquire) >> 32) as u32
    }

    /// Records that are on the disk.
    pub(super) fn synced_count(&self) -> u32 {
        (self.synced.load(Ordering::Acquire) >> 32) as u32
    }

    #[inline]
    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Acquire)
    }

    pub(super) fn finish(&self) {
        self.finished.store(true, Ordering::Release);
    }

    /// True when something was committed since the last successful sync.
    pub(super) fn is_dirty(&self) -> bool {
        self.committed.load(Ordering::Acquire) != self.synced.load(Ordering::Acquire)
    }

    /// Carries what is committed now to the disk. After an error the segment is abandoned.
    pub(super) fn sync(&self) -> std::io::Result<()> {
        // Read before the sync: only that much is certain to be covered by it.
        let before = self.committed.load(Ordering::Acquire);
        let offset = |state: u64| (state & 0xffff_ffff) as usize;
        let (from, to) = (offset(self.synced.load(Ordering::Acquire)), offset(before));
        match self.file.sync_mapped(&self.region, from, to) {
            Ok(()) => {
                self.synced.store(before, Ordering::Release);
                self.prepare(4 * (to - from));
                Ok(())
            }
            Err(error) => {
                self.abandoned.store(true, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// Makes pages ready where the writer will store next, which is expected to be as many bytes before this is called
    /// again. The first store to a clean page can cost a redirect milliseconds while the file system's journal is
    /// busy; here it costs the sync thread. Called by one thread at a time.
    pub(super) fn prepare(&self, expected: usize) {
        let offset = self.end();
        // The sync has left this page clean; those behind it are ready since they were made so.
        self.region.populate(offset, 1);
        let (ready, wanted) =
            (self.ready.load(Ordering::Relaxed), offset + expected.clamp(AHEAD_AT_LEAST, AHEAD_AT_MOST));
        if wanted > ready {
            let from = ready.max(offset);
            self.region.populate(from, wanted - from);
            self.ready.store(wanted, Ordering::Relaxed);
        }
    }

    /// Visits the committed records `from..to`, walking from `start`, the number and offset of a record at or before
    /// `from`. Returns the same for the record behind the last one visited.
    pub(super) fn walk(
        &self,
        start: (u32, usize),
        from: u32,
        to: u32,
        visit: &mut dyn FnMut(u32, &[u8]),
    ) -> Result<(u32, usize), Corrupt> {
        let committed = self.committed.load(Ordering::Acquire);
        let (to, end) = (to.min((committed >> 32) as u32), (committed & 0xffff_ffff) as usize);
        let (mut index, mut offset) = start;
        while index < to {
            if offset + HEAD > end || self.commit_word(offset).load(Ordering::Acquire) != self.salt.commit_word(index) {
                return Err(Corrupt);
            }
            // SAFETY: committed bytes, which nobody writes again: `end` was read with Acquire after the writer's
            // Release, the slice ends at or before it, and starts behind the commit word.
            let rest = unsafe { slice::from_raw_parts(self.pointer().add(offset + 4), end - offset - 4) };
            let word = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().expect("four bytes"));
            let (number, length, crc) = (word(0), word(4), word(8));
            let payload = rest.get(12..12 + (length & !SEAL) as usize).ok_or(Corrupt)?;
            if number != index || length & SEAL != 0 || self.salt.checksum(index, length, payload) != crc {
                return Err(Corrupt);
            }
            if index >= from {
                visit(index, payload);
            }
            offset += record::framed(payload.len());
            index += 1;
        }
        Ok((index, offset))
    }

    /// A copy of everything committed, as a scan reads it.
    pub(super) fn image(&self) -> Vec<u8> {
        let end = self.end();
        // SAFETY: as in `walk`; the copy ends before the bytes that the writer may be storing to. Commit words in it
        // were stored before `end` was.
        unsafe { slice::from_raw_parts(self.pointer(), end) }.to_vec()
    }
}

/// Every mapped segment of the process.
#[derive(Default)]
pub(super) struct Living(Mutex<Vec<Arc<Live>>>);

impl Living {
    pub(super) fn add(&self, live: Arc<Live>) {
        self.0.lock().push(live);
    }

    pub(super) fn remove(&self, key: Key) {
        self.0.lock().retain(|live| live.key != key);
    }

    pub(super) fn get(&self, key: Key) -> Option<Arc<Live>> {
        self.0.lock().iter().find(|live| live.key == key).cloned()
    }

    /// All of them, oldest first.
    pub(super) fn snapshot(&self) -> Vec<Arc<Live>> {
        let mut all = self.0.lock().clone();
        all.sort_by_key(|live| live.key);
        all
    }
}
