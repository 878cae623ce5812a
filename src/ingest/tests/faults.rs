//! Each fault of ClickHouse that was seen, alone and in random order, with kills of the shipper in between.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use super::harness::{Node, small};
use super::sink::Fault;
use super::time::drive;
use crate::ingest::Config;

fn every_fault() -> Vec<Fault> {
    vec![
        Fault::None,
        Fault::NotExecuted,
        Fault::TokenPoisoned,
        Fault::Torn,
        Fault::Swallowed,
        Fault::ErrorAfterCommit,
        Fault::AnswerLost,
        Fault::CommitsLater(5_000),
        Fault::FailsLater(5_000),
        Fault::LateDuplicate(700),
        Fault::BodyCut,
        Fault::Code(252),
        Fault::Code(241),
        Fault::Code(999),
        Fault::Down(60_000),
        Fault::Broken(16, 60_000),
        Fault::Broken(60, 60_000),
        Fault::Merge,
        Fault::Replaced,
    ]
}

#[test]
fn each_fault_alone_loses_doubles_and_invents_nothing() {
    for fault in every_fault() {
        let mut node = Node::new(small(), vec![fault]);
        node.clicks(0, 4);
        assert!(node.drain().is_nothing(), "{fault:?}");
        node.sink.calm();
        node.assert_exact();
        assert_eq!(node.quarantine(), BTreeSet::new(), "{fault:?}");
    }
}

#[test]
fn a_kill_at_any_step_loses_doubles_and_invents_nothing() {
    for fault in every_fault() {
        for steps in 0..80 {
            let mut node = Node::new(small(), vec![fault]);
            (0..7).for_each(|at| _ = node.click(at % 2));
            node.run_and_kill(steps);
            assert!(node.drain().is_nothing(), "{fault:?}, {steps} steps");
            assert_eq!(node.sink.overlaps(), 0, "{fault:?}, {steps} steps");
            node.sink.calm();
            node.assert_exact();
        }
    }
}

#[test]
fn a_poison_row_goes_to_quarantine_alone() {
    for code in [6, 27, 33, 53, 117] {
        let mut node = Node::new(Config { batch_rows: 1_000, ..small() }, vec![]);
        let ids: Vec<_> = (0..100).map(|at| node.click(at % 2)).collect();
        node.sink.poison(ids[37], code);
        node.sink.poison(ids[99], code);
        assert!(node.drain().is_nothing());
        node.assert_exact();
        assert_eq!(node.quarantine(), BTreeSet::from([ids[37], ids[99]]));
        assert_eq!(node.metrics.quarantined.get(), 2);
    }
}

#[test]
fn a_record_that_is_no_click_does_not_hold_up_its_batch() {
    let mut node = Node::new(small(), vec![]);
    node.click(0);
    let garbage = node.garbage(0);
    node.click(0);
    assert!(node.drain().is_nothing());
    node.assert_exact();
    assert_eq!(node.quarantine(), BTreeSet::from([garbage]));
    assert_eq!(node.sink.seen().len(), 2);
}

#[test]
fn a_kill_at_any_step_of_a_batch_without_a_row_loses_no_record() {
    for steps in 0..40 {
        let mut node = Node::new(small(), vec![]);
        let garbage = node.garbage(0);
        node.run_and_kill(steps);
        assert!(node.drain().is_nothing(), "{steps} steps");
        assert_eq!(node.quarantine(), BTreeSet::from([garbage]), "{steps} steps");
    }
}

#[test]
fn a_row_in_quarantine_is_not_sent_again_by_the_next_start() {
    for steps in 0..200 {
        let mut node = Node::new(small(), vec![]);
        let ids = node.clicks(0, 5);
        node.sink.poison(ids[2], 117);
        node.run_and_kill(steps);
        if node.quarantine().is_empty() {
            continue;
        }
        let before = node.sink.inserts().len();
        assert!(node.drain().is_nothing());
        node.assert_exact();
        // The rows on both sides of it at most.
        assert!(node.sink.inserts().len() - before <= 1, "{steps} steps: {:?}", node.sink.inserts());
    }
}

#[test]
fn rows_that_another_batch_has_replaced_are_found_by_their_identity() {
    let mut node = Node::new(small(), vec![Fault::Replaced; 50]);
    node.clicks(0, 5);
    assert!(node.drain().is_nothing());
    node.assert_exact();
    assert_eq!(node.sink.inserts().len(), 2, "once, and once more before each row is looked for");
}

#[test]
fn a_batch_holds_one_month_and_the_turn_of_a_month_cuts_it() {
    let mut node = Node::new(Config { batch_rows: 1_000, ..small() }, vec![]);
    for _ in 0..3 {
        node.click(0);
        node.click(1);
        node.clock.skip(Duration::from_secs(40));
    }
    // The sink refuses a row of another month than its batch's.
    assert!(node.drain().is_nothing());
    node.assert_exact();
    assert_eq!(node.sink.batches().len(), 2);
}

