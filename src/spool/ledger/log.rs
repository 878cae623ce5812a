//! The ledger's file: entries one after the other, each with its length and a salted checksum.
//!
//! ```text
//!  0 magic "RELAISLG"   8 version u32   12 length of the header u32   16 salt u64   24 zeros   28 crc u32
//! 32 entries: [length u32][crc u32][bytes] …, then zeros up to the end of the file
//! ```
//!
//! Room is written as zeros well before it is needed, so that on a full disk shipping can still note what it
//! stored, and thereby free space. An entry's checksum covers its offset and the file's salt: neither bytes of an
//! older ledger nor a moved entry pass.

use std::io;
use std::path::Path;

use super::entry::Entry;
use super::state::State;
use crate::spool::filesystem::{File, FileSystem};

/// Format that this program writes, and the only one that it reads.
const VERSION: u32 = 1;
const MAGIC: [u8; 8] = *b"RELAISLG";
const HEADER: usize = 32;
const FRAME: usize = 8;
/// A file is not compacted before it has this length, bytes, and four times that of the last compaction.
const COMPACT_FROM: u64 = 4 << 20;
/// An entry is never longer, bytes: bounds what a damaged length can make a reader do.
const LONGEST: usize = 64 << 20;

/// The file, open for appending.
pub(in crate::spool) struct Log {
    file: Box<dyn File>,
    salt: u64,
    /// Where the next entry goes.
    end: u64,
    /// Length of the file; from `end` on it holds zeros.
    length: u64,
    /// Zeros are added in pieces of this, bytes, and half of it is kept free.
    room: u64,
}

/// Where a ledger that was read goes on.
#[derive(Debug, Clone, Copy)]
pub(in crate::spool) struct Tail {
    salt: u64,
    end: u64,
    length: u64,
}

/// What was found where the ledger should be.
pub(in crate::spool) enum Found {
    /// No file.
    Nothing,
    /// Readable to its end, or to an entry that a crash cut off.
    Whole { state: State, tail: Tail, torn: bool },
    /// Damaged in a way that no crash explains; what precedes the damage, when that could be read.
    Damaged { before: Option<State> },
    /// Written by a newer program.
    Newer { version: u32 },
}

/// Reads the ledger at `path`.
pub(in crate::spool) fn read(files: &dyn FileSystem, path: &Path) -> io::Result<Found> {
    match files.read(path) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

fn parse(bytes: &[u8]) -> Found {
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let whole_header = bytes.len() >= HEADER && bytes[..8] == MAGIC && u32_at(28) == crc32c::crc32c(&bytes[..28]);
    if !whole_header {
        return Found::Damaged { before: None };
    }
    if u32_at(8) != VERSION {
        return Found::Newer { version: u32_at(8) };
    }
    let salt = u64::from_le_bytes(bytes[16..24].try_into().expect("eight bytes"));
    let mut state = State::default();
    let (mut offset, mut complete) = (HEADER, false);
    while let Some((entry, next)) = entry_at(bytes, offset, salt) {
        complete |= entry == Entry::Complete;
        state.apply(entry);
        offset = next;
    }
    if !complete {
        // A ledger is renamed into place when all that it begins with is on the disk: no crash cuts that off.
        return Found::Damaged { before: (offset > HEADER).then_some(state) };
    }
    let rest = &bytes[offset..];
    let torn = rest.iter().any(|byte| *byte != 0);
    // A crash can cut off the last entry only. A valid one further on means that something else happened here.
    if torn && (offset + 1..bytes.len()).any(|at| entry_at(bytes, at, salt).is_some()) {
        return Found::Damaged { before: Some(state) };
    }
    let tail = Tail { salt, end: offset as u64, length: bytes.len() as u64 };
    Found::Whole { state, tail, torn }
}

fn entry_at(bytes: &[u8], offset: usize, salt: u64) -> Option<(Entry, usize)> {
    let frame = bytes.get(offset..offset + FRAME)?;
    let length = u32::from_le_bytes(frame[..4].try_into().expect("four bytes")) as usize;
    if length == 0 || length > LONGEST {
        return None;
    }
    let start = offset + FRAME;
    let body = bytes.get(start..start + length)?;
    let crc = u32::from_le_bytes(frame[4..].try_into().expect("four bytes"));
    if checksum(salt, offset as u64, body) != crc {
        return None;
    }
    Some((Entry::decode(body)?, start + length))
}

fn checksum(salt: u64, offset: u64, body: &[u8]) -> u32 {
    let place = (u128::from(salt) << 64 | u128::from(offset)).to_le_bytes();
    crc32c::crc32c_append(crc32c::crc32c(&place), body)
}

fn frame(out: &mut Vec<u8>, offset: u64, salt: u64, entry: &Entry) -> io::Result<()> {
    let body = entry.encode();
    if body.len() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a ledger entry of more than 64 MiB"));
    }
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&checksum(salt, offset, &body).to_le_bytes());
    out.extend_from_slice(&body);
    Ok(())
}

