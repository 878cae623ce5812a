//! A bundle of a million clicks in, in again, and out.
//!
//! ```text
//! cargo bench --bench exchange -- [--clicks 1000000] [--folder DIRECTORY] [--json]
//! ```
//! Writes the bundle into a temporary folder (below DIRECTORY when given), starts the embedded engine as
//! `relais serve` does, and imports into a new space on SQLite. Asked for: less than 60 s on two cores, and
//! at least 20,000 clicks a second; the second time changes nothing; what is exported is what was imported,
//! but for the order of its lines. The program fails otherwise than in time.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use relais::exchange::{Import, Imported, Place, Progress, bundle, export, import};
use relais::programme::{Programme, SpaceFields};
use relais::store::{self, Clock, Store};
use relais::telemetry::Metrics;
use relais::warehouse::embedded::{Engine, Launch};
use relais::warehouse::migrate::migrate;
use relais::warehouse::{Config, Warehouse};
use serde_json::json;
use support::{Process, argument, flag, print};

#[path = "bundle/mod.rs"]
mod made;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BASE_URL: &str = "https://relais.example";

fn main() {
    if !flag("--bench") {
        return;
    }
    let clicks: u64 = argument("--clicks", 1_000_000);
    let base: String = argument("--folder", env!("CARGO_TARGET_TMPDIR").to_owned());
    let folder = tempfile::tempdir_in(base).expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(measure(clicks, folder.path()));
}

async fn measure(clicks: u64, folder: &Path) {
    let given = folder.join("bundle");
    made::write(&given, clicks);
    let mut config = Config::default();
    config.embedded.http_port = 0;
    let program = env!("CARGO_BIN_EXE_relais").into();
    let launch = Launch { program, arguments: vec!["engine".into()], environment: Vec::new() };
    let engine = Engine::start(&config, folder, launch, Arc::new(Metrics::new())).await.expect("the engine starts");
    let warehouse = Warehouse::new(engine.access(), &config.database);
    migrate(&warehouse, |_, _| {}).await.expect("migrated");
    let store = Store::open(&store::Config::default(), folder, Clock::system()).await.expect("a store");
    let programme = Programme::new(store.clone(), BASE_URL).expect("a base address");
    let (space, _) = programme.create_or_update_space("bench", &SpaceFields::default()).await.expect("a space");
    let place = Place { store, warehouse, base_url: BASE_URL.to_owned(), space: space.id };

    Process::this().forget_peak();
    let before = Process::this().resident();
    let (first, first_seconds) = timed(take(&place, &given)).await;
    let peak = Process::this().peak().saturating_sub(before);
    assert_eq!(first.files[bundle::CLICKS.name].added, clicks);
    let seq = place.store.latest_seq().await.expect("read");
    let (second, second_seconds) = timed(take(&place, &given)).await;
    let moved: u64 = second.files.values().map(|changes| changes.added + changes.changed).sum();
    assert_eq!(moved, 0, "the second time changes nothing: {second:?}");
    assert_eq!(place.store.latest_seq().await.expect("read"), seq, "not even the feed");
    let written = folder.join("export");
    let progress = Progress::default();
    let (exported, export_seconds) = timed(export(&place, &written, &progress)).await;
    exported.expect("exported");
    for file in ["advocates.csv", "campaigns.csv", "contents.csv", "shares.csv", "applications.csv", "clicks.csv"] {
        assert!(sorted(&written.join(file)) == sorted(&given.join(file)), "{file} came back as it was");
    }
    engine.stop().await;
    print(
        "a bundle in, in again, and out",
        &[
            ("clicks", json!(clicks)),
            ("import_seconds", json!(first_seconds)),
            ("import_clicks_per_second", json!(clicks as f64 / first_seconds)),
            ("second_import_seconds", json!(second_seconds)),
            ("export_seconds", json!(export_seconds)),
            ("import_peak_bytes", json!(peak)),
        ],
    );
}

async fn take(place: &Place, folder: &Path) -> Imported {
    let what = Import { folder: folder.to_owned(), skip_bad_rows: false, dry_run: false };
    let imported = import(place, &what, &Progress::default()).await.expect("imported");
    assert!(imported.kept, "{:?}", imported.refused);
    imported
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, f64) {
    let start = Instant::now();
    let answer = work.await;
    (answer, start.elapsed().as_secs_f64())
}

fn sorted(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).expect("a file");
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.sort_unstable();
    lines
}
