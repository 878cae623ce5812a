//! The ledger's file under damage: what precedes it is kept, and what that leaves open is asked for.

use std::path::Path;
use std::sync::Arc;

use super::log::{Found, Log, NAME, read};
use super::*;
use crate::spool::filesystem::Simulated;

const HERE: &str = "/spool";
/// Small, because every bit of it is flipped.
const ROOM: u64 = 512;

fn key(segment: u64) -> Key {
    Key { segment, lane: 0, spool_id: 9 }
}

fn entries() -> Vec<Entry> {
    (1..12).map(|segment| Entry::Begun { key: key(segment), bytes: 4096, created_ms: segment }).collect()
}

/// A ledger with one entry a segment; returns its bytes and where each entry begins and the last one ends.
fn ledger(disk: &Simulated) -> (Vec<u8>, Vec<usize>) {
    let directory = Path::new(HERE);
    let state = State { spool_id: 9, ..State::default() };
    let mut log = Log::prepare(disk, directory, &state, ROOM).expect("room").install(disk, directory).expect("works");
    for entry in entries() {
        log.append(&entry).expect("room");
    }
    let bytes = disk.read(&directory.join(NAME)).expect("there");
    let mut places = vec![32];
    // The identity, the mark behind what a new ledger begins with, the entries.
    for _ in 0..entries().len() + 2 {
        let at = places[places.len() - 1];
        let length = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        places.push(at + 8 + length);
    }
    (bytes, places)
}

fn found(disk: &Simulated, bytes: &[u8]) -> Found {
    let path = Path::new(HERE).join(NAME);
    disk.overwrite(&path, bytes);
    read(disk, &path).expect("readable")
}

/// Segments known to a state are the first `n`; returns `n`.
fn known(state: &State) -> usize {
    assert!(state.segments.keys().copied().eq((1..=state.segments.len() as u64).map(key)));
    state.segments.len()
}

#[test]
fn cut_off_at_each_byte_it_holds_every_entry_before() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let (bytes, places) = ledger(&disk);
    let end = *places.last().expect("several");
    for length in 0..=bytes.len() {
        match found(&disk, &bytes[..length]) {
            Found::Whole { state, torn, .. } => {
                let complete = places[1..].iter().filter(|place| **place <= length).count();
                assert_eq!(known(&state), complete - 2);
                assert_eq!(torn, length < end && !places.contains(&length), "{length} bytes");
            }
            Found::Damaged { before } => {
                assert!(length < places[2], "{length} bytes");
                assert_eq!(before.is_some(), length >= places[1]);
            }
            Found::Nothing | Found::Newer { .. } => panic!("{length} bytes"),
        }
    }
}

#[test]
fn each_flipped_bit_is_noticed_unless_it_is_in_the_last_entry() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let (bytes, places) = ledger(&disk);
    let (last, end) = (places[places.len() - 2], places[places.len() - 1]);
    for bit in 0..bytes.len() * 8 {
        let at = bit / 8;
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (bit % 8);
        match found(&disk, &damaged) {
            Found::Damaged { before } => {
                assert!(at < last, "bit {bit}");
                let whole = places[1..].iter().filter(|place| **place <= at).count();
                assert_eq!(before.as_ref().map_or(0, known), whole.saturating_sub(2), "bit {bit}");
            }
            Found::Whole { state, torn, .. } => {
                // Indistinguishable from an entry that a crash cut off, and as harmless: it is asked for again.
                assert!(at >= last && torn, "bit {bit}");
                assert_eq!(known(&state), entries().len() - usize::from(at < end));
            }
            Found::Nothing | Found::Newer { .. } => panic!("bit {bit}"),
        }
    }
}

#[test]
fn an_entry_of_another_ledger_is_none_of_this_one() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let (first, places) = ledger(&disk);
    let (mut second, _) = ledger(&disk);
    let cut = places[5];
    second[cut..].copy_from_slice(&first[cut..]);
    let Found::Whole { state, torn, .. } = found(&disk, &second) else { panic!("the rest is nobody's") };
    assert!(torn && known(&state) == 3);
}

fn start(disk: &Simulated) -> Ledger {
    let directory = Path::new(HERE);
    let state = State { spool_id: 9, ..State::default() };
    let log = Log::prepare(disk, directory, &state, ROOM).expect("room").install(disk, directory).expect("works");
    let files = Arc::new(disk.clone());
    Ledger::start(files, directory.to_owned(), (state, log), ROOM, Arc::default(), false, Box::new(()))
}

fn on_file(disk: &Simulated) -> State {
    match read(disk, &Path::new(HERE).join(NAME)).expect("readable") {
        Found::Whole { state, .. } => state,
        _ => panic!("the ledger is whole"),
    }
}

#[test]
fn what_a_failed_sync_left_behind_does_not_stand_in_the_way_of_the_next_entry() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let ledger = start(&disk);
    for entry in entries() {
        disk.fail_syncs(1);
        assert!(matches!(ledger.note(entry.clone()), Err(LedgerError::Io(_))));
        ledger.note(entry).expect("the disk works again");
    }
    assert_eq!(known(&ledger.with(State::clone)), entries().len());
    assert_eq!(on_file(&disk.after_power_cut(|| false)), ledger.with(State::clone), "every entry is on the disk");
}

#[test]
fn on_a_full_disk_it_goes_on_for_a_while_and_then_refuses_without_harm() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let ledger = start(&disk);
    disk.set_capacity(disk.used());
    let mut noted = 0;
    while ledger.note(Entry::Begun { key: key(noted + 1), bytes: 1, created_ms: 1 }).is_ok() {
        noted += 1;
    }
    assert!(noted >= 4, "half of the room is kept free for this: {noted}");
    assert_eq!(known(&on_file(&disk)) as u64, noted);
    disk.set_capacity(1 << 20);
    ledger.note(Entry::Begun { key: key(noted + 1), bytes: 1, created_ms: 1 }).expect("room again");
    assert_eq!(known(&on_file(&disk.after_power_cut(|| false))) as u64, noted + 1);
}

#[test]
fn it_is_compacted_while_it_runs_and_keeps_its_sum() {
    let disk = Simulated::new(64 << 20, 4096, 1);
    let ledger = start(&disk);
    ledger.note(Entry::Begun { key: key(1), bytes: 1, created_ms: 1 }).expect("room");
    let reason = "r".repeat(150);
    let records: Vec<_> = (0..4000).map(|record| (key(1).range(0, 0).id(record), reason.clone())).collect();
    let (mut longest, mut shrank) = (0, false);
    for round in 0..12u32 {
        let range = key(1).range(0, 4000);
        ledger
            .open_batch(Manifest {
                batch: u128::from(round),
                generation: 0,
                ranges: vec![range],
                partition: 202_611,
                schema: 1,
                rows: 4000,
                fingerprint: 1,
                token: String::new(),
                target: String::new(),
            })
            .expect("free");
        ledger.quarantined(u128::from(round), &records).expect("of the batch");
        ledger.stored(u128::from(round)).expect("open");
        if round < 11 {
            ledger.requeued(&[range]).expect("stored");
        }
        shrank |= ledger.file_length() < longest;
        longest = longest.max(ledger.file_length());
    }
    assert!(shrank && longest < 7 << 20, "{longest}");
    assert_eq!(on_file(&disk), ledger.with(State::clone));
    assert_eq!(ledger.quarantine().len(), 4000);
}
