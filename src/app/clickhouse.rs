//! Which ClickHouse this process speaks to, and how it gets there.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::telemetry::Metrics;
use crate::warehouse::embedded::{Engine, Launch, find_running};

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

/// For a server: tries until ClickHouse is there and has this version's schema. Redirects go on and
/// clicks wait in the spool meanwhile, so each obstacle is said once and tried again.
pub async fn connect_in_the_end(config: &Config, data_dir: &Path, metrics: Arc<Metrics>) -> Connected {
    let mut pause = PAUSE.0;
    let mut said = String::new();
    let mut engine = None;
    loop {
        let tried = try_to_connect(config, data_dir, &metrics, &mut engine).await;
        match tried {
            Ok(warehouse) => return Connected { warehouse, engine },
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
