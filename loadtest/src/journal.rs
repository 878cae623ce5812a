//! What became of every request of a run, in a file that outlives a kill of the generator.
//!
//! # Layout (little endian)
//! | bytes | field |
//! | --- | --- |
//! | 8 | `RLJRNL01` |
//! | 8 | run id |
//! | 8 | number of requests in the run |
//! | 8 | when it began, milliseconds since 1970 |
//! | 2 × requests | fate of request 0, 1, 2, …: 0 never reached, 1 sent and unanswered, 2 not sent, 100 to 999 the status of its answer |
//!
//! The file has its full length before the first request leaves, and it is mapped: a fate is one
//! store of two bytes, which is in the kernel's hands at once and survives `kill -9`. A log that is
//! appended to was turned down: it needs a buffer, and what is in a buffer when the generator is
//! killed would later look like clicks that nobody made.
//!
//! The invariant: *sent* is stored before the first byte of the request leaves. So whatever ClickHouse
//! holds and the journal does not know as sent was invented.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use memmap2::MmapRaw;

const MAGIC: &[u8; 8] = b"RLJRNL01";
const HEADER: usize = 32;

/// A journal that is being written.
#[derive(Debug)]
pub(crate) struct Journal {
    map: MmapRaw,
    requests: u64,
}

/// What is known of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The run ended before its turn.
    NeverReached,
    /// It may have left, and no answer is known: recorded or not, both are right.
    Sent,
    /// No byte of it left: no connection stood when it was due.
    NotSent,
    /// Answered with this status.
    Answered(u16),
}

/// A journal that was read back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// The run, as it stands in its nonces.
    pub(crate) run: u64,
    /// When the run began, milliseconds since 1970.
    pub(crate) started_at_ms: u64,
    /// One fate a request.
    pub(crate) fates: Vec<Fate>,
    /// How many fates at the end are missing from the file; they read as [`Fate::Sent`], since
    /// nobody can know.
    pub(crate) cut: u64,
}

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    /// A run never writes over the record of another.
    #[error("{0} exists: name another journal, or remove that one")]
    Exists(PathBuf),
    /// The file system refused.
    #[error("cannot use the journal {0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    /// Shorter than a header, or another file altogether.
    #[error("{0} is no journal of a run: name the file that `relais-loadtest run` wrote")]
    NotAJournal(PathBuf),
    /// A fate that no version of this program writes.
    #[error("{0}: the fate of request {1} is damaged ({2}): the journal proves nothing any more")]
    Damaged(PathBuf, u64, u16),
}

impl Journal {
    /// Makes the file in its full length, so that a full disk is an error now and not a signal later.
    pub(crate) fn create(path: &Path, run: u64, requests: u64) -> Result<Self, JournalError> {
        let io = |error| JournalError::Io(path.to_owned(), error);
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).open(path).map_err(|error| {
            match error.kind() {
                std::io::ErrorKind::AlreadyExists => JournalError::Exists(path.to_owned()),
                _ => io(error),
            }
        })?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut header = [0; HEADER];
        header[..8].copy_from_slice(MAGIC);
        header[8..16].copy_from_slice(&run.to_le_bytes());
        header[16..24].copy_from_slice(&requests.to_le_bytes());
        header[24..].copy_from_slice(&u64::try_from(now.as_millis()).unwrap_or(u64::MAX).to_le_bytes());
        file.write_all(&header).map_err(io)?;
        let zeros = vec![0; 1 << 20];
        let mut left = usize::try_from(requests * 2).expect("a run's fates fit the address space");
        while left > 0 {
            let piece = left.min(zeros.len());
            file.write_all(&zeros[..piece]).map_err(io)?;
            left -= piece;
        }
        let map = MmapRaw::map_raw(&file).map_err(io)?;
        Ok(Self { map, requests })
    }

    /// Stores what is now known of a request.
    ///
    /// # Panics
    /// When the run has no request of that number.
    pub(crate) fn set(&self, request: u64, fate: Fate) {
        assert!(request < self.requests, "request {request} is beyond the run's {}", self.requests);
        let offset = HEADER + request as usize * 2;
        // SAFETY: the mapping holds HEADER + 2 × requests bytes and lives as long as `self`; it begins
        // at a page and HEADER is even, so the place is aligned; every access to the fates goes
        // through this atomic. Other processes do not write to a journal that was made exclusively.
        let place = unsafe { AtomicU16::from_ptr(self.map.as_mut_ptr().add(offset).cast()) };
        place.store(fate.number().to_le(), Ordering::Relaxed);
    }

    /// Reads a journal, also of a run that was killed.
    pub(crate) fn read(path: &Path) -> Result<Recorded, JournalError> {
        let bytes = std::fs::read(path).map_err(|error| JournalError::Io(path.to_owned(), error))?;
        let Some((header, body)) = bytes.split_at_checked(HEADER).filter(|(header, _)| header.starts_with(MAGIC))
        else {
            return Err(JournalError::NotAJournal(path.to_owned()));
        };
        let field = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
        let requests = field(16);
        let mut fates = Vec::new();
        let whole = usize::try_from(requests).map_err(|_| JournalError::NotAJournal(path.to_owned()))?;
        fates.try_reserve_exact(whole).map_err(|_| JournalError::NotAJournal(path.to_owned()))?;
        for (request, pair) in (0..requests).zip(body.chunks_exact(2)) {
            let number = u16::from_le_bytes([pair[0], pair[1]]);
            let fate =
                Fate::from_number(number).ok_or_else(|| JournalError::Damaged(path.to_owned(), request, number))?;
            fates.push(fate);
        }
        let cut = requests - fates.len() as u64;
        fates.resize(whole, Fate::Sent);
        Ok(Recorded { run: field(8), started_at_ms: field(24), fates, cut })
    }
}

