//! The store of this process as the change feed of its link table.

use crate::model::Entity;
use crate::redirect::link_table::{ChangeFeed, FeedError, FeedFuture};
use crate::store::{Store, StoreError};

/// Reads changes straight from the store.
pub(super) struct StoreFeed(pub(super) Store);

impl ChangeFeed for StoreFeed {
    fn since(&self, seq: u64, limit: usize) -> FeedFuture<'_, Vec<crate::model::Change>> {
        Box::pin(async move {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            self.0.changes_since(seq, limit).await.map_err(|error| match error {
                StoreError::SnapshotNeeded { .. } => FeedError::TooOld,
                other => FeedError::Away(other.to_string()),
            })
        })
    }

    fn snapshot<'f>(&'f self, visit: &'f mut (dyn FnMut(Vec<Entity>) + Send)) -> FeedFuture<'f, u64> {
        Box::pin(async move {
            let away = |error: StoreError| FeedError::Away(error.to_string());
            let mut snapshot = self.0.snapshot().await.map_err(away)?;
            loop {
                let page = snapshot.next_page().await.map_err(away)?;
                // Shares come last, and no redirect asks for them.
                if matches!(page.first(), None | Some(Entity::Share(_))) {
                    return Ok(snapshot.seq());
                }
                visit(page);
            }
        })
    }
}
