//! What has to be done now and then, whether or not anybody asks.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::day_keys::KeyFolder;
use super::folder::Folder;
use crate::auth::Auth;
use crate::cluster::client::Remote;
use crate::enrich::{Enricher, GeoRefresh};
use crate::keeping::{self, Horizon};
use crate::model::DayKeys;
use crate::programme::{pictures, transfers};
use crate::store::{Clock, Store, StoreError};

/// Keys of the day and the geo database are looked after this often.
const OFTEN: Duration = Duration::from_secs(60);
/// Old rows of the store go this often.
const SELDOM: Duration = Duration::from_secs(3600);
/// Changes are kept for this long for link tables that come back, in milliseconds.
const KEEP_CHANGES_MS: i64 = 7 * 86_400_000;
/// Answers of repeated requests are kept for this long, in milliseconds.
const KEEP_ANSWERS_MS: i64 = 86_400_000;

/// Where a node's secrets of the day come from.
pub(super) enum KeySource {
    /// It makes its own.
    Own,
    /// From the control node, so that a visitor is the same one on every node of a day.
    Control(Remote),
}

/// Keys of the day and the geo database, kept current.
pub(super) struct Secrets {
    folder: KeyFolder,
    keys: Arc<DayKeys>,
    enricher: Arc<Enricher>,
    source: KeySource,
}

impl Secrets {
    /// Makes or fetches the keys that a start needs.
    ///
    /// # Errors
    /// When they cannot be kept in `data_dir/keys`.
    pub(super) async fn open(
        folder: &Folder,
        keys: Arc<DayKeys>,
        enricher: Arc<Enricher>,
        source: KeySource,
    ) -> anyhow::Result<Self> {
        let folder = KeyFolder::open(&folder.keys()).context("opening data_dir/keys")?;
        let mut secrets = Self { folder, keys, enricher, source };
        secrets.refresh_keys().await.context("making the keys of the day")?;
        Ok(secrets)
    }

    /// Keeps them until `shutdown`.
    pub(super) async fn keep(mut self, shutdown: CancellationToken) {
        let mut often = tokio::time::interval(OFTEN);
        often.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = often.tick() => self.look_after().await,
            }
        }
    }

    async fn look_after(&mut self) {
        if let Err(error) = self.refresh_keys().await {
            tracing::error!(%error, "the keys of the day cannot be kept; check who may write to data_dir/keys");
        }
        match self.enricher.refresh_geo() {
            Ok(GeoRefresh::Loaded { database_type, .. }) => {
                tracing::info!(database_type, "the geo database was replaced");
            }
            Ok(GeoRefresh::Off | GeoRefresh::Unchanged | GeoRefresh::Missing) => {}
            Err(error) => tracing::error!(%error, "the geo database cannot be used; the former one stays in use"),
        }
    }

    async fn refresh_keys(&mut self) -> std::io::Result<()> {
        if let KeySource::Control(remote) = &self.source {
            match remote.day_keys().await {
                Ok(secrets) => self.folder.adopt(&secrets)?,
                // Its own keys then: a visitor of that day counts once on each node.
                Err(error) => tracing::debug!(%error, "no keys from the control node"),
            }
        }
        self.folder.refresh(Clock::system().now_ms(), &self.keys)
    }
}

/// Removes what the store need not keep any longer, until `shutdown`.
pub(super) async fn tidy(store: Store, auth: Auth, privacy: keeping::Config, shutdown: CancellationToken) {
    let mut seldom = tokio::time::interval(SELDOM);
    seldom.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = seldom.tick() => {
                if let Err(error) = tidy_once(&store, &auth, &privacy).await {
                    tracing::warn!(%error, "old rows of the store stay for another hour");
                }
            }
        }
    }
}

async fn tidy_once(store: &Store, auth: &Auth, privacy: &keeping::Config) -> Result<(), StoreError> {
    let now = store.clock().now_ms();
    store.prune_changes(now - KEEP_CHANGES_MS).await?;
    let mut writing = store.write().await?;
    writing.forget_answers(now - KEEP_ANSWERS_MS).await?;
    writing.forget_pictures(now - pictures::KEPT_UNNAMED_MS).await?;
    let horizon = Horizon::of(privacy, now);
    writing.prune_audit(horizon.aggregates_ms).await?;
    writing.prune_sign_ins_before(horizon.aggregates_ms).await?;
    writing.prune_transfers(now - transfers::KEPT_RECORDS_MS).await?;
    writing.commit().await?;
    auth.prune().await
}
