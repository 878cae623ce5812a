//! Nothing goes wrong.

use std::time::Duration;

use super::*;

fn payload(number: u32) -> Vec<u8> {
    (0..number % 300).map(|byte| (byte ^ number) as u8).collect()
}

#[test]
fn what_is_appended_is_read_over_many_segments_and_lanes() {
    let directory = tempfile::tempdir().expect("a directory");
    let spool = on_disk(directory.path(), Config { max_bytes: 8 << 20, ..small() });
    let mut writers = [spool.writer(0).expect("lane 0"), spool.writer(7).expect("lane 7")];
    let mut expected = Vec::new();
    for number in 0..400 {
        let writer = &mut writers[number as usize % 2];
        let (id, _) = loop {
            match append(writer, &payload(number)) {
                Ok(done) => break done,
                // The machine is busier than the allocator's patience: the redirect would go on, the test insists.
                Err(AppendError::Full) => spool.inner.core.keep_once(),
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!((id.lane, id.spool_id), ([0, 7][number as usize % 2], spool.ledger().spool_id()));
        expected.push((id, payload(number)));
    }
    expected.sort();
    let mut found = pending(&spool);
    found.sort();
    assert_eq!(found, expected);
    let segments: Vec<u64> = spool.reader().pending().iter().map(|range| range.segment).collect();
    assert!(segments.len() > 10 && segments.is_sorted_by(|a, b| a > b), "newest first: {segments:?}");
}

#[test]
fn a_restart_keeps_the_spool_id_and_every_record_and_begins_new_segments() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut expected = Vec::new();
    let mut ids = Vec::new();
    for run in 0..3u8 {
        let spool = on_disk(directory.path(), small());
        ids.push(spool.ledger().spool_id());
        assert!(!spool.ledger().was_rebuilt());
        let mut writer = spool.writer(0).expect("the lane");
        for record in 0..5u8 {
            let (id, _) = append(&mut writer, &[run, record]).expect("room");
            assert!(expected.last().is_none_or(|(last, _): &(RecordId, _)| *last < id));
            expected.push((id, vec![run, record]));
        }
    }
    let spool = on_disk(directory.path(), small());
    let mut found = pending(&spool);
    found.sort();
    assert_eq!(found, expected);
    assert!(ids.iter().all(|id| *id == ids[0] && *id == spool.ledger().spool_id()));
}

#[test]
fn a_clean_stop_seals_and_leaves_no_empty_segment() {
    let directory = tempfile::tempdir().expect("a directory");
    let spool = on_disk(directory.path(), small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"one").expect("room");
    drop((writer, spool));
    let seen = Spool::inspect(directory.path(), Depth::Full).expect("readable");
    assert_eq!(seen.ledger, LedgerCondition::Whole);
    let [file] = &seen.files[..] else { panic!("one segment: {:?}", seen.files) };
    assert_eq!(file.found, Ok(FoundRecords { records: 1, missing: 0, sealed: true, torn: false }));
    assert_eq!((seen.segments[0].answered, seen.segments[0].pending, seen.segments[0].closed), (1, 1, true));
}

#[tokio::test]
async fn durable_resolves_with_the_group_sync_on_any_lane() {
    let directory = tempfile::tempdir().expect("a directory");
    let config = Config { acknowledge: Acknowledge::Disk, sync_interval_ms: 1, ..small() };
    let spool = on_disk(directory.path(), config);
    let mut waits = Vec::new();
    let mut writers: Vec<_> = (0..3).map(|lane| spool.writer(lane).expect("the lane")).collect();
    for writer in &mut writers {
        for _ in 0..3 {
            let (_, ticket) = append(writer, b"click").expect("room");
            waits.push(writer.durable(ticket));
        }
    }
    for wait in waits {
        tokio::time::timeout(Duration::from_secs(60), wait).await.expect("in time").expect("synced");
    }
}

#[test]
fn durable_waits_for_its_own_record_and_os_waits_for_nothing() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, Config { acknowledge: Acknowledge::Disk, ..small() });
    let mut writer = spool.writer(0).expect("the lane");
    let (_, first) = append(&mut writer, b"a").expect("room");
    assert_eq!(ask(writer.durable(first)), Poll::Pending);
    spool.sync().expect("syncs");
    let (_, second) = append(&mut writer, b"b").expect("room");
    assert_eq!(ask(writer.durable(first)), Poll::Ready(Ok(())));
    assert_eq!(ask(writer.durable(second)), Poll::Pending);
    let left_behind = writer.durable(second);
    drop((writer, spool));
    assert_eq!(ask(left_behind), Poll::Ready(Ok(())), "a clean stop syncs");

    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    let (_, ticket) = append(&mut writer, b"c").expect("room");
    assert_eq!(ask(writer.durable(ticket)), Poll::Ready(Ok(())));
}

