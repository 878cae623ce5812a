//! What is too old goes, and nothing else.

use super::*;
use crate::keeping::retention::{NOTICE_MS, Removed};
use crate::keeping::{Config, Horizon, retain};

/// Random, so that no compression hides it.
const MARKER: &str = "q7Zp3xVk9LmT2wRb8NcY5dHs";

#[tokio::test]
async fn security_30_retention_is_checked_on_disk() {
    let warehouse = testing::tables().await;
    let horizon = Horizon::of(&Config::default(), NOW_MS);
    let old = [horizon.raw_ms - 40 * DAY_MS, horizon.raw_ms - 1];
    let kept = [horizon.raw_ms, NOW_MS];
    let clicks: Vec<_> = (0..).zip(old.into_iter().chain(kept)).map(|(record, at_ms)| row(record, at_ms)).collect();
    let marked: Vec<_> = clicks[..2].iter().map(|click| ClickRow { utm_content: MARKER, ..*click }).collect();
    store(&warehouse, &marked).await;
    store(&warehouse, &clicks[2..]).await;
    hurry(&warehouse, "clicks").await;
    assert!(is_on_disk(&warehouse, "clicks", MARKER).await, "the test would find nothing");

    assert_eq!(
        retain(&warehouse, horizon, NOW_MS).await.expect("a round"),
        Removed::default(),
        "it is announced first"
    );
    let announced = warehouse.clicks_kept_since().await.expect("an answer").expect("announced");
    assert_eq!((announced.since_ms, announced.announced_at_ms), (horizon.raw_ms, NOW_MS));
    let early = retain(&warehouse, horizon, NOW_MS + NOTICE_MS - 1).await.expect("a round");
    assert_eq!(early.clicks, 0);
    let removed = retain(&warehouse, horizon, NOW_MS + NOTICE_MS).await.expect("a round");
    assert_eq!(removed.clicks, 2);
    assert_eq!(
        ask(&warehouse, "SELECT groupArray(record) FROM (SELECT record FROM clicks ORDER BY record)").await,
        "[2,3]"
    );
    gone_from_disk(&warehouse, "clicks", MARKER).await;
    let again = retain(&warehouse, horizon, NOW_MS + 2 * NOTICE_MS).await.expect("a round");
    assert_eq!(again, Removed::default());
}

#[tokio::test]
async fn what_retention_removed_is_neither_lost_nor_shipped_again_nor_counted_twice() {
    let warehouse = testing::tables().await;
    let horizon = Horizon::of(&Config::default(), NOW_MS);
    let clicks = [row(0, horizon.raw_ms - 1), row(1, horizon.raw_ms - 2), row(2, NOW_MS)];
    store(&warehouse, &clicks).await;
    warehouse.remove_clicks_before(horizon.raw_ms).await.expect("removed");
    // One of them comes again, as a replay of the spool brings it.
    store(&warehouse, &clicks[..1]).await;
    let counts = warehouse.segment_counts(SPOOL, &[]).await.expect("counts");
    let [count] = counts.as_slice() else { panic!("{counts:?}") };
    assert_eq!((count.records, count.last_record, count.rows, count.visible, count.expired), (3, 2, 3, 3, 1));
    assert_eq!(count.doubled(), 0);
    assert_eq!(warehouse.stored_records(SPOOL, 1, 3, &[]).await.expect("records"), [0, 1, 2]);
    warehouse.remove_clicks_before(horizon.raw_ms).await.expect("removed again");
    let counts = warehouse.segment_counts(SPOOL, &[]).await.expect("counts");
    assert_eq!((counts[0].records, counts[0].rows, counts[0].expired), (3, 3, 2));
}

#[tokio::test]
async fn another_configuration_takes_effect_and_nothing_announced_is_taken_back() {
    let warehouse = testing::tables().await;
    let months = |raw| Config { raw_retention_months: raw, ..Config::default() };
    let (long, short) = (Horizon::of(&months(13), NOW_MS), Horizon::of(&months(2), NOW_MS));
    store(&warehouse, &[row(0, short.raw_ms - DAY_MS), row(1, NOW_MS)]).await;
    assert_eq!(warehouse.clicks_kept_since().await.expect("an answer"), None);
    for round in 0..2 {
        let removed = retain(&warehouse, long, NOW_MS + round * NOTICE_MS).await.expect("a round");
        assert_eq!(removed.clicks, 0);
    }
    assert_eq!(warehouse.clicks_kept_since().await.expect("an answer"), None, "there is nothing to go");
    retain(&warehouse, short, NOW_MS + 2 * NOTICE_MS).await.expect("announced");
    let removed = retain(&warehouse, short, NOW_MS + 3 * NOTICE_MS).await.expect("a round");
    assert_eq!(removed.clicks, 1);
    retain(&warehouse, long, NOW_MS + 4 * NOTICE_MS).await.expect("a round");
    let kept = warehouse.clicks_kept_since().await.expect("an answer").expect("announced");
    assert_eq!(kept.since_ms, short.raw_ms, "what is gone is gone");
}

#[tokio::test]
async fn figures_sign_ins_and_old_verdicts_go_when_they_are_too_old() {
    let warehouse = testing::tables().await;
    let horizon = Horizon::of(&Config::default(), NOW_MS);
    for (month, keeps) in [("2020-01-01", false), ("2026-02-01", true)] {
        let insert = format!(
            "INSERT INTO rollup_visitors (space_id, by, grain, start, generation, key, visitors) \
             VALUES ('spc_a', 'all', 'day', '{month}', {}, [''], [1])",
            u8::from(keeps)
        );
        warehouse.execute(&insert).await.expect("a roll-up");
        let sign_in = format!("INSERT INTO sign_ins VALUES ('spc_a', 'adv_{keeps}', '{month} 00:00:00.000', 1)");
        warehouse.execute(&sign_in).await.expect("a sign-in");
    }
    let removed = retain(&warehouse, horizon, NOW_MS).await.expect("a round");
    assert_eq!(removed, Removed { clicks: 0, rollups: 1 });
    assert_eq!(ask(&warehouse, "SELECT sum(generation) FROM rollup_visitors").await, "1");
    assert_eq!(ask(&warehouse, "SELECT groupArray(advocate_id) FROM sign_ins").await, "['adv_true']");
}
