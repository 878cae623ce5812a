//! What happens after a ledger or a part of the table was lost: only what is missing is shipped again.

use std::time::Duration;

use super::harness::{Node, small};
use super::sink::Fault;
use super::time::drive;
use crate::ingest::pipeline::Command;

fn rows_sent(node: &Node) -> u64 {
    node.sink.inserts().iter().sum()
}

#[test]
fn after_a_lost_ledger_only_what_clickhouse_does_not_hold_is_shipped() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 40);
    node.drain();
    node.clicks(1, 7);
    node.sink.remove(&[ids[3], ids[30]]);
    let before = rows_sent(&node);
    node.lose_ledger();
    assert!(node.drain().is_nothing());
    assert_eq!(rows_sent(&node) - before, 9, "7 that were never sent and 2 that are not there");
    node.assert_exact();
    assert!(node.audit().is_clean());
}

#[test]
fn after_a_lost_ledger_nothing_doubtful_is_shipped_before_clickhouse_was_asked() {
    let mut node = Node::new(small(), vec![]);
    node.clicks(0, 40);
    node.drain();
    node.lose_ledger();
    let before = rows_sent(&node);
    node.sink.stop_answering_for(Duration::from_secs(3_600));
    node.run_and_kill(500);
    assert_eq!(node.open_batches(), 0);
    assert!(node.drain().is_nothing());
    assert_eq!(rows_sent(&node), before);
}

#[test]
fn an_unreadable_part_is_dropped_and_its_clicks_are_shipped_again_from_the_spool() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 40);
    node.drain();
    let before = rows_sent(&node);
    // The part of one batch of five.
    node.sink.damage(&ids[..1]);
    assert!(node.drain().is_nothing());
    assert_eq!(rows_sent(&node) - before, 5);
    node.assert_exact();
    assert!(node.audit().is_clean());
}

#[test]
fn a_kill_at_any_step_of_the_repair_loses_nothing() {
    for steps in 0..150 {
        let mut node = Node::new(small(), vec![]);
        let ids = node.clicks(0, 12);
        node.drain();
        node.clicks(0, 3);
        node.sink.damage(&ids[..6]);
        node.run_and_kill(steps);
        node.kill();
        assert!(node.drain().is_nothing(), "{steps} steps");
        node.assert_exact();
        let report = node.audit();
        assert!(report.is_clean(), "{steps} steps: {report}");
    }
}

#[test]
fn a_restart_of_the_engine_is_followed_by_a_check_of_the_parts() {
    let mut node = Node::new(small(), vec![Fault::None]);
    let ids = node.clicks(0, 5);
    node.drain();
    let (pipeline, commands) = node.pipeline();
    let mut pipeline = std::pin::pin!(pipeline);
    drive(&node.clock, pipeline.as_mut(), Some(100));
    node.sink.damage(&ids);
    drive(&node.clock, pipeline.as_mut(), Some(100));
    assert!(node.sink.has_unreadable_parts(), "nobody looks unasked");
    commands.send(Command::CheckParts).expect("the pipeline runs");
    drive(&node.clock, pipeline.as_mut(), Some(200));
    assert!(!node.sink.has_unreadable_parts());
    node.assert_exact();
}
