//! What the parent process does: start the engine, watch it, start it again, end it.

use std::convert::Infallible;
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::credentials;
use super::error::StartError;
use super::library;
use super::lock;
use super::ports::Ports;
use super::process::{Launch, Process, Spawner, tail};
use crate::telemetry::Metrics;
use crate::warehouse::client::Access;
use crate::warehouse::config::{Config, is_plain_name};

/// First and longest pause before a new start.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// How often a running engine is asked whether it answers.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// An engine that lived this long earns the first pause again.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// Starts that fail before the first success; a free port may be taken by somebody in between.
const FIRST_STARTS: u32 = 3;

/// Whether the engine serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It answered as this process.
    Up {
        /// Its process.
        pid: u32,
    },
    /// It ended and will be started again, or it was stopped.
    Down,
}

/// A running embedded ClickHouse and the task that keeps it running. Dropping it ends the engine as
/// well, without waiting for it.
pub struct Engine {
    access: Access,
    reader: Access,
    ports: Ports,
    state: watch::Receiver<State>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the engine of `data_dir` and returns once it answers.
    ///
    /// # Errors
    /// Says what stands in the way; nothing is left running then.
    pub async fn start(
        config: &Config,
        data_dir: &Path,
        launch: Launch,
        metrics: Arc<Metrics>,
    ) -> Result<Self, StartError> {
        check_names(config)?;
        let library = library::find(&config.embedded.library)?;
        let directory = std::path::absolute(super::directory(data_dir)).unwrap_or_else(|_| super::directory(data_dir));
        let files = |source| StartError::Files { path: directory.display().to_string(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&directory).map_err(files)?;
        let lock = lock::lock(&directory).await?;
        lock::wait_for_a_former_engine(&directory).await;
        // Left by a supervisor that was killed; nobody may be sent to those ports while the engine starts.
        let _none_left = fs::remove_file(directory.join("ports"));
        let password = credentials::password(config, &directory).map_err(files)?;
        let reader_password = credentials::reader_password(&directory).map_err(files)?;
        let users = credentials::users_xml(config, &password, &reader_password);
        credentials::write_private(&directory.join("users.xml"), &users).map_err(files)?;

        let mut spawner = Spawner { launch, library, directory, access: None };
        let mut attempt = 1;
        let (process, ports) = loop {
            let ports = Ports::choose(&config.embedded)?;
            spawner.configure(ports).map_err(|source| spawner.files(source))?;
            let user = credentials::user(config).to_owned();
            spawner.access = Some(Access { url: ports.url(), user, password: password.clone() });
            let mut process = spawner.spawn().map_err(|source| spawner.files(source))?;
            match spawner.ready(&mut process).await {
                Ok(()) => break (process, ports),
                Err(StartError::Ended { .. }) if attempt < FIRST_STARTS => attempt += 1,
                Err(error) => {
                    process.end().await;
                    return Err(error);
                }
            }
        };
        ports.save(&spawner.directory).map_err(|source| spawner.files(source))?;
        metrics.clickhouse_up.set(1);
        tracing::info!(http_port = ports.http, tcp_port = ports.tcp, "the embedded ClickHouse is ready");

        let access = spawner.access.clone().expect("set before the engine was spawned");
        let reader =
            Access { url: access.url.clone(), user: credentials::READER_USER.to_owned(), password: reader_password };
        let (sender, state) = watch::channel(process.state());
        let stop = CancellationToken::new();
        let supervisor = Supervisor { spawner, metrics, state: sender, stop: stop.clone(), _lock: lock };
        let task = tokio::spawn(supervisor.run(process));
        Ok(Self { access, reader, ports, state, stop, task: Some(task) })
    }

    /// How Relais signs in.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// How `relais_reader` signs in.
    pub fn reader(&self) -> &Access {
        &self.reader
    }

    /// Where it listens; the same for the engine's whole life, restarts included.
    pub fn ports(&self) -> Ports {
        self.ports
    }

    /// Whether it serves; changes with each end and each start.
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Ends the engine and returns when its process is gone: ClickHouse lets what is
    /// running finish for 5 s, and is killed when it has not ended after 20 s.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _ended_or_panicked = task.await;
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Keeps an engine running until it is told to stop.
struct Supervisor {
    spawner: Spawner,
    metrics: Arc<Metrics>,
    state: watch::Sender<State>,
    stop: CancellationToken,
    _lock: File,
}

impl Supervisor {
    async fn run(self, mut process: Process) {
        let mut started = Instant::now();
        let mut pause = BACKOFF.0;
        loop {
            let ended = tokio::select! {
                () = self.stop.cancelled() => break,
                never = self.ask() => match never {},
                status = process.child.wait() => status,
            };
            self.down();
            if started.elapsed() > HEALTHY_AFTER {
                pause = BACKOFF.0;
            }
            tracing::error!(
                status = %ended.map_or_else(|error| error.to_string(), |status| status.to_string()),
                restart_in_ms = pause.as_millis() as u64,
                log = tail(&self.spawner.directory.join("engine.log")),
                "the embedded ClickHouse ended; redirects go on and clicks wait in the spool"
            );
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep(pause.mul_f64(rand::random_range(0.75..1.25))) => {}
            }
            pause = (pause * 2).min(BACKOFF.1);
            self.metrics.clickhouse_restarts.inc();
            process = match self.spawner.spawn() {
                Ok(process) => process,
                Err(error) => {
                    // The ended child stays, so that the next round waits no longer than its pause.
                    tracing::error!(%error, "the embedded ClickHouse cannot be started");
                    continue;
                }
            };
            started = Instant::now();
            let ready = tokio::select! {
                () = self.stop.cancelled() => break,
                ready = self.spawner.ready(&mut process) => ready,
            };
            match ready {
                Ok(()) => {
                    self.metrics.clickhouse_up.set(1);
                    self.state.send_replace(process.state());
                    tracing::info!("the embedded ClickHouse is back");
                }
                Err(error) => {
                    tracing::error!(%error, "the embedded ClickHouse did not come back yet");
                    let _already_ended = process.child.start_kill();
                }
            }
        }
        process.end().await;
        self.down();
        let _never_written = fs::remove_file(self.spawner.directory.join("ports"));
    }

    /// Keeps the metric true. An engine that does not answer is left alone: it may be merging, or stopped by
    /// somebody who looks at it, and a kill would help neither.
    async fn ask(&self) -> Infallible {
        let client = self.spawner.client();
        loop {
            tokio::time::sleep(ASK_EVERY).await;
            self.metrics.clickhouse_up.set(i64::from(client.ping().await.is_ok()));
        }
    }

    fn down(&self) {
        self.metrics.clickhouse_up.set(0);
        self.state.send_replace(State::Down);
    }
}

fn check_names(config: &Config) -> Result<(), StartError> {
    let user = credentials::user(config);
    for (key, value, taken) in
        [("user", user, credentials::READER_USER), ("database", config.database.as_str(), "system")]
    {
        if !is_plain_name(value) || value == taken {
            return Err(StartError::Name { key, value: value.to_owned() });
        }
    }
    Ok(())
}