impl Log {
    /// Writes a ledger that holds `state` and nothing else beside the old one, which stays in force until
    /// [`install`](Log::install).
    pub(in crate::spool) fn prepare(
        files: &dyn FileSystem,
        directory: &Path,
        state: &State,
        room: u64,
    ) -> io::Result<Self> {
        let salt = files.random() as u64;
        let mut bytes = vec![0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&(HEADER as u32).to_le_bytes());
        bytes[16..24].copy_from_slice(&salt.to_le_bytes());
        let crc = crc32c::crc32c(&bytes[..28]);
        bytes[28..32].copy_from_slice(&crc.to_le_bytes());
        for entry in state.snapshot() {
            let offset = bytes.len() as u64;
            frame(&mut bytes, offset, salt, &entry)?;
        }
        let end = bytes.len() as u64;
        let length = (end + room).next_multiple_of(room);
        bytes.resize(length as usize, 0);

        let new = directory.join(NEW_NAME);
        let written = files.create(&new).and_then(|file| {
            file.write_at(0, &bytes)?;
            file.sync()?;
            Ok(Self { file, salt, end, length, room })
        });
        if written.is_err() {
            // The half-written file would only take room that is short already; recovery removes it otherwise.
            let _best_effort = files.remove(&new);
        }
        written
    }

    /// Puts a prepared ledger in the place of the old one. After an error either may be the one in force.
    pub(in crate::spool) fn install(self, files: &dyn FileSystem, directory: &Path) -> io::Result<Self> {
        files.rename(&directory.join(NEW_NAME), &directory.join(NAME))?;
        files.sync_directory(directory)?;
        Ok(self)
    }

    /// Goes on in the ledger that was found, for a disk too full to write a new one.
    pub(in crate::spool) fn resume(files: &dyn FileSystem, path: &Path, tail: Tail, room: u64) -> io::Result<Self> {
        let Tail { salt, end, length } = tail;
        let mut bytes = files.read(path)?;
        // What a crash left of a cut-off entry must not stand behind the entries to come.
        bytes[usize::try_from(end).map_err(io::Error::other)?..].fill(0);
        let file = files.open(path)?;
        // All of it, although most is there: after a sync that failed before a kill, the page cache shows entries that
        // the disk does not have, and takes them for written.
        file.write_at(0, &bytes)?;
        file.sync()?;
        Ok(Self { file, salt, end, length, room })
    }

    /// Appends `entry` and syncs it. After an error the file's end is unknown and it has to be rewritten.
    pub(in crate::spool) fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut bytes = Vec::new();
        frame(&mut bytes, self.end, self.salt, entry)?;
        let end = self.end + bytes.len() as u64;
        if end + self.room / 2 > self.length {
            let length = (end + self.room).next_multiple_of(self.room);
            let zeros = vec![0; (length - self.length) as usize];
            match self.file.write_at(self.length, &zeros) {
                Ok(()) => self.length = length,
                // Not yet needed: the entry may fit the room that is left.
                Err(error) if end > self.length => return Err(error),
                Err(_) => {}
            }
        }
        self.file.write_at(self.end, &bytes)?;
        self.file.sync()?;
        self.end = end;
        Ok(())
    }

    /// True when most of the file is likely to be history that a compacted one would not hold.
    pub(super) fn wants_compaction(&self, compacted_length: u64) -> bool {
        self.length > COMPACT_FROM && self.length > 4 * compacted_length
    }

    /// Bytes of the file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }
}

/// The ledger's name in the spool's directory.
pub(in crate::spool) const NAME: &str = "ledger.log";
/// The next ledger while it is being written.
const NEW_NAME: &str = "ledger.log.new";

/// Copies a damaged ledger to where a person can look at it, over an earlier one; returns the copy's name.
pub(in crate::spool) fn keep_damaged(files: &dyn FileSystem, directory: &Path) -> io::Result<String> {
    const ASIDE: &str = "ledger.damaged";
    let bytes = files.read(&directory.join(NAME))?;
    files.create(&directory.join(ASIDE))?.write_at(0, &bytes)?;
    Ok(ASIDE.to_owned())
}
