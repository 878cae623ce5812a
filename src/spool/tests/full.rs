//! No room: on the simulated disk, by `max_bytes`, and on a real file system of one megabyte.

use std::process::Command;

use super::*;

#[test]
fn a_full_disk_refuses_appends_and_room_is_taken_up_again() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"fits").expect("room");
    disk.set_capacity(disk.used());
    spool.inner.core.keep_once();
    let mut count = 1;
    while append(&mut writer, &[1; 200]).is_ok() {
        count += 1;
    }
    assert_eq!(append(&mut writer, &[1; 200]), Err(AppendError::Full));
    assert!(spool.troubles().refused_allocations > 0);
    writer.unrecorded(AppendError::Full.reason());
    assert_eq!(pending(&spool).len(), count);
    disk.set_capacity(1 << 20);
    spool.inner.core.keep_once();
    append(&mut writer, &[1; 200]).expect("room again");
    drop((writer, spool));
    let spool = by_hand(&disk, small());
    assert_eq!(spool.ledger().unrecorded(), [(Unrecorded::Full, 1), (Unrecorded::Io, 0)]);
}

#[test]
fn max_bytes_bounds_the_directory_and_only_stored_segments_give_way() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let config = small();
    let spool = by_hand(&disk, config.clone());
    let core = &spool.inner.core;
    let mut writer = spool.writer(0).expect("the lane");
    let mut fill = || {
        let mut count = 0;
        loop {
            core.keep_once();
            assert!(core.bytes() <= config.max_bytes && disk.used() <= config.max_bytes + 4096);
            match append(&mut writer, &[7; 300]) {
                Ok(_) => count += 1,
                Err(error) => break assert_eq!(error, AppendError::Full),
            }
            spool.sync().expect("syncs");
        }
        count
    };
    let first = fill();
    assert!(first > 100, "{first}");
    let oldest = *spool.reader().pending().last().expect("pending");
    spool.ledger().open_batch(manifest(1, vec![oldest])).expect("noted");
    assert_eq!(fill(), 0, "an open batch holds its segments");
    spool.ledger().stored(1).expect("noted");
    assert!(fill() > 0);
    assert_eq!(pending(&spool).len() as u32 + oldest.len(), pending_total(&spool) + oldest.len());
    assert!(spool.ledger().segments().iter().all(|one| one.forgotten == (one.segment == oldest.segment)));
}

fn pending_total(spool: &Spool) -> u32 {
    spool.ledger().segments().iter().map(|one| one.pending).sum()
}

#[test]
fn a_node_starts_on_a_full_disk_and_records_once_there_is_room() {
    let disk = Simulated::new(1 << 20, 4096, 3);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"before").expect("room");
    let disk = disk.after_kill();
    drop((writer, spool));
    disk.set_capacity(disk.used());
    for _start in 0..3 {
        let spool = by_hand(&disk, small());
        let mut writer = spool.writer(0).expect("the lane");
        while append(&mut writer, &[2; 400]).is_ok() {}
        assert!(pending(&spool).iter().any(|one| one.1 == b"before"));
    }
    disk.set_capacity(1 << 20);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"after").expect("room");
}

#[test]
fn a_directory_that_cannot_be_made_is_a_clear_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    std::fs::write(&file, b"in the way").expect("written");
    let error = Spool::open(&file.join("spool"), small(), Arc::new(Disk), Arc::default()).err().expect("refused");
    assert!(matches!(error, OpenError::Io { .. }));
    assert!(error.to_string().contains("check the path"), "{error}");
}

/// A file system of its own, unmounted at the end.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let place = tempfile::tempdir().expect("a directory");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(place.path()).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: this user may not mount a file system");
        }
        mounted.then_some(Self(place))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _left_behind_at_worst = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn on_a_real_full_file_system_the_process_lives_and_every_answer_is_accounted_for() {
    let Some(mounted) = Mounted::new("size=1m") else { return };
    let config = Config { segment_bytes: 64 << 10, max_bytes: 1 << 30, ..Config::default() };
    let spool = on_disk(mounted.0.path(), config.clone());
    let mut writers: Vec<_> = (0..2).map(|lane| spool.writer(lane).expect("the lane")).collect();
    let (mut recorded, mut refused) = (0, 0u64);
    while refused < 1000 {
        for writer in &mut writers {
            match append(writer, &[5; 250]) {
                Ok(_) => recorded += 1,
                Err(error) => {
                    writer.unrecorded(error.reason());
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(spool.ledger().unrecorded()[0], (Unrecorded::Full, refused));
    assert_eq!(pending(&spool).len(), recorded);
    spool.ledger().open_batch(manifest(1, spool.reader().pending())).expect("the ledger has room of its own");
    spool.ledger().stored(1).expect("noted");
    // Stored segments give way: the keeper is told, and appends go on.
    while append(&mut writers[0], b"again").is_err() {
        std::thread::yield_now();
    }
    drop(writers);
    drop(spool);
    let spool = on_disk(mounted.0.path(), config);
    assert_eq!(pending(&spool).last().map(|one| one.1.clone()), Some(b"again".to_vec()));
}

#[test]
fn without_inodes_the_next_segment_is_refused_and_the_process_lives() {
    let Some(mounted) = Mounted::new("size=16m,nr_inodes=6") else { return };
    let spool = on_disk(mounted.0.path(), Config { segment_bytes: 4096, ..Config::default() });
    let mut writer = spool.writer(0).expect("the lane");
    let mut recorded = 0;
    while append(&mut writer, &[5; 250]).is_ok() || spool.troubles().refused_allocations == 0 {
        recorded = pending(&spool).len();
    }
    assert!(recorded >= 10 && pending(&spool).len() >= recorded);
}
