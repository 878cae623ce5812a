//! The audit finds what is wrong, names it, and calls nothing wrong that is not.

use std::collections::BTreeSet;

use super::harness::{Node, small};
use super::sink::Fault;
use super::time::drive;
use crate::ingest::audit::{Books, audit};
use crate::ingest::quarantine;

#[test]
fn what_waits_or_is_in_quarantine_is_not_lost() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 20);
    node.sink.poison(ids[3], 27);
    node.garbage(1);
    node.drain();
    node.clicks(0, 4);
    let report = node.audit();
    assert!(report.is_clean(), "{report}");
    let total = report.nodes[0].total;
    assert_eq!((total.answered, total.stored, total.quarantined, total.waiting), (25, 19, 2, 4));
}

#[test]
fn a_row_that_is_gone_is_lost_and_named() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 12);
    node.drain();
    node.sink.remove(&[ids[4], ids[5], ids[9]]);
    let report = node.audit();
    assert!(!report.is_clean());
    assert_eq!(report.nodes[0].total.lost, 3);
    assert_eq!(report.nodes[0].segments[0].lost_records, [(4, 6), (9, 10)]);
    let text = report.to_string();
    assert!(text.contains("lost: 4-5 9\n"), "{text}");
}

#[test]
fn a_lost_and_an_invented_record_do_not_cancel_each_other_out() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 6);
    node.drain();
    node.sink.remove(&ids[2..3]);
    node.sink.invent(ids[1], 700);
    let total = node.audit().nodes[0].total;
    assert_eq!((total.answered, total.stored, total.lost, total.invented), (6, 5, 1, 1));
}

#[test]
fn a_row_of_a_segment_that_was_never_given_out_is_invented() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 2);
    node.drain();
    node.sink.invent(crate::spool::RecordId { segment: 999, ..ids[0] }, 5);
    let report = node.audit();
    assert_eq!((report.nodes[0].total.lost, report.nodes[0].total.invented), (0, 1));
}

#[test]
fn duplicates_that_no_reader_sees_are_clean_and_others_are_not() {
    let mut node = Node::new(small(), vec![Fault::LateDuplicate(100)]);
    let ids = node.clicks(0, 4);
    node.drain();
    node.sink.calm();
    let report = node.audit();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.nodes[0].total.stored, report.nodes[0].total.rows), (4, 8));
    node.sink.double_visibly(ids[0]);
    let report = node.audit();
    assert_eq!(report.nodes[0].total.doubled, 1);
    let segments = &report.nodes[0].segments;
    let named: Vec<_> = segments.iter().flat_map(|segment| &segment.doubled_records).copied().collect();
    assert_eq!(named, [(ids[0].record, ids[0].record + 1)]);
    assert!(!report.is_clean() && report.to_string().contains(&format!("doubled: {}\n", ids[0].record)), "{report}");
}

#[test]
fn what_is_answered_while_the_audit_asks_is_not_invented() {
    let mut node = Node::new(small(), vec![]);
    node.clicks(0, 3);
    node.drain();
    let before = Books::of(node.ledger());
    node.clicks(0, 2);
    node.drain();
    let after = Books::of(node.ledger());
    let readings = std::cell::RefCell::new(vec![after, before]);
    let read = || readings.borrow_mut().pop().expect("read twice");
    let report = drive(&node.clock, audit(read, &node.sink), None).expect("it ends").expect("ClickHouse answers");
    assert!(report.is_clean(), "{report}");
}

#[test]
fn a_report_is_json_with_the_figures_of_each_segment() {
    let mut node = Node::new(small(), vec![]);
    node.clicks(2, 3);
    node.drain();
    let report = serde_json::to_value(node.audit()).expect("plain data");
    let segment = &report["nodes"][0]["segments"][0];
    assert_eq!((&segment["lane"], &segment["answered"], &segment["stored"]), (&2.into(), &3.into(), &3.into()));
    assert_eq!(report["unrecorded"]["full"], 0);
}

#[test]
fn a_replay_ships_what_was_repaired_and_returns_what_was_not() {
    let mut node = Node::new(small(), vec![]);
    let ids = node.clicks(0, 10);
    node.sink.poison(ids[2], 27);
    node.sink.poison(ids[7], 53);
    let garbage = node.garbage(0);
    node.drain();
    let listed = quarantine::list(node.ledger());
    assert_eq!(listed.iter().map(|record| record.id).collect::<Vec<_>>(), [ids[2], ids[7], garbage]);
    assert!(listed[0].reason.contains("27"), "{}", listed[0].reason);

    node.sink.heal_poison();
    let released = quarantine::replay(node.ledger(), &[ids[2], garbage, ids[0]]).expect("written");
    assert_eq!(released, 2, "a record that is not in quarantine stays where it is");
    node.drain();
    node.assert_exact();
    assert_eq!(node.quarantine(), BTreeSet::from([ids[7], garbage]));
    assert_eq!(node.sink.seen().len(), 9);
}
