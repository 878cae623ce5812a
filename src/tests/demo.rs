//! `relais demo`: what somebody sees who has nothing yet.

use std::time::Instant;

use crate::harness::Installation;
use crate::harness::process::{Process, one_line_of_failure};

/// A small part of the people and contents: the story is told elsewhere.
const QUICK: [&str; 3] = ["demo", "--scale", "0.04"];

/// Starts the demo and waits until it says what to open.
fn demo(installation: &Installation) -> (Process, String) {
    let mut process = Process::start(installation.command(&QUICK));
    // The engine says `ready` too, and earlier.
    process.wait_for("the next start finds everything");
    let said = process.said();
    (process, said)
}

/// What stands behind a word at the beginning of a line.
fn behind<'s>(said: &'s str, word: &str) -> &'s str {
    let line = said.lines().find_map(|line| line.trim_start().strip_prefix(word));
    line.unwrap_or_else(|| panic!("no line begins with {word:?}:\n{said}")).trim()
}

#[test]
fn a_newcomer_gets_a_link_that_leads_somewhere_and_ways_to_sign_in_and_the_second_start_fills_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::prepared(folder.path(), &[]);
    let (process, said) = demo(&installation);
    assert!(said.contains("half a year of three programmes"), "{said}");
    for name in ["Marelle", "Banque de l’Orme", "Sauge & Romarin"] {
        assert!(
            said.lines().any(|line| line.trim_start().starts_with(name) && line.contains("personal links")),
            "{said}"
        );
    }
    let link = behind(&said, "A personal link");
    let client = reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(link).header("user-agent", "Mozilla/5.0").send().unwrap();
    assert_eq!(answer.status(), 302);
    assert!(answer.headers()["location"].to_str().unwrap().starts_with("https://www.marelle.example/"));
    for role in ["As employee", "As marketing", "As recruiter", "As admin"] {
        let address = behind(&said, role);
        assert!(address.contains("/sign-in/link/"), "{role}: {address}");
    }
    let code = link.rsplit('/').next().unwrap();
    installation.wait_for_sql(
        &format!("SELECT countIf(class_reason != 'imported') FROM clicks FINAL WHERE code = '{code}'"),
        "1",
    );
    let before = installation.clicks();
    let (status, _) = process.stop();
    assert!(status.success());

    let begun = Instant::now();
    let (process, again) = demo(&installation);
    println!("second start: {:?}", begun.elapsed());
    assert!(!again.contains("half a year of three programmes"), "{again}");
    assert_ne!(behind(&again, "As employee"), behind(&said, "As employee"));
    installation.wait_for_clicks(before);
    assert_eq!(installation.clicks(), before);
    process.stop();
}

#[test]
fn a_filling_that_was_killed_is_completed_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut installation = Installation::prepared(folder.path(), &[]);
    let mut process = Process::start(installation.command(&QUICK));
    // The first space is in, and the second one begins.
    process.wait_for("Marelle");
    process.kill_group();
    installation.wait_for_the_engine_s_end();
    let (process, said) = demo(&installation);
    let told = |name: &str| said.lines().filter(|line| line.trim_start().starts_with(name)).count();
    assert!(told("Marelle") >= 1 && told("Sauge & Romarin") >= 1, "{said}");
    process.stop();
    installation.resume();
    installation.wait_for_sql("SELECT uniqExact(space_id) FROM clicks", "3");
    installation.stop();
}

#[test]
fn a_demo_is_not_mixed_with_somebodys_programme() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::prepared(folder.path(), &[]);
    installation.run_ok(&["space", "create", "acme"]);
    let line = one_line_of_failure(installation.command(&QUICK), 1);
    for part in ["acme", "empty folder", "RELAIS_DATA_DIR=/tmp/demo relais demo"] {
        assert!(line.contains(part), "{line}");
    }
    let line = one_line_of_failure(installation.command(&["demo", "--scale", "2"]), 2);
    assert!(line.contains("0.02 to 1"), "{line}");
}
