//! Which ClickHouse this process speaks to, and how it gets there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::telemetry::Metrics;
use crate::warehouse::embedded::{Engine, Launch, State, find_running};

use crate::warehouse::migrate::migrate;
use crate::warehouse::{Access, Config, Warehouse};

/// First and longest pause between two tries to reach ClickHouse.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// A ClickHouse that answers, and the engine behind it when this process runs it.
pub struct Connected {
    /// The handle.
    pub warehouse: Warehouse,
    /// The embedded engine, while this process is its parent.
    pub engine: Option<Engine>,
}

/// How a configured server is signed in to.
fn external(config: &Config) -> Option<Access> {
    (!config.url.is_empty()).then(|| Access {
        url: config.url.clone(),
        user: config.user.clone(),
        password: config.password.clone(),
    })
}

/// The hidden command that becomes the engine.
fn launch() -> std::io::Result<Launch> {
    Ok(Launch { program: std::env::current_exe()?, arguments: vec!["engine".into()], environment: Vec::new() })
}

/// Starts the embedded engine of `data_dir`.
///
/// # Errors
/// Says what stands in the way and what to do about it.
pub async fn start_engine(config: &Config, data_dir: &Path, metrics: Arc<Metrics>) -> anyhow::Result<Engine> {
    Ok(Engine::start(config, data_dir, launch()?, metrics).await?)
}

/// For a command that runs for a moment: the configured server, else the engine that a server runs in
/// `data_dir` already, else one of its own.
///
/// # Errors
/// When none of them answers.
pub async fn connect(config: &Config, data_dir: &Path, metrics: Arc<Metrics>) -> anyhow::Result<Connected> {
    let running = match external(config) {
        Some(access) => Some(access),
        None => find_running(config, data_dir).context("looking for a running engine")?,
    };
    if let Some(access) = running {
        // Not in the database of the clicks: it may be the command's work to make it.
        Warehouse::new(&access, "default").ping().await?;
        let warehouse = Warehouse::new(&access, &config.database);
        return Ok(Connected { warehouse, engine: None });
    }
    let engine = start_engine(config, data_dir, metrics).await?;
    let warehouse = Warehouse::new(engine.access(), &config.database);
    Ok(Connected { warehouse, engine: Some(engine) })
}

/// ClickHouse as a server has it: looked for in the background, and the embedded engine kept running.
pub(super) struct ClickHouse {
    found: watch::Receiver<Option<Found>>,
    warehouse: watch::Receiver<Option<Warehouse>>,
    task: JoinHandle<()>,
    end: CancellationToken,
}

/// A ClickHouse that answered and has this version's schema.
#[derive(Clone)]
pub(super) struct Found {
    /// The handle.
    pub(super) warehouse: Warehouse,
    /// Whether the embedded engine is up; none for a server elsewhere.
    pub(super) engine: Option<watch::Receiver<State>>,
}

impl ClickHouse {
    /// Begins to look.
    pub(super) fn begin(config: &Config, data_dir: &Path, metrics: &Arc<Metrics>) -> Self {
        let (tell, found) = watch::channel(None);
        let (hand_out, warehouse) = watch::channel(None);
        let end = CancellationToken::new();
        let looking = keep(config.clone(), data_dir.to_owned(), Arc::clone(metrics), (tell, hand_out), end.clone());
        Self { found, warehouse, task: tokio::spawn(looking), end }
    }

    /// What was found, once it is.
    pub(super) fn found(&self) -> watch::Receiver<Option<Found>> {
        self.found.clone()
    }

    /// The handle alone, once it is there.
    pub(super) fn warehouse(&self) -> watch::Receiver<Option<Warehouse>> {
        self.warehouse.clone()
    }

    /// Ends the embedded engine.
    pub(super) async fn end(self) {
        self.end.cancel();
        if self.task.await.is_err() {
            tracing::error!("what keeps ClickHouse panicked");
        }
    }
}

async fn keep(
    config: Config,
    data_dir: PathBuf,
    metrics: Arc<Metrics>,
    (tell, hand_out): (watch::Sender<Option<Found>>, watch::Sender<Option<Warehouse>>),
    end: CancellationToken,
) {
    let mut engine = None;
    tokio::select! {
        warehouse = find(&config, &data_dir, &metrics, &mut engine) => {
            let state = engine.as_ref().map(Engine::state);
            hand_out.send_replace(Some(warehouse.clone()));
            tell.send_replace(Some(Found { warehouse, engine: state }));
            end.cancelled().await;
        }
        () = end.cancelled() => {}
    }
    if let Some(engine) = engine {
        engine.stop().await;
    }
}

/// Tries until ClickHouse is there and has this version's schema. Redirects go on and clicks wait in
/// the spool meanwhile, so each obstacle is said once and tried again.
async fn find(config: &Config, data_dir: &Path, metrics: &Arc<Metrics>, engine: &mut Option<Engine>) -> Warehouse {
    let mut pause = PAUSE.0;
    let mut said = String::new();
    loop {
        match try_to_connect(config, data_dir, metrics, engine).await {
            Ok(warehouse) => return warehouse,
            Err(error) => {
                let text = format!("{error:#}");
                if text != said {
                    tracing::error!(error = text, "no ClickHouse; clicks are answered and wait in the spool");
                    said = text;
                }
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

async fn try_to_connect(
    config: &Config,
    data_dir: &Path,
    metrics: &Arc<Metrics>,
    engine: &mut Option<Engine>,
) -> anyhow::Result<Warehouse> {
    let access = match (external(config), &engine) {
        (Some(access), _) => access,
        (None, Some(engine)) => engine.access().clone(),
        (None, None) => {
            let started = start_engine(config, data_dir, Arc::clone(metrics)).await?;
            engine.insert(started).access().clone()
        }
    };
    let warehouse = Warehouse::new(&access, &config.database);
    migrate(&warehouse, |name, left| tracing::info!(name, left, "migrating ClickHouse")).await?;
    metrics.clickhouse_up.set(1);
    Ok(warehouse)
}
