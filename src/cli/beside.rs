//! Questions about the spool's books: to the server when one runs, else answered here.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::watch;

use super::runtime;
use crate::app::clickhouse;
use crate::app::control::{Answerer, Reply, Request, ask as ask_server};
use crate::config::Settings;
use crate::spool::Spool;
use crate::spool::filesystem::Disk;
use crate::telemetry::Metrics;

/// Asks the server of this data directory, or opens spool and ClickHouse itself.
pub(super) fn ask(settings: Settings, request: Request) -> anyhow::Result<Reply> {
    runtime::block_on(async {
        let folder = runtime::folder(&settings)?;
        if let Some(reply) = ask_server(&folder.socket(), &request).await.context("asking the running server")? {
            return Ok(reply);
        }
        let metrics = Arc::new(Metrics::new());
        let spool = Spool::open(&folder.spool(), settings.spool.clone(), Arc::new(Disk), Arc::clone(&metrics))?;
        let needs_clickhouse = matches!(request, Request::Audit);
        let connected = if needs_clickhouse {
            Some(clickhouse::connect(&settings.clickhouse, folder.path(), metrics).await?)
        } else {
            None
        };
        let (_keep, warehouse) = watch::channel(connected.as_ref().map(|connected| connected.warehouse.clone()));
        let reply = Answerer { spool, warehouse }.answer(request).await;
        if let Some(engine) = connected.and_then(|connected| connected.engine) {
            engine.stop().await;
        }
        Ok(reply)
    })
}
