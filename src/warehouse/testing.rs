//! A real engine for this room's tests: one a test process, one database a test.
//!
//! The engine's process is the test binary itself, told by a variable to run [`engine_process`]
//! alone. It ends when the test process does, and takes its files along.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::runtime::Runtime;

use super::click_row::ClickRow;
use super::client::{Access, Warehouse};
use super::config::{Config, Embedded};
use super::embedded::{Engine, Launch, run_in_this_process};
use super::migrate::{migrate, migrate_tables};
use crate::model::{AdvocateId, Answer, CampaignId, Class, ContentId, ContentKind, LinkId, SpaceId, TeamId};
use crate::telemetry::Metrics;

/// Set for the process that shall be the engine.
const AS_ENGINE: &str = "RELAIS_TEST_ENGINE";
/// Set for the process that shall clean up; its value is the folder.
const AS_JANITOR: &str = "RELAIS_TEST_JANITOR";

/// Free ports, nothing configured.
pub(super) fn config() -> Config {
    Config { embedded: Embedded { http_port: 0, tcp_port: 0, ..Embedded::default() }, ..Config::default() }
}

/// This test binary, told to run one test alone.
fn myself(test: &str) -> (PathBuf, Vec<OsString>) {
    let program = std::env::current_exe().expect("a test binary has a path");
    (program, ["--exact", test, "--nocapture", "--test-threads=1"].map(OsString::from).into())
}

/// The command that makes this test binary an engine.
pub(super) fn launch() -> Launch {
    let (program, arguments) = myself("warehouse::testing::engine_process");
    Launch { program, arguments, environment: vec![(AS_ENGINE.into(), "1".into())] }
}

/// Not a test of its own: the engine's entry in the test binary. Without the variable there is nothing to do.
#[test]
fn engine_process() {
    if std::env::var_os(AS_ENGINE).is_none() {
        return;
    }
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let [.., library, directory] = arguments.as_slice() else { panic!("library and directory are missing") };
    let Err(error) = run_in_this_process(Path::new(library), Path::new(directory));
    panic!("{error}");
}

/// Not a test of its own: waits until the test process is gone, then until its engine is, and removes their
/// files. A test process can do neither itself, because a static is never dropped.
#[test]
fn janitor_process() {
    let Some(folder) = std::env::var_os(AS_JANITOR) else { return };
    let _end_of_input = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    let lock = std::fs::File::open(Path::new(&folder).join("clickhouse/engine.lock"));
    let _engine_is_gone = lock.and_then(|lock| lock.lock());
    std::fs::remove_dir_all(folder).expect("removed");
}

fn hire_janitor(folder: &Path) -> Child {
    let (program, arguments) = myself("warehouse::testing::janitor_process");
    Command::new(program)
        .args(arguments)
        .env(AS_JANITOR, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a janitor")
}

/// The process's engine, and what lives and ends with it.
struct Shared {
    engine: Engine,
    _runtime: Runtime,
    _janitor: Child,
}

/// The process's engine, started at first use.
fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        // In a thread of its own, because a runtime cannot be entered from within another.
        std::thread::spawn(|| {
            let folder = tempfile::tempdir().expect("a folder").keep();
            let janitor = hire_janitor(&folder);
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
            let config = config();
            let start = Engine::start(&config, &folder, launch(), Arc::new(Metrics::new()));
            let engine = runtime.block_on(start).expect("the engine starts");
            Shared { engine, _runtime: runtime, _janitor: janitor }
        })
        .join()
        .expect("the engine starts")
    })
}

/// How to sign in to the process's engine.
pub(super) fn access() -> Access {
    shared().engine.access().clone()
}

/// A handle on a database that nobody made yet.
pub(super) async fn empty_database() -> Warehouse {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let access = tokio::task::spawn_blocking(access).await.expect("the engine starts");
    Warehouse::new(&access, &format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// A handle on a database with this version's tables. The views take two seconds more: see [`database`].
pub(crate) async fn tables() -> Warehouse {
    let warehouse = empty_database().await;
    migrate_tables(&warehouse).await.expect("migrated");
    warehouse
}

/// A handle on a database with this version's schema.
pub(crate) async fn database() -> Warehouse {
    let warehouse = empty_database().await;
    migrate(&warehouse, |_, _| {}).await.expect("migrated");
    warehouse
}

/// The single value that a query answers, as text.
pub(crate) async fn ask(warehouse: &Warehouse, sql: &str) -> String {
    #[derive(clickhouse::Row, serde::Deserialize)]
    struct Answer {
        answer: String,
    }
    let sql = format!("SELECT assumeNotNull(toString(({sql}))) AS answer");
    warehouse.row::<Answer>(&sql).await.expect("an answer").answer
}

/// An id that no other test of this process uses: all of them share one engine, and query ids are made of it.
pub(crate) fn batch_id() -> u128 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 64
}

/// A row without anything that may be missing.
pub(crate) const BARE: ClickRow<'static> = ClickRow {
    spool_id: 1,
    lane: 0,
    segment: 0,
    record: 0,
    clicked_at_ms: 1_772_000_000_123,
    space_id: SpaceId::from_bits(1),
    link_id: LinkId::from_bits(2),
    content_id: ContentId::from_bits(3),
    campaign_id: CampaignId::NONE,
    advocate_id: AdvocateId::NONE,
    team_id: TeamId::NONE,
    content_kind: ContentKind::Article,
    code: "",
    cohort: "",
    channel: "",
    class: Class::Human,
    class_reason: "",
    classifier_version: 0,
    status: 0,
    answer: Answer::Content,
    network: "",
    country: "",
    region: "",
    city: "",
    device: "",
    os: "",
    browser: "",
    language: "",
    visitor: "",
    utm_source: "",
    utm_medium: "",
    utm_campaign: "",
    utm_term: "",
    utm_content: "",
    evidence: "",
    evidence_flags: 0,
};

#[derive(clickhouse::Row, serde::Deserialize)]
struct Line {
    line: String,
}

/// The rows of a query as JSON objects. Numbers of 64 bits are numbers.
pub(crate) async fn json(warehouse: &Warehouse, sql: &str) -> Vec<serde_json::Value> {
    let sql = format!(
        "SELECT formatRowNoNewline('JSONEachRow', *) AS line FROM ({sql}) \
         SETTINGS output_format_json_quote_64bit_integers = 0"
    );
    let lines: Vec<Line> = warehouse.rows(&sql).await.expect("the query runs");
    lines.iter().map(|line| serde_json::from_str(&line.line).expect("ClickHouse writes JSON")).collect()
}

/// How to sign in to the process's engine from another process: URL, account, password.
pub(crate) fn access_of_another_process() -> [String; 3] {
    use secrecy::ExposeSecret;
    let access = access();
    [access.url, access.user, access.password.expose_secret().to_owned()]
}

/// A handle as [`access_of_another_process`] describes it.
pub(crate) fn connect([url, user, password]: [String; 3], database: &str) -> Warehouse {
    Warehouse::new(&Access { url, user, password: password.into() }, database)
}
