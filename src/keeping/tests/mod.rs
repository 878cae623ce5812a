//! Keeping and letting go, on a real store and a real ClickHouse, to the bytes on the disk.

mod erasure;
mod reclassify;
mod retention;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::model::{AdvocateId, ContentId, SpaceId};
use crate::warehouse::testing::{self, ask};
use crate::warehouse::{Batch, ClickRow, ClickSink as _, Warehouse};

/// The spool of these tests' clicks.
const SPOOL: u128 = 77;
/// 2026-03-02T10:00:00Z.
const NOW_MS: i64 = 1_772_445_600_000;
const DAY_MS: i64 = 86_400_000;
/// ClickHouse removes former files sooner, once it was told to [`hurry`].
const PATIENCE: Duration = Duration::from_secs(60);

/// A click of [`SPOOL`]'s lane 1, segment 3.
fn row(record: u32, clicked_at_ms: i64) -> ClickRow<'static> {
    ClickRow {
        spool_id: SPOOL,
        lane: 1,
        segment: 3,
        record,
        clicked_at_ms,
        space_id: SpaceId::from_bits(1),
        content_id: ContentId::from_bits(3),
        ..testing::BARE
    }
}

/// Stores clicks, a batch a month.
async fn store(warehouse: &Warehouse, rows: &[ClickRow<'_>]) {
    let mut months: Vec<u32> = rows.iter().map(ClickRow::partition).collect();
    months.sort_unstable();
    months.dedup();
    for month in months {
        let mut batch = Batch::new(testing::batch_id(), 0);
        rows.iter().filter(|row| row.partition() == month).for_each(|row| batch.push(row));
        warehouse.insert(&batch.freeze(0, month)).await.expect("inserted");
    }
}

/// Lets ClickHouse remove former files within a second instead of minutes.
async fn hurry(warehouse: &Warehouse, table: &str) {
    let settings = "old_parts_lifetime = 0, cleanup_delay_period = 0, cleanup_delay_period_random_add = 0";
    warehouse.execute(&format!("ALTER TABLE {table} MODIFY SETTING {settings}")).await.expect("set");
}

/// Where a table's parts lie.
async fn folder_of(warehouse: &Warehouse, table: &str) -> PathBuf {
    let sql =
        format!("SELECT data_paths[1] FROM system.tables WHERE database = currentDatabase() AND name = '{table}'");
    let folder = PathBuf::from(ask(warehouse, &sql).await);
    assert!(folder.is_dir(), "{}", folder.display());
    folder
}

/// Says each time that parts have left a folder.
fn leavings(folder: &Path) -> UnboundedReceiver<()> {
    let events = inotify::init(CreateFlags::CLOEXEC).expect("inotify works");
    inotify::add_watch(&events, folder, WatchFlags::DELETE | WatchFlags::MOVED_FROM).expect("a folder to watch");
    let (sender, leavings) = unbounded_channel();
    // It ends with the first change that nobody waits for any more, or with the tests.
    std::thread::spawn(
        move || while rustix::io::read(&events, &mut [0; 4096][..]).is_ok() && sender.send(()).is_ok() {},
    );
    leavings
}

/// Whether a text stands in a file of a table.
async fn is_on_disk(warehouse: &Warehouse, table: &str, text: &str) -> bool {
    let (folder, text) = (folder_of(warehouse, table).await, text.to_owned());
    tokio::task::spawn_blocking(move || holds(&folder, text.as_bytes())).await.expect("looked")
}

fn holds(path: &Path, text: &[u8]) -> bool {
    if path.is_dir() {
        // Parts may go while they are looked at.
        return std::fs::read_dir(path)
            .is_ok_and(|mut all| all.any(|one| one.is_ok_and(|one| holds(&one.path(), text))));
    }
    std::fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text))
}

/// Waits until a text is gone from a table's files.
async fn gone_from_disk(warehouse: &Warehouse, table: &str, text: &str) {
    // Watched before the first look, so that nothing leaves between a look and the waiting.
    let mut leavings = leavings(&folder_of(warehouse, table).await);
    while is_on_disk(warehouse, table, text).await {
        let left = tokio::time::timeout(PATIENCE, leavings.recv()).await;
        assert!(left.is_ok(), "{text} is still in a file of {table}");
    }
}

fn advocate(bits: u64) -> AdvocateId {
    AdvocateId::from_bits(bits)
}
