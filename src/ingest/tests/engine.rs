//! The whole path with nothing simulated: a spool on the disk, threads, and a real ClickHouse.

use std::sync::Arc;
use std::time::Duration;

use super::harness::{click, enricher};
use crate::ingest::audit::{Books, audit};
use crate::ingest::{Clock, Config, Parts, Shipper, SystemClock};
use crate::model::{Click, DayKeys};
use crate::spool::filesystem::Disk;
use crate::spool::{self, Spool};
use crate::telemetry::Metrics;
use crate::warehouse::{Warehouse, testing};

const CLICKS: u64 = 20_000;

fn parts(spool: &Spool, warehouse: &Warehouse, metrics: &Arc<Metrics>) -> Parts {
    Parts {
        spool: spool.clone(),
        enricher: enricher(),
        keys: Arc::new(DayKeys::default()),
        sink: Arc::new(warehouse.clone()),
        clock: Arc::new(SystemClock),
        metrics: metrics.clone(),
        target: "embedded".to_owned(),
    }
}

#[tokio::test]
async fn every_click_on_the_disk_is_in_clickhouse_after_a_drain_and_the_audit_says_so() {
    let warehouse = testing::database().await;
    let directory = tempfile::tempdir().expect("a folder");
    let metrics = Arc::new(Metrics::new());
    let config = spool::Config { segment_bytes: 1 << 20, ..spool::Config::default() };
    let spool = Spool::open(directory.path(), config, Arc::new(Disk), metrics.clone()).expect("a spool");
    // Several batches, of two lanes.
    let config = Config { batch_rows: 6_000, ..Config::default() };
    let runtime = tokio::runtime::Handle::current();
    let shipper = Shipper::start(config, parts(&spool, &warehouse, &metrics), &runtime).expect("started");
    let mut writers = [spool.writer(0).expect("free"), spool.writer(1).expect("free")];
    for number in 0..CLICKS {
        let click = click(SystemClock.now_ms());
        let append = |id, room: &mut [u8]| {
            let _identity: spool::RecordId = id;
            click.encode(room)
        };
        let writer = &mut writers[usize::from(number % 2 == 1)];
        // The keeper's thread may be late with the next segment when everything else runs as well.
        while writer.append(Click::MAX_ENCODED, append).is_err() {
            tokio::task::yield_now().await;
        }
    }
    let remaining = shipper.drain(Duration::from_secs(300)).await;
    assert!(remaining.is_nothing(), "{remaining:?}");
    let report = audit(|| Books::of(spool.ledger()), &warehouse).await.expect("an answer");
    assert!(report.is_clean(), "{report}");
    let total = report.nodes[0].total;
    assert_eq!((total.answered, total.stored, total.waiting), (CLICKS, CLICKS, 0));
    assert_eq!(metrics.ship_rows.get(), CLICKS);
    assert_eq!(metrics.clicks_recorded.with_label_values(&["human"]).get(), CLICKS);
}
