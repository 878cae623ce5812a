//! Roll-ups are kept fresh in the background, and on request by `relais rollup`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::kpi::rollup::{Pass, Rollups, Scope};
use crate::model::Progress;
use crate::telemetry::Metrics;
use crate::warehouse::{CallError, Warehouse};

/// Shortest pause between two passes: what a figure lags behind its click, beside the pass itself.
const LOOK: Duration = Duration::from_secs(2);
/// A pass is followed by a pause of so many times its own length, so that roll-ups take a fifth of one core at most
/// while clicks keep arriving. While days are left to be computed it is followed by one of its own length.
const REST: u32 = 4;
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

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

/// Computes every day of the scope that has clicks or shares, and its months, whether anything changed or not. Beside a
/// server both do some of it.
///
/// # Errors
/// ClickHouse's own, or why nobody knows. What was not computed is still marked: the server, or the same command
/// again, goes on with it.
pub async fn redo(warehouse: &Warehouse, scope: &Scope, progress: &Progress) -> Result<u64, CallError> {
    let rollups = Rollups::new(warehouse.clone());
    rollups.mark(scope).await?;
    let mut done = 0;
    loop {
        let Pass { computed, left } = rollups.pass(scope).await?;
        done += computed;
        progress.done.store(done, Ordering::Relaxed);
        progress.total.store(done + left, Ordering::Relaxed);
        if computed == 0 && left == 0 {
            return Ok(done);
        }
    }
}
