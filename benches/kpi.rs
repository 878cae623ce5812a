//! A year of clicks: how large, how long roll-ups of a new million take, how long every KPI in every split takes.
//!
//! ```text
//! cargo bench --bench kpi -- [--clicks 5000000] [--folder DIRECTORY] [--repeat 5] [--json]
//! ```
//! Asked for with `--clicks 100000000` (`make bench-kpi`), which takes about 6 GB: at most 40 bytes on disk a click,
//! roll-ups of a new million rows in under 5 s, every question over the year, of the KPIs and of the dashboards, within
//! 200 ms (p95) warm and 1 s cold, and at least 30 times faster than the same from raw rows. The clicks are made by
//! ClickHouse itself (`benches/year`). Cold means: ClickHouse's caches emptied, its files out of the page cache.
//!
//! A year lies in a folder that goes away again, or stays in DIRECTORY: from its second run on, only questions are asked.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{ToSpan, Zoned};
use panels::Reader;
use relais::kpi::rollup::{Pass, Rollups, Scope};
use relais::kpi::{Audience, Dimension, KPIS, Kpi, Kpis, Period, Question};
use relais::model::SpaceId;
use relais::store::{self, Clock, Store};
use relais::telemetry::Metrics;
use relais::warehouse::embedded::{Engine, Launch};
use relais::warehouse::migrate::migrate;
use relais::warehouse::rollups::{Mark, Subject};
use relais::warehouse::{Config, Warehouse};
use serde_json::{Value, json};
use support::{argument, flag, print};
use tokio::sync::watch;
use year::{SPACES, Year, number, space};

mod panels;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod programme;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;
mod year;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A million, the size that is asked about.
const NEW: u64 = 1_000_000;
/// Longest wait for ClickHouse's merges.
const MERGED_WITHIN: Duration = Duration::from_secs(600);

fn main() {
    if !flag("--bench") {
        return;
    }
    let clicks: u64 = argument("--clicks", 5_000_000);
    let passing = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let folder: PathBuf = argument("--folder", passing.path().to_owned());
    fs::create_dir_all(&folder).expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(measure(clicks, &folder));
}

/// One question and how long it took, in seconds.
struct Timed {
    what: String,
    warm: f64,
    cold: f64,
}

async fn measure(clicks: u64, folder: &Path) {
    let mut config = Config::default();
    config.embedded.http_port = 0;
    let program = env!("CARGO_BIN_EXE_relais").into();
    let launch = Launch { program, arguments: vec!["engine".into()], environment: Vec::new() };
    let engine = Engine::start(&config, folder, launch, Arc::new(Metrics::new())).await.expect("the engine starts");
    let warehouse = Warehouse::new(engine.access(), &config.database);
    migrate(&warehouse, |_, _| {}).await.expect("migrated");
    let store = Store::open(&store::Config::default(), folder, Clock::system()).await.expect("a store");
    year::names(&store, programme::space()).await.expect("names");

    let this_month = Zoned::now().date().first_of_month();
    let year = Year { from: this_month - 12.months(), to: this_month - 1.day() };
    let mut figures = Vec::new();
    if number(&warehouse, "SELECT count() AS number FROM clicks").await == 0 {
        figures = fill(&warehouse, year, clicks).await;
    }

    let (_sender, found) = watch::channel(Some(warehouse.clone()));
    let kpis = Kpis::new(found, store);
    let mut questions = ask_everything(&warehouse, &kpis, year, folder).await;
    let reader = Reader::new(engine.access(), &config.database, folder);
    questions.extend(ask_panels(&warehouse, &reader, year, folder).await);
    figures.extend(answered(&questions));
    figures.extend(against_raw(&warehouse, &kpis, year).await);
    print("A year of clicks", &figures);
    engine.stop().await;
}