impl Fate {
    fn number(self) -> u16 {
        match self {
            Self::NeverReached => 0,
            Self::Sent => 1,
            Self::NotSent => 2,
            Self::Answered(status) => status,
        }
    }

    fn from_number(number: u16) -> Option<Self> {
        match number {
            0 => Some(Self::NeverReached),
            1 => Some(Self::Sent),
            2 => Some(Self::NotSent),
            100..=999 => Some(Self::Answered(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fate() -> impl Strategy<Value = Fate> {
        prop_oneof![
            Just(Fate::NeverReached),
            Just(Fate::Sent),
            Just(Fate::NotSent),
            (100u16..1000).prop_map(Fate::Answered),
        ]
    }

    fn written(run: u64, fates: &[Fate]) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal");
        let journal = Journal::create(&path, run, fates.len() as u64).expect("a journal");
        for (request, fate) in fates.iter().enumerate() {
            journal.set(request as u64, *fate);
        }
        (directory, path)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn a_journal_reads_back_as_written(run: u64, fates in prop::collection::vec(fate(), 0..200)) {
            let (_directory, path) = written(run, &fates);
            let back = Journal::read(&path).expect("a journal");
            prop_assert_eq!((back.run, back.fates, back.cut), (run, fates, 0));
        }

        #[test]
        fn a_torn_tail_reads_as_unknown_and_the_rest_as_written(
            fates in prop::collection::vec(fate(), 1..50),
            kept in 0.0f64..1.0,
        ) {
            let (_directory, path) = written(7, &fates);
            let body = (fates.len() as f64 * 2.0 * kept) as usize;
            OpenOptions::new().write(true).open(&path)?.set_len((HEADER + body) as u64)?;
            let back = Journal::read(&path).expect("a journal");
            let whole = body / 2;
            prop_assert_eq!(&back.fates[..whole], &fates[..whole]);
            prop_assert!(back.fates[whole..].iter().all(|fate| *fate == Fate::Sent));
            prop_assert_eq!((back.fates.len(), back.cut), (fates.len(), (fates.len() - whole) as u64));
        }
    }

    #[test]
    fn a_run_never_writes_over_another_journal() {
        let (_directory, path) = written(1, &[Fate::Sent]);
        assert!(matches!(Journal::create(&path, 2, 1), Err(JournalError::Exists(_))));
        assert_eq!(Journal::read(&path).expect("the first journal").run, 1);
    }

    #[test]
    fn another_file_or_a_damaged_fate_is_refused() {
        let (_directory, path) = written(1, &[Fate::Sent, Fate::Sent]);
        let mut bytes = std::fs::read(&path).expect("the bytes");
        bytes[HEADER + 2] = 50;
        std::fs::write(&path, &bytes).expect("written");
        assert!(matches!(Journal::read(&path), Err(JournalError::Damaged(_, 1, 50))));
        for len in 0..HEADER {
            std::fs::write(&path, &bytes[..len]).expect("written");
            assert!(matches!(Journal::read(&path), Err(JournalError::NotAJournal(_))));
        }
    }
}
