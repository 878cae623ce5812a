//! A space with its store and its ClickHouse, for commands that move it: the running server's when there
//! is one, else opened here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::runtime;
use crate::app::clickhouse::Connected;
use crate::app::{Folder, clickhouse, programme};
use crate::config::Settings;
use crate::exchange::Place;
use crate::model::SpaceId;
use crate::programme::{Error, Programme};
use crate::telemetry::Metrics;
use crate::warehouse::CallError;
use crate::warehouse::embedded::{Engine, StartError};
use crate::warehouse::migrate::migrate;

/// How long an engine that another process starts may take to answer.
const ENGINE_WITHIN: Duration = Duration::from_secs(60);
/// Pause between two looks at it.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Everything that is to be closed again.
pub(super) struct Opened {
    pub(super) place: Place,
    pub(super) programme: Programme,
    engine: Option<Engine>,
}

impl Opened {
    /// Opens the space of this slug.
    pub(super) async fn open(settings: &Settings, slug: &str) -> anyhow::Result<Self> {
        // Asked before ClickHouse is started: a wrong slug is found at once.
        let folder = runtime::folder(settings)?;
        let opened = programme::open(settings, &folder).await?;
        let space = match opened.programme.space_of_slug(slug).await {
            Err(Error::NotFound { .. }) => bail!("there is no space {slug}: `relais space create {slug}` makes it"),
            found => found?,
        };
        opened.store.close().await;
        open(settings, space.id).await
    }

    pub(super) async fn close(self) {
        self.place.store.close().await;
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}

/// As [`clickhouse::connect`], but waits for the engine of a server that was started a moment ago.
async fn connect(settings: &Settings, folder: &Folder) -> anyhow::Result<Connected> {
    let begun = Instant::now();
    loop {
        match clickhouse::connect(&settings.clickhouse, folder.path(), Arc::new(Metrics::new())).await {
            Err(error) if is_starting(settings, &error) && begun.elapsed() < ENGINE_WITHIN => {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            answer => return answer,
        }
    }
}

/// Another process has the engine and it does not answer yet.
fn is_starting(settings: &Settings, error: &anyhow::Error) -> bool {
    let is_running = matches!(error.downcast_ref(), Some(StartError::Running { .. }));
    let is_silent = matches!(error.downcast_ref(), Some(CallError::Network(_) | CallError::TimedOut));
    settings.clickhouse.url.is_empty() && (is_running || is_silent)
}

/// Opens store and ClickHouse, both of this version's schema.
pub(super) async fn open(settings: &Settings, space: SpaceId) -> anyhow::Result<Opened> {
    let folder = runtime::folder(settings)?;
    let opened = programme::open(settings, &folder).await?;
    let connected = connect(settings, &folder).await?;
    migrate(&connected.warehouse, |_, _| {}).await?;
    let base_url = settings.redirect.base_url.clone();
    let place = Place { store: opened.store, warehouse: connected.warehouse, base_url, space };
    Ok(Opened { place, programme: opened.programme, engine: connected.engine })
}
