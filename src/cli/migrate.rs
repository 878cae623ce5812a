//! `relais migrate`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::app::{clickhouse, programme};
use crate::config::Settings;
use crate::model::Progress;
use crate::telemetry::Metrics;
use crate::warehouse::migrate::migrate;

/// Brings both schemas to this version.
pub(super) fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    runtime::block_on(async {
        let folder = runtime::folder(&settings)?;
        let opened = programme::open(&settings, &folder).await?;
        opened.store.close().await;
        output::line("metadata: up to date");
        let connected = clickhouse::connect(&settings.clickhouse, folder.path(), Arc::new(Metrics::new())).await?;
        let progress = Progress::default();
        let work = migrate(&connected.warehouse, |_, left| {
            // The first is told before any is done.
            let total = progress.total.fetch_max(left as u64, Ordering::Relaxed).max(left as u64);
            progress.done.store(total - left as u64, Ordering::Relaxed);
        });
        let applied = shown("ClickHouse", Unit::Steps, &progress, work).await;
        if let Some(engine) = connected.engine {
            engine.stop().await;
        }
        output::line(&format!("ClickHouse: up to date ({} applied)", applied?));
        Ok(ExitCode::SUCCESS)
    })
}
