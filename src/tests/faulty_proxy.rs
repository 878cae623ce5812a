//! Between Relais and ClickHouse anything may break: errors after the commit, lost answers, bodies
//! cut anywhere, inserts that arrive twice.

use crate::harness::proxy::{Fault, Plan, Proxy};
use crate::harness::{Engine, Installation, Load};

fn survives(plan: Plan, seconds: u64) -> Vec<Fault> {
    let engine = Engine::start();
    let proxy = Proxy::start(engine.address(), plan);
    let folder = tempfile::tempdir().unwrap();
    let settings = engine.settings(&format!("http://{}", proxy.address));
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut installation = Installation::start_in(folder.path(), &settings);
    let links = installation.links(5, 4);
    let sent = Load::start(&installation, &links.codes, 1_000, seconds).finish();
    // With three of four inserts failing a drain may run out of time; the next start goes on.
    while !installation.stop().contains("every answered click is stored") {
        installation.resume();
    }
    installation.run_ok(&["audit"]);
    sent.assert_exact_in(engine.folder());
    proxy.happened()
}

#[test]
fn an_error_after_the_commit_doubles_nothing() {
    let happened =
        survives(Box::new(|insert, _| if insert % 2 == 0 { Fault::ErrorAfterCommit } else { Fault::None }), 5);
    assert!(happened.len() > 2);
}

#[test]
fn a_lost_answer_doubles_nothing() {
    let happened = survives(Box::new(|insert, _| if insert % 2 == 0 { Fault::AnswerLost } else { Fault::None }), 5);
    assert!(happened.len() > 2);
}

#[test]
fn a_late_duplicate_of_an_insert_is_seen_once() {
    let happened = survives(Box::new(|insert, _| if insert % 2 == 0 { Fault::LateDuplicate } else { Fault::None }), 5);
    assert!(happened.len() > 2);
}

#[test]
fn a_body_cut_anywhere_is_sent_again() {
    // Each insert is cut at another place, first near its beginning, then near its end, then anywhere.
    let plan: Plan = Box::new(|insert, length| match insert % 4 {
        0 => Fault::BodyCut(insert),
        1 => Fault::BodyCut(length.saturating_sub(1 + insert / 4)),
        2 => Fault::BodyCut(length * (insert % 97) / 97),
        _ => Fault::None,
    });
    let happened = survives(plan, 8);
    assert!(happened.len() > 4);
}
