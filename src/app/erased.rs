//! How whoever ships clicks hears of people who were erased: from the ClickHouse that it ships to.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::model::Erased;
use crate::warehouse::{CallError, Warehouse};

/// How often it is asked. Clicks that were frozen in between are found a minute later (`app::keeping`).
const ASK_EVERY: Duration = Duration::from_secs(2);

/// Waits until the list is known: before that nothing may be shipped. False when `end` came first.
pub(super) async fn heard(warehouse: &Warehouse, erased: &Erased, end: &CancellationToken) -> bool {
    loop {
        match ask(warehouse, erased).await {
            Ok(()) => return true,
            Err(error) => tracing::warn!(%error, "clicks wait: ClickHouse does not say who was erased"),
        }
        tokio::select! {
            () = end.cancelled() => return false,
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}

/// Keeps the list as it stands until `end`. Dropping the handle ends nothing.
pub(super) fn follow(warehouse: Warehouse, erased: Arc<Erased>, end: &CancellationToken) -> JoinHandle<()> {
    let end = end.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = end.cancelled() => return,
                () = tokio::time::sleep(ASK_EVERY) => {}
            }
            if let Err(error) = ask(&warehouse, &erased).await {
                // Shipping itself says when ClickHouse is away.
                tracing::debug!(%error, "the list of erased people stays as it was");
            }
        }
    })
}

async fn ask(warehouse: &Warehouse, erased: &Erased) -> Result<(), CallError> {
    erased.replace(warehouse.erased_ids().await?.into_iter().collect());
    Ok(())
}
