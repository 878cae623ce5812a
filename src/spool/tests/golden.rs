//! Files of every format version that was ever released are read, and newer ones are left alone.

use super::*;
use crate::spool::record::{self, Salt};
use crate::spool::segment::{FIRST_RECORD, Header, file_name};

/// Format 1: 448 bytes, lane 2, segment 17, three records and a seal.
const VERSION_1: &[u8] = include_bytes!("../testdata/version-1.segment");

#[test]
fn a_segment_of_version_1_is_read() {
    let disk = Simulated::new(1 << 20, 4096, 5);
    disk.overwrite(&Path::new(HERE).join(file_name(2, 17)), VERSION_1);
    let spool = by_hand(&disk, small());
    assert!(spool.ledger().was_rebuilt(), "it came without a ledger");
    let found = pending(&spool);
    let id = |record| RecordId { spool_id: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, lane: 2, segment: 17, record };
    assert_eq!(found, vec![(id(0), b"first click".to_vec()), (id(1), vec![]), (id(2), (0..=99).collect())]);
    assert!(spool.ledger().is_doubtful(&spool.reader().pending()[0]));
}

#[test]
fn this_program_writes_version_1() {
    let key = identity::Key { segment: 17, lane: 2, spool_id: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef };
    let header = Header { key, salt: 0xfeed_beef_dead_cafe, capacity: 448, created_ms: 1_790_000_000_000 };
    let mut bytes = vec![0; 448];
    bytes[..FIRST_RECORD].copy_from_slice(&header.encode());
    let (salt, mut end) = (Salt::new(header.salt), FIRST_RECORD);
    let long: Vec<u8> = (0..=99).collect();
    for (index, payload) in [&b"first click"[..], b"", &long].into_iter().enumerate() {
        end += record::write(&mut bytes[end..], salt, index as u32, payload, false);
    }
    record::write(&mut bytes[end..], salt, 3, &[], true);
    if std::env::var_os("RELAIS_WRITE_GOLDEN").is_some() {
        std::fs::write("src/spool/testdata/version-1.segment", &bytes).expect("written");
    }
    assert_eq!(bytes, VERSION_1, "a change of format needs a new version, and this one to be read for ever");
}

#[test]
fn a_segment_of_a_newer_version_is_left_untouched_with_a_clear_error() {
    let disk = Simulated::new(1 << 20, 4096, 5);
    let mut newer = VERSION_1.to_vec();
    for copy in [0, FIRST_RECORD / 2] {
        newer[copy + 8..copy + 12].copy_from_slice(&2u32.to_le_bytes());
        let crc = crc32c::crc32c(&newer[copy..copy + FIRST_RECORD / 2 - 4]);
        newer[copy + FIRST_RECORD / 2 - 4..copy + FIRST_RECORD / 2].copy_from_slice(&crc.to_le_bytes());
    }
    let path = Path::new(HERE).join(file_name(2, 17));
    disk.overwrite(&path, &newer);
    let spool = by_hand(&disk, small());
    assert_eq!(pending(&spool), []);
    let why = &spool.unshipped()[0].why;
    assert!(why.contains("format 2") && why.contains("start a newer Relais"), "{why}");
    drop(spool);
    assert_eq!(disk.read(&path).expect("still there"), newer);
}

#[test]
fn a_newer_ledger_stops_the_start_with_a_clear_error_and_stays_as_it_is() {
    let disk = Simulated::new(1 << 20, 4096, 5);
    drop(by_hand(&disk, small()));
    let path = Path::new(HERE).join("ledger.log");
    let mut newer = disk.read(&path).expect("a ledger");
    newer[8..12].copy_from_slice(&2u32.to_le_bytes());
    let crc = crc32c::crc32c(&newer[..28]);
    newer[28..32].copy_from_slice(&crc.to_le_bytes());
    disk.overwrite(&path, &newer);
    let error = try_by_hand(&disk, small()).err().expect("refused");
    assert!(matches!(error, OpenError::NewerLedger { version: 2, .. }));
    assert!(error.to_string().contains("start a newer Relais"));
    assert_eq!(disk.read(&path).expect("still there"), newer);
}
