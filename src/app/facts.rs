//! The outbox: what the programme's change feed tells goes to ClickHouse, in order, until it is there.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::model::Change;
use crate::store::{Store, StoreError};
use crate::warehouse::Warehouse;

/// The consumer's name in the store; pruning waits for it.
const CONSUMER: &str = "warehouse";
/// Pause between two looks when there is nothing new: what figures lag behind changes, at most.
const LOOK: Duration = Duration::from_secs(1);
/// Longest pause while ClickHouse or the store refuses.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Changes of one insert, at most.
const BATCH: u32 = 20_000;

/// Ships changes until `end`.
pub(super) async fn ship(store: Store, warehouse: watch::Receiver<Option<Warehouse>>, end: CancellationToken) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pause = LOOK;
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            _ = look.tick() => {}
        }
        let Some(warehouse) = warehouse.borrow().clone() else { continue };
        match ship_news(&store, &warehouse).await {
            Ok(()) => pause = LOOK,
            Err(error) => {
                tracing::warn!(%error, "facts of the programme wait for ClickHouse; figures by person and content lag");
                tokio::select! {
                    () = end.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Ships everything that the consumer has not seen.
pub(super) async fn ship_news(store: &Store, warehouse: &Warehouse) -> anyhow::Result<()> {
    let mut seq = store.consumer_position(CONSUMER).await?;
    loop {
        // A start from nothing sends what stands, rather than all that ever happened.
        let told = if seq == 0 {
            Err(StoreError::SnapshotNeeded { asked: 0, latest: 0 })
        } else {
            store.changes_since(seq, BATCH).await
        };
        seq = match told {
            Ok(changes) => {
                let Some(last) = changes.last() else { return Ok(()) };
                warehouse.store_facts(&changes).await?;
                last.seq
            }
            Err(StoreError::SnapshotNeeded { .. }) => {
                let seq = ship_all(store, warehouse).await?;
                if seq == 0 {
                    return Ok(());
                }
                seq
            }
            Err(error) => return Err(error.into()),
        };
        store.advance_consumer(CONSUMER, seq).await?;
    }
}

/// Ships everything as it stands now; answers the number that it stands at.
async fn ship_all(store: &Store, warehouse: &Warehouse) -> anyhow::Result<u64> {
    let mut snapshot = store.snapshot().await?;
    let seq = snapshot.seq();
    loop {
        let page = snapshot.next_page().await?;
        if page.is_empty() {
            return Ok(seq);
        }
        let changes: Vec<Change> = page.into_iter().map(|entity| Change { seq, at_ms: 0, entity }).collect();
        warehouse.store_facts(&changes).await?;
    }
}
