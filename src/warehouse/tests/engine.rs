//! The embedded engine: starts, survives, ends.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use secrecy::ExposeSecret;

use crate::telemetry::Metrics;
use crate::warehouse::embedded::{Engine, StartError, State, find_running};
use crate::warehouse::migrate::migrate;
use crate::warehouse::testing::BARE;
use crate::warehouse::{Access, Batch, CallError, ClickSink, Config, Warehouse, config::Embedded, testing};

async fn start(data_dir: &Path) -> (Engine, Arc<Metrics>) {
    let metrics = Arc::new(Metrics::new());
    let config = testing::config();
    let engine = Engine::start(&config, data_dir, testing::launch(), Arc::clone(&metrics));
    (engine.await.expect("the engine starts"), metrics)
}

async fn refusal(config: &Config, data_dir: &Path) -> StartError {
    let start = Engine::start(config, data_dir, testing::launch(), Arc::new(Metrics::new()));
    start.await.map(|_| ()).expect_err("it cannot start")
}

async fn next_pid(engine: &Engine, not: Option<u32>) -> u32 {
    let mut state = engine.state();
    let up = state.wait_for(|state| matches!(state, State::Up { pid } if Some(*pid) != not)).await;
    match *up.expect("the supervisor runs") {
        State::Up { pid } => pid,
        State::Down => unreachable!("waited for the other"),
    }
}

fn signal(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process");
    kill_process(pid, signal).expect("sent");
}

#[tokio::test]
async fn after_a_kill_it_comes_back_with_all_that_it_had_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let (engine, metrics) = start(folder.path()).await;
    assert_eq!(metrics.clickhouse_up.get(), 1);
    let warehouse = Warehouse::new(engine.access(), "relais");
    migrate(&warehouse, |_, _| {}).await.expect("migrated");
    let mut batch = Batch::new(1, 1);
    batch.push(&BARE);
    let batch = batch.freeze(1, BARE.partition());
    warehouse.insert(&batch).await.expect("inserted");

    let first = next_pid(&engine, None).await;
    signal(first, Signal::KILL);
    next_pid(&engine, Some(first)).await;
    assert!(warehouse.stored(1, batch.partition).await.expect("it answers").holds(&batch.fingerprint));
    assert_eq!((metrics.clickhouse_restarts.get(), metrics.clickhouse_up.get()), (1, 1));

    engine.stop().await;
    assert_eq!(metrics.clickhouse_up.get(), 0);
    assert!(warehouse.ping().await.is_err());
    let (engine, _) = start(folder.path()).await;
    let warehouse = Warehouse::new(engine.access(), "relais");
    assert!(warehouse.stored(1, batch.partition).await.expect("it answers").holds(&batch.fingerprint));
    engine.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_gives_way_keeps_its_secrets_and_leaves_the_end_to_its_parent() {
    let folder = tempfile::tempdir().expect("a folder");
    let (engine, _) = start(folder.path()).await;
    let pid = next_pid(&engine, None).await;
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).expect("it runs");

    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
    let nice = threads.filter(|thread| {
        let path = thread.as_ref().expect("readable").path().join("stat");
        let stat = std::fs::read_to_string(path).unwrap_or_default();
        // Behind the name in parentheses: the state is field 3, the niceness field 19.
        stat.rsplit(") ").next().and_then(|fields| fields.split(' ').nth(16)) == Some("19")
    });
    assert!(nice.count() > 10, "the engine's threads run at the lowest ordinary priority");
    assert_eq!(of("oom_score_adj").trim(), "500");

    let password = engine.access().password.expose_secret().to_owned();
    assert!(!of("cmdline").contains(&password) && !of("environ").contains(&password));
    for file in ["config.xml", "users.xml", "engine.log"] {
        let text = std::fs::read_to_string(folder.path().join("clickhouse").join(file)).expect("written");
        assert!(!text.contains(&password), "{file}");
    }

    for harmless in [Signal::TERM, Signal::INT, Signal::HUP] {
        signal(pid, harmless);
    }
    Warehouse::new(engine.access(), "default").ping().await.expect("it still answers");
    assert_eq!(next_pid(&engine, None).await, pid);
    engine.stop().await;
}

