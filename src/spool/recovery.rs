//! What a start makes of what the last run left.
//!
//! In order: the ledger is read (and drawn anew when it is lost), segments of former runs are scanned and closed in
//! it with their gaps named, segments whose files are gone get their account, and only then a compacted ledger takes
//! the place of the old one. Until that moment nothing is changed but leftovers of unfinished allocations, so a crash
//! in here starts over. Segments that this program cannot read are left alone and named.

use std::io;
use std::path::{Path, PathBuf};

use super::OpenError;
use super::filesystem::{FileSystem, is_full};
use super::identity::Key;
use super::ledger::log::{self, Found, Log, Tail};
use super::ledger::state::{Closed, Segment, State};
use super::ledger::{Entry, Intervals};
use super::segment::{Scan, Unreadable, file_name, parse_name, scan};

/// A segment file that is left alone because this program cannot read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshipped {
    /// The file's name in the spool's directory.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Why, and what to do.
    pub why: String,
    /// The ledger counts its bytes already.
    pub(super) in_ledger: bool,
}

/// The spool as the start left it.
pub(super) struct Recovered {
    pub(super) opened: (State, Log),
    pub(super) rebuilt: bool,
    pub(super) unshipped: Vec<Unshipped>,
}

/// Recovers `directory`, whose lock the caller holds; the ledger gets `room` bytes of free room.
pub(super) fn recover(files: &dyn FileSystem, directory: &Path, room: u64) -> Result<Recovered, OpenError> {
    let io = |error| OpenError::Io { directory: directory.to_owned(), error };
    let found = log::read(files, &directory.join(log::NAME)).map_err(io)?;
    let present = tidy(files, directory).map_err(io)?;
    let mut cut_off = false;
    let (state, resumable, rebuilt) = match found {
        Found::Newer { version } => return Err(OpenError::NewerLedger { directory: directory.to_owned(), version }),
        Found::Whole { state, tail, torn } => {
            cut_off = torn;
            if torn {
                tracing::warn!("the last entry of the ledger was cut off by a crash; what it noted is asked for again");
            }
            (state, Some(tail), false)
        }
        Found::Nothing if present.is_empty() => (State { spool_id: files.random(), ..State::default() }, None, false),
        Found::Nothing => {
            tracing::error!("the ledger is gone and is rebuilt: every record at hand is verified again");
            (rebuild(files, &present, State::default()), None, true)
        }
        Found::Damaged { before } => {
            let kept = log::keep_damaged(files, directory).unwrap_or_else(|error| format!("not kept ({error})"));
            tracing::error!(kept, "the ledger is damaged and is rebuilt: every record at hand is verified again");
            (rebuild(files, &present, before.unwrap_or_default()), None, true)
        }
    };
    let mut work =
        Work { files, directory, room, state, entries: Vec::new(), unshipped: Vec::new(), leftovers: Vec::new() };
    for file in &present {
        work.take_in(file, rebuilt).map_err(io)?;
    }
    if rebuilt || cut_off {
        work.doubt();
    }
    work.account_for_the_gone(&present);
    work.finish(resumable, rebuilt).map_err(io)
}

struct SegmentFile {
    lane: u8,
    segment: u64,
    bytes: u64,
}

impl SegmentFile {
    fn is(&self, key: &Key) -> bool {
        (key.lane, key.segment) == (self.lane, self.segment)
    }
}

/// Removes what unfinished allocations and compactions left, and lists the segments.
fn tidy(files: &dyn FileSystem, directory: &Path) -> io::Result<Vec<SegmentFile>> {
    let mut present = Vec::new();
    for (name, bytes) in files.list(directory)? {
        if name.ends_with(".new") {
            files.remove(&directory.join(&name))?;
        } else if let Some((lane, segment)) = parse_name(&name) {
            present.push(SegmentFile { lane, segment, bytes });
        }
    }
    present.sort_by_key(|file| (file.segment, file.lane));
    Ok(present)
}

/// A state under a new spool id. Of what was known before the damage, the account of segments that are gone is kept,
/// and names as missing what had its outcome noted only behind the damage; segments that are here count as not
/// shipped, and as doubtful.
fn rebuild(files: &dyn FileSystem, present: &[SegmentFile], before: State) -> State {
    let highest = present.iter().map(|file| file.segment).max().unwrap_or(0).max(before.highest);
    let mut state = State { spool_id: files.random(), highest, past: before.past, ..State::default() };
    for (key, segment) in before.segments {
        if present.iter().any(|file| file.is(&key)) {
            let Segment { bytes, created_ms, closed, .. } = segment;
            state.segments.insert(key, Segment { bytes, created_ms, closed, doubtful: true, ..Segment::default() });
        } else {
            state.remember(key, &segment);
        }
    }
    state
}

struct Work<'a> {
    files: &'a dyn FileSystem,
    directory: &'a Path,
    /// Free room to give the ledger, bytes.
    room: u64,
    state: State,
    /// What has happened to the state since the ledger was read.
    entries: Vec<Entry>,
    unshipped: Vec<Unshipped>,
    /// To be removed once the ledger says so.
    leftovers: Vec<PathBuf>,
}

