//! The table on disk, so that a node answers at once when it starts, with or without the control
//! node.
//!
//! # Layout, version 2 (little endian)
//! | bytes | what |
//! | --- | --- |
//! | 8 | `RELAISLT` |
//! | 4 | version |
//! | 8 | number of the change it stands at |
//! | 4 | CRC-32C of the 20 bytes before |
//! | 1024 × | a shard: count (4), CRC-32C of count and records (4), records of 24 bytes |
//! | 8 | length of the catalogue |
//! | 4 | CRC-32C of length and catalogue |
//! | … | the catalogue: JSON of all that records refer to |
//!
//! # Consistency
//! Nobody waits for a snapshot: shards are copied one at a time while changes go on, and the
//! catalogue last. So records may be newer than the number in the head, never older, and never
//! refer to what the catalogue lacks. A change says how an entity stands, not what became
//! different, so taking the changes behind that number once more ends where it should.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::LinkTable;
use super::record::Record;
use super::shards::{SHARDS, Shards, hash, shard_of};
use super::writer::Catalogue;

const MAGIC: &[u8; 8] = b"RELAISLT";
const VERSION: u32 = 2;
const HEAD: usize = 8 + 4 + 8 + 4;
const BUFFER: usize = 1 << 20;
/// No shard that can be addressed has more.
const MAX_SHARD: u32 = 1 << 22;
/// A catalogue is read into memory whole; this one would describe some ten million contents.
const MAX_CATALOGUE: u64 = 8 << 30;

/// Why a snapshot was not used. None of these loses anything: the table is then built from the
/// change feed.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is none yet.
    #[error("there is no snapshot of the links yet")]
    Missing,
    /// Written by another version.
    #[error("the snapshot of the links has format {0}, this program writes {VERSION}; it will be built again")]
    Version(u32),
    /// Cut short, changed or no snapshot at all.
    #[error("the snapshot of the links is damaged ({0}); it will be built again")]
    Damaged(&'static str),
    /// The system refused.
    #[error("cannot read or write the snapshot of the links: {0}")]
    Io(#[from] io::Error),
}

impl LinkTable {
    /// Writes the table beside `path` and renames it there once it is on disk. Returns the number
    /// of the change that it stands at.
    ///
    /// # Errors
    /// [`SnapshotError::Io`]; the file at `path` is unchanged then.
    pub fn save(&self, path: &Path) -> Result<u64, SnapshotError> {
        let beside = path.with_extension("new");
        let saved = self.write_to(&beside).and_then(|seq| {
            fs::rename(&beside, path)?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
            Ok(seq)
        });
        if saved.is_err() {
            // Leaves no half file behind; when even that fails, the next attempt overwrites it.
            let _still_there = fs::remove_file(&beside);
        }
        Ok(saved?)
    }

    fn write_to(&self, path: &Path) -> io::Result<u64> {
        let mut file = BufWriter::with_capacity(BUFFER, File::create(path)?);
        let seq = self.seq();
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(&VERSION.to_le_bytes());
        head.extend_from_slice(&seq.to_le_bytes());
        head.extend_from_slice(&crc32c::crc32c(&head).to_le_bytes());
        file.write_all(&head)?;
        let (mut records, mut bytes) = (Vec::new(), Vec::new());
        for shard in 0..SHARDS {
            self.shards.copy(shard, &mut records);
            bytes.clear();
            bytes.extend(records.iter().flat_map(|record| record.to_bytes()));
            let count = (records.len() as u32).to_le_bytes();
            let sum = crc32c::crc32c_append(crc32c::crc32c(&count), &bytes);
            file.write_all(&count)?;
            file.write_all(&sum.to_le_bytes())?;
            file.write_all(&bytes)?;
        }
        let catalogue = serde_json::to_vec(&self.writer.lock().catalogue(self))?;
        let len = (catalogue.len() as u64).to_le_bytes();
        let sum = crc32c::crc32c_append(crc32c::crc32c(&len), &catalogue);
        file.write_all(&len)?;
        file.write_all(&sum.to_le_bytes())?;
        file.write_all(&catalogue)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(seq)
    }

    /// Reads what [`Self::save`] wrote.
    ///
    /// # Errors
    /// Says why the file cannot be used; nothing of a damaged file is.
    pub fn load(path: &Path) -> Result<Self, SnapshotError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => SnapshotError::Missing,
            _ => SnapshotError::Io(error),
        })?;
        let mut file = BufReader::with_capacity(BUFFER, file);
        let seq = read_head(&mut file)?;
        let shards = Shards::new();
        let mut bytes = Vec::new();
        for shard in 0..SHARDS {
            shards.fill(shard, &read_shard(&mut file, shard, &mut bytes)?);
        }
        read_catalogue(&mut file)?.into_table(seq, shards).map_err(SnapshotError::Damaged)
    }
}