#[test]
fn a_lane_has_one_writer_and_a_directory_one_process() {
    let directory = tempfile::tempdir().expect("a directory");
    let spool = on_disk(directory.path(), small());
    let writer = spool.writer(3).expect("the lane");
    assert!(matches!(spool.writer(3), Err(OpenError::LaneTaken { lane: 3 })));
    drop(writer);
    spool.writer(3).expect("free again");

    let second = Spool::open(directory.path(), small(), Arc::new(Disk), Arc::default());
    let Err(OpenError::Locked { holder, .. }) = second else { panic!("it is locked") };
    assert_eq!(holder, std::process::id().to_string());
    Spool::inspect(directory.path(), Depth::Full).expect("looking needs no lock");
    let ledger = spool.ledger().clone();
    drop(spool);
    let still = Spool::open(directory.path(), small(), Arc::new(Disk), Arc::default());
    assert!(matches!(still, Err(OpenError::Locked { .. })), "whoever holds the ledger can still write it");
    drop(ledger);
    on_disk(directory.path(), small());
}

#[test]
fn a_batch_goes_from_pending_to_open_to_stored_and_its_segment_then_expires() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    let ids: Vec<_> = (0..6u8).map(|byte| append(&mut writer, &[byte]).expect("room").0).collect();
    let reader = spool.reader();
    let all = reader.pending()[0];
    assert_eq!((all.from, all.to), (0, 6));

    let ledger = spool.ledger();
    let part = |from, to| Range { from, to, ..all };
    ledger.open_batch(manifest(1, vec![part(0, 2)])).expect("noted");
    ledger.open_batch(manifest(2, vec![part(2, 4), part(5, 6)])).expect("noted");
    assert_eq!(reader.pending(), vec![part(4, 5)]);
    assert!(matches!(ledger.open_batch(manifest(3, vec![part(3, 5)])), Err(LedgerError::Overlap { .. })));
    assert!(matches!(ledger.open_batch(manifest(1, vec![part(4, 5)])), Err(LedgerError::BatchExists { batch: 1 })));
    assert_eq!(ledger.next_generation(2).expect("open"), 1);
    ledger.stored(1).expect("noted");
    assert!(matches!(ledger.stored(1), Err(LedgerError::UnknownBatch { batch: 1 })));
    ledger.released(2).expect("noted");
    assert_eq!(reader.pending(), vec![part(2, 6)]);
    ledger.open_batch(manifest(4, vec![part(2, 6)])).expect("noted");
    assert!(ledger.quarantined(4, &[(ids[0], "not in it".into())]).is_err());
    ledger.quarantined(4, &[(ids[3], "bad date".into())]).expect("noted");
    ledger.stored(4).expect("noted");
    assert_eq!(ledger.quarantine(), vec![(ids[3], "bad date".into())]);
    let summary = &ledger.segments()[0];
    assert_eq!((summary.answered, summary.stored, summary.quarantined, summary.pending), (6, 5, 1, 0));
    ledger.requeued(&[part(3, 4)]).expect("replayed");
    assert_eq!(reader.pending(), vec![part(3, 4)]);
    ledger.open_batch(manifest(5, vec![part(3, 4)])).expect("noted");
    ledger.stored(5).expect("noted");

    drop(writer);
    spool.sync().expect("syncs");
    spool.inner.core.keep_once();
    assert!(!ledger.segments()[0].forgotten, "kept for the retention");
    disk.shift_clock(8 * 86_400_000);
    spool.inner.core.keep_once();
    let summary = &ledger.segments()[0];
    assert!(summary.forgotten && summary.stored == 6 && summary.answered == 6, "{summary:?}");
    assert!(matches!(reader.read(&all, &mut |_, _| {}), Err(ReadError::Unknown { .. })));
    drop((spool, reader));
    assert_eq!(by_hand(&disk, small()).ledger().segments()[0].stored, 6, "the account is kept for ever");
}

