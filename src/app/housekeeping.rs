//! What has to be done now and then, whether or not anybody asks.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::day_keys::KeyFolder;
use crate::enrich::{Enricher, GeoRefresh};
use crate::model::DayKeys;
use crate::store::Store;

/// Keys of the day and the geo database are looked after this often.
const OFTEN: Duration = Duration::from_secs(60);
/// Old rows of the store go this often.
const SELDOM: Duration = Duration::from_secs(3600);
/// Changes are kept for this long for link tables that come back, in milliseconds.
const KEEP_CHANGES_MS: i64 = 7 * 86_400_000;
/// Answers of repeated requests are kept for this long, in milliseconds.
const KEEP_ANSWERS_MS: i64 = 86_400_000;

/// What is looked after.
pub(super) struct House {
    pub(super) folder: KeyFolder,
    pub(super) keys: Arc<DayKeys>,
    pub(super) enricher: Arc<Enricher>,
    pub(super) store: Store,
}

impl House {
    /// Keeps the house until `shutdown`.
    pub(super) async fn keep(mut self, shutdown: CancellationToken) {
        let (mut often, mut seldom) = (tokio::time::interval(OFTEN), tokio::time::interval(SELDOM));
        often.set_missed_tick_behavior(MissedTickBehavior::Delay);
        seldom.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = often.tick() => self.look_after_secrets_and_places(),
                _ = seldom.tick() => self.tidy_the_store().await,
            }
        }
    }

    fn look_after_secrets_and_places(&mut self) {
        if let Err(error) = self.folder.refresh(self.store.clock().now_ms(), &self.keys) {
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

    async fn tidy_the_store(&self) {
        let now = self.store.clock().now_ms();
        let outcome = async {
            self.store.prune_changes(now - KEEP_CHANGES_MS).await?;
            let mut writing = self.store.write().await?;
            writing.forget_answers(now - KEEP_ANSWERS_MS).await?;
            writing.commit().await
        };
        if let Err(error) = outcome.await {
            tracing::warn!(%error, "old rows of the store stay for another hour");
        }
    }
}
