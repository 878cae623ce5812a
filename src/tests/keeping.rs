//! `relais erase`, `relais reclassify` and the API's erasure: beside a running server, without one, and killed in between.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::Installation;
use crate::harness::process::{eventually, one_line_of_failure};

const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
/// The id of the advocate `number`, as the API says it.
fn advocate(installation: &Installation, token: &str, number: usize) -> String {
    let (_, list) = installation.api(reqwest::Method::GET, token, "/advocates", &Value::Null).unwrap();
    list["items"][number]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_erasure_through_the_api_reaches_clickhouse_by_itself() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let path = format!("/{}", links.codes[0]);
    assert_eq!(installation.get(&path, &[BROWSER]).status(), 302);
    let id = advocate(&installation, &links.token, 0);
    let clicks = "SELECT countIf(advocate_id != ''), count() FROM clicks FINAL";
    installation.wait_for_sql(clicks, "1\t1");
    let client = reqwest::blocking::Client::new();
    let url = format!("http://{}/api/v1/advocates/{id}", installation.portal);
    assert_eq!(client.delete(url).bearer_auth(&links.token).send().unwrap().status(), 204);
    installation.wait_for_sql(clicks, "0\t1");
    let receipt = installation.data_dir.join(format!("erasures/{id}.json"));
    eventually("the receipt", || receipt.exists());
    let receipt: Value = serde_json::from_slice(&fs::read(receipt).unwrap()).unwrap();
    assert_eq!(receipt["found"]["ClickHouse: clicks"], json!(1), "{receipt}");
    // The command finds it done.
    let said = installation.run_ok(&["erase", "--advocate", &id]);
    assert!(said.contains(&format!("erased     {id}")) && said.contains("1  ClickHouse: clicks"), "{said}");
}

#[test]
fn security_29_a_person_is_erased_by_address_and_neither_its_bundle_nor_a_replay_brings_it_back() {
    let mut installation = Installation::start(&[]);
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exchange/testdata/bundle");
    let import = ["import", bundle.to_str().unwrap(), "--space", "default"];
    installation.run_ok(&import);
    installation.wait_for_link("aB3dE5gH7");
    assert_eq!(installation.get("/aB3dE5gH7", &[BROWSER]).status(), 302);
    installation.wait_for_sql("SELECT countIf(advocate_id != ''), count() FROM clicks FINAL", "6\t8");
    installation.stop();

    let said = installation.run_ok(&["erase", "--email", "ada.l@acme.example", "--request", "letter of 3 May"]);
    assert!(said.contains("request    letter of 3 May") && said.contains("ClickHouse: clicks"), "{said}");
    for name in ["Ada", "acme.example", "p-1"] {
        assert!(!said.contains(name), "{name} in {said}");
    }
    installation.resume();
    installation.wait_for_sql("SELECT count() FROM clicks FINAL WHERE advocate_key = 'p-1'", "0");
    let by_person = "SELECT countIf(advocate_id = ''), count() FROM clicks FINAL";
    let before = installation.sql(by_person).unwrap();

    let again = installation.run_ok(&import);
    for file in ["advocates.csv", "links.csv", "shares.csv", "sign_ins.csv", "applications.csv", "clicks.csv"] {
        let line = again.lines().find(|line| line.starts_with(file)).unwrap();
        assert!(line.contains("0 added         0 changed"), "{again}");
    }
    installation.run_ok(&["spool", "replay"]);
    let shipped = "SELECT uniqExact(batch) FROM clicks WHERE spool_id IN (SELECT spool_id FROM clicks WHERE advocate_key = '' \
                   AND class_reason != 'imported')";
    installation.wait_for_sql(shipped, "2");
    assert_eq!(installation.sql(by_person).unwrap(), before);
    let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
    let (_, people) = installation.api(reqwest::Method::GET, &token, "/advocates", &Value::Null).unwrap();
    assert!(!people.to_string().contains("Lovelace"), "{people}");
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains("lost 0, doubled 0, invented 0"), "{report}");
}

#[cfg(feature = "failpoints")]
#[test]
fn an_erasure_that_is_killed_anywhere_is_completed_by_the_next_who_comes() {
    let named = "SELECT (SELECT count() FROM clicks WHERE advocate_id != ''), \
                 (SELECT count() FROM links WHERE advocate_id IN (SELECT advocate_id FROM erasures))";
    let mut installation = Installation::start(&[]);
    let links = installation.links(3, 1);
    for code in &links.codes {
        assert_eq!(installation.get(&format!("/{code}"), &[BROWSER]).status(), 302);
    }
    installation.wait_for_clicks(3);
    let ids: Vec<String> = (0..3).map(|number| advocate(&installation, &links.token, number)).collect();
    installation.stop();
    let places = ["keeping.erasure_told", "keeping.erasure_changed", "keeping.erasure_receipt"];
    for (id, place) in ids.iter().zip(places) {
        let mut command = installation.command(&["erase", "--advocate", id]);
        command.env("RELAIS_FAILPOINT", place);
        let (status, said) = crate::harness::process::Process::start(command).end();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGKILL), "{status}: {said}");
        installation.wait_for_the_engine_s_end();
    }
    installation.resume();
    installation.wait_for_sql(named, "0\t0");
    for id in &ids {
        let said = installation.run_ok(&["erase", "--advocate", id]);
        assert!(said.contains("1  ClickHouse: clicks") && said.contains("completed"), "{said}");
    }
}

#[test]
fn stored_clicks_are_judged_anew_after_the_difference_was_shown_and_the_audit_agrees() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(1, 2);
    for code in &links.codes {
        let robot = ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        assert_eq!(installation.get(&format!("/{code}"), &[robot]).status(), 302);
        assert_eq!(installation.get(&format!("/{code}"), &[BROWSER]).status(), 302);
    }
    installation.wait_for_clicks(4);
    // What rules that knew no robots would have written.
    let older = "ALTER TABLE clicks UPDATE class = 'human', class_reason = 'browser', classifier_version = 0 WHERE 1 \
                 SETTINGS mutations_sync = 1";
    installation.sql(older).unwrap();
    let classes = "SELECT class, classifier_version, count() FROM clicks FINAL GROUP BY ALL ORDER BY ALL";

    let version = installation.sql("SELECT max(classifier_version) + 1 FROM clicks").unwrap();
    let version = version.as_str();
    let wrong = one_line_of_failure(installation.command(&["reclassify", "--classifier-version", "999", "--yes"]), 1);
    assert!(wrong.contains("rules of version"), "{wrong}");
    let unasked = one_line_of_failure(installation.command(&["reclassify", "--classifier-version", version]), 1);
    assert!(unasked.contains("--yes"), "{unasked}");
    let shown = installation.run_ok(&["reclassify", "--classifier-version", version, "--dry-run"]);
    let row = shown.lines().find(|line| line.starts_with("default")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["default", "human", "bot", "2"], "{shown}");
    assert_eq!(installation.sql(classes).unwrap(), "human\t0\t4");

    let said = installation.run_ok(&["reclassify", "--classifier-version", version, "--yes"]);
    assert!(said.contains("2 clicks have another class or reason now"), "{said}");
    assert_eq!(installation.sql(classes).unwrap(), format!("bot\t{version}\t2\nhuman\t{version}\t2"));
    assert_eq!(
        installation.sql("SELECT class, class_reason, count() FROM verdicts FINAL GROUP BY ALL").unwrap(),
        "human\tbrowser\t2"
    );
    installation.stop();
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains("answered 4, stored 4") && report.contains("lost 0, doubled 0, invented 0"), "{report}");
}