#[test]
fn a_segment_with_a_record_in_quarantine_stays_longer_and_not_for_ever() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, Config { quarantine_days: 400, ..small() });
    let mut writer = spool.writer(0).expect("the lane");
    let (id, _) = append(&mut writer, b"bad").expect("room");
    let all = spool.reader().pending()[0];
    let ledger = spool.ledger();
    ledger.open_batch(manifest(1, vec![all])).expect("noted");
    ledger.quarantined(1, &[(id, "bad date".into())]).expect("noted");
    ledger.stored(1).expect("noted");
    drop(writer);
    spool.sync().expect("syncs");
    spool.inner.core.keep_once();
    disk.shift_clock(399 * 86_400_000);
    spool.inner.core.keep_once();
    assert!(!ledger.segments()[0].forgotten, "it may still be repaired");
    disk.shift_clock(2 * 86_400_000);
    spool.inner.core.keep_once();
    let summary = &ledger.segments()[0];
    assert!(summary.forgotten && summary.quarantined == 1, "{summary:?}");
}

#[test]
fn the_metrics_tell_the_size_and_the_age_of_the_oldest_unstored_record() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let core = &spool.inner.core;
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"first").expect("room");
    core.keep_once();
    disk.shift_clock(5_000);
    append(&mut writer, b"second").expect("room");
    core.keep_once();
    assert_eq!(core.metrics.spool_oldest.get(), 5.0);
    assert_eq!(core.metrics.spool_bytes.get(), (2 * 4096 + core.ledger.file_length()) as i64);
    let range = spool.reader().pending()[0];
    spool.ledger().open_batch(manifest(1, vec![Range { to: 1, ..range }])).expect("noted");
    spool.ledger().stored(1).expect("noted");
    disk.shift_clock(2_000);
    core.keep_once();
    assert_eq!(core.metrics.spool_oldest.get(), 2.0);
    spool.ledger().open_batch(manifest(2, vec![Range { from: 1, ..range }])).expect("noted");
    spool.ledger().stored(2).expect("noted");
    core.keep_once();
    assert_eq!(core.metrics.spool_oldest.get(), 0.0);
}

#[test]
fn the_metrics_tell_how_much_of_the_spool_waits_to_be_shipped() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let core = &spool.inner.core;
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"first").expect("room");
    core.keep_once();
    assert_eq!(core.metrics.spool_max_bytes.get(), small().max_bytes as i64);
    assert_eq!(core.metrics.spool_unshipped_bytes.get(), 0, "an open segment is not full");
    drop(writer);
    spool.sync().expect("syncs");
    core.keep_once();
    assert_eq!(core.metrics.spool_unshipped_bytes.get(), 4096);
    let range = spool.reader().pending()[0];
    spool.ledger().open_batch(manifest(1, vec![range])).expect("noted");
    core.keep_once();
    assert_eq!(core.metrics.spool_unshipped_bytes.get(), 4096, "sent is not stored");
    spool.ledger().stored(1).expect("noted");
    core.keep_once();
    assert_eq!(core.metrics.spool_unshipped_bytes.get(), 0);
    assert!(core.metrics.spool_bytes.get() >= 4096, "it stays for the retention");
}

#[test]
fn a_new_segment_is_written_in_peace_only_while_writers_leave_time() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let core = &spool.inner.core;
    assert!(!core.is_wanted_soon(1), "nobody waits");
    let mut first = spool.writer(0).expect("the lane");
    append(&mut first, &[0; 200]).expect("room");
    let used = core.living.snapshot()[0].end() as u64;
    assert!(core.is_wanted_soon(2 * used - 1) && !core.is_wanted_soon(2 * used), "one waits");
    let mut second = spool.writer(1).expect("the lane");
    append(&mut second, &[0; 100]).expect("room");
    assert!(core.is_wanted_soon(4 * used - 1) && !core.is_wanted_soon(4 * used), "two wait, the first is further");
}
