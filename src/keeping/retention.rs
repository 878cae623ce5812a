//! What is too old goes.

use super::Horizon;
use crate::warehouse::{CallError, KeptSince, Warehouse};

/// Clicks go so long after that was announced, in milliseconds: figures of days that were imported a moment ago, or are
/// being computed by somebody who did not know, are done by then.
pub const NOTICE_MS: i64 = 3_600_000;
/// Roll-ups that hold one row a day or month, or one a share; each is cut by months.
const ROLLUPS: [&str; 4] = ["rollup_clicks", "rollup_visitors", "rollup_links", "rollup_shares"];

/// What one round removed from ClickHouse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Rows of clicks.
    pub clicks: u64,
    /// Rows of roll-ups.
    pub rollups: u64,
}

/// One round: announces how far clicks will be removed, and removes those of which that was announced before. Doing it
/// often costs a few questions; several processes may do it at once.
///
/// A longer retention takes effect at the next round: nothing more goes. What is announced as gone stays so.
///
/// # Errors
/// ClickHouse's own; the next round goes on.
pub async fn retain(warehouse: &Warehouse, horizon: Horizon, now_ms: i64) -> Result<Removed, CallError> {
    let mut removed = Removed::default();
    let announced = warehouse.clicks_kept_since().await?;
    if let Some(KeptSince { since_ms, announced_at_ms }) = announced
        && announced_at_ms + NOTICE_MS <= now_ms
    {
        removed.clicks = warehouse.remove_clicks_before(since_ms).await?;
    }
    let is_new = announced.is_none_or(|announced| announced.since_ms < horizon.raw_ms);
    // Only when there is something to go: a history that is imported into a young installation gets its figures first.
    if is_new && warehouse.has_clicks_before(horizon.raw_ms).await? {
        warehouse.announce_clicks_kept_since(horizon.raw_ms, now_ms).await?;
    }
    for table in ROLLUPS {
        removed.rollups += warehouse.drop_months_before(table, horizon.aggregates_ms).await?;
    }
    warehouse.remove_sign_ins_before(horizon.aggregates_ms).await?;
    Ok(removed)
}
