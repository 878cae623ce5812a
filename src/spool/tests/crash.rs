//! Single crashes and failures with a known outcome; the model has the rest.

use super::*;
use crate::spool::segment::file_name;

fn disk_config() -> Config {
    Config { acknowledge: Acknowledge::Disk, ..small() }
}

#[test]
fn a_power_cut_takes_what_was_not_synced_and_nothing_else() {
    let disk = Simulated::new(1 << 20, 512, 3);
    let spool = by_hand(&disk, disk_config());
    let mut writer = spool.writer(0).expect("the lane");
    let synced: Vec<_> = (0..10u8).map(|byte| append(&mut writer, &[byte; 100]).expect("room").0).collect();
    spool.sync().expect("syncs");
    (10..20u8).for_each(|byte| assert!(append(&mut writer, &[byte; 100]).is_ok()));
    let found: Vec<_> = pending(&by_hand(&disk.after_power_cut(|| false), small())).iter().map(|one| one.0).collect();
    assert_eq!(found, synced);
    assert_eq!(pending(&by_hand(&disk.after_power_cut(|| true), small())).len(), 20);
    assert_eq!(pending(&by_hand(&disk.after_kill(), small())).len(), 20);
}

#[test]
fn what_was_shipped_before_a_power_cut_took_it_is_verified_and_not_missing() {
    let disk = Simulated::new(1 << 20, 512, 3);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    (0..20u8).for_each(|byte| assert!(append(&mut writer, &[byte; 100]).is_ok()));
    let ranges = spool.reader().pending();
    spool.ledger().open_batch(manifest(1, ranges.clone())).expect("noted");
    let after = disk.after_power_cut(|| false);
    let spool = by_hand(&after, small());
    let [open] = &spool.ledger().open_batches()[..] else { panic!("one batch") };
    assert_eq!((&open.ranges, open.rows), (&ranges, 20));
    assert_eq!(read(&spool.reader(), &ranges[0]), [], "nothing had reached the disk");
    spool.ledger().stored(1).expect("ClickHouse has all 20");
    let account = &spool.ledger().segments()[0];
    assert_eq!((account.answered, account.stored, account.missing), (20, 20, 0));
    let mut writer = spool.writer(0).expect("the lane");
    assert!(append(&mut writer, b"new").expect("room").0.segment > ranges[0].segment, "no identity is given twice");
}

#[test]
fn a_failed_sync_tells_the_waiting_and_goes_on_in_another_segment() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, disk_config());
    let mut writer = spool.writer(0).expect("the lane");
    let (first, safe) = append(&mut writer, b"safe").expect("room");
    spool.sync().expect("syncs");
    let (_, lost) = append(&mut writer, b"who knows").expect("room");
    disk.fail_syncs(1);
    assert_eq!(spool.sync(), Err(SyncError::Disk { code: Some(libc::EIO) }));
    assert_eq!(ask(writer.durable(lost)), Poll::Ready(Err(SyncError::Disk { code: Some(libc::EIO) })));
    assert_eq!(ask(writer.durable(safe)), Poll::Ready(Ok(())));
    spool.inner.core.keep_once();
    let (next, ticket) = append(&mut writer, b"elsewhere").expect("room");
    assert_ne!(next.segment, first.segment);
    spool.sync().expect("syncs");
    assert_eq!(ask(writer.durable(ticket)), Poll::Ready(Ok(())));
    assert_eq!(ask(writer.durable(lost)), Poll::Ready(Err(SyncError::Disk { code: Some(libc::EIO) })));
    assert_eq!(spool.troubles().abandoned_segments, 1);
    spool.inner.core.keep_once();
    assert_eq!(pending(&spool).len(), 3, "what is in memory is still shipped");
}

#[test]
fn records_that_arrive_during_a_sync_wait_for_the_next_one_also_when_their_segment_ends_meanwhile() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, disk_config());
    let writer = Arc::new(Mutex::new(spool.writer(0).expect("the lane")));
    append(&mut writer.lock(), b"before").expect("room");
    spool.inner.core.keep_once();
    let tickets = Arc::new(Mutex::new(Vec::new()));
    let (busy, given) = (writer.clone(), tickets.clone());
    let mut syncs = 0;
    disk.during_syncs(move || {
        syncs += 1;
        let mut writer = busy.lock();
        // In the first sync one record arrives, in the second as many as it takes to begin the next segment.
        for _ in 0..[0, 1, 60, 0][syncs.min(3)] {
            match append(&mut writer, &[1; 90]) {
                Ok((_, ticket)) => given.lock().push(ticket),
                Err(_) => break,
            }
        }
    });
    spool.sync().expect("syncs");
    let tickets = tickets.lock().clone();
    let segments: std::collections::BTreeSet<u64> = tickets.iter().map(|ticket| ticket.segment).collect();
    assert_eq!(segments.len(), 2, "the segment ended during the sync");
    let known: Vec<bool> = tickets.iter().map(|ticket| ask(writer.lock().durable(*ticket)).is_ready()).collect();
    assert!(known[0], "it came before the second sync began");
    assert!(known[1..].iter().all(|known| !known), "{known:?}");
    spool.sync().expect("syncs");
    assert!(tickets.iter().all(|ticket| ask(writer.lock().durable(*ticket)) == Poll::Ready(Ok(()))));
}

