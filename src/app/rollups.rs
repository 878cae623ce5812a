//! Figures are kept fresh in the background by a server; commands that read or redo them see to it themselves.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::facts;
use crate::kpi::rollup::{Pass, Rollups, Scope};
use crate::model::Progress;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::warehouse::{CallError, Warehouse};

/// Shortest pause between two passes: what a figure lags behind its click, beside the pass itself.
const LOOK: Duration = Duration::from_secs(2);
/// A pass is followed by a pause of so many times its own length, so that roll-ups take a fifth of one core at most
/// while clicks keep arriving. While days are left to be computed it is followed by one of its own length.
const REST: u32 = 4;
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Passes that leave nothing of what they found, after which a command is content: where clicks keep arriving, the next
/// pass always finds something new.
const ENOUGH: u32 = 3;

/// Makes passes until `end`.
pub(super) async fn keep(warehouse: watch::Receiver<Option<Warehouse>>, metrics: Arc<Metrics>, end: CancellationToken) {
    let mut pause = LOOK;
    let mut complete = Instant::now();
    let mut said = false;
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        metrics.rollup_lag.set(complete.elapsed().as_secs_f64());
        let Some(found) = warehouse.borrow().clone() else { continue };
        let begun = Instant::now();
        match Rollups::new(found).pass(&Scope::default()).await {
            Ok(Pass { computed, left }) => {
                let took = begun.elapsed();
                if computed > 0 {
                    metrics.rollup_duration.observe(took.as_secs_f64());
                    metrics.rollup_days.inc_by(computed);
                }
                if left == 0 {
                    complete = begun;
                    metrics.rollup_lag.set(took.as_secs_f64());
                }
                if std::mem::take(&mut said) {
                    tracing::info!("roll-ups are computed again");
                }
                let rest = if left > 0 { took } else { took * REST };
                pause = rest.clamp(if left > 0 { Duration::ZERO } else { LOOK }, LONGEST_PAUSE);
            }
            Err(error) => {
                metrics.rollup_failures.inc();
                if !std::mem::replace(&mut said, true) {
                    tracing::warn!(%error, "roll-ups wait for ClickHouse; figures are as old as the last pass");
                }
                pause = (pause.max(LOOK) * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Brings what the programme's changes and the stored clicks come to up to date, so that the next look at a figure is a
/// look at all of it. A server does the same a little later; beside one, both do some of it.
///
/// # Errors
/// The store's or ClickHouse's. What was not done is done by the server, or by the same command again.
pub async fn catch_up(store: &Store, warehouse: &Warehouse, scope: &Scope, progress: &Progress) -> anyhow::Result<()> {
    facts::ship_news(store, warehouse).await?;
    work_off(&Rollups::new(warehouse.clone()), scope, progress).await?;
    Ok(())
}

/// Brings the facts up to date and computes every day of the scope that has clicks or shares, and its months, whether
/// anything changed or not; answers how many.
///
/// # Errors
/// As [`catch_up`].
pub async fn redo(store: &Store, warehouse: &Warehouse, scope: &Scope, progress: &Progress) -> anyhow::Result<u64> {
    facts::ship_news(store, warehouse).await?;
    let rollups = Rollups::new(warehouse.clone());
    rollups.mark(scope).await?;
    Ok(work_off(&rollups, scope, progress).await?)
}

/// Makes passes until nothing of the scope is left.
async fn work_off(rollups: &Rollups, scope: &Scope, progress: &Progress) -> Result<u64, CallError> {
    let mut done = 0;
    let mut complete = 0;
    loop {
        let Pass { computed, left } = rollups.pass(scope).await?;
        done += computed;
        progress.done.store(done, Ordering::Relaxed);
        progress.total.store(done + left, Ordering::Relaxed);
        complete += u32::from(left == 0);
        if left == 0 && (computed == 0 || complete >= ENOUGH) {
            return Ok(done);
        }
    }
}