#[tokio::test]
async fn a_second_one_on_the_same_data_is_refused_and_others_find_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = testing::config();
    assert!(find_running(&config, folder.path()).expect("readable").is_none());
    let (engine, _) = start(folder.path()).await;
    let error = refusal(&config, folder.path()).await;
    assert!(matches!(error, StartError::Running { .. }), "{error}");
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    let access = find_running(&config, folder.path()).expect("readable").expect("it runs");
    Warehouse::new(&access, "default").ping().await.expect("it answers");
    engine.stop().await;
    assert!(find_running(&config, folder.path()).expect("readable").is_none());
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let with = |embedded| Config { embedded, ..testing::config() };
    let no_library = with(Embedded { library: "/nowhere/libchdb.so".into(), ..testing::config().embedded });
    assert!(matches!(refusal(&no_library, folder.path()).await, StartError::Library(_)));

    let false_library = folder.path().join("libchdb.so");
    std::fs::write(&false_library, "no library").expect("written");
    let false_library = with(Embedded { library: false_library, ..testing::config().embedded });
    let error = refusal(&false_library, folder.path()).await;
    assert!(
        matches!(&error, StartError::Ended { log, .. } if log.contains("is not a library of the engine")),
        "{error}"
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port();
    let error = refusal(&with(Embedded { http_port: port, ..testing::config().embedded }), folder.path()).await;
    assert!(error.to_string().contains("clickhouse.embedded.http_port"), "{error}");

    let error = refusal(&Config { database: "a;b".to_owned(), ..testing::config() }, folder.path()).await;
    assert!(error.to_string().contains("clickhouse.database"), "{error}");
}

#[tokio::test]
async fn nobody_gets_in_without_a_password() {
    let database = testing::tables().await;
    let access = tokio::task::spawn_blocking(testing::access).await.expect("the engine runs");
    for (user, password) in [("default", ""), ("default", "x"), ("relais", ""), ("relais", "x"), ("relais_reader", "")]
    {
        let access = Access { user: user.to_owned(), password: password.into(), ..access.clone() };
        let error = Warehouse::new(&access, database.database()).ping().await.expect_err("refused");
        assert!(matches!(error.code(), Some(516 | 700)), "{user}: {error}");
    }
}

#[tokio::test]
async fn security_23_the_reader_reads_views_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (engine, _) = start(folder.path()).await;
    let warehouse = Warehouse::new(engine.access(), "relais");
    migrate(&warehouse, |_, _| {}).await.expect("migrated");
    warehouse
        .execute("CREATE VIEW kpi_of_a_test SQL SECURITY NONE AS SELECT count() AS n FROM clicks")
        .await
        .expect("made");

    let reader = Warehouse::new(engine.reader(), "relais");
    reader.execute("SELECT * FROM kpi_of_a_test SETTINGS max_execution_time = 5").await.expect("allowed");
    let denied = [
        "SELECT * FROM clicks",
        "SELECT * FROM system.processes",
        "SELECT * FROM file('/etc/passwd', LineAsString)",
        "INSERT INTO clicks (record) VALUES (1)",
        "SELECT * FROM kpi_of_a_test SETTINGS max_threads = 64",
        "DROP VIEW kpi_of_a_test",
    ];
    for sql in denied {
        let error = reader.execute(sql).await.expect_err(sql);
        // Not enough privileges, or read-only.
        assert!(matches!(error.code(), Some(497 | 164)), "{sql}: {error}");
    }
    engine.stop().await;
}

/// Not a test of its own: the parent that the next test kills. Without the variable there is nothing to do.
#[test]
fn doomed_parent() {
    let Some(folder) = std::env::var_os("TEST_DOOMED_PARENT") else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (engine, _) = start(Path::new(&folder)).await;
        next_pid(&engine, None).await;
        std::fs::write(Path::new(&folder).join("ready"), "").expect("written");
        std::future::pending::<()>().await;
    });
}

#[tokio::test]
async fn it_ends_when_its_parent_is_killed_and_the_next_parent_takes_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut parent = Command::new(std::env::current_exe().expect("a test binary has a path"))
        .args(["--exact", "warehouse::tests::engine::doomed_parent", "--nocapture"])
        .env("TEST_DOOMED_PARENT", folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let config = testing::config();
    let orphan = loop {
        assert!(parent.try_wait().expect("a child").is_none(), "the parent ended by itself");
        if folder.path().join("ready").exists() {
            break find_running(&config, folder.path()).expect("readable").expect("it runs");
        }
        tokio::task::yield_now().await;
    };
    parent.kill().expect("killed");
    parent.wait().expect("gone");
    // Starting waits for the former engine's lock, which it holds until it is gone.
    let (engine, _) = start(folder.path()).await;
    let error = Warehouse::new(&orphan, "default").ping().await.expect_err("nobody listens there any more");
    assert!(
        matches!(error, CallError::Network(_) | CallError::TimedOut) || engine.access().url == orphan.url,
        "{error}"
    );
    engine.stop().await;
}
