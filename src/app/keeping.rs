//! The errand that lets clicks and people go when they have to.

use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::folder::Folder;
use crate::keeping::{self, Horizon, Keeper, retain};
use crate::mail::outbox;
use crate::programme::Programme;
use crate::store::Store;
use crate::warehouse::Warehouse;

/// How often erasures are looked for that wait.
const OFTEN: Duration = Duration::from_secs(1);
/// How often it is looked whether something of an erased person came back, for so long after the last erasure: a node
/// may just have been shipping.
const CLOSELY: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3600));
/// The same at all other times, and how often retention has a look.
const SELDOM: Duration = Duration::from_secs(900);
/// Longest pause after something failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Mails of the outbox go after so long: what they let somebody do is over after minutes.
const KEEP_MAILS: Duration = Duration::from_secs(30 * 86_400);

/// What it works with.
pub(super) struct Keeping {
    pub(super) store: Store,
    pub(super) programme: Programme,
    pub(super) warehouse: watch::Receiver<Option<Warehouse>>,
    pub(super) privacy: keeping::Config,
    pub(super) folder: Folder,
}

impl Keeping {
    /// Runs until `end`.
    pub(super) fn start(self, end: &CancellationToken) {
        let end = end.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = end.cancelled() => {}
                () = self.keep() => {}
            }
        });
    }

    async fn keep(mut self) {
        // The sender lives as long as the process looks for ClickHouse.
        let Ok(warehouse) = self.warehouse.wait_for(Option::is_some).await.map(|found| found.clone()) else { return };
        let Some(warehouse) = warehouse else { return };
        let data_dir = self.folder.path();
        let keeper = Keeper::new(self.store.clone(), self.programme.clone(), warehouse.clone(), data_dir);
        let mut often = tokio::time::interval(OFTEN);
        often.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut pause, mut closely) = (OFTEN, None::<Instant>);
        let (mut next_look, mut next_round) = (Instant::now(), Instant::now());
        loop {
            often.tick().await;
            let now = Instant::now();
            let completed = match keeper.complete_waiting().await {
                Ok(completed) => completed,
                Err(error) => {
                    tracing::warn!(%error, "an erasure waits to be completed");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    continue;
                }
            };
            pause = OFTEN;
            if completed > 0 {
                tracing::info!(completed, "erasures are complete; data_dir/erasures has the receipts");
                closely = Some(now + CLOSELY.1);
                next_look = now + CLOSELY.0;
            }
            if now >= next_look {
                let every = if closely.is_some_and(|until| now < until) { CLOSELY.0 } else { SELDOM };
                next_look = now + every;
                match keeper.look().await {
                    Ok(0) => {}
                    Ok(again) => tracing::warn!(again, "something of people who were erased came back, and goes again"),
                    Err(error) => tracing::warn!(%error, "nobody looked whether erased people came back; soon again"),
                }
            }
            if now >= next_round {
                next_round = now + SELDOM;
                self.let_go(&warehouse).await;
            }
        }
    }

    async fn let_go(&self, warehouse: &Warehouse) {
        let now_ms = self.store.clock().now_ms();
        match retain(warehouse, Horizon::of(&self.privacy, now_ms), now_ms).await {
            Ok(removed) if removed == keeping::retention::Removed::default() => {}
            Ok(removed) => {
                tracing::info!(clicks = removed.clicks, rollups = removed.rollups, "rows grew too old and went");
            }
            Err(error) => tracing::warn!(%error, "rows that are too old stay for another quarter of an hour"),
        }
        let before = SystemTime::now().checked_sub(KEEP_MAILS).unwrap_or(SystemTime::UNIX_EPOCH);
        if let Err(error) = outbox::remove_mails_before(&self.folder.outbox(), before) {
            tracing::warn!(%error, "old mails of the outbox stay");
        }
    }
}
