//! Bytes that are not what was written: nothing of them is accepted, and what is missing is named.

use super::*;
use crate::spool::identity::Key;
use crate::spool::record::{self, Salt};
use crate::spool::segment::{FIRST_RECORD, Header, Scan, Unreadable, file_name, scan};

const KEY: Key = Key { segment: 1, lane: 0, spool_id: 0xabc };

fn payload(index: u32) -> Vec<u8> {
    vec![b'a' + index as u8; [0, 5, 16, 33, 8, 1][index as usize % 6]]
}

/// A segment of `records` records with a seal, 512 bytes long, and where its last record ends.
fn image(salt: u64, records: u32) -> (Vec<u8>, usize) {
    let header = Header { key: KEY, salt, capacity: 512, created_ms: 1 };
    let mut bytes = vec![0; 512];
    bytes[..FIRST_RECORD].copy_from_slice(&header.encode());
    let salt = Salt::new(salt);
    let mut end = FIRST_RECORD;
    for index in 0..records {
        end += record::write(&mut bytes[end..], salt, index, &payload(index), false);
    }
    end += record::write(&mut bytes[end..], salt, records, &[], true);
    (bytes, end)
}

/// Every record handed out is one that was written, in order and once; returns which.
fn accepted(bytes: &[u8], scan: &Scan) -> Vec<u32> {
    assert_eq!(scan.header.key, KEY);
    let indexes: Vec<u32> = scan.records.iter().map(|record| record.0).collect();
    assert!(indexes.is_sorted_by(|a, b| a < b));
    for (index, offset, length) in &scan.records {
        assert_eq!(&bytes[*offset as usize..][..*length as usize], payload(*index), "record {index}");
    }
    // Answered and not readable is exactly what the gaps name.
    let named: Vec<u32> = scan.gaps.iter().flat_map(|(from, to)| *from..*to).collect();
    let absent: Vec<u32> = (0..scan.answered).filter(|index| !indexes.contains(index)).collect();
    assert_eq!(named, absent);
    indexes
}

#[test]
fn each_flipped_bit_costs_at_most_the_record_that_it_is_in() {
    let (whole, end) = image(77, 6);
    let intact = scan(&whole).expect("valid");
    assert_eq!((accepted(&whole, &intact).len(), intact.sealed, intact.torn), (6, true, false));
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let found = scan(&bytes).expect("one copy of the header is always whole");
        let lost = 6 - accepted(&bytes, &found).len();
        let at = bit / 8;
        if at < FIRST_RECORD {
            assert_eq!(lost, 0, "bit {bit} of the header");
        } else if at >= end {
            assert!(lost == 0 && found.torn, "bit {bit} behind the end is noticed");
        } else {
            assert!(lost <= 1, "bit {bit}");
            // Either a gap is named, or the seal was hit and that is noticed, or padding was hit.
            assert!(lost == 0 || found.answered == 6, "bit {bit}: {found:?}");
            assert!(found.sealed || found.torn, "bit {bit}: {found:?}");
        }
    }
}

#[test]
fn two_flipped_bits_in_one_place_of_both_headers_make_the_segment_unreadable_and_nothing_else() {
    let (whole, _) = image(77, 6);
    for bit in 0..FIRST_RECORD / 2 * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes[FIRST_RECORD / 2 + bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(scan(&bytes), Err(Unreadable::Damaged)), "bit {bit}");
    }
}

#[test]
fn truncated_at_each_byte_what_is_left_is_read() {
    let (whole, _) = image(77, 6);
    let mut most = 0;
    for length in 0..=whole.len() {
        match scan(&whole[..length]) {
            Ok(found) => {
                let records = accepted(&whole[..length], &found).len();
                assert!(records >= most, "a longer file holds no fewer");
                most = records;
            }
            Err(why) => assert!(length < FIRST_RECORD / 2 && why == Unreadable::Damaged, "{length} bytes"),
        }
    }
    assert_eq!(most, 6);
}

