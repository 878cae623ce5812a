//! A new segment: every byte of it written, synced, noted and mapped before a writer sees it.
//!
//! Written at one go that is several milliseconds of kernel work, which a redirect on the same core would wait for,
//! many times a minute. So it is done in short bursts with pauses between, for as long as the writers leave time.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::core::Core;
use super::filesystem::File;
use super::identity::Key;
use super::ledger::{Entry, LedgerError};
use super::live::Live;
use super::segment::{FIRST_RECORD, Header, file_name};

/// Zeros are written in pieces of this, bytes: a page. The kernel keeps a larger piece as one large folio, and then
/// every first store to a page of it walks over all blocks of the folio.
const PIECE: usize = 4 << 10;
/// The start of a new segment that is made ready for stores, bytes.
const READY: usize = 512 << 10;
/// Bytes that are written in one go while nobody is in a hurry: a tenth of a millisecond's work.
const BURST: u64 = 64 << 10;
/// The pause after each.
pub(super) const PAUSE: Duration = Duration::from_micros(500);

impl Core {
    /// A new, empty segment of `lane`: on the disk, noted in the ledger, mapped, its first pages ready for stores.
    pub(super) fn allocate_file(&self, lane: u8) -> io::Result<Arc<Live>> {
        let segment = self.ledger.next_segment();
        let key = Key { segment, lane, spool_id: self.ledger.spool_id() };
        let (capacity, created_ms) = (self.config.segment_bytes, self.files.now_ms());
        let header = Header { key, salt: self.files.random() as u64, capacity, created_ms };
        let path = self.directory.join(file_name(lane, segment));
        let unfinished = path.with_extension("segment.new");
        let filled = self.fill(&unfinished, &header).and_then(|file| {
            // Noted before the name exists: whatever happens next, the number is used up.
            match self.ledger.note(Entry::Begun { key, bytes: capacity, created_ms }) {
                Ok(()) => Ok(file),
                Err(LedgerError::Io(error)) => Err(error),
                Err(other) => Err(io::Error::other(other)),
            }
        });
        let file = filled.inspect_err(|_| {
            let _only_room = self.files.remove(&unfinished);
        })?;
        let named = self.files.rename(&unfinished, &path).and_then(|()| self.files.sync_directory(&self.directory));
        match named.and_then(|()| file.map(capacity as usize)) {
            Ok(region) => {
                let live = Live::new(key, header.salt, region, file);
                live.prepare(READY);
                Ok(Arc::new(live))
            }
            Err(error) => {
                // Nothing was appended to it. Whatever of this fails is found and done again at the next start.
                let _one_of_them_exists = self.files.remove(&unfinished).or_else(|_| self.files.remove(&path));
                let _best_effort = self.ledger.note(Entry::Forgotten { key });
                Err(error)
            }
        }
    }

    /// Writes every byte of a new segment and syncs it, so that no store into its mapping can lack a block.
    fn fill(&self, path: &Path, header: &Header) -> io::Result<Box<dyn File>> {
        let file = self.files.create(path)?;
        let zeros = vec![0; PIECE.min(header.capacity as usize)];
        let mut offset = 0;
        while offset < header.capacity {
            let piece = zeros.len().min((header.capacity - offset) as usize);
            file.write_at(offset, &zeros[..piece])?;
            offset += piece as u64;
            if offset.is_multiple_of(BURST) && !self.is_wanted_soon(offset) {
                thread::sleep(self.pause);
            }
        }
        debug_assert!(header.capacity as usize > FIRST_RECORD);
        file.write_at(0, &header.encode())?;
        file.sync()?;
        Ok(file)
    }

    /// Whether writers may be through with their segments before the new ones are written, of one of which `written`
    /// bytes are: each that waits needs the same again, and twice that is left for what comes between.
    pub(super) fn is_wanted_soon(&self, written: u64) -> bool {
        let living = self.living.snapshot();
        let lanes = self.lanes.lock();
        let used = lanes.values().filter(|lane| lane.wants_segment()).map(|lane| {
            let newest = living.iter().rfind(|live| live.key.lane == lane.number);
            newest.map_or(u64::MAX, |live| live.end() as u64)
        });
        let (waiting, most) = used.fold((0, 0), |(waiting, most): (u64, u64), used| (waiting + 1, most.max(used)));
        most.saturating_mul(2 * waiting) > written
    }
}
