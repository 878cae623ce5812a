//! The spool through its own door: on a real disk with its threads, and on a simulated one, round by round.

mod commit;
mod crash;
mod damage;
mod everyday;
mod full;
mod golden;
mod kill;
mod model;

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::filesystem::{Disk, Simulated};
use super::*;

/// The directory on a simulated disk.
const HERE: &str = "/spool";

fn small() -> Config {
    Config { segment_bytes: 4096, max_bytes: 64 << 10, ..Config::default() }
}

fn on_disk(directory: &Path, config: Config) -> Spool {
    Spool::open(directory, config, Arc::new(Disk), Arc::default()).expect("opens")
}

fn try_by_hand(disk: &Simulated, config: Config) -> Result<Spool, OpenError> {
    Spool::open_with(Path::new(HERE), config, Arc::new(disk.clone()), Arc::default(), Rounds::ByHand)
}

fn by_hand(disk: &Simulated, config: Config) -> Spool {
    try_by_hand(disk, config).expect("opens")
}

/// Appends `payload`; returns its identity and ticket.
fn append(writer: &mut Writer, payload: &[u8]) -> Result<(RecordId, Ticket), AppendError> {
    let mut id = None;
    let ticket = writer.append(payload.len(), |given, room| {
        id = Some(given);
        room[..payload.len()].copy_from_slice(payload);
        payload.len()
    })?;
    Ok((id.expect("fill was called"), ticket))
}

/// Everything that `range` yields.
fn read(reader: &Reader, range: &Range) -> Vec<(RecordId, Vec<u8>)> {
    let mut found = Vec::new();
    reader.read(range, &mut |id, payload| found.push((id, payload.to_vec()))).expect("readable");
    found
}

/// Everything that is pending in a first look.
fn pending(spool: &Spool) -> Vec<(RecordId, Vec<u8>)> {
    let reader = spool.reader();
    reader.pending().iter().flat_map(|range| read(&reader, range)).collect()
}

fn manifest(batch: u128, ranges: Vec<Range>) -> Manifest {
    let rows = ranges.iter().map(|range| u64::from(range.len())).sum();
    Manifest {
        batch,
        generation: 0,
        ranges,
        partition: 202_611,
        schema: 1,
        rows,
        fingerprint: 0,
        token: format!("{batch:x}:0"),
        target: String::new(),
    }
}

/// What a future says when it is asked once.
fn ask<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}
