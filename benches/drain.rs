//! From the spool to stored and verified: how fast a backlog goes away on a machine that ClickHouse shares.
//!
//! ```text
//! cargo bench --bench drain -- [--records 2000000] [--folder DIRECTORY] [--json]
//! ```
//! Fills a spool in a temporary folder (below DIRECTORY when given), starts the embedded engine as `relais serve` does,
//! ships until nothing is left, and asks ClickHouse for the count. At least 150,000 clicks a second on two cores is
//! what is asked for: ten times the arrival rate of a busy node. The figures say which process and thread took the time,
//! in microseconds of processor time a click.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clickhouse::Row;
use relais::enrich::{self, Enricher};
use relais::ingest::{self, Clock, Parts, Shipper, SystemClock};
use relais::model::address::utc_day;
use relais::model::{Click, DayKeys};
use relais::spool::filesystem::Disk;
use relais::spool::{AppendError, Spool};
use relais::telemetry::Metrics;
use relais::warehouse::embedded::{Engine, Launch, State};
use relais::warehouse::migrate::migrate;
use relais::warehouse::{Config, Warehouse};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{Process, argument, flag, print};
use tokio::runtime::Handle;

#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;
mod traffic;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Redirect workers that have filled the spool.
const LANES: u8 = 2;
/// Clicks a second while the backlog grew.
const ARRIVALS: u64 = 5_000;
/// A drain that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Pause between two looks at the threads.
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[derive(Row, Deserialize)]
struct Table {
    rows: u64,
    bytes: u64,
    parts: u64,
}

fn main() {
    if !flag("--bench") {
        return;
    }
    let records: u64 = argument("--records", 2_000_000);
    let base: String = argument("--folder", env!("CARGO_TARGET_TMPDIR").to_owned());
    let folder = tempfile::tempdir_in(base).expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(records, folder.path()));
}

async fn measure(records: u64, folder: &Path) {
    let metrics = Arc::new(Metrics::new());
    let now_ms = SystemClock.now_ms();
    let first_ms = now_ms - (records * 1000 / ARRIVALS) as i64;
    let keys = Arc::new(traffic::keys(first_ms, now_ms));
    let config = relais::spool::Config { max_bytes: 1 << 40, ..relais::spool::Config::default() };
    let spool = Spool::open(&folder.join("spool"), config, Arc::new(Disk), metrics.clone()).expect("a spool");
    let spooled_bytes = fill(&spool, records, first_ms, &keys);

    let mut config = Config::default();
    config.embedded.http_port = 0;
    let program = env!("CARGO_BIN_EXE_relais").into();
    let launch = Launch { program, arguments: vec!["engine".into()], environment: Vec::new() };
    let engine = Engine::start(&config, folder, launch, metrics.clone()).await.expect("the engine starts");
    let State::Up { pid } = *engine.state().borrow() else { panic!("the engine ended") };
    let warehouse = Warehouse::new(engine.access(), &config.database);
    migrate(&warehouse, |_, _| {}).await.expect("migrated");

    let (relais, clickhouse) = (Process::this(), Process::of(pid));
    relais.forget_peak();
    clickhouse.forget_peak();
    let (cpu, engine_cpu) = (relais.cpu(), clickhouse.cpu());
    let parts = Parts {
        spool: spool.clone(),
        enricher: Arc::new(Enricher::new(&enrich::Config::default()).expect("no geo database is configured")),
        keys,
        erased: Arc::default(),
        sink: Arc::new(warehouse.clone()),
        clock: Arc::new(SystemClock),
        metrics: metrics.clone(),
        target: "embedded".to_owned(),
    };
    let start = Instant::now();
    let shipper = Shipper::start(ingest::Config::default(), parts, &Handle::current()).expect("started");
    let (remaining, threads) = watched(shipper.drain(PATIENCE)).await;
    let seconds = start.elapsed().as_secs_f64();
    assert!(remaining.is_nothing(), "{remaining:?}");
    let a_click = |cpu: f64| json!(cpu * 1e6 / records as f64);
    let (cpu, engine_cpu) = (relais.cpu() - cpu, clickhouse.cpu() - engine_cpu);
    let peaks = (relais.peak(), clickhouse.peak());

    let distinct: u64 = warehouse.row::<Count>("SELECT count() AS count FROM clicks FINAL").await.expect("read").count;
    assert_eq!(distinct, records, "every click is there once");
    let fresh = table(&warehouse).await;
    warehouse.execute("OPTIMIZE TABLE clicks FINAL").await.expect("merged");
    let merged = table(&warehouse).await;
    engine.stop().await;

    let mut figures: Vec<(&str, Value)> = vec![
        ("clicks", json!(records)),
        ("seconds", json!(seconds)),
        ("clicks_per_second", json!(records as f64 / seconds)),
        ("spool_bytes_per_click", json!(spooled_bytes as f64 / records as f64)),
        ("clickhouse_parts_at_the_end", json!(fresh.parts)),
        ("clickhouse_bytes_per_click", json!(fresh.bytes as f64 / fresh.rows as f64)),
        ("clickhouse_bytes_per_click_merged", json!(merged.bytes as f64 / merged.rows as f64)),
        ("relais_peak_bytes", json!(peaks.0)),
        ("clickhouse_peak_bytes", json!(peaks.1)),
        ("relais_cpu_us_per_click", a_click(cpu)),
        ("clickhouse_cpu_us_per_click", a_click(engine_cpu)),
    ];
    let threads: Vec<_> =
        threads.into_iter().map(|(name, cpu)| (format!("cpu_us_per_click_{name}"), a_click(cpu))).collect();
    figures.extend(threads.iter().map(|(name, value)| (name.as_str(), value.clone())));
    print("from the spool to stored and verified", &figures);
}

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