#[test]
fn a_lost_ledger_means_a_new_spool_id_and_doubt_about_every_record_at_hand() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, small());
    let old = spool.ledger().spool_id();
    let mut writer = spool.writer(0).expect("the lane");
    (0..4u8).for_each(|byte| assert!(append(&mut writer, &[byte]).is_ok()));
    let range = spool.reader().pending()[0];
    spool.ledger().open_batch(manifest(1, vec![Range { to: 2, ..range }])).expect("noted");
    spool.ledger().stored(1).expect("noted");
    drop((writer, spool));
    disk.remove(&Path::new(HERE).join("ledger.log")).expect("there");

    let spool = by_hand(&disk, small());
    let ledger = spool.ledger();
    assert!(ledger.was_rebuilt() && ledger.spool_id() != old);
    assert_eq!(spool.reader().pending(), vec![range], "under its own id");
    assert!(ledger.is_doubtful(&range));
    ledger.proven(&range, &[Range { to: 2, ..range }]).expect("noted");
    assert!(!ledger.is_doubtful(&range));
    assert_eq!(spool.reader().pending(), vec![Range { from: 2, ..range }]);
    let mut writer = spool.writer(0).expect("the lane");
    let (new, _) = append(&mut writer, b"new").expect("room");
    assert!(new.spool_id == ledger.spool_id() && new.segment > range.segment);
    assert!(!ledger.is_doubtful(&new.key().range(0, 1)));
}

#[test]
fn a_damaged_ledger_is_kept_for_a_look_and_its_history_of_gone_segments_is_kept_in_force() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"shipped").expect("room");
    spool.ledger().open_batch(manifest(1, spool.reader().pending())).expect("noted");
    spool.ledger().stored(1).expect("noted");
    drop((writer, spool));
    disk.shift_clock(9 * 86_400_000);
    let spool = by_hand(&disk, small());
    spool.inner.core.keep_once();
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"here").expect("room");
    spool.ledger().open_batch(manifest(2, spool.reader().pending())).expect("noted");
    spool.ledger().stored(2).expect("noted");
    drop((writer, spool));

    let path = Path::new(HERE).join("ledger.log");
    let mut bytes = disk.read(&path).expect("there");
    let end = bytes.iter().rposition(|byte| *byte != 0).expect("entries");
    bytes[end - 120] ^= 1;
    disk.overwrite(&path, &bytes);
    let spool = by_hand(&disk, small());
    assert!(spool.ledger().was_rebuilt());
    assert_eq!(disk.read(&Path::new(HERE).join("ledger.damaged")).expect("kept"), bytes);
    let accounts = spool.ledger().segments();
    assert!(accounts[0].forgotten && accounts[0].stored == 1, "{accounts:?}");
    assert!(!accounts[1].forgotten && accounts[1].pending == 1 && accounts[1].doubtful, "{accounts:?}");
}

#[test]
fn unfinished_allocations_are_cleared_away_and_removals_finished() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"one").expect("room");
    spool.ledger().open_batch(manifest(1, spool.reader().pending())).expect("noted");
    spool.ledger().stored(1).expect("noted");
    drop((writer, spool));
    let segment = Path::new(HERE).join(file_name(0, 1));
    let bytes = disk.read(&segment).expect("there");
    disk.shift_clock(9 * 86_400_000);
    by_hand(&disk, small()).inner.core.keep_once();
    assert!(disk.read(&segment).is_err());

    // As if the removal had not reached the disk, and an allocation had been cut off.
    disk.overwrite(&segment, &bytes);
    let unfinished = segment.with_file_name("000-0000000000000009.segment.new");
    disk.overwrite(&unfinished, &[0; 100]);
    let spool = by_hand(&disk, small());
    assert!(disk.read(&segment).is_err() && disk.read(&unfinished).is_err());
    assert_eq!(spool.reader().pending(), []);
    assert_eq!(spool.ledger().segments()[0].stored, 1);
}
