//! Looking at a spool from outside: beside a running server, or when none runs. Takes no lock and writes nothing.

use std::io;
use std::path::Path;

use super::filesystem::{Disk, FileSystem};
use super::ledger::log::{self, Found};
use super::ledger::state::{Closed, Segment, State};
use super::ledger::{Manifest, SegmentSummary, Unrecorded, peek};
use super::segment::{parse_name, scan};

/// How much of the segments is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Segments that the ledger has no end of: those being written, and those of a run that was killed.
    Open,
    /// Every byte of every segment.
    Full,
}

/// A spool as its files show it.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Identity under which new records are given out; `None` when the ledger cannot be read.
    pub spool_id: Option<u128>,
    /// What the ledger's file looks like.
    pub ledger: LedgerCondition,
    /// The account of every segment, oldest first. For a segment that is being written, up to the moment of reading.
    pub segments: Vec<SegmentSummary>,
    /// What was found in segment files that were read, by file name.
    pub files: Vec<FileCondition>,
    /// Batches that are not verified yet.
    pub open_batches: Vec<Manifest>,
    /// Answered clicks that no segment holds.
    pub unrecorded: [(Unrecorded, u64); 2],
}

/// State of the ledger's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerCondition {
    /// There is none: a spool that was never used, or a lost ledger.
    Absent,
    /// Readable to its end.
    Whole,
    /// Its last entry is incomplete: being written now, or cut off by a crash.
    CutOff,
    /// Damaged; the next start rebuilds it.
    Damaged,
    /// In the format of a newer program.
    Newer {
        /// The file's version.
        version: u32,
    },
}

/// What one segment file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCondition {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// What a scan found, or why none was possible.
    pub found: Result<FoundRecords, String>,
}

/// What a scan of a segment found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundRecords {
    /// Valid records.
    pub records: u32,
    /// Records that were given but are not readable.
    pub missing: u32,
    /// Its writer ended it cleanly.
    pub sealed: bool,
    /// Bytes after the last record that are no record: damage, or an append in progress or cut off.
    pub torn: bool,
}

/// The directory could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the spool in {directory} could not be read ({error}): check the path and who may read it")]
pub struct InspectError {
    directory: String,
    error: io::Error,
}

/// For the fuzzer alone: number and payload of every record that a scan accepts in the bytes of a segment file; none
/// when nothing of it can be read. A way through files and threads is a hundred times slower, and is fuzzed as well.
#[cfg(feature = "fuzzing")]
pub fn records_in(image: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let records = scan(image).ok()?.records.into_iter();
    Some(records.map(|(number, start, length)| (number, &image[start as usize..][..length as usize])).collect())
}

/// Reads the spool in `directory`.
pub(super) fn inspect(directory: &Path, depth: Depth) -> Result<Inspection, InspectError> {
    inspect_with(&Disk, directory, depth)
        .map_err(|error| InspectError { directory: directory.display().to_string(), error })
}

pub(super) fn inspect_with(files: &dyn FileSystem, directory: &Path, depth: Depth) -> io::Result<Inspection> {
    // The files first: a segment that is begun and noted meanwhile is then merely not listed yet.
    let mut names = files.list(directory)?;
    names.sort();
    let (mut state, ledger) = match log::read(files, &directory.join(log::NAME))? {
        Found::Nothing => (None, LedgerCondition::Absent),
        Found::Whole { state, torn: false, .. } => (Some(state), LedgerCondition::Whole),
        Found::Whole { state, torn: true, .. } => (Some(state), LedgerCondition::CutOff),
        Found::Damaged { before } => (before, LedgerCondition::Damaged),
        Found::Newer { version } => (None, LedgerCondition::Newer { version }),
    };
    let known = state.as_ref().map(|state| state.spool_id);
    let state_now = state.get_or_insert_with(State::default);
    let mut conditions = Vec::new();
    for (name, bytes) in names {
        let Some((lane, segment)) = parse_name(&name) else { continue };
        let mut of_file = state_now.segments.iter().filter(|(key, _)| (key.lane, key.segment) == (lane, segment));
        if depth == Depth::Open && of_file.any(|(_, segment)| segment.closed.is_some()) {
            continue;
        }
        let image = match files.read(&directory.join(&name)) {
            Ok(image) => image,
            // Shipped and removed since the directory was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => Err(error)?,
        };
        let found = scan(&image).map_err(|why| why.to_string()).map(|scan| {
            let past = state_now.past.contains_key(&scan.header.key);
            if !past {
                let entry = state_now.segments.entry(scan.header.key);
                let segment =
                    entry.or_insert_with(|| Segment { bytes, doubtful: known.is_none(), ..Segment::default() });
                see(segment, scan.answered, &scan.gaps);
            }
            FoundRecords {
                records: scan.records.len() as u32,
                missing: scan.answered - scan.records.len() as u32,
                sealed: scan.sealed,
                torn: scan.torn,
            }
        });
        conditions.push(FileCondition { name, bytes, found });
    }
    Ok(Inspection {
        spool_id: known,
        ledger,
        segments: summaries(state_now),
        files: conditions,
        open_batches: state_now.batches.values().cloned().collect(),
        unrecorded: peek(files, directory),
    })
}

/// Adds to an account what a scan of the file shows, for this look only.
fn see(segment: &mut Segment, answered: u32, gaps: &[(u32, u32)]) {
    gaps.iter().for_each(|(from, to)| segment.gaps.insert(*from, *to));
    let extent = answered.max(segment.closed.map_or(segment.extent(), |closed| closed.answered));
    segment.gaps.insert(answered, extent);
    let stored = segment.stored.clone();
    segment.gaps.remove_all(&stored);
    segment.closed.get_or_insert(Closed { answered: extent, at_ms: 0 });
}

fn summaries(state: &State) -> Vec<SegmentSummary> {
    let past = state.past.values().map(SegmentSummary::of_past);
    let present = state.segments.iter().map(|(key, segment)| SegmentSummary::of(*key, segment, None));
    let mut all: Vec<_> = past.chain(present).filter(|summary| summary.answered > 0).collect();
    all.sort_by_key(|summary| (summary.segment, summary.lane, summary.spool_id));
    all
}
