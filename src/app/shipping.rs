//! Shipping, which begins when ClickHouse is there and goes on whatever becomes of it.

use std::future::{Future, pending};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clickhouse::{ClickHouse, Found};
use super::erased;
use crate::config::Settings;
use crate::enrich::Enricher;
use crate::ingest::{Parts, Remaining, Shipper, SystemClock};
use crate::model::{DayKeys, Erased};
use crate::spool::Spool;
use crate::telemetry::Metrics;
use crate::warehouse::embedded::State;

/// How long shipping may go on after the last click.
const GRACE: Duration = Duration::from_secs(20);

/// How often shipping is looked at, and the pause before it begins anew.
const LOOK: Duration = Duration::from_secs(5);

/// What shipping needs besides ClickHouse.
pub(super) struct Source {
    pub(super) spool: Spool,
    pub(super) enricher: Arc<Enricher>,
    pub(super) keys: Arc<DayKeys>,
    pub(super) metrics: Arc<Metrics>,
}

/// Shipping, begun or waiting for ClickHouse.
pub(super) struct Shipping {
    task: JoinHandle<()>,
    end: CancellationToken,
}

impl Shipping {
    /// Begins in the background.
    pub(super) fn begin(settings: &Settings, clickhouse: &ClickHouse, source: Source) -> Self {
        let end = CancellationToken::new();
        let task = tokio::spawn(ship(settings.clone(), clickhouse.found(), source, end.clone()));
        Self { task, end }
    }

    /// Ships what the spool holds for at most [`GRACE`], and says what remains.
    pub(super) async fn end(self) {
        self.end.cancel();
        if self.task.await.is_err() {
            tracing::error!("shipping panicked; the next start ships what remains");
        }
    }
}

async fn ship(
    settings: Settings,
    mut clickhouse: watch::Receiver<Option<Found>>,
    source: Source,
    end: CancellationToken,
) {
    let finding = first(&mut clickhouse);
    tokio::pin!(finding);
    let found = tokio::select! {
        found = &mut finding => found,
        // A stop right after a start: the clicks of that moment are worth a wait for ClickHouse.
        () = end.cancelled() => last_chance(finding, &source.spool).await,
    };
    let Some(Found { warehouse, engine: mut state }) = found else { return say(waiting(&source.spool)) };
    let erased = Arc::new(Erased::default());
    if !erased::heard(&warehouse, &erased, &end).await {
        return say(waiting(&source.spool));
    }
    let _following = erased::follow(warehouse.clone(), Arc::clone(&erased), &end);
    let parts = Parts {
        spool: source.spool,
        enricher: source.enricher,
        keys: source.keys,
        erased,
        sink: Arc::new(warehouse),
        clock: Arc::new(SystemClock),
        metrics: source.metrics,
        target: if settings.clickhouse.url.is_empty() {
            "embedded".to_owned()
        } else {
            settings.clickhouse.url.clone()
        },
    };
    loop {
        let shipper = match Shipper::start(settings.ingest.clone(), parts.clone(), &Handle::current()) {
            Ok(shipper) => shipper,
            Err(error) => return tracing::error!(%error, "nothing is shipped; clicks wait in the spool"),
        };
        tracing::info!("clicks are shipped to ClickHouse");
        if attend(&shipper, &mut state, &end).await {
            return say(shipper.drain(GRACE).await);
        }
        tracing::error!("shipping had a defect and begins anew; please report the panic above");
    }
}

/// Waits for ClickHouse; none when nobody looks for it any more.
async fn first(clickhouse: &mut watch::Receiver<Option<Found>>) -> Option<Found> {
    clickhouse.wait_for(Option::is_some).await.ok().and_then(|found| found.clone())
}

/// Tells shipping of the engine's restarts until `end`; false when shipping ended by itself, which it should not.
async fn attend(shipper: &Shipper, state: &mut Option<watch::Receiver<State>>, end: &CancellationToken) -> bool {
    let mut look = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            () = end.cancelled() => return true,
            () = up_again(state) => shipper.engine_restarted(),
            _ = look.tick() => if !shipper.is_running() {
                return false;
            },
        }
    }
}

/// Waits for ClickHouse once more when there is something to ship.
async fn last_chance(finding: impl Future<Output = Option<Found>>, spool: &Spool) -> Option<Found> {
    if waiting(spool).is_nothing() {
        return None;
    }
    tokio::time::timeout(GRACE, finding).await.ok().flatten()
}

fn waiting(spool: &Spool) -> Remaining {
    let records = spool.reader().pending().iter().map(|range| u64::from(range.len())).sum();
    Remaining { records, batches: spool.ledger().open_batches().len() }
}

/// Resolves when the embedded engine serves again after it ended; never without one.
async fn up_again(state: &mut Option<watch::Receiver<State>>) {
    if let Some(state) = state
        && state.wait_for(|state| *state == State::Down).await.is_ok()
        && state.wait_for(|state| matches!(state, State::Up { .. })).await.is_ok()
    {
        return;
    }
    pending::<()>().await;
}

fn say(remaining: Remaining) {
    if remaining.is_nothing() {
        tracing::info!("every answered click is stored");
    } else {
        let Remaining { records, batches } = remaining;
        tracing::warn!(records, batches, "clicks remain in the spool; the next start ships them");
    }
}
