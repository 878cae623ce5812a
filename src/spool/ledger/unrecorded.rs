//! Answered clicks that no segment holds, counted by reason in a small mapped file.
//!
//! Mapped, because it has to survive a kill at any moment and to count when the disk is full: nothing is allocated
//! and nothing is written by a call.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::spool::filesystem::{FileSystem, Region};

const NAME: &str = "unrecorded.counts";
const MAGIC: u64 = u64::from_le_bytes(*b"RELAISUN");
const BYTES: usize = 64;

/// Why an answered click is in no segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unrecorded {
    /// The spool was full: the disk, or `max_bytes`, or the next segment was not ready in time.
    Full,
    /// The disk reported an error.
    Io,
}

impl Unrecorded {
    /// Every reason.
    pub const ALL: [Self; 2] = [Self::Full, Self::Io];

    /// The label value of `relais_clicks_unrecorded_total`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Io => "io",
        }
    }
}

/// One counter a reason. Counts for ever; nothing resets it.
pub(in crate::spool) struct Counts {
    /// `None` when not even the small file could be made: then a restart forgets.
    region: Option<Region>,
    fallback: [AtomicU64; Unrecorded::ALL.len()],
}

impl Counts {
    /// Opens the counters in `directory`, or makes them.
    pub(super) fn open(files: &dyn FileSystem, directory: &Path) -> Self {
        let region = map(files, directory).inspect_err(|error| {
            tracing::error!(%error, file = NAME, "unrecorded clicks are counted in memory only until the next start");
        });
        Self { region: region.ok(), fallback: Default::default() }
    }

    pub(in crate::spool) fn add(&self, reason: Unrecorded, count: u64) {
        self.counter(reason).fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn get(&self, reason: Unrecorded) -> u64 {
        self.counter(reason).load(Ordering::Relaxed)
    }

    fn counter(&self, reason: Unrecorded) -> &AtomicU64 {
        let slot = reason as usize;
        match &self.region {
            // SAFETY: the region is BYTES long, aligned to 8 bytes, lives as long as self, and is only reached through
            // atomics once it is mapped; slots 0 and 1 follow the magic.
            Some(region) => unsafe { AtomicU64::from_ptr(region.pointer().cast::<u64>().add(1 + slot)) },
            None => &self.fallback[slot],
        }
    }
}

/// The counts of another process's spool, by reason.
pub(in crate::spool) fn peek(files: &dyn FileSystem, directory: &Path) -> [(Unrecorded, u64); 2] {
    let bytes = files.read(&directory.join(NAME)).ok().filter(|bytes| is_whole(bytes)).unwrap_or_default();
    Unrecorded::ALL.map(|reason| {
        let at = 8 + 8 * reason as usize;
        let word = bytes.get(at..at + 8).and_then(|word| word.try_into().ok());
        (reason, word.map_or(0, u64::from_ne_bytes))
    })
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() == BYTES && bytes[..8] == MAGIC.to_le_bytes()
}

fn map(files: &dyn FileSystem, directory: &Path) -> io::Result<Region> {
    let path = directory.join(NAME);
    if !files.read(&path).is_ok_and(|bytes| is_whole(&bytes)) {
        let file = files.create(&path)?;
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(&MAGIC.to_le_bytes());
        file.write_at(0, &bytes)?;
        file.sync()?;
        files.sync_directory(directory)?;
    }
    files.open(&path)?.map(BYTES)
}
