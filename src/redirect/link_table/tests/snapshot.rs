use proptest::prelude::*;

use super::*;

fn saved() -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("links.snapshot");
    let table = table();
    table.apply(&changes(6, [Entity::Link(link(2, 1, 1, 1, "qr", "my-poster"))]));
    table.save(&path).expect("saved");
    let bytes = std::fs::read(&path).expect("the file");
    (folder, path, bytes)
}

#[test]
fn a_snapshot_reads_back_with_its_number() {
    let (_folder, path, _) = saved();
    let table = Arc::new(LinkTable::load(&path).expect("loaded"));
    assert_eq!((table.seq(), table.len()), (6, 2));
    assert_eq!(leads(&table, "", CODE, 0).as_deref(), Some(TO_CONTENT));
    assert_eq!(table.reader().qr_code(CODE.as_bytes()).as_deref(), Some("my-poster"));
    table.apply(&changes(7, [Entity::LinkRemoved(LinkId::from_bits(1))]));
    assert_eq!(leads(&table, "", CODE, 0), None, "links are found by id again");
}

#[test]
fn a_snapshot_leaves_no_file_beside_itself() {
    let (folder, ..) = saved();
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_missing_or_older_snapshot_is_told_apart_from_a_damaged_one() {
    let (folder, path, mut bytes) = saved();
    let missing = LinkTable::load(&folder.path().join("none"));
    assert!(matches!(missing, Err(SnapshotError::Missing)));
    bytes[8] = 0;
    std::fs::write(&path, bytes).expect("written");
    assert!(matches!(LinkTable::load(&path), Err(SnapshotError::Version(0))));
}

proptest! {
    #[test]
    fn a_damaged_snapshot_is_refused(at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<bool>()) {
        let (_folder, path, mut bytes) = saved();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << bit;
        }
        std::fs::write(&path, bytes).expect("written");
        prop_assert!(LinkTable::load(&path).is_err());
    }
}
