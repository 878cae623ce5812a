//! A segment file: its name, its header, and what a scan finds in its bytes.

use super::identity::Key;
use super::record::{self, Salt};

/// Format that this program writes, and the newest that it reads.
pub(super) const VERSION: u32 = 1;
/// Where the first record begins: after two copies of the header.
pub(super) const FIRST_RECORD: usize = 2 * COPY;
/// What a seal takes; kept free at the end of every segment.
pub(super) const SEAL_ROOM: usize = record::HEAD;

const MAGIC: [u8; 8] = *b"RELAISSP";
const COPY: usize = 80;

/// What the first bytes of a segment say.
///
/// ```text
///  0 magic "RELAISSP"   8 version u32   12 length of the header u32   16 spool id u128   32 segment u64
/// 40 salt u64   48 length of the file u64   56 created, ms since 1970 u64   64 lane u8   65 zeros   76 crc u32
/// ```
/// Little endian, twice in a row, so that one bad byte does not cost a segment. In every version to come, magic,
/// version and length stay where they are and the last four bytes of the header are its CRC-32C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) key: Key,
    pub(super) salt: u64,
    /// Length of the file, in bytes.
    pub(super) capacity: u64,
    /// Wall time at allocation, in milliseconds since 1970. Information only.
    pub(super) created_ms: u64,
}

/// Why nothing of a segment can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("written in format {0}, this program reads up to {VERSION}: start a newer Relais to ship it")]
    Newer(u32),
    #[error("both copies of the header are damaged")]
    Damaged,
}

impl Header {
    pub(super) fn encode(&self) -> [u8; FIRST_RECORD] {
        let mut copy = [0; COPY];
        copy[0..8].copy_from_slice(&MAGIC);
        copy[8..12].copy_from_slice(&VERSION.to_le_bytes());
        copy[12..16].copy_from_slice(&(COPY as u32).to_le_bytes());
        copy[16..32].copy_from_slice(&self.key.spool_id.to_le_bytes());
        copy[32..40].copy_from_slice(&self.key.segment.to_le_bytes());
        copy[40..48].copy_from_slice(&self.salt.to_le_bytes());
        copy[48..56].copy_from_slice(&self.capacity.to_le_bytes());
        copy[56..64].copy_from_slice(&self.created_ms.to_le_bytes());
        copy[64] = self.key.lane;
        let crc = crc32c::crc32c(&copy[..COPY - 4]);
        copy[COPY - 4..].copy_from_slice(&crc.to_le_bytes());
        let mut both = [0; FIRST_RECORD];
        both[..COPY].copy_from_slice(&copy);
        both[COPY..].copy_from_slice(&copy);
        both
    }

    /// Reads the header from the start of a segment.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        match Self::decode_copy(bytes) {
            Err(Unreadable::Damaged) => Self::decode_copy(bytes.get(COPY..).unwrap_or_default()),
            other => other,
        }
    }

    fn decode_copy(bytes: &[u8]) -> Result<Self, Unreadable> {
        let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let u64_at = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let read = || {
            let version = u32_at(8)?;
            let length = u32_at(12)? as usize;
            let end = length.checked_sub(4)?;
            if bytes.get(..8)? != MAGIC || u32_at(end)? != crc32c::crc32c(bytes.get(..end)?) {
                return None;
            }
            if version != VERSION {
                return Some(Err(Unreadable::Newer(version)));
            }
            Some(Ok(Self {
                key: Key {
                    segment: u64_at(32)?,
                    lane: *bytes.get(64)?,
                    spool_id: u128::from_le_bytes(bytes.get(16..32)?.try_into().ok()?),
                },
                salt: u64_at(40)?,
                capacity: u64_at(48)?,
                created_ms: u64_at(56)?,
            }))
        };
        read().unwrap_or(Err(Unreadable::Damaged))
    }
}

/// The name of a segment's file: `LANE-SEGMENT.segment`, such as `003-0000000000000012.segment`.
pub(super) fn file_name(lane: u8, segment: u64) -> String {
    format!("{lane:03}-{segment:016}.segment")
}

/// Lane and number from a file's name, when it is a segment's.
pub(super) fn parse_name(name: &str) -> Option<(u8, u64)> {
    let (lane, segment) = name.strip_suffix(".segment")?.split_once('-')?;
    let parsed = (lane.parse().ok()?, segment.parse().ok()?);
    (file_name(parsed.0, parsed.1) == name).then_some(parsed)
}

/// What a segment's bytes hold.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) header: Header,
    /// Every valid record: index, offset of the payload, length of the payload. Indexes grow.
    pub(super) records: Vec<(u32, u32, u32)>,
    /// One past the highest index that is known to have been committed.
    pub(super) answered: u32,
    /// Records below `answered` that the bytes do not hold.
    pub(super) gaps: Vec<(u32, u32)>,
    /// A seal was found: `answered` is exact.
    pub(super) sealed: bool,
    /// Bytes after the last valid record that are neither unused nor a record: an append that a kill cut off,
    /// or damage.
    pub(super) torn: bool,
}

/// Finds every valid record of `image`, the bytes of a segment file that may be damaged anywhere.
///
/// After bytes that are not a record it goes on at the next multiple of 8, so that a lost page costs the records
/// on it and no others; the next record's index tells how many were lost.
pub(super) fn scan(image: &[u8]) -> Result<Scan, Unreadable> {
    let header = Header::decode(image)?;
    let salt = Salt::new(header.salt);
    let mut found = Scan { header, records: Vec::new(), answered: 0, gaps: Vec::new(), sealed: false, torn: false };
    let mut offset = FIRST_RECORD;
    let mut end_of_last = FIRST_RECORD;
    while offset + record::HEAD <= image.len() {
        // A gap of so many bytes can hide only so many records, and hides at least one.
        let hidden = ((offset - end_of_last) / record::HEAD) as u32;
        let highest = found.answered.saturating_add(hidden);
        let lowest = if hidden > 0 || offset > end_of_last { found.answered.saturating_add(1) } else { found.answered };
        match record::parse(image, offset, salt, highest).filter(|record| record.index >= lowest) {
            Some(record) => {
                if record.index > found.answered {
                    found.gaps.push((found.answered, record.index));
                }
                found.answered = record.index;
                offset += record::framed(record.length as usize);
                end_of_last = offset;
                if record.seal {
                    found.sealed = true;
                    break;
                }
                let start = offset - record::framed(record.length as usize) + record::HEAD;
                found.records.push((record.index, start as u32, record.length));
                found.answered += 1;
            }
            None => offset += record::ALIGN,
        }
    }
    found.torn = image.get(end_of_last..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0));
    Ok(found)
}
