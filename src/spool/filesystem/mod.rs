//! What the spool asks of the machine beneath it: files, mapped memory, a lock, ages and random bits.
//!
//! [`Disk`] is the real thing; [`Simulated`] keeps everything in memory and can lose power. Both hand the
//! writer a [`Region`], a pointer and a length, so the hot path is the same machine code on either.

mod disk;
mod simulated;

use std::io;
use std::path::Path;

pub use disk::Disk;
pub use simulated::Simulated;

/// A file system, its wall clock and its random bits.
pub trait FileSystem: Send + Sync + 'static {
    /// Makes `directory` and its parents; done when it exists.
    fn create_directory(&self, directory: &Path) -> io::Result<()>;
    /// Takes the lock that `path` stands for, until the guard is dropped or the process ends.
    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>, LockError>;
    /// Every file in `directory`: name and length in bytes.
    fn list(&self, directory: &Path) -> io::Result<Vec<(String, u64)>>;
    /// The whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// At most the first `length` bytes of the file.
    fn read_start(&self, path: &Path, length: usize) -> io::Result<Vec<u8>>;
    /// A new, empty file; an old one of that name is emptied.
    fn create(&self, path: &Path) -> io::Result<Box<dyn File>>;
    /// An existing file, to be written to.
    fn open(&self, path: &Path) -> io::Result<Box<dyn File>>;
    /// Gives a file another name, replacing what had it. Durable after [`FileSystem::sync_directory`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes creations, renames and removals in `directory` durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
    /// Bytes that may still be allocated where `directory` is.
    fn room(&self, directory: &Path) -> io::Result<u64>;
    /// Wall time, in milliseconds since 1970: for ages only, never part of an identity.
    fn now_ms(&self) -> u64;
    /// 128 random bits.
    fn random(&self) -> u128;
}

/// An open file.
pub trait File: Send + Sync {
    /// Writes all of `bytes` at `offset`, growing the file where needed.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything written, also through mappings, is on the disk. After an error nothing is known
    /// of what was written since the last success, and a later success says nothing about it either.
    fn sync(&self) -> io::Result<()>;
    /// As [`File::sync`], for the bytes `from..to` of `region`, a mapping of this file. Pages beyond them are left as
    /// they are: what was made ready for the next stores stays ready.
    fn sync_mapped(&self, region: &Region, from: usize, to: usize) -> io::Result<()>;
    /// Maps the first `length` bytes, readable, writable and shared. The file must not grow or shrink after.
    fn map(&self, length: usize) -> io::Result<Region>;
}

/// Somebody else has the lock, or it could not be asked for.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Held by another process, whose id stands in the file unless it could not be read.
    #[error("held by process {}", .0.map_or_else(|| "?".to_owned(), |pid| pid.to_string()))]
    Held(Option<u32>),
    /// The lock's file could not be opened or locked.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Shared, writable memory of a mapped file, aligned to 8 bytes at least.
pub struct Region {
    pointer: *mut u8,
    length: usize,
    populate: fn(*mut u8, usize),
    _owner: Box<dyn Send + Sync>,
}

// SAFETY: a Region is a pointer and a length; whoever dereferences argues for the access. The owner that keeps the
// memory alive is itself Send and Sync.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// # Safety
    /// `pointer` is aligned to 8 bytes, and `length` bytes from it stay readable and writable for as long as
    /// `owner` lives.
    pub(super) unsafe fn new(pointer: *mut u8, length: usize, owner: Box<dyn Send + Sync>) -> Self {
        Self { pointer, length, populate: |_, _| {}, _owner: owner }
    }

    /// The same, with a way to make its pages ready to be stored to.
    pub(super) fn with_populate(self, populate: fn(*mut u8, usize)) -> Self {
        Self { populate, ..self }
    }

    /// Lets the caller, rather than the next store, wait for what the first store to a clean page costs: a page
    /// fault, in which a file system may wait for its journal. From `from` on, at most `length` bytes.
    pub fn populate(&self, from: usize, length: usize) {
        let from = from.min(self.length);
        // Stays inside the region, so the pointer does too.
        (self.populate)(self.pointer.wrapping_add(from), length.min(self.length - from));
    }

    /// Start of the memory.
    pub fn pointer(&self) -> *mut u8 {
        self.pointer
    }

    /// Bytes of memory.
    pub fn length(&self) -> usize {
        self.length
    }
}

/// True for the errors that mean "no room": the disk, the quota or the inodes are used up.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
