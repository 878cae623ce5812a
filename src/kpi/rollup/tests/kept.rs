//! Figures outlive the clicks that they were made of.

use crate::kpi::rollup::{Rollups, Scope};
use crate::model::SpaceId;
use crate::warehouse::testing::{self, BARE, ask, batch_id};
use crate::warehouse::{Batch, ClickRow, ClickSink as _, Warehouse};

/// 2026-03-02T10:00:00Z.
const NOW_MS: i64 = 1_772_445_600_000;
const DAY_MS: i64 = 86_400_000;

async fn store(warehouse: &Warehouse, clicked_at_ms: i64, records: std::ops::Range<u32>) {
    let mut batch = Batch::new(batch_id(), 0);
    for record in records {
        batch.push(&ClickRow { clicked_at_ms, record, spool_id: clicked_at_ms.unsigned_abs().into(), ..BARE });
    }
    let frozen = batch.freeze(0, ClickRow { clicked_at_ms, ..BARE }.partition());
    warehouse.insert(&frozen).await.expect("inserted");
    warehouse.mark_batch(frozen.batch, frozen.partition).await.expect("marked");
}

async fn roll(rollups: &Rollups) -> u64 {
    let mut computed = 0;
    loop {
        let pass = rollups.pass(&Scope::default()).await.expect("a pass");
        computed += pass.computed;
        if pass.computed == 0 && pass.left == 0 {
            return computed;
        }
    }
}

#[tokio::test]
async fn a_day_whose_clicks_retention_removed_keeps_its_figures_whatever_marks_it() {
    let warehouse = testing::tables().await;
    let space = SpaceId::from_bits(1);
    let insert = format!("INSERT INTO spaces (space_id, time_zone, version) VALUES ('{space}', 'Europe/Paris', 1)");
    warehouse.execute(&insert).await.expect("a space");
    // The third of these local days begins an hour before the boundary.
    let boundary_ms = NOW_MS - 10 * 3_600_000 - 30 * DAY_MS;
    let days = [boundary_ms - 3 * DAY_MS, boundary_ms - DAY_MS / 2, boundary_ms + DAY_MS / 2, NOW_MS];
    for (records, at_ms) in [0..5, 0..4, 0..3, 0..2].into_iter().zip(days) {
        store(&warehouse, at_ms, records).await;
    }
    let rollups = Rollups::new(warehouse.clone());
    assert!(roll(&rollups).await > 0);
    let figures = "SELECT groupArray(found) FROM (SELECT start, sum(arraySum(clicks)) AS found FROM rollup_clicks FINAL \
                   WHERE by = 'all' AND grain = 'day' AND notEmpty(clicks) GROUP BY start ORDER BY start)";
    assert_eq!(ask(&warehouse, figures).await, "[5,4,3,2]");

    warehouse.announce_clicks_kept_since(boundary_ms, NOW_MS).await.expect("announced");
    assert_eq!(warehouse.remove_clicks_before(boundary_ms).await.expect("removed"), 9);
    rollups.mark(&Scope::default()).await.expect("marked");
    roll(&rollups).await;
    assert_eq!(ask(&warehouse, figures).await, "[5,4,3,2]");
    // A day whose clicks are there is computed as ever.
    store(&warehouse, NOW_MS, 2..3).await;
    assert!(roll(&rollups).await > 0);
    assert_eq!(ask(&warehouse, figures).await, "[5,4,3,3]");
}
