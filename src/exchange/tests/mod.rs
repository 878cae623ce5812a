//! Bundles in and out, on real stores and a real ClickHouse.

mod bad_rows;
mod golden;
mod people;
mod round;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::csv::{Columns, Reader};
use super::*;
use crate::model::Space;
use crate::programme::SpaceFields;
use crate::programme::tests::Fixture;
use crate::warehouse::testing;

/// A space of its own, and a folder.
struct Room {
    fixture: Fixture,
    place: Place,
    scratch: tempfile::TempDir,
}

impl Room {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let place = Place {
            store: fixture.store.clone(),
            warehouse: testing::tables().await,
            base_url: "https://relais.test".to_owned(),
            space: fixture.space.id,
        };
        Self { fixture, place, scratch: tempfile::tempdir().expect("a folder") }
    }

    /// Another space of the same installation.
    async fn space(&self, slug: &str, time_zone: &str) -> Place {
        let fields = SpaceFields { time_zone: time_zone.to_owned().into(), ..SpaceFields::default() };
        let (space, _): (Space, bool) =
            self.fixture.programme.create_or_update_space(slug, &fields).await.expect("a space");
        Place { space: space.id, ..self.place.clone() }
    }

    /// A copy of this room's own bundle, to be changed.
    fn bundle(&self) -> PathBuf {
        let folder = self.scratch.path().join(format!("bundle-{:x}", rand::random::<u64>()));
        fs::create_dir(&folder).expect("a folder");
        for entry in fs::read_dir(testdata()).expect("the test data") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, folder.join(path.file_name().expect("a file"))).expect("a copy");
        }
        folder
    }

    async fn export(&self, place: &Place) -> PathBuf {
        let folder = self.scratch.path().join(format!("export-{:x}", rand::random::<u64>()));
        export(place, &folder, &Progress::default()).await.expect("exported");
        folder
    }
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exchange/testdata/bundle")
}

fn of(folder: &Path) -> Import {
    Import { folder: folder.to_owned(), skip_bad_rows: false, dry_run: false }
}

/// Imports, expecting no bad row.
async fn take(place: &Place, folder: &Path) -> Imported {
    let imported = import(place, &of(folder), &Progress::default()).await.expect("imported");
    assert_eq!(imported.refused.listed, []);
    assert!(imported.kept);
    imported
}

/// Rows that were added or changed.
fn moved(imported: &Imported) -> u64 {
    imported.files.values().map(|changes| changes.added + changes.changed).sum()
}

/// The lines of a file in their order.
fn lines(folder: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(file)).expect("a file");
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The rows of a file in their order, whatever their quoting and line ends.
fn rows(folder: &Path, file: &bundle::FileOf) -> Vec<Vec<String>> {
    let mut refusals = Refusals::default();
    let mut reader = file
        .open(folder, &Arc::default(), &mut refusals)
        .expect("it can be read")
        .unwrap_or_else(|| panic!("{}: {:?}", file.name, refusals.listed));
    let mut rows = Vec::new();
    let count = file.columns.len() + file.optional.len();
    while let Some(row) = reader.next_row(&mut refusals).expect("it can be read") {
        rows.push((0..count).map(|index| row.cell(index).to_owned()).collect::<Vec<_>>());
    }
    assert_eq!(refusals.listed, []);
    rows.sort();
    rows
}

/// Checks of the reader that need no space.
mod reader {
    use super::*;

    fn columns() -> Columns {
        Columns {
            required: vec!["a".to_owned(), "b".to_owned()],
            optional: vec!["c".to_owned()],
            others: false,
            delimiter: b',',
            mark: false,
        }
    }