#[test]
fn stale_bytes_of_another_segment_are_no_records() {
    let (old, _) = image(1, 6);
    for records in 0..6 {
        let (mut new, end) = image(2, records);
        // As if the file had been another segment's, and its blocks were not cleared.
        new[end..].copy_from_slice(&old[end..]);
        let found = scan(&new).expect("valid");
        assert_eq!(accepted(&new, &found).len() as u32, records);
        // And the same without the seal, as after a kill.
        let seal = end - record::HEAD;
        new[seal..].copy_from_slice(&old[seal..]);
        let found = scan(&new).expect("valid");
        assert_eq!(accepted(&new, &found).len() as u32, records, "{found:?}");
        assert!(found.torn);
    }
}

#[test]
fn a_lost_page_costs_the_records_on_it_and_names_them() {
    let disk = Simulated::new(1 << 20, 512, 5);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    let mut all = Vec::new();
    while let Ok((id, _)) = append(&mut writer, &[all.len() as u8; 90]) {
        all.push(id);
    }
    drop(writer);
    let path = Path::new(HERE).join(file_name(0, 1));
    let whole = disk.read(&path).expect("a segment");
    // But for the page of the seal: what else was on that is known only to a ledger that saw the end.
    for page in 1..7 {
        let after = disk.after_kill();
        let mut bytes = whole.clone();
        bytes[page * 512..(page + 1) * 512].fill(0);
        after.overwrite(&path, &bytes);
        let spool = by_hand(&after, small());
        let found = pending(&spool);
        let account = &spool.ledger().segments()[0];
        assert_eq!(account.answered as usize, all.len());
        assert!((1..=6).contains(&account.missing), "{account:?}");
        let gaps = account.gaps.iter().flat_map(|gap| (gap.from..gap.to).map(|record| gap.id(record)));
        let mut both: Vec<_> = found.iter().map(|one| one.0).chain(gaps).collect();
        both.sort();
        assert_eq!(both, all);
        assert!(found.iter().all(|(id, bytes)| *bytes == [id.record as u8; 90]));
    }
}

#[test]
fn damage_that_comes_after_the_start_is_named_when_it_is_read() {
    let disk = Simulated::new(1 << 20, 4096, 5);
    let spool = by_hand(&disk, small());
    let mut writer = spool.writer(0).expect("the lane");
    for byte in 0..4u8 {
        append(&mut writer, &[byte; 40]).expect("room");
    }
    drop((writer, spool));
    let path = Path::new(HERE).join(file_name(0, 1));
    let mut bytes = disk.read(&path).expect("a segment");
    bytes[FIRST_RECORD + 56 + 30] ^= 4;
    disk.overwrite(&path, &bytes);
    let spool = by_hand(&disk, small());
    let found: Vec<u32> = pending(&spool).iter().map(|one| one.0.record).collect();
    assert_eq!(found, [0, 2, 3]);
    let account = &spool.ledger().segments()[0];
    assert_eq!((account.answered, account.missing, account.pending), (4, 1, 3));
    assert_eq!((account.gaps[0].from, account.gaps[0].to), (1, 2));

    drop(spool);
    disk.remove(&path).expect("there");
    let spool = by_hand(&disk, small());
    assert_eq!(pending(&spool), []);
    let account = &spool.ledger().segments()[0];
    assert_eq!((account.answered, account.missing, account.forgotten), (4, 4, true), "a removed file is accounted for");
}

#[test]
fn a_segment_that_cannot_be_read_is_left_alone_and_named() {
    let disk = Simulated::new(1 << 20, 4096, 5);
    drop(by_hand(&disk, small()));
    let path = Path::new(HERE).join(file_name(4, 900));
    let garbage: Vec<u8> = (0..600u32).map(|byte| (byte * 7) as u8).collect();
    disk.overwrite(&path, &garbage);
    let spool = by_hand(&disk, small());
    let [left] = spool.unshipped() else { panic!("one file: {:?}", spool.unshipped()) };
    assert_eq!((left.name.as_str(), left.bytes), ("004-0000000000000900.segment", 600));
    assert!(left.why.contains("damaged"), "{}", left.why);
    let mut writer = spool.writer(4).expect("the lane");
    let (id, _) = append(&mut writer, b"goes on").expect("room");
    assert!(id.segment > 900, "its number is not used again");
    drop((writer, spool));
    assert_eq!(disk.read(&path).expect("still there"), garbage);
}
