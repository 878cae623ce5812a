//! Instructions that one operation takes, as valgrind counts them: the same on every machine and at every load, so a
//! change of a few per cent shows that a clock would lose in noise.
//!
//! ```text
//! cargo bench --bench instructions -- [--json]
//! ```
//! Needs `valgrind` (its tool callgrind). The program runs itself once for each operation; only what happens inside of
//! `measured` is counted, with warm caches of the program's own.
//!
//! * `lookup`: a known code in a table of 20,000 links;
//! * `append`: a click of 250 bytes into the spool;
//! * `enrich`: the facts of a click whose user agent was seen before, but for the visitor: valgrind knows no SHA
//!   instructions, and the hash without them would hide everything else;
//! * `encode`: the row of an enriched click.

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use relais::enrich::{Config, Enricher, Facts};
use relais::ingest::row;
use relais::model::{Click, DayKey};
use relais::spool::filesystem::Disk;
use relais::spool::{RecordId, Spool};
use serde_json::{Value, json};
use support::{argument, flag, print};

#[allow(dead_code, reason = "each bench takes what it needs")]
mod programme;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod traffic;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Times that an operation is measured in a row.
const TIMES: u32 = 1_000;
const LINKS: u64 = 20_000;
const OPERATIONS: [&str; 4] = ["lookup", "append", "enrich", "encode"];

fn main() {
    let operation: String = argument("--operation", String::new());
    match operation.as_str() {
        "lookup" => lookup(),
        "append" => append(),
        "enrich" => enrich(),
        "encode" => encode(),
        _ if flag("--bench") => {
            let counts = OPERATIONS.map(|operation| (operation, count(operation)));
            print("instructions an operation", &counts);
        }
        _ => {}
    }
}

/// Runs this program under valgrind.
fn count(operation: &str) -> Value {
    let program = std::env::current_exe().expect("a program has a path");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*measured*"]);
    let output = valgrind.arg(program).args(["--operation", operation]).output().expect("install valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")).expect("callgrind's summary").1;
    let instructions: f64 = collected.trim().parse().expect("a number");
    assert!(instructions > 0.0, "`measured` has no symbol");
    json!(instructions / f64::from(TIMES))
}

/// What callgrind counts.
#[inline(never)]
fn measured(mut operation: impl FnMut(usize)) {
    (0..TIMES as usize).for_each(&mut operation);
}

fn lookup() {
    let mut reader = programme::table(LINKS).reader();
    let codes: Vec<String> = (0..u64::from(TIMES)).map(|index| programme::code(index * 17 % LINKS)).collect();
    let mut resolve = |index: usize| {
        assert!(reader.resolve(b"localhost:8080", black_box(codes[index].as_bytes()), 0).is_some());
    };
    resolve(0);
    measured(resolve);
}

fn append() {
    let directory = tempfile::tempdir().expect("a directory");
    let config = relais::spool::Config::default();
    let spool = Spool::open(directory.path(), config, Arc::new(Disk), Arc::default()).expect("a spool");
    let mut writer = spool.writer(0).expect("the lane");
    let payload = [b'c'; 250];
    let mut append = |_| {
        let ticket = writer.append(300, |_, room| {
            room[..payload.len()].copy_from_slice(black_box(&payload));
            payload.len()
        });
        black_box(ticket.expect("it fits"));
    };
    append(0);
    measured(append);
}

fn enrich() {
    let crowd = Recorded::new();
    let enricher = Enricher::new(&Config::default()).expect("no geo database is configured");
    let facts = |index: usize| {
        black_box(enricher.facts(black_box(&crowd.click(index)), None, None));
    };
    (0..TIMES as usize).for_each(facts);
    measured(facts);
}

fn encode() {
    let crowd = Recorded::new();
    let enricher = Enricher::new(&Config::default()).expect("no geo database is configured");
    let clicks: Vec<Click<'_>> = (0..TIMES as usize).map(|index| crowd.click(index)).collect();
    let facts: Vec<Facts> = clicks.iter().map(|click| enricher.facts(click, None, None)).collect();
    let mut out = Vec::with_capacity(1 << 20);
    measured(|index| row::encode(&record(index), &clicks[index], black_box(&facts[index]), 1, &mut out));
}

fn record(index: usize) -> RecordId {
    RecordId { spool_id: 7, lane: 0, segment: 1, record: index as u32 }
}

/// Clicks as they lie in a spool.
struct Recorded(Vec<Vec<u8>>);

impl Recorded {
    fn new() -> Self {
        let key = DayKey::from_secret(&[7; 32]);
        let mut crowd = traffic::Crowd::new(1);
        let clicks = (0..TIMES as usize).map(|index| {
            let click = crowd.click(1_772_000_000_000, record(index), &key);
            let mut bytes = vec![0; click.encoded_len()];
            click.encode(&mut bytes);
            bytes
        });
        Self(clicks.collect())
    }

    fn click(&self, index: usize) -> Click<'_> {
        Click::decode(&self.0[index]).expect("just encoded")
    }
}
