//! Reading what was appended: the shipper's end of the spool.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Inner;
use super::identity::{Key, Range, RecordId};
use super::ledger::{Entry, Intervals, LedgerError};
use super::live::{Corrupt, Live};
use super::segment::{FIRST_RECORD, Scan, Unreadable, file_name, scan};

/// Reads committed records, of segments that are being written and of old ones. Cheap to clone. Its calls may wait
/// for the disk.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
    cache: Arc<Mutex<Cache>>,
}

/// Records could not be read now.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The segment's file could not be read. Trying again may help; the records stay pending.
    #[error("{range} could not be read ({error}): check the disk of the spool's directory")]
    Io {
        /// What was to be read.
        range: Range,
        /// Why it was not.
        error: io::Error,
    },
    /// The spool holds no such segment any more.
    #[error("no file holds {range}: its segment was removed after it was stored")]
    Unknown {
        /// What was to be read.
        range: Range,
    },
    /// The file was written by a newer program, and is left alone.
    #[error("{range} is in format {version}: start a newer Relais to ship it")]
    NewerFormat {
        /// What was to be read.
        range: Range,
        /// The file's version.
        version: u32,
    },
    /// Records turned out to be damaged, and the ledger could not note it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Images of closed segments, most recently used last.
#[derive(Default)]
struct Cache {
    images: Vec<(Key, Arc<Image>)>,
    /// Where the last read of a living segment ended: number and offset of the next record.
    bookmarks: HashMap<Key, (u32, usize)>,
}

/// Images kept; each has the size of a segment.
const IMAGES: usize = 4;

struct Image {
    bytes: Vec<u8>,
    scan: Scan,
}

impl Reader {
    pub(super) fn new(inner: Arc<Inner>) -> Self {
        Self { inner, cache: Arc::default() }
    }

    /// Committed records in no open or stored batch and not in quarantine: newest segment first, and of each segment
    /// the lowest such stretch. A stretch may span records that are known to be missing.
    pub fn pending(&self) -> Vec<Range> {
        let core = &self.inner.core;
        let living = core.living.snapshot();
        let count = |key: &Key| living.iter().find(|live| live.key == *key).map(|live| live.count());
        core.ledger.with(|state| {
            let newest_first = state.segments.iter().rev();
            let ranges = newest_first.filter_map(|(key, segment)| {
                let end = segment.closed.map(|closed| closed.answered).or_else(|| count(key))?;
                segment.pending(end).map(|(from, to)| key.range(from, to))
            });
            ranges.collect()
        })
    }

    /// Visits the records of `range` in order, each with its identity and payload.
    ///
    /// Records that cannot be read because their bytes are damaged or lost are left out; the ledger notes them as
    /// missing, which the audit names. So fewer may be visited than `range` spans, even none.
    pub fn read(&self, range: &Range, visit: &mut dyn FnMut(RecordId, &[u8])) -> Result<(), ReadError> {
        let core = &self.inner.core;
        let key = range.key();
        let known = core.ledger.with(|state| state.segments.get(&key).map(|segment| segment.closed));
        let closed = known.ok_or(ReadError::Unknown { range: *range })?;
        let living = core.living.get(key);
        let end = closed.map(|closed| closed.answered).or(living.as_ref().map(|live| live.count())).unwrap_or(0);
        let range = Range { to: range.to.min(end), ..*range };
        if let Some(live) = living {
            match self.read_live(&live, &range, visit) {
                Ok(()) => return Ok(()),
                Err((Corrupt, from)) => {
                    let rest = Range { from, ..range };
                    return self.read_image(&rest, scan(&live.image()).ok().as_ref(), &live.image(), visit);
                }
            }
        }
        match self.image(&range)? {
            Some(image) => self.read_image(&range, Some(&image.scan), &image.bytes, visit),
            None => self.read_image(&range, None, &[], visit),
        }
    }

    /// The error tells the first record that was not visited.
    fn read_live(
        &self,
        live: &Live,
        range: &Range,
        visit: &mut dyn FnMut(RecordId, &[u8]),
    ) -> Result<(), (Corrupt, u32)> {
        let bookmark = self.cache.lock().bookmarks.get(&live.key).copied();
        let start = bookmark.filter(|mark| mark.0 <= range.from).unwrap_or((0, FIRST_RECORD));
        let mut next = range.from;
        let walked = live.walk(start, range.from, range.to, &mut |record, payload| {
            next = record + 1;
            visit(range.id(record), payload);
        });
        let mark = walked.map_err(|corrupt| (corrupt, next))?;
        let mut cache = self.cache.lock();
        cache.bookmarks.retain(|key, _| self.inner.core.living.get(*key).is_some());
        cache.bookmarks.insert(live.key, mark);
        Ok(())
    }

    fn read_image(
        &self,
        range: &Range,
        scan: Option<&Scan>,
        bytes: &[u8],
        visit: &mut dyn FnMut(RecordId, &[u8]),
    ) -> Result<(), ReadError> {
        let mut missing = Intervals::default();
        missing.insert(range.from, range.to);
        let records = scan.map(|scan| scan.records.as_slice()).unwrap_or_default();
        let first = records.partition_point(|record| record.0 < range.from);
        for (index, offset, length) in &records[first..] {
            if *index >= range.to {
                break;
            }
            missing.remove(*index, index + 1);
            visit(range.id(*index), &bytes[*offset as usize..(offset + length) as usize]);
        }
        let core = &self.inner.core;
        core.ledger.with(|state| {
            if let Some(segment) = state.segments.get(&range.key()) {
                missing.remove_all(&segment.gaps);
                missing.remove_all(&segment.stored);
            }
        });
        if !missing.is_empty() {
            let records = missing.count();
            tracing::error!(records, %range, "records are damaged or gone; the audit names them");
            core.ledger.note(Entry::Missing { key: range.key(), records: missing })?;
        }
        Ok(())
    }

    /// The image of a closed segment; `None` when its file is gone or its header damaged.
    fn image(&self, range: &Range) -> Result<Option<Arc<Image>>, ReadError> {
        let key = range.key();
        let mut cache = self.cache.lock();
        if let Some(at) = cache.images.iter().position(|image| image.0 == key) {
            let found = cache.images.remove(at);
            cache.images.push(found.clone());
            return Ok(Some(found.1));
        }
        let core = &self.inner.core;
        let bytes = match core.files.read(&core.directory.join(file_name(key.lane, key.segment))) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ReadError::Io { range: *range, error }),
        };
        let scan = match scan(&bytes) {
            Ok(scan) if scan.header.key == key => scan,
            Err(Unreadable::Newer(version)) => return Err(ReadError::NewerFormat { range: *range, version }),
            Ok(_) | Err(Unreadable::Damaged) => return Ok(None),
        };
        let image = Arc::new(Image { bytes, scan });
        if cache.images.len() == IMAGES {
            cache.images.remove(0);
        }
        cache.images.push((key, image.clone()));
        Ok(Some(image))
    }
}
