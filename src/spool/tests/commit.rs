//! The commit word: a reader on another thread sees whole records or none.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

fn payload(number: u32) -> Vec<u8> {
    (0..8 + number % 57).map(|byte| byte.wrapping_mul(31).wrapping_add(number) as u8).collect()
}

#[test]
fn a_reader_beside_the_writer_sees_every_record_whole_and_in_order() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, Config { segment_bytes: 128 << 10, max_bytes: 1 << 20, ..Config::default() });
    let mut writer = spool.writer(0).expect("the lane");
    let reader = spool.reader();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut next = 0;
            loop {
                // Asked before the look: what was appended before the end is then seen by it.
                let last_look = ended.load(Ordering::Acquire);
                if let Some(range) = reader.pending().first() {
                    let new = Range { from: next, ..*range };
                    for (id, bytes) in read(&reader, &new) {
                        assert_eq!((id.record, &bytes), (next, &payload(next)));
                        next += 1;
                    }
                }
                if last_look {
                    return next;
                }
            }
        });
        let mut appended = 0;
        while append(&mut writer, &payload(appended)).is_ok() {
            appended += 1;
        }
        ended.store(true, Ordering::Release);
        assert_eq!(reading.join().expect("the reader's assertions hold"), appended);
        assert!(appended > 1500);
    });
}

#[test]
fn a_payload_that_panics_appends_nothing_and_the_next_one_is_whole() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    append(&mut writer, b"before").expect("room");
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        writer.append(100, |_, room| {
            room.fill(0xff);
            panic!("a fault in the caller")
        })
    }));
    assert!(broken.is_err());
    append(&mut writer, b"after").expect("room");
    drop((writer, spool));
    let spool = by_hand(&disk, small());
    let found: Vec<_> = pending(&spool).into_iter().map(|one| one.1).collect();
    assert_eq!(found, [b"before".to_vec(), b"after".to_vec()]);
}

#[test]
fn room_that_was_asked_for_and_not_used_leaves_no_trace() {
    let disk = Simulated::new(1 << 20, 4096, 1);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    let used = |_: RecordId, room: &mut [u8]| {
        room.fill(0xee);
        3
    };
    writer.append(500, used).expect("room");
    writer.append(500, used).expect("room");
    let kill = disk.after_kill();
    let found = inspect::inspect_with(&kill, Path::new(HERE), Depth::Full).expect("readable");
    assert_eq!(found.files[0].found, Ok(FoundRecords { records: 2, missing: 0, sealed: false, torn: false }));
    assert!(matches!(writer.append(5000, used), Err(AppendError::TooLarge { at_most: 5000 })));
}
