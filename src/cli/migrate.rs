//! `relais migrate`.

use std::process::ExitCode;
use std::sync::Arc;

use super::{output, runtime};
use crate::app::{clickhouse, programme};
use crate::config::Settings;
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
        let applied = migrate(&connected.warehouse, |name, left| {
            output::line(&format!("ClickHouse: {name} ({left} to go)"));
        })
        .await;
        if let Some(engine) = connected.engine {
            engine.stop().await;
        }
        output::line(&format!("ClickHouse: up to date ({} applied)", applied?));
        Ok(ExitCode::SUCCESS)
    })
}
