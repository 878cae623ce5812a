//! The program is killed at each named place on a click's way to ClickHouse, and on a link's way to the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::proxy::{Fault, Proxy};
use crate::harness::{Engine, Installation, Load, eventually};

/// Dies at `name`, reached for the n-th time, for each n; then every click must be stored once.
fn dies_at(name: &str, times: &[u32], settings: &[(&str, &str)]) {
    let mut installation = Installation::start(settings);
    installation.process().wait_for("clicks are shipped to ClickHouse");
    let links = installation.links(5, 4);
    let load = Load::start(&installation, &links.codes, 500, 100);
    for n in times {
        installation.kill();
        let doomed = installation.start_to_die(&[("RELAIS_FAILPOINT", &format!("{name}:{n}"))]);
        let (status, said) = doomed.end();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGKILL), "{status}: {said}");
        installation.wait_for_the_engine_s_end();
        installation.resume();
    }
    load.stop().assert_exact(&installation);
    installation.stop();
    installation.run_ok(&["audit"]);
}

/// Segments so small that many end within a test, and go as soon as they are stored.
/// A segment that comes late on a busy machine is a refusal, which promises nothing.
const SMALL: &[(&str, &str)] = &[
    ("RELAIS_SPOOL__SEGMENT_BYTES", "16384"),
    ("RELAIS_SPOOL__RETENTION_DAYS", "0"),
    ("RELAIS_SPOOL__WHEN_FULL", "refuse"),
];

#[test]
fn a_kill_before_a_sync_of_the_spool_loses_nothing() {
    dies_at("spool-before-sync", &[1, 9], &[]);
}

#[test]
fn a_kill_before_a_stored_segment_is_removed_doubles_nothing() {
    dies_at("spool-before-remove", &[1, 4], SMALL);
}

#[test]
fn a_kill_before_a_ledger_entry_loses_and_doubles_nothing() {
    dies_at("ledger-before-append", &[1, 4, 9], &[]);
}

#[test]
fn a_kill_after_a_ledger_entry_loses_and_doubles_nothing() {
    dies_at("ledger-after-append", &[1, 4, 9], &[]);
}

#[test]
fn a_kill_with_a_frozen_batch_loses_nothing() {
    dies_at("ingest.frozen", &[1, 3], &[]);
}

#[test]
fn a_kill_after_the_manifest_loses_and_doubles_nothing() {
    dies_at("ingest.manifest_synced", &[1, 3], &[]);
}

#[test]
fn a_kill_while_a_batch_is_sent_loses_and_doubles_nothing() {
    dies_at("ingest.sent", &[1, 3], &[]);
}

#[test]
fn a_kill_after_the_answer_doubles_nothing() {
    dies_at("ingest.answered", &[1, 3], &[]);
}

#[test]
fn a_kill_after_the_verification_doubles_nothing() {
    dies_at("ingest.verified", &[1, 3], &[]);
}

#[test]
fn a_kill_after_a_batch_is_marked_doubles_nothing() {
    dies_at("ingest.marked", &[1, 3], &[]);
}

#[test]
fn a_kill_after_a_batch_is_forgotten_doubles_nothing() {
    dies_at("ingest.forgotten", &[1, 3], &[]);
}

#[test]
fn a_kill_after_a_click_went_to_quarantine_keeps_it_there_until_it_is_replayed() {
    let engine = Engine::start();
    // Refused until it is in quarantine: so often a row is tried alone.
    let proxy = Proxy::start(engine.address(), Box::new(|n, _| if n < 3 { Fault::Refused } else { Fault::None }));
    let settings = engine.settings(&format!("http://{}", proxy.address));
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut installation = Installation::start_in(folder.path(), &settings);
    let links = installation.links(1, 1);
    installation.kill();
    installation.resume_with(&[("RELAIS_FAILPOINT", "ingest.quarantined")]);
    assert_eq!(installation.get(&format!("/{}", links.codes[0]), &[]).status(), 302);
    installation.process.take().unwrap().end();
    installation.resume();
    assert!(installation.run_ok(&["spool", "quarantine"]).contains("1 clicks in quarantine"));
    // Not before the rest of its batch, which is nothing, is taken up and verified.
    eventually("the replay", || installation.run(&["spool", "quarantine", "--replay"]).status.success());
    installation.stop();
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains("answered 1, stored 1") && report.contains("quarantined 0"), "{report}");
}

#[test]
fn a_link_that_was_answered_outlives_a_kill_and_no_other_half_exists() {
    let mut installation = Installation::start(&[]);
    let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
    let advocate = json!({"email": "a@example.com", "name": "A", "kind": "employee"});
    let advocate = installation.post(&token, "/advocates", &advocate)["id"].clone();
    let contents: Vec<Value> = (0..8)
        .map(|n| {
            let url = format!("https://www.example.com/{n}");
            let content = json!({"kind": "article", "title": "T", "url": url, "published_at": "2026-01-05T08:00:00Z"});
            installation.post(&token, "/contents", &content)["id"].clone()
        })
        .collect();
    let mut answered: BTreeSet<String> = BTreeSet::new();
    for n in [1, 2, 4] {
        installation.kill();
        installation.resume_with(&[("RELAIS_FAILPOINT", &format!("api.before_commit:{n}"))]);
        let died = contents.iter().any(|content| {
            let link = json!({"advocate_id": advocate, "content_id": content, "channel": "linkedin"});
            match installation.api(Method::POST, &token, "/links", &link) {
                Ok((status, answer)) => {
                    assert!([200, 201].contains(&status), "{status} {answer}");
                    answered.insert(answer["code"].as_str().unwrap().to_owned());
                    false
                }
                Err(_) => true,
            }
        });
        assert!(died, "it outlived {n} commits");
        installation.process.take().unwrap().end();
        installation.wait_for_the_engine_s_end();
        installation.resume();
        let (_, listed) = installation.api(Method::GET, &token, "/links?limit=200", &Value::Null).unwrap();
        let listed = listed["items"].as_array().unwrap().iter();
        let listed: BTreeSet<String> = listed.map(|link| link["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, answered, "after the kill at commit {n}");
        for code in &answered {
            assert_eq!(installation.get(&format!("/{code}"), &[]).status(), 302);
        }
    }
}

#[test]
fn every_failpoint_of_the_source_is_met_by_a_test() {
    /// Names in the program, and the text of all tests.
    fn read(folder: &Path, found: &mut BTreeSet<String>, tests: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, found, tests);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                if path.components().any(|part| part.as_os_str() == "tests") {
                    tests.push_str(&text);
                    continue;
                }
                let calls = text.split("failpoint::reach(\"").skip(1);
                found.extend(calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
            }
        }
    }
    let (mut found, mut tests) = (BTreeSet::new(), String::new());
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found, &mut tests);
    let missing: Vec<_> = found.iter().filter(|name| !tests.contains(name.as_str())).collect();
    assert!(found.len() > 10 && missing.is_empty(), "no test dies at {missing:?} of {found:?}");
}
