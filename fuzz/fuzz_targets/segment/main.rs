//! The bytes of a segment file, through the scan that reads one, and, for one input in 16, through the two ways that
//! lead there, which files and threads make slow: `Spool::inspect` on a real folder, and opening a spool whose ledger
//! is lost and reading what it finds.
//!
//! The first byte chooses how the rest is read:
//! * 0: as the file itself; what a disk may give back.
//! * 1: as what follows a good header, whose salt the mutator may use: records that were forged with it are valid.
//! * 2: as a script (`script.rs`) that writes a segment and damages it. Its salt depends on every byte of the input,
//!   so that nothing can be forged.
//!
//! Promises: nothing panics; whatever is handed out is valid by a second reader of the layout (`layout.rs`); all ways
//! agree; every record has exactly one outcome; after a script nothing is handed out that was not written, and every
//! record whose bytes were left alone is found.

#![no_main]

mod layout;
mod script;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use layout::{Header, is_valid_record};
use libfuzzer_sys::fuzz_target;
use relais::spool::filesystem::Simulated;
use relais::spool::{Config, Depth, Spool};
use relais::telemetry::Metrics;
use script::Script;

/// Lane and number of the file's name; a header that says otherwise is left alone.
const NAME: &str = "003-0000000000000012.segment";
/// Small, so that a spool costs little to open.
const CONFIG: Config = Config {
    segment_bytes: 4096,
    max_bytes: 4 * 4096,
    sync_interval_ms: 10_000,
    acknowledge: relais::spool::Acknowledge::Os,
    when_full: relais::spool::WhenFull::Redirect,
    retention_days: 7,
};

/// Records by number.
type Records = BTreeMap<u32, Vec<u8>>;

static METRICS: LazyLock<Arc<Metrics>> = LazyLock::new(Arc::default);
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|input: &[u8]| {
    let Some((mode, rest)) = input.split_first() else { return };
    match mode % 3 {
        0 => {
            read(rest);
        }
        1 => {
            let mut image = Header { salt: 7, capacity: rest.len() as u64 + layout::FIRST_RECORD as u64 }.encode();
            image.extend_from_slice(rest);
            read(&image);
        }
        _ => {
            let script = Script::run(rest);
            let found = read(&script.image);
            for (number, payload) in &found {
                assert_eq!(script.written.get(number), Some(payload), "record {number} was not written so");
            }
            for number in &script.untouched {
                assert!(found.contains_key(number), "record {number} was left alone and is not found");
            }
        }
    }
});

/// What a scan of `image` accepts.
fn read(image: &[u8]) -> Records {
    let scanned = relais::spool::records_in(image);
    let is_readable = scanned.is_some();
    let scanned = scanned.unwrap_or_default();
    assert!(scanned.is_sorted_by(|(one, _), (next, _)| one < next), "in order, each once");
    for (number, payload) in &scanned {
        assert!(is_valid_record(image, *number, payload), "record {number} is not valid");
    }
    let found = scanned.into_iter().map(|(number, payload)| (number, payload.to_vec())).collect();
    if crc32c::crc32c(image).is_multiple_of(16) {
        read_slowly(image, &found, is_readable);
    }
    found
}

/// Checks that the ways through files find the same.
fn read_slowly(image: &[u8], scanned: &Records, is_readable: bool) {
    assert_eq!(inspect(image), is_readable.then_some(scanned.len() as u32));
    let (found, is_ours) = open_and_read(image);
    if is_ours && is_readable {
        assert_eq!(&found, scanned);
    } else {
        assert!(found.is_empty(), "a file that is left alone gives nothing");
    }
}

/// Records that an inspection counts; none when it cannot read the header.
fn inspect(image: &[u8]) -> Option<u32> {
    std::fs::write(FOLDER.path().join(NAME), image).expect("written");
    let inspection = Spool::inspect(FOLDER.path(), Depth::Full).expect("the folder is readable");
    for summary in &inspection.segments {
        let accounted = summary.missing + summary.stored + summary.quarantined + summary.open + summary.pending;
        assert_eq!(summary.answered, accounted, "each record has one outcome");
    }
    let [file] = inspection.files.as_slice() else { panic!("one file, not {}", inspection.files.len()) };
    assert_eq!(file.bytes, image.len() as u64);
    file.found.as_ref().ok().map(|found| found.records)
}

/// What a spool hands out that finds `image` and no ledger, and whether it took the file for its own.
fn open_and_read(image: &[u8]) -> (Records, bool) {
    let folder = Path::new("spool");
    let disk = Simulated::new(1 << 30, 4096, 1);
    disk.overwrite(&folder.join(NAME), image);
    let spool = Spool::open(folder, CONFIG, Arc::new(disk), METRICS.clone()).expect("a damaged segment stops no start");
    let mut found = Records::new();
    let reader = spool.reader();
    for range in reader.pending() {
        let mut last = None;
        reader
            .read(&range, &mut |id, payload| {
                assert!((range.from..range.to).contains(&id.record) && last < Some(id.record), "in order");
                assert_eq!((id.spool_id, id.lane, id.segment), (range.spool_id, 3, 12));
                last = Some(id.record);
                found.insert(id.record, payload.to_vec());
            })
            .expect("memory is readable");
    }
    for summary in spool.ledger().segments() {
        assert_eq!(summary.answered, summary.missing + summary.pending, "each record has one outcome");
        assert_eq!(summary.pending as usize, found.len(), "what is not missing was handed out");
    }
    (found, spool.unshipped().is_empty())
}
