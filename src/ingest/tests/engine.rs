//! The whole path with nothing simulated: a spool on the disk, threads, and a real ClickHouse.

use std::sync::Arc;
use std::time::Duration;

use super::harness::{click, enricher};
use crate::ingest::audit::{Books, audit};
use crate::ingest::{Clock, Config, Parts, Shipper, SystemClock};
use crate::model::{AdvocateId, Click, DayKeys, TeamId};
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
        erased: Arc::default(),
        sink: Arc::new(warehouse.clone()),
        clock: Arc::new(SystemClock),
        metrics: metrics.clone(),
        target: "embedded".to_owned(),
    }
}

#[tokio::test]
async fn every_click_on_the_disk_is_in_clickhouse_after_a_drain_and_the_audit_says_so() {
    let warehouse = testing::tables().await;
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

#[tokio::test]
async fn security_29_a_click_of_somebody_who_was_erased_since_comes_out_of_the_spool_without_the_person() {
    let warehouse = testing::tables().await;
    let directory = tempfile::tempdir().expect("a folder");
    let metrics = Arc::new(Metrics::new());
    let spool =
        Spool::open(directory.path(), spool::Config::default(), Arc::new(Disk), metrics.clone()).expect("a spool");
    let mut writer = spool.writer(0).expect("free");
    let recorded = Click { cohort: "wave-1", team: TeamId::from_bits(6), ..click(SystemClock.now_ms()) };
    let (erased, other) = (recorded.advocate, AdvocateId::from_bits(9));
    for advocate in [erased, other] {
        let click = Click { advocate, ..recorded };
        writer.append(Click::MAX_ENCODED, |_, room| click.encode(room)).expect("there is room");
    }
    let parts = parts(&spool, &warehouse, &metrics);
    parts.erased.replace([erased].into());
    let shipper = Shipper::start(Config::default(), parts, &tokio::runtime::Handle::current()).expect("started");
    assert!(shipper.drain(Duration::from_secs(60)).await.is_nothing());
    let rows = "SELECT groupArray((toString(advocate_id), toString(team_id), toString(cohort), link_id != '')) \
                FROM (SELECT * FROM clicks ORDER BY record)";
    let expected = format!("[('','','',1),('{other}','{}','wave-1',1)]", recorded.team);
    assert_eq!(testing::ask(&warehouse, rows).await, expected);
    let report = audit(|| Books::of(spool.ledger()), &warehouse).await.expect("an answer");
    assert!(report.is_clean(), "{report}");
}