fn read_head(file: &mut impl Read) -> Result<u64, SnapshotError> {
    let head: [u8; HEAD] = read(file)?;
    if &head[..8] != MAGIC {
        return Err(SnapshotError::Damaged("its first bytes"));
    }
    let number = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
    if number(8) != VERSION {
        return Err(SnapshotError::Version(number(8)));
    }
    if number(20) != crc32c::crc32c(&head[..20]) {
        return Err(SnapshotError::Damaged("its head"));
    }
    Ok(u64::from_le_bytes(head[12..20].try_into().expect("eight bytes")))
}

/// Reads one shard through `bytes`, whose memory is used again.
fn read_shard(file: &mut impl Read, shard: usize, bytes: &mut Vec<u8>) -> Result<Vec<Record>, SnapshotError> {
    let count = u32::from_le_bytes(read(file)?);
    let sum = u32::from_le_bytes(read(file)?);
    if count > MAX_SHARD {
        return Err(SnapshotError::Damaged("the size of a shard"));
    }
    bytes.clear();
    take(file, u64::from(count) * Record::BYTES as u64, bytes)?;
    if sum != crc32c::crc32c_append(crc32c::crc32c(&count.to_le_bytes()), bytes) {
        return Err(SnapshotError::Damaged("a shard"));
    }
    let (chunks, _) = bytes.as_chunks::<{ Record::BYTES }>();
    let records: Vec<Record> = chunks.iter().map(Record::from_bytes).collect();
    if !records.iter().all(|record| record.is_link() && shard_of(hash(record.number())) == shard) {
        return Err(SnapshotError::Damaged("a link of another shard"));
    }
    Ok(records)
}

fn read_catalogue(file: &mut impl Read) -> Result<Catalogue, SnapshotError> {
    let len = u64::from_le_bytes(read(file)?);
    let sum = u32::from_le_bytes(read(file)?);
    if len > MAX_CATALOGUE {
        return Err(SnapshotError::Damaged("the size of the catalogue"));
    }
    let mut bytes = Vec::new();
    take(file, len, &mut bytes)?;
    if sum != crc32c::crc32c_append(crc32c::crc32c(&len.to_le_bytes()), &bytes) {
        return Err(SnapshotError::Damaged("the catalogue"));
    }
    if file.read(&mut [0])? != 0 {
        return Err(SnapshotError::Damaged("something behind its end"));
    }
    serde_json::from_slice(&bytes).map_err(|_| SnapshotError::Damaged("the form of the catalogue"))
}

fn read<const N: usize>(file: &mut impl Read) -> Result<[u8; N], SnapshotError> {
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(SnapshotError::Damaged("its length")),
        Err(error) => Err(error.into()),
    }
}

/// Reads exactly `len` bytes, without trusting `len` before they are there.
fn take(file: &mut impl Read, len: u64, into: &mut Vec<u8>) -> Result<(), SnapshotError> {
    into.reserve_exact(usize::try_from(len.min(BUFFER as u64)).unwrap_or(BUFFER));
    if file.take(len).read_to_end(into)? as u64 == len { Ok(()) } else { Err(SnapshotError::Damaged("its length")) }
}
