//! ClickHouse is missing, out of reach or of another version: links are answered, nothing is lost.

use crate::harness::process::{Process, one_line_of_failure, unused_port};
use crate::harness::{Engine, Installation, relais};

/// Opens each link once.
fn click(installation: &Installation, codes: &[String]) {
    for code in codes {
        assert_eq!(installation.get(&format!("/{code}"), &[("user-agent", "curl/8")]).status(), 302);
    }
}

/// The lines of level ERROR, of which there must be exactly one.
fn the_one_error(installation: &mut Installation) -> String {
    let said = installation.process().said();
    let errors: Vec<&str> = said.lines().filter(|line| line.contains("\"ERROR\"")).collect();
    assert_eq!(errors.len(), 1, "{said}");
    errors[0].to_owned()
}

const COUNT: &str = "SELECT count() FROM clicks FINAL";

#[test]
fn without_the_engine_s_library_clicks_wait_and_a_start_with_it_stores_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut installation = Installation::prepared(folder.path(), &[]);
    installation.resume_with(&[("RELAIS_CLICKHOUSE__EMBEDDED__LIBRARY", "/nowhere/libchdb.so")]);
    installation.process().wait_for("no ClickHouse");
    let links = installation.links(3, 3);
    click(&installation, &links.codes);
    let line = the_one_error(&mut installation);
    for part in ["/nowhere/libchdb.so", "clickhouse.embedded.library", "wait in the spool"] {
        assert!(line.contains(part), "{line}");
    }
    installation.kill();
    installation.resume();
    installation.wait_for_sql(COUNT, "9");
    installation.stop();
    assert!(installation.run_ok(&["audit"]).contains("answered 9, stored 9"));
}

#[test]
fn a_clickhouse_that_comes_late_gets_everything() {
    let port = unused_port().to_string();
    let account = [
        ("RELAIS_CLICKHOUSE__USER", "relais"),
        ("RELAIS_CLICKHOUSE__PASSWORD", "a password of this test"),
        ("RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT", &*port),
    ];
    let url = format!("http://127.0.0.1:{port}");
    let mut installation = Installation::start(&[&account[..], &[("RELAIS_CLICKHOUSE__URL", &*url)]].concat());
    installation.process().wait_for("no ClickHouse");
    let links = installation.links(3, 3);
    click(&installation, &links.codes);
    let line = the_one_error(&mut installation);
    assert!(line.contains("clickhouse.url"), "{line}");

    let folder = tempfile::tempdir().unwrap();
    let mut engine = relais(folder.path(), &["clickhouse"]);
    engine.envs(account);
    let mut engine = Process::start(engine);
    engine.wait_for("ready");
    installation.process().wait_for("clicks are shipped to ClickHouse");
    let said = installation.stop();
    assert!(said.contains("every answered click is stored"), "{said}");
    assert!(installation.run_ok(&["audit"]).contains("answered 9, stored 9"));
}

#[test]
fn a_schema_of_a_newer_relais_is_left_alone_and_clicks_wait_for_it() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(3, 3);
    click(&installation, &links.codes);
    installation.wait_for_sql(COUNT, "9");
    installation.sql("INSERT INTO migrations (version, name, checksum) VALUES (99, '0099_later.sql', 'x')").unwrap();
    installation.stop();
    installation.resume();
    installation.process().wait_for("no ClickHouse");
    click(&installation, &links.codes);
    let line = the_one_error(&mut installation);
    assert!(line.contains("version 99") && line.contains("as new"), "{line}");
    assert_eq!(installation.sql(COUNT).unwrap(), "9", "something was shipped to a schema that nobody knows");
    installation.sql("DELETE FROM migrations WHERE version = 99").unwrap();
    installation.wait_for_sql(COUNT, "18");
}

#[test]
fn migrate_prepares_a_clickhouse_that_was_never_used_and_the_audit_says_what_it_lacks() {
    let engine = Engine::start();
    let settings = engine.settings(&format!("http://{}", engine.address()));
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::prepared(folder.path(), &settings);
    let line = one_line_of_failure(installation.command(&["audit"]), 1);
    assert!(line.contains("relais migrate"), "{line}");
    assert!(installation.run_ok(&["migrate"]).ends_with("(8 applied)"));
    assert!(installation.run_ok(&["migrate"]).ends_with("(0 applied)"));
    installation.run_ok(&["audit"]);
}
