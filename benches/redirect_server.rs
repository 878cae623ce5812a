//! One redirect worker with everything that a click costs, to be loaded from outside.
//!
//! ```text
//! cargo bench --bench redirect_server -- PORT [links=N] [limits] [disk] [spool=DIRECTORY]
//! ```
//! Serves `127.0.0.1:PORT` on one thread until it is killed: real handler, real link table of N
//! links (default 100,000), real spool in DIRECTORY (default: a temporary one in the working
//! directory, removed on SIGINT). The link `/aaaaaaaaa` always exists. Limits are off unless
//! `limits`, answers wait for the disk with `disk`. Without a port it ends at once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use relais::model::{DayKey, DayKeys};
use relais::net::{Limits, LimitsConfig, Port, TrustedProxies, bind};
use relais::redirect::{Config, Policy, Setup, Shared, spawn_worker};
use relais::spool::{Acknowledge, Spool, WhenFull};
use relais::telemetry::Metrics;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

mod programme;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(port) = arguments.iter().find_map(|argument| argument.parse::<u16>().ok()) else { return };
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let value = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
    let links = value("links=").map_or(100_000, |text| text.parse().expect("a number of links"));

    let temporary = tempfile::tempdir_in(".").expect("a folder");
    let folder = value("spool=").map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let metrics = Arc::new(Metrics::new());
    let acknowledge = if has("disk") { Acknowledge::Disk } else { Acknowledge::Os };
    let spool_config = relais::spool::Config { acknowledge, ..relais::spool::Config::default() };
    let files = Arc::new(relais::spool::filesystem::Disk);
    let spool = Spool::open(&folder, spool_config, files, Arc::clone(&metrics)).expect("a spool");

    let config = Config::default();
    let limits = if has("limits") {
        // On, and never reached: their cost is what is measured.
        LimitsConfig {
            connections_per_address: 100_000,
            requests_per_second_per_address: 10_000_000,
            misses_per_minute_per_network: 10_000_000,
            max_connections: 100_000,
        }
    } else {
        LimitsConfig::OFF
    };
    let port_settings = Arc::new(Port {
        name: "redirect",
        limits: Arc::new(Limits::new(limits)),
        trusted: Arc::new(TrustedProxies::default()),
        malformed: Some(metrics.redirects.with_label_values(&["malformed"])),
        metrics,
        lean: true,
        head_timeout: Port::HEAD_TIMEOUT,
        grace: Duration::from_secs(5),
    });
    let days = i32::try_from(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() / 86_400,
    );
    let today = days.expect("a day");
    let keys: BTreeMap<_, _> = [today, today + 1].map(|day| (day, DayKey::from_secret(&[7; 32]))).into();
    let shared = Shared::new(Setup {
        config,
        policy: Policy { acknowledge, when_full: WhenFull::Redirect },
        port: port_settings,
        table: programme::table(links),
        keys: Arc::new(DayKeys::new(keys)),
        complete: watch::channel(true).1,
        is_preview_agent: |agent| agent.starts_with(b"facebookexternalhit"),
        report_url: None,
        pictures_url: None,
    });
    let address = ([127, 0, 0, 1], port).into();
    let listener = bind(address, true, Config::LISTEN_KEY).expect("a free port");
    let writer = spool.writer(0).expect("a lane");
    let shutdown = CancellationToken::new();
    let worker = spawn_worker("redirect-0".into(), listener, Arc::new(shared), writer, shutdown.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(tokio::signal::ctrl_c()).expect("a signal");
    shutdown.cancel();
    worker.expect("a thread").join().expect("no panic").expect("served");
}
