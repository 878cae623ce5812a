//! A batch of the largest size, of a programme with 20,000 advocates.
//!
//! Prints what it measures and asserts none of it: the machine decides that.

use std::time::{Duration, Instant};

use clickhouse::Row;
use serde::Deserialize;

use crate::model::click_id::identity_hash;
use crate::model::{AdvocateId, CampaignId, Class, ContentId, ContentKind, LinkId, SpaceId, TeamId};
use crate::warehouse::testing::BARE;
use crate::warehouse::{Batch, ClickRow, ClickSink, Frozen, Warehouse, testing};

/// The largest batch that is ever cut.
const ROWS: u32 = 500_000;
/// A second one, of an ordinary size.
const MORE: u32 = 20_000;
const MARCH_FIRST: i64 = 1_772_323_200_000;

/// Which of `count` things this is, the first ones far more often than the last (Zipf's law with exponent 1).
fn zipf(random: u64, count: u32) -> u64 {
    let uniform = (random >> 11) as f64 / (1u64 << 53) as f64;
    (uniform * f64::from(count).ln()).exp() as u64
}

/// A batch as a busy node would cut it: 300 contents, 20,000 advocates, each click with its own visitor of the day.
fn batch(id: u128, first: u32, rows: u32) -> Frozen {
    let mut batch = Batch::new(id, rows as usize);
    for number in first..first + rows {
        let random = |what: u8| identity_hash(0, what, 0, number);
        let of = |texts: &[&'static str], what: u8| texts[(random(what) % texts.len() as u64) as usize];
        let content = zipf(random(1), 300);
        // Who shares a content is drawn anew for each, so that no advocate leads everywhere.
        let advocate = (zipf(random(2), 20_000) * 7919 + content * 104_729) % 20_000;
        let link = identity_hash(u128::from(content), 1, advocate, 0);
        let named = |kind: u8, number: u64| identity_hash(1, kind, number, 0);
        let code: String = (0..9).map(|at| char::from(b'A' + (link >> (at * 6) & 63) as u8)).collect();
        let person = random(3) % 16 < 11;
        let visitor = format!("{:011x}", identity_hash(2, 0, random(4) % 400_000, number / 35_000) >> 20);
        let city = format!("City {}", zipf(random(5), 500));
        batch.push(&ClickRow {
            spool_id: 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210,
            lane: (number % 2) as u8,
            segment: u64::from(number / 80_000),
            record: number / 2 % 40_000,
            clicked_at_ms: MARCH_FIRST + i64::from(number) * 2500 + (random(6) % 2000) as i64,
            space_id: SpaceId::from_bits(named(1, 0)),
            link_id: LinkId::from_bits(link),
            content_id: ContentId::from_bits(named(2, content)),
            campaign_id: CampaignId::from_bits(named(3, content % 9)),
            advocate_id: AdvocateId::from_bits(named(4, advocate)),
            team_id: TeamId::from_bits(named(5, advocate % 40)),
            content_kind: ContentKind::ALL[(content % 5) as usize],
            code: &code,
            cohort: ["2025-q1", "2025-q2", ""][(advocate % 3) as usize],
            channel: ["linkedin", "facebook", "x", "whatsapp", "email"][(link % 5) as usize],
            class: if person { Class::Human } else { Class::Bot },
            class_reason: if person { "browser" } else { "crawler list" },
            classifier_version: 1,
            status: 302,
            network: of(&["", "", "linkedin", "facebook"], 7),
            country: of(&["FR", "FR", "FR", "DE", "BE", "US"], 8),
            region: of(&["Île-de-France", "Bretagne", "Occitanie", "Grand Est"], 9),
            city: &city,
            device: of(&["desktop", "smartphone", "tablet"], 10),
            os: of(&["Windows", "iOS", "Android", "macOS"], 11),
            browser: of(&["Chrome", "Safari", "Edge", "Firefox"], 12),
            language: of(&["fr", "en", "de"], 13),
            visitor: if person { &visitor } else { "" },
            utm_source: "linkedin",
            evidence: of(&["", "ua:bot", "ua:wget"], 14),
            evidence_flags: (random(15) % 4) as u8,
            ..BARE
        });
    }
    batch.freeze(1, 202_603)
}

#[derive(Row, Deserialize)]
struct Parts {
    parts: u64,
    rows: u64,
    bytes: u64,
}

async fn parts(warehouse: &Warehouse) -> Parts {
    warehouse
        .row(
            "SELECT count() AS parts, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts \
             WHERE database = currentDatabase() AND table = 'clicks' AND active",
        )
        .await
        .expect("parts")
}

fn rate(what: &str, rows: u32, took: Duration) {
    eprintln!("{what}: {rows} rows in {took:.2?}, {:.0} a second", f64::from(rows) / took.as_secs_f64());
}

#[tokio::test]
async fn the_largest_batch_is_one_part_and_verified_by_reading_it_alone() {
    let warehouse = testing::tables().await;
    let id = testing::batch_id();
    let started = Instant::now();
    let one = batch(id, 0, ROWS);
    rate("making and encoding", ROWS, started.elapsed());
    let other = batch(id + 1, ROWS, MORE);
    eprintln!("{} bytes a row on their way", one.bytes.len() as u64 / one.rows);

    let started = Instant::now();
    warehouse.insert(&one).await.expect("inserted");
    rate("insert", ROWS, started.elapsed());
    let fresh = parts(&warehouse).await;
    assert_eq!((fresh.parts, fresh.rows), (1, u64::from(ROWS)));
    let started = Instant::now();
    assert!(warehouse.stored(one.batch, one.partition).await.expect("an answer").holds(&one.fingerprint));
    rate("verification", ROWS, started.elapsed());

    warehouse.insert(&other).await.expect("inserted");
    let read: Explained = warehouse
        .row(&format!(
            "SELECT groupArray(explain) AS lines FROM (EXPLAIN indexes = 1 SELECT count() FROM clicks \
             WHERE _partition_id = '202603' AND batch = toUInt128('{}'))",
            other.batch
        ))
        .await
        .expect("a plan");
    let last = read.lines.iter().rfind(|line| line.contains("Parts: ")).expect("the index is used");
    assert!(last.contains("Parts: 1/2"), "{:#?}", read.lines);

    warehouse.execute("OPTIMIZE TABLE clicks FINAL").await.expect("merged");
    let merged = parts(&warehouse).await;
    assert_eq!((merged.parts, merged.rows), (1, u64::from(ROWS + MORE)));
    eprintln!("{:.1} bytes a click on disk", merged.bytes as f64 / merged.rows as f64);
    let started = Instant::now();
    assert_eq!(warehouse.segment_counts(BARE.spool_id, &[]).await.expect("an answer").len(), 0);
    let segments = warehouse.segment_counts(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210, &[]).await.expect("an answer");
    assert!(segments.iter().all(|segment| segment.visible == segment.records && segment.doubled() == 0));
    assert_eq!(segments.iter().map(|segment| segment.records).sum::<u64>(), u64::from(ROWS + MORE));
    rate("audit", ROWS + MORE, started.elapsed());
}

#[derive(Row, Deserialize)]
struct Explained {
    lines: Vec<String>,
}