#[test]
fn a_table_that_takes_no_row_at_all_parks_and_empties_nothing_into_quarantine() {
    let mut node = Node::new(Config { batch_rows: 1_000, ..small() }, vec![]);
    let ids = node.clicks(0, 200);
    ids.iter().for_each(|id| node.sink.poison(*id, 53));
    let (pipeline, commands) = node.pipeline();
    drive(&node.clock, pipeline, Some(20_000));
    drop(commands);
    assert!(node.quarantine().len() <= 16, "{} rows", node.quarantine().len());
    assert!(node.metrics.ship_batches.with_label_values(&["parked"]).get() > 0);
    node.sink.heal_poison();
    assert!(node.drain().is_nothing());
    node.assert_exact();
}

#[test]
fn a_batch_too_large_for_the_memory_of_clickhouse_is_sent_in_pieces() {
    let mut node = Node::new(Config { batch_rows: 100_000, ..small() }, vec![]);
    node.clicks(0, 5_000);
    node.sink.limit_rows(2_000);
    assert!(node.drain().is_nothing());
    node.assert_exact();
    assert!(node.sink.inserts().iter().any(|rows| *rows > 2_000));
}

#[test]
fn with_clickhouse_away_no_more_batches_are_opened_than_may_be_in_flight() {
    let mut node = Node::new(small(), vec![Fault::Down(86_400_000)]);
    node.clicks(0, 100);
    let before = node.clock.clone();
    node.run_and_kill(3_000);
    assert!(crate::ingest::Clock::now_ms(&before) > super::harness::START_MS + 60_000);
    assert!(node.open_batches() <= node.config.in_flight_batches, "{}", node.open_batches());
    node.sink.calm();
    assert!(node.drain().is_nothing());
    node.assert_exact();
}

#[test]
fn two_shippers_on_one_spool_store_each_click_once() {
    for fault in every_fault() {
        let mut node = Node::new(small(), vec![fault, Fault::Merge, fault, Fault::Merge]);
        (0..23).for_each(|at| _ = node.click(at % 3));
        let (one, tell_one) = node.pipeline();
        let (two, tell_two) = node.pipeline();
        for tell in [&tell_one, &tell_two] {
            let month = Duration::from_secs(30 * 86_400);
            tell.send(crate::ingest::pipeline::Command::Drain(month)).expect("the pipeline has not begun");
        }
        let both = async { tokio::join!(one, two) };
        drive(&node.clock, both, None).expect("both end");
        node.sink.calm();
        node.assert_exact();
    }
}

fn any_faults() -> impl Strategy<Value = Vec<Fault>> {
    let faults = prop::collection::vec(prop::sample::select(every_fault()), 0..30);
    // A row that is cut on its way three times running is taken for poison, and that is meant.
    faults.prop_map(|mut faults| {
        faults.dedup();
        faults
    })
}

/// What happens to a node, one after the other.
#[derive(Debug, Clone)]
enum Step {
    Clicks(u8, u8),
    Garbage(u8),
    Poison(u8, u32),
    Run(usize),
    Wait(u64),
    Merge,
    Kill,
    CutPower(u64),
    LoseLedger,
    Damage,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3u8, 1..12u8).prop_map(|(lane, count)| Step::Clicks(lane, count)),
        1 => (0..3u8).prop_map(Step::Garbage),
        1 => (0..3u8, prop::sample::select(vec![6, 27, 33, 53, 117])).prop_map(|(lane, code)| Step::Poison(lane, code)),
        5 => (0..400usize).prop_map(Step::Run),
        1 => (0..60_000u64).prop_map(Step::Wait),
        1 => Just(Step::Merge),
        2 => Just(Step::Kill),
        1 => any::<u64>().prop_map(Step::CutPower),
        1 => Just(Step::LoseLedger),
        1 => Just(Step::Damage),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn any_schedule_of_faults_and_kills_ends_with_every_click_stored_once_or_in_quarantine(
        faults in any_faults(),
        steps in prop::collection::vec(any_step(), 1..25),
        batch_rows in 1..12u32,
        in_flight_batches in 1..4usize,
    ) {
        let mut node = Node::new(Config { batch_rows, in_flight_batches, ..Config::default() }, faults);
        let mut refused = BTreeSet::new();
        for step in steps {
            match step {
                Step::Clicks(lane, count) => _ = node.clicks(lane, count.into()),
                Step::Garbage(lane) => _ = refused.insert(node.garbage(lane)),
                Step::Poison(lane, code) => {
                    let id = node.click(lane);
                    node.sink.poison(id, code);
                    refused.insert(id);
                }
                Step::Run(steps) => node.run_and_kill(steps),
                Step::Wait(ms) => node.clock.skip(Duration::from_millis(ms)),
                Step::Merge => node.sink.merge(),
                Step::Kill => node.kill(),
                Step::CutPower(mut dice) => node.cut_power(|| {
                    dice = dice.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    dice & 1 == 0
                }),
                Step::LoseLedger => node.lose_ledger(),
                Step::Damage => node.sink.damage(&node.answered.iter().copied().step_by(3).collect::<Vec<_>>()),
            }
        }
        prop_assert!(node.drain().is_nothing());
        node.sink.calm();
        node.assert_exact();
        prop_assert_eq!(node.quarantine(), refused);
        let report = node.audit();
        prop_assert!(report.is_clean(), "{}", report);
    }
}