    fn read(text: &[u8]) -> (Vec<[String; 3]>, Vec<String>) {
        let (rows, refusals) = super::super::csv::read_all(text, &columns());
        let rows = rows.iter().map(|row| row.cells::<3>().map(str::to_owned)).collect();
        (rows, refusals.listed.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn cells_keep_line_feeds_quotes_and_spaces_and_stand_in_our_order() {
        let (rows, refused) = read(b"b,a,c\r\n\"x\r\ny\", z ,\"say \"\"hi\"\"\"\r\n\r\n1,\"\",3");
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(rows, [[" z ", "x\r\ny", "say \"hi\""], ["", "1", "3"]].map(|row| row.map(str::to_owned)));
    }

    #[test]
    fn an_optional_column_may_be_missing_and_is_empty_then() {
        let (rows, _) = read(b"a,b\n1,2\n");
        assert_eq!(rows, [["1", "2", ""].map(str::to_owned)]);
    }

    #[test]
    fn columns_are_refused_by_name() {
        for (text, expected) in [
            (&b"a,b,nope\n"[..], "test.csv:1: nope: unknown column \"nope\""),
            (b"a,b,\x1b[2J\n", "test.csv:1: \"\\u{1b}[2J\": unknown column"),
            (b"a\n1\n", "test.csv:1: b: the column \"b\" is missing"),
            (b"a,b,a\n", "test.csv:1: a: the column \"a\" stands twice"),
            (b"", "test.csv:1: the file is empty"),
            (b"\xef\xbb\xbfa,b\n", "test.csv:1: the file begins with a byte order mark"),
            (b"a,b\xff\n", "test.csv:1: the header is not UTF-8"),
        ] {
            let (rows, refused) = read(text);
            assert!(rows.is_empty() && refused[0].starts_with(expected), "{refused:?}");
        }
    }

    #[test]
    fn a_bad_row_is_named_with_its_line_and_the_next_one_is_read() {
        for (row, expected) in [
            (&b"1,2,3"[..], "the row has 3 cells, the header has 2"),
            (b"1", "the row has 1 cells, the header has 2"),
            (b"1,x\"y", "b: a quote stands inside a cell"),
            (b"\"x\"y,2", "a: text stands behind the quote"),
            (b"1\r2,3", "a: a carriage return stands alone"),
            (b"1,\0", "b: the cell holds a NUL byte"),
            (b"1,\xff", "b: the cell is not UTF-8"),
            (b"\xc3,\xa9", "a: the cell is not UTF-8"),
        ] {
            let text = [b"a,b\n\"two\nlines\",ok\n", row, b"\nlast,row\n"].concat();
            let (rows, refused) = read(&text);
            assert_eq!(rows.len(), 2, "{refused:?}");
            assert_eq!(rows[1][0], "last");
            assert_eq!(refused.len(), 1, "{refused:?}");
            assert!(refused[0].starts_with(&format!("test.csv:4: {expected}")), "{refused:?}");
        }
    }

    #[test]
    fn a_quote_that_never_ends_is_named_where_its_row_begins() {
        let (rows, refused) = read(b"a,b\n1,2\n3,\"4\n5,6\n7,8\n");
        assert_eq!(rows.len(), 1);
        assert!(refused[0].starts_with("test.csv:3: b: a quote is opened in this row and never closed"), "{refused:?}");
    }

    #[test]
    fn a_cell_of_ten_megabytes_is_refused_and_not_held() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.extend(std::iter::repeat_n(b'x', 10 << 20));
        text.extend(b"\"\n3,4\n");
        let (rows, refused) = read(&text);
        assert_eq!(rows.len(), 1);
        assert_eq!(refused, ["test.csv:2: b: a cell has at most 65536 bytes"]);
    }

    #[test]
    fn so_many_problems_are_listed_and_all_rows_counted() {
        let text = format!("a,b\n{}", "1\n".repeat(10_250));
        let (_, refusals) = super::super::csv::read_all(text.as_bytes(), &columns());
        assert_eq!((refusals.listed.len(), refusals.rows), (10_000, 10_250));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(text in "(a,b\n)?[a,\"\r\n\0é]{0,60}") {
            read(text.as_bytes());
        }

        #[test]
        fn what_the_writer_writes_is_read_the_same(cells in proptest::collection::vec("[ab,\"\r\né ]{0,6}", 2)) {
            let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::Any(b'\n')).from_writer(Vec::new());
            writer.write_record(["a", "b"]).expect("written");
            writer.write_record(&cells).expect("written");
            let (rows, refused) = read(&writer.into_inner().expect("written"));
            proptest::prop_assert_eq!(refused, Vec::<String>::new());
            proptest::prop_assert_eq!(&rows[0][..2], &cells[..]);
        }
    }

    #[test]
    fn the_reader_says_how_far_it_is() {
        let read = Arc::new(AtomicU64::new(0));
        let mut refusals = Refusals::default();
        let input = std::io::Cursor::new(b"a,b\n1,2\n");
        let reader = Reader::new(input, "x".to_owned(), &columns(), Arc::clone(&read), &mut refusals);
        let mut reader = reader.expect("readable").expect("a header");
        while reader.next_row(&mut refusals).expect("readable").is_some() {}
        assert_eq!(read.load(std::sync::atomic::Ordering::Relaxed), 8);
    }
}