impl Work<'_> {
    fn apply(&mut self, entry: Entry) {
        self.state.apply(entry.clone());
        self.entries.push(entry);
    }

    /// Scans a segment, unless the ledger knows how it ended, and closes it.
    fn take_in(&mut self, file: &SegmentFile, rebuilt: bool) -> io::Result<()> {
        let known =
            self.state.segments.iter().find(|(key, _)| file.is(key)).map(|(key, segment)| (*key, segment.closed));
        if !rebuilt && known.is_some_and(|(_, closed)| closed.is_some()) {
            return Ok(());
        }
        self.state.highest = self.state.highest.max(file.segment);
        let name = file_name(file.lane, file.segment);
        let path = self.directory.join(&name);
        match scan(&self.files.read(&path)?) {
            Ok(scan) if file.is(&scan.header.key) => {
                let closed = known.filter(|(key, _)| *key == scan.header.key).and_then(|(_, closed)| closed);
                self.close(file, &scan, closed, path);
            }
            unreadable => {
                let why = match unreadable {
                    Err(why @ Unreadable::Newer(_)) => why.to_string(),
                    Err(why @ Unreadable::Damaged) => format!("{why}: restore the file, or remove it to give it up"),
                    Ok(_) => "it was written under another name: give it that back".to_owned(),
                };
                tracing::error!(name, why, "a segment cannot be read and is left alone");
                self.unshipped.push(Unshipped { name, bytes: file.bytes, why, in_ledger: known.is_some() });
            }
        }
        Ok(())
    }

    fn close(&mut self, file: &SegmentFile, scan: &Scan, closed: Option<Closed>, path: PathBuf) {
        let key = scan.header.key;
        if self.state.past.contains_key(&key) {
            // Its removal was noted, and then cut off.
            self.leftovers.push(path);
            return;
        }
        let empty = scan.answered == 0 && !scan.torn && closed.is_none();
        if !self.state.segments.contains_key(&key) {
            if empty {
                self.leftovers.push(path);
                return;
            }
            self.apply(Entry::Begun { key, bytes: file.bytes, created_ms: scan.header.created_ms });
            if key.spool_id != self.state.spool_id {
                self.apply(Entry::Doubted { key });
            }
        } else if empty && self.state.segments[&key].extent() == 0 {
            self.apply(Entry::Forgotten { key });
            self.leftovers.push(path);
            return;
        }
        let mut gaps: Intervals = scan.gaps.iter().copied().collect();
        let answered = scan.answered.max(closed.map_or(0, |closed| closed.answered));
        gaps.insert(scan.answered, answered);
        if scan.torn || !gaps.is_empty() {
            tracing::warn!(
                segment = %key,
                answered,
                missing = gaps.count(),
                cut_off = scan.torn,
                "a segment of a former run is incomplete"
            );
        }
        self.apply(Entry::Closed { key, answered, gaps, at_ms: self.files.now_ms() });
    }

    /// The entry that was cut off, or the ledger that was lost, may have spoken of any record without an outcome.
    /// A crash leaves nothing to doubt, because it cuts off what was never acted on; but a last entry that was
    /// damaged later looks the same.
    fn doubt(&mut self) {
        let unsettled = self.state.segments.iter().filter(|(_, segment)| !segment.is_settled());
        let unsettled: Vec<Key> = unsettled.map(|(key, _)| *key).collect();
        unsettled.into_iter().for_each(|key| self.apply(Entry::Doubted { key }));
    }

    /// Closes the account of segments whose files are gone.
    fn account_for_the_gone(&mut self, present: &[SegmentFile]) {
        let gone = self.state.segments.iter().filter(|(key, _)| !present.iter().any(|file| file.is(key)));
        let gone: Vec<_> = gone.map(|(key, segment)| (*key, segment.clone())).collect();
        for (key, segment) in gone {
            let answered = segment.closed.map_or(segment.extent(), |closed| closed.answered);
            let missing = segment.pending_count(answered);
            if missing > 0 {
                tracing::error!(segment = %key, missing, "the file of a segment is gone with records that were not shipped");
            } else if segment.closed.is_none() {
                tracing::warn!(segment = %key, "a segment has no file: a crash cut its allocation off, or it was removed");
            }
            let gaps = segment.stored.holes(answered);
            self.apply(Entry::Closed { key, answered, gaps, at_ms: self.files.now_ms() });
            // An open batch is still to be verified: it may be stored all the same.
            if segment.open.is_empty() {
                self.apply(Entry::Forgotten { key });
            }
        }
    }

    fn finish(self, resumable: Option<Tail>, rebuilt: bool) -> io::Result<Recovered> {
        let log = match (Log::prepare(self.files, self.directory, &self.state, self.room), resumable) {
            (Ok(log), _) => log.install(self.files, self.directory)?,
            // A node starts on a full disk as well: it goes on in the ledger that is there.
            (Err(error), Some(tail)) if is_full(&error) => {
                let path = self.directory.join(log::NAME);
                let mut log = Log::resume(self.files, &path, tail, self.room)?;
                self.entries.iter().try_for_each(|entry| log.append(entry))?;
                log
            }
            (Err(error), _) => return Err(error),
        };
        for path in &self.leftovers {
            self.files.remove(path)?;
        }
        Ok(Recovered { opened: (self.state, log), rebuilt, unshipped: self.unshipped })
    }
}
