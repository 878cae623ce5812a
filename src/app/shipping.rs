//! Shipping, which begins when ClickHouse is there and goes on whatever becomes of it.

use std::future::{Future, pending};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clickhouse::{Connected, connect_in_the_end};
use crate::config::Settings;
use crate::enrich::Enricher;
use crate::ingest::{Parts, Remaining, Shipper, SystemClock};
use crate::model::DayKeys;
use crate::spool::Spool;
use crate::telemetry::Metrics;
use crate::warehouse::Warehouse;
use crate::warehouse::embedded::{Engine, State};

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

/// Shipping, connected or still trying to.
pub(super) struct Shipping {
    task: JoinHandle<()>,
    end: CancellationToken,
    warehouse: watch::Receiver<Option<Warehouse>>,
}

impl Shipping {
    /// Begins in the background.
    pub(super) fn begin(settings: &Settings, data_dir: PathBuf, source: Source) -> Self {
        let (found, warehouse) = watch::channel(None);
        let end = CancellationToken::new();
        let task = tokio::spawn(ship(settings.clone(), data_dir, source, found, end.clone()));
        Self { task, end, warehouse }
    }

    /// ClickHouse, once it is there.
    pub(super) fn warehouse(&self) -> watch::Receiver<Option<Warehouse>> {
        self.warehouse.clone()
    }

    /// Ships what the spool holds for at most [`GRACE`], says what remains, and ends the engine.
    pub(super) async fn end(self) {
        self.end.cancel();
        if self.task.await.is_err() {
            tracing::error!("shipping panicked; the next start ships what remains");
        }
    }
}

async fn ship(
    settings: Settings,
    data_dir: PathBuf,
    source: Source,
    found: watch::Sender<Option<Warehouse>>,
    end: CancellationToken,
) {
    let connecting = connect_in_the_end(&settings.clickhouse, &data_dir, Arc::clone(&source.metrics));
    tokio::pin!(connecting);
    let connected = tokio::select! {
        connected = &mut connecting => Some(connected),
        // A stop right after a start: the clicks of that moment are worth a wait for ClickHouse.
        () = end.cancelled() => last_chance(connecting, &source.spool).await,
    };
    let Some(connected) = connected else { return say(waiting(&source.spool)) };
    found.send_replace(Some(connected.warehouse.clone()));
    let parts = Parts {
        spool: source.spool,
        enricher: source.enricher,
        keys: source.keys,
        sink: Arc::new(connected.warehouse),
        clock: Arc::new(SystemClock),
        metrics: source.metrics,
        target: if settings.clickhouse.url.is_empty() {
            "embedded".to_owned()
        } else {
            settings.clickhouse.url.clone()
        },
    };
    let mut state = connected.engine.as_ref().map(Engine::state);
    loop {
        let shipper = match Shipper::start(settings.ingest.clone(), parts.clone(), &Handle::current()) {
            Ok(shipper) => shipper,
            Err(error) => return tracing::error!(%error, "nothing is shipped; clicks wait in the spool"),
        };
        tracing::info!("clicks are shipped to ClickHouse");
        if attend(&shipper, &mut state, &end).await {
            say(shipper.drain(GRACE).await);
            break;
        }
        tracing::error!("shipping had a defect and begins anew; please report the panic above");
    }
    if let Some(engine) = connected.engine {
        engine.stop().await;
    }
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
async fn last_chance(connecting: impl Future<Output = Connected>, spool: &Spool) -> Option<Connected> {
    if waiting(spool).is_nothing() {
        return None;
    }
    tokio::time::timeout(GRACE, connecting).await.ok()
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