async fn table(warehouse: &Warehouse) -> Table {
    let sql = "SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts \
               WHERE active AND database = currentDatabase() AND table = 'clicks'";
    warehouse.row(sql).await.expect("read")
}

/// Appends as redirect workers do, and returns the bytes of all payloads.
fn fill(spool: &Spool, records: u64, first_ms: i64, keys: &DayKeys) -> u64 {
    let mut crowd = traffic::Crowd::new(1);
    let mut writers: Vec<_> = (0..LANES).map(|lane| spool.writer(lane).expect("a lane")).collect();
    let mut bytes = 0;
    for number in 0..records {
        let at_ms = first_ms + (number * 1000 / ARRIVALS) as i64;
        let key = keys.get(utc_day(at_ms)).expect("a key of each day");
        let writer = &mut writers[number as usize % usize::from(LANES)];
        loop {
            let appended = writer.append(Click::MAX_ENCODED, |id, room| {
                let length = crowd.click(at_ms, id, &key).encode(room);
                bytes += length as u64;
                length
            });
            match appended {
                Ok(_) => break,
                // Faster than any server: the next segment is still being allocated.
                Err(AppendError::Full) => std::thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        }
    }
    drop(writers);
    spool.sync().expect("synced");
    bytes
}

/// What `work` answers, and the processor time of each of this process's threads meanwhile, in seconds.
async fn watched<T>(work: impl Future<Output = T>) -> (T, BTreeMap<String, f64>) {
    let before = Process::this().cpu_by_thread();
    let mut during = before.clone();
    tokio::pin!(work);
    loop {
        tokio::select! {
            answer = &mut work => {
                during.iter_mut().for_each(|(name, cpu)| *cpu -= before.get(name).unwrap_or(&0.0));
                during.retain(|_, cpu| *cpu > 0.0);
                return (answer, during);
            }
            () = tokio::time::sleep(LOOK_EVERY) => during.extend(Process::this().cpu_by_thread()),
        }
    }
}
