//! Tells ClickHouse what its views have to know of the configuration.

use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::warehouse::Warehouse;

/// Pause after a try that failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Writes how small a group may be that figures name, once ClickHouse is there.
pub(super) async fn settle(
    minimum_cell: u16,
    mut warehouse: watch::Receiver<Option<Warehouse>>,
    shutdown: CancellationToken,
) {
    let write = async {
        loop {
            let Ok(found) = warehouse.wait_for(Option::is_some).await.map(|found| found.clone()) else { return };
            let Some(warehouse) = found else { return };
            match warehouse.set_minimum_cell(minimum_cell).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "the minimum cell cannot be written; figures keep the former one"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = write => {}
        () = shutdown.cancelled() => {}
    }
}
