//! New rules over old clicks.

use super::*;
use crate::enrich::{Rules, Verdict};
use crate::keeping::{Difference, reclassify};
use crate::model::Class;
use crate::model::Progress;

/// Takes `newbot` for the robot that it is, gives people another reason, and leaves the rest alone.
fn newer(evidence: &str, _flags: u8) -> Verdict {
    match evidence.split(' ').next() {
        Some("newbot") => Verdict { class: Class::Bot, reason: "agent:newbot" },
        Some("old") => Verdict { class: Class::Human, reason: "browser-v2" },
        _ => Verdict { class: Class::Human, reason: "browser" },
    }
}

const NEWER: Rules = Rules::new(2, newer);

fn click(record: u32, evidence: &str) -> ClickRow<'_> {
    let clicked_at_ms = NOW_MS - i64::from(record) * 20 * DAY_MS;
    ClickRow {
        class: Class::Human,
        class_reason: "browser",
        classifier_version: 1,
        evidence,
        ..row(record, clicked_at_ms)
    }
}

async fn judge(warehouse: &Warehouse, write: bool) -> Difference {
    reclassify(warehouse, NEWER, write, NOW_MS, &Progress::default()).await.expect("judged")
}

fn change(difference: &Difference, from: &str, to: &str) -> u64 {
    let space = SpaceId::from_bits(1).to_string();
    difference.changed.get(&(space, from.to_owned(), to.to_owned())).copied().unwrap_or_default()
}

#[tokio::test]
async fn the_difference_is_shown_before_it_is_written_and_history_keeps_the_old_verdict() {
    let warehouse = testing::tables().await;
    let imported = ClickRow { class_reason: "imported", classifier_version: 0, ..click(9, "newbot") };
    let ours = ClickRow { classifier_version: 2, ..click(8, "newbot") };
    let clicks = [
        click(0, "newbot x"),
        click(1, "newbot x"),
        click(2, "old one"),
        click(3, "mozilla"),
        click(4, "it's \\"),
        imported,
        ours,
    ];
    store(&warehouse, &clicks).await;
    let rows = "SELECT groupArray((record, toString(class), class_reason, classifier_version)) \
                FROM (SELECT * FROM clicks FINAL ORDER BY record)";
    let before = ask(&warehouse, rows).await;

    let shown = judge(&warehouse, false).await;
    assert_eq!((change(&shown, "human", "bot"), change(&shown, "human", "human"), shown.same), (2, 1, 2));
    assert_eq!(ask(&warehouse, rows).await, before, "nothing is written yet");
    assert_eq!(ask(&warehouse, "SELECT count() FROM rollup_marks").await, "0");

    assert_eq!(judge(&warehouse, true).await, shown);
    let expected = "[(0,'bot','agent:newbot',2),(1,'bot','agent:newbot',2),(2,'human','browser-v2',2),\
                    (3,'human','browser',2),(4,'human','browser',2),(8,'human','browser',2),(9,'human','imported',0)]";
    assert_eq!(ask(&warehouse, rows).await, expected);
    let history = "SELECT groupArray((record, toString(class), class_reason, classifier_version, replaced_by)) \
                   FROM (SELECT * FROM verdicts FINAL ORDER BY record)";
    let kept = "[(0,'human','browser',1,2),(1,'human','browser',1,2),(2,'human','browser',1,2)]";
    assert_eq!(ask(&warehouse, history).await, kept);
    assert_eq!(ask(&warehouse, "SELECT uniqExact(at) FROM rollup_marks WHERE subject = 'click'").await, "3");

    // Delivery and audit know clicks by identity, and see what they saw.
    let counts = warehouse.segment_counts(SPOOL, &[]).await.expect("counts");
    assert_eq!((counts[0].records, counts[0].doubled(), counts[0].rows), (7, 0, 7));
    assert_eq!(judge(&warehouse, true).await, Difference::default(), "there is nothing left to judge");
    assert_eq!(ask(&warehouse, history).await, kept);
}

#[tokio::test]
async fn a_run_that_was_broken_off_is_completed_and_its_days_are_told() {
    let warehouse = testing::tables().await;
    store(&warehouse, &[click(0, "newbot"), click(1, "newbot"), click(2, "mozilla")]).await;
    let month = click(0, "").partition();
    let new = crate::warehouse::NewVerdict { evidence: "newbot", flags: 0, class: "bot", reason: "agent:newbot" };
    warehouse.begin_reclassification(2, NOW_MS).await.expect("begun");
    warehouse.replace_verdicts(2, month, NOW_MS, &[new], |_| {}).await.expect("the first month");

    let rest = judge(&warehouse, true).await;
    assert!(rest.resumed);
    assert_eq!((change(&rest, "human", "bot"), rest.same), (1, 1), "what has a verdict is passed over");
    assert_eq!(ask(&warehouse, "SELECT countIf(class = 'bot') FROM clicks FINAL").await, "2");
    assert_eq!(ask(&warehouse, "SELECT count() FROM verdicts FINAL").await, "2");
    assert_eq!(ask(&warehouse, "SELECT uniqExact(at) FROM rollup_marks").await, "2", "also of the first run");
    assert!(!judge(&warehouse, true).await.resumed);
}

#[tokio::test]
async fn more_evidence_than_fits_into_one_page_is_judged_too() {
    let warehouse = testing::tables().await;
    let words: Vec<String> = (0..4_500).map(|number| format!("newbot {number}")).collect();
    let clicks: Vec<_> = (0..).zip(&words).map(|(record, words)| ClickRow { record, ..click(0, words) }).collect();
    store(&warehouse, &clicks).await;
    let written = judge(&warehouse, true).await;
    assert_eq!(change(&written, "human", "bot"), 4_500);
    assert_eq!(
        ask(&warehouse, "SELECT countIf(class = 'bot' AND classifier_version = 2) FROM clicks FINAL").await,
        "4500"
    );
    assert_eq!(ask(&warehouse, "SELECT count() FROM verdicts FINAL").await, "4500");
}

#[test]
fn the_rules_of_today_judge_kept_evidence_as_they_judged_the_click() {
    assert_eq!(Rules::CURRENT.version(), crate::enrich::CLASSIFIER_VERSION);
    assert_eq!(Rules::CURRENT.judge("mozilla safari", 0).class, Class::Human);
    assert_eq!(Rules::CURRENT.judge("mozilla somebot", 0).class, Class::Bot);
}