/// A figure to print.
type Figure = (&'static str, Value);

/// Makes the year and its roll-ups, then a million clicks more.
async fn fill(warehouse: &Warehouse, year: Year, clicks: u64) -> Vec<Figure> {
    say("facts and shares");
    year::facts(warehouse, year).await.expect("facts");
    year::shares(warehouse, year, clicks / 25).await.expect("shares");
    let slices = clicks.div_ceil(1_000_000);
    year::clicks(warehouse, year, clicks, |done| say(&format!("clicks: {done} of {slices} million")))
        .await
        .expect("clicks");
    let stored = number(warehouse, "SELECT count() AS number FROM clicks").await;

    let rollups = Rollups::new(warehouse.clone());
    rollups.mark(&Scope::default()).await.expect("marked");
    let facts =
        (1..=SPACES).flat_map(|n| [Mark::of(&space(n), Subject::Advocate), Mark::of(&space(n), Subject::Content)]);
    warehouse.mark(facts.collect::<Vec<_>>()).await.expect("marked");
    let begun = Instant::now();
    settle(&rollups).await;
    let back_filled = begun.elapsed().as_secs_f64();
    year::last_day(warehouse, year, 1_000_001, NEW).await.expect("a new million");
    let new_million = timed(settle(&rollups)).await;
    year::last_day(warehouse, year, 1_000_002, 1_000).await.expect("a thousand more");
    let thousand_more = timed(settle(&rollups)).await;
    merged(warehouse).await;

    let size =
        "SELECT sum(bytes_on_disk) AS number FROM system.parts WHERE database = currentDatabase() AND active AND";
    let clicks = number(warehouse, &format!("{size} table = 'clicks'")).await;
    let rolled = number(warehouse, &format!("{size} startsWith(table, 'rollup_')")).await;
    vec![
        ("clicks", json!(stored)),
        ("bytes on disk a click", json!(clicks as f64 / (stored + NEW + 1_000) as f64)),
        ("roll-ups, bytes a click", json!(rolled as f64 / stored as f64)),
        ("back-fill, seconds", json!(back_filled)),
        ("roll-up of a new million, seconds", json!(new_million)),
        ("of a thousand more on it, seconds", json!(thousand_more)),
    ]
}

async fn settle(rollups: &Rollups) {
    loop {
        let Pass { computed, left } = rollups.pass(&Scope::default()).await.expect("a pass");
        if left > 0 {
            say(&format!("roll-ups: {left} days are left"));
        }
        if computed == 0 && left == 0 {
            return;
        }
    }
}

/// Every KPI in every split over the whole year of the large space.
async fn ask_everything(warehouse: &Warehouse, kpis: &Kpis, year: Year, folder: &Path) -> Vec<Timed> {
    let mut questions = Vec::new();
    for kpi in KPIS {
        for by in std::iter::once(None).chain(kpi.possible().into_iter().map(Some)) {
            let split = by.map_or_else(String::new, |by| format!(" by {}", by.as_str()));
            let what = format!("{}{split}", kpi.id());
            questions.push(time(what, warehouse, folder, || ask(kpis, kpi, year, by)).await);
        }
        say(&format!("questions: {}", kpi.id()));
    }
    questions
}

/// Every question of the dashboards over the whole year of the large space.
async fn ask_panels(warehouse: &Warehouse, reader: &Reader, year: Year, folder: &Path) -> Vec<Timed> {
    let mut timed = Vec::new();
    for (place, sql) in panels::questions(year, &space(1)) {
        timed.push(time(place, warehouse, folder, || reader.ask(&sql)).await);
    }
    say(&format!("questions: {} of dashboards", timed.len()));
    timed
}

/// Asks once cold, then `--repeat` times warm.
async fn time<T, F: Future<Output = T>>(
    what: String,
    warehouse: &Warehouse,
    folder: &Path,
    ask: impl Fn() -> F,
) -> Timed {
    forget(warehouse, folder).await;
    let cold = timed(ask()).await;
    Timed { what, warm: percentile(&repeated(ask).await), cold }
}

async fn ask(kpis: &Kpis, kpi: &'static Kpi, year: Year, by: Option<Dimension>) {
    let period = Period::new(year.from, year.to).expect("a period");
    let question = Question::one(kpi, period, by).expect("possible");
    let id: SpaceId = space(1).parse().expect("an id");
    kpis.answer(&id, &question, Audience::Operator).await.unwrap_or_else(|error| panic!("{}: {error}", kpi.id()));
}

/// How many times longer the same takes from raw rows, read as carefully: each click once, people as they are today.
async fn against_raw(warehouse: &Warehouse, kpis: &Kpis, year: Year) -> Vec<Figure> {
    let (from, to) = (year.from, year.to);
    let period = format!(
        "space_id = '{}' AND clicked_at >= toDateTime('{from} 00:00:00', 'Europe/Paris') \
         AND clicked_at < toDateTime('{to} 00:00:00', 'Europe/Paris') + INTERVAL 1 DAY \
         AND class = 'human' AND answer = 'content'",
        space(1),
    );
    let apart = "SETTINGS do_not_merge_across_partitions_select_final = 1";
    let raw = [
        ("clicks", None, format!("SELECT count() AS number FROM clicks FINAL WHERE {period} {apart}")),
        (
            "clicks",
            Some(Dimension::Advocate),
            format!(
                "SELECT count() AS number FROM (SELECT advocate_id, count() FROM clicks FINAL WHERE {period} \
                 GROUP BY advocate_id) {apart}"
            ),
        ),
        (
            "unique_visitors",
            None,
            format!(
                "SELECT uniqExact(toDate(clicked_at, 'Europe/Paris'), visitor) AS number FROM clicks FINAL \
                 WHERE {period} {apart}"
            ),
        ),
    ];
    let whats = ["raw / roll-up: clicks", "raw / roll-up: clicks by advocate", "raw / roll-up: visitors"];
    let mut ratios = Vec::new();
    for ((name, by, sql), what) in raw.into_iter().zip(whats) {
        let kpi = Kpi::find(name).expect("a KPI");
        let from_raw = median(|| number(warehouse, &sql)).await;
        ratios.push((what, json!(from_raw / median(|| ask(kpis, kpi, year, by)).await)));
    }
    ratios
}

/// How long the questions took; the slowest are said by name.
fn answered(questions: &[Timed]) -> Vec<Figure> {
    let mut warm: Vec<f64> = questions.iter().map(|question| question.warm).collect();
    let mut cold: Vec<f64> = questions.iter().map(|question| question.cold).collect();
    warm.sort_by(f64::total_cmp);
    cold.sort_by(f64::total_cmp);
    let mut slow: Vec<&Timed> = questions.iter().collect();
    slow.sort_by(|one, other| other.warm.total_cmp(&one.warm));
    for Timed { what, warm, cold } in slow.iter().take(25) {
        say(&format!("{what:<44} {:>8.0} ms warm {:>8.0} ms cold", warm * 1e3, cold * 1e3));
    }
    vec![
        ("questions", json!(questions.len())),
        ("warm, p95 of all, ms", json!(percentile(&warm) * 1e3)),
        ("warm, slowest, ms", json!(warm.last().copied().unwrap_or_default() * 1e3)),
        ("warm, above 200 ms", json!(warm.iter().filter(|seconds| **seconds > 0.2).count())),
        ("cold, p95 of all, ms", json!(percentile(&cold) * 1e3)),
        ("cold, slowest, ms", json!(cold.last().copied().unwrap_or_default() * 1e3)),
        ("cold, above 1 s", json!(cold.iter().filter(|seconds| **seconds > 1.0).count())),
    ]
}

/// The 95th percentile of what is sorted.
fn percentile(sorted: &[f64]) -> f64 {
    let index = (sorted.len() as f64 * 0.95).ceil() as usize;
    sorted[index.clamp(1, sorted.len()) - 1]
}

/// The middle one of `--repeat` times, after one that is not counted.
async fn median<T, F: Future<Output = T>>(ask: impl Fn() -> F) -> f64 {
    ask().await;
    let times = repeated(ask).await;
    times[times.len() / 2]
}

/// How long it took each of `--repeat` times, the shortest first.
async fn repeated<T, F: Future<Output = T>>(ask: impl Fn() -> F) -> Vec<f64> {
    let mut times = Vec::new();
    for _ in 0..argument("--repeat", 5) {
        times.push(timed(ask()).await);
    }
    times.sort_by(f64::total_cmp);
    times
}

async fn timed<T>(work: impl Future<Output = T>) -> f64 {
    let begun = Instant::now();
    work.await;
    begun.elapsed().as_secs_f64()
}

/// Empties ClickHouse's caches and takes its files out of the page cache.
async fn forget(warehouse: &Warehouse, folder: &Path) {
    for cache in ["MARK", "PRIMARY INDEX", "UNCOMPRESSED"] {
        warehouse.execute(&format!("SYSTEM DROP {cache} CACHE")).await.expect("dropped");
    }
    evict(&folder.join("clickhouse"));
}

fn evict(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            evict(&path);
        } else if let Ok(file) = File::open(&path) {
            // SAFETY: posix_fadvise(2) has no memory effects; the descriptor is open for as long as it is used.
            unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) };
        }
    }
}

/// Merges roll-ups as ClickHouse does ten minutes after the last write to a month, and waits until it has nothing left to
/// merge.
async fn merged(warehouse: &Warehouse) {
    for table in ["rollup_clicks", "rollup_visitors", "rollup_links", "rollup_shares"] {
        warehouse.execute(&format!("OPTIMIZE TABLE {table} FINAL")).await.expect("merged");
    }
    let begun = Instant::now();
    while number(warehouse, "SELECT count() AS number FROM system.merges").await > 0 && begun.elapsed() < MERGED_WITHIN
    {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[allow(clippy::print_stderr, reason = "saying how far it is is what a long bench owes")]
fn say(line: &str) {
    eprintln!("{line}");
}
