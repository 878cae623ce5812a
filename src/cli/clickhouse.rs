//! `relais clickhouse`, and the hidden command that becomes the engine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::{output, runtime};
use crate::app::clickhouse::start_engine;
use crate::config::Settings;
use crate::telemetry::{Metrics, log};
use crate::warehouse::embedded::run_in_this_process;

/// What the supervisor hands to the engine's process.
#[derive(clap::Args)]
pub(super) struct Engine {
    /// The engine's library
    library: PathBuf,
    /// The engine's folder in the data directory
    directory: PathBuf,
}

impl Engine {
    /// Becomes ClickHouse; comes back only when that failed.
    pub(super) fn run(self) -> ExitCode {
        match run_in_this_process(&self.library, &self.directory) {
            Ok(never) => match never {},
            Err(error) => {
                output::error(&error.into());
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs the engine until SIGTERM or SIGINT.
pub(super) fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    log::init(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    runtime::block_on(async {
        let folder = runtime::folder(&settings)?;
        let stop = crate::app::stop_on_signal()?;
        let engine = start_engine(&settings.clickhouse, folder.path(), Arc::new(Metrics::new())).await?;
        let directory = crate::warehouse::embedded::directory(folder.path());
        output::line(&format!("http       http://127.0.0.1:{}", engine.ports().http));
        output::line(&format!("native     127.0.0.1:{}", engine.ports().tcp));
        output::line(&format!("user       {}", engine.access().user));
        output::line(&format!("password   in {}", directory.join("password").display()));
        output::line("ready");
        stop.cancelled().await;
        engine.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}
