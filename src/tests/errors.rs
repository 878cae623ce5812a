//! Whatever is wrong from the start is said in one line that tells what to do about it.

use std::net::TcpListener;
use std::process::Command;

use crate::harness::process::one_line_of_failure;
use crate::harness::{Installation, relais};

/// A command of the program on an empty folder and free ports.
fn command(folder: &tempfile::TempDir, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    Installation::prepared(&folder.path().join("data"), settings).command(arguments)
}

/// The one line with which `relais serve` refuses these settings.
fn refused(code: i32, settings: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    one_line_of_failure(command(&folder, &["serve"], settings), code)
}

fn holds(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part:?} is not in {line:?}");
    }
}

#[test]
fn a_port_in_use_is_named_with_its_key() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    for (variable, key) in [
        ("RELAIS_REDIRECT__LISTEN", "redirect.listen"),
        ("RELAIS_PORTAL__LISTEN", "portal.listen"),
        ("RELAIS_OPS__LISTEN", "ops.listen"),
    ] {
        holds(&refused(1, &[(variable, &address.to_string())]), &[&address.port().to_string(), key, "set "]);
    }
    let folder = tempfile::tempdir().unwrap();
    let port = address.port().to_string();
    let engine = command(&folder, &["clickhouse"], &[("RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT", &port)]);
    holds(&one_line_of_failure(engine, 1), &[&port, "clickhouse.embedded.http_port"]);
}

#[test]
fn a_key_that_no_setting_has_is_named_with_its_place() {
    holds(&refused(2, &[("RELAIS_REDIRECT__LISEN", "127.0.0.1:1")]), &["RELAIS_REDIRECT__LISEN", "relais config"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relais.toml");
    std::fs::write(&file, "[redirect]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let line = one_line_of_failure(command(&folder, &["serve", "--config", file.to_str().unwrap()], &[]), 2);
    holds(&line, &["redirect.lisen", "relais.toml", "`listen`"]);
}

#[test]
fn a_value_of_the_wrong_form_is_named_with_what_would_be_right() {
    holds(
        &refused(2, &[("RELAIS_REDIRECT__WORKERS", "many")]),
        &["RELAIS_REDIRECT__WORKERS", "a whole number", "many"],
    );
    holds(
        &refused(2, &[("RELAIS_SPOOL__WHEN_FULL", "maybe")]),
        &["spool.when_full", "RELAIS_SPOOL__WHEN_FULL", "maybe", "`redirect` or `refuse`"],
    );
    holds(&refused(2, &[("RELAIS_SPOOL__SEGMENT_BYTES", "17")]), &["spool.segment_bytes", "17", "4096"]);
    holds(&refused(2, &[("RELAIS_INGEST__TICK_MS", "0")]), &["ingest.tick_ms", "10"]);
    holds(&refused(1, &[("RELAIS_REDIRECT__BASE_URL", "nowhere")]), &["redirect.base_url", "https://"]);
    holds(&refused(1, &[("RELAIS_STORE__URL", "oracle://x")]), &["store.url", "oracle", "empty"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relais.toml");
    std::fs::write(&file, "[spool]\nwhen_full = \"maybe\"\n").unwrap();
    let named = command(&folder, &["serve", "--config", file.to_str().unwrap()], &[]);
    holds(&one_line_of_failure(named, 2), &["spool.when_full", "relais.toml", "`refuse`"]);
    std::fs::write(&file, "[spool\n").unwrap();
    let named = command(&folder, &["serve", "--config", file.to_str().unwrap()], &[]);
    holds(&one_line_of_failure(named, 2), &["line 1", "relais.toml"]);
}

#[test]
fn a_missing_configuration_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let line = one_line_of_failure(command(&folder, &["config", "--config", "/nowhere/relais.toml"], &[]), 2);
    holds(&line, &["/nowhere/relais.toml", "--config"]);
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    for arguments in
        [&["serve"][..], &["demo"], &["migrate"], &["audit"], &["space", "create", "acme"], &["clickhouse"]]
    {
        let line = one_line_of_failure(relais(&file.join("data"), arguments), 1);
        holds(&line, &["data_dir", "a-file", "who may write"]);
    }
}

#[test]
fn a_command_that_does_not_exist_or_is_incomplete_is_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, parts) in [
        (&["frobnicate"][..], &["frobnicate", "--help"][..]),
        (&["serv"], &["serv", "serve"]),
        (&["serve", "--port", "1"], &["--port", "--help"]),
        (&["token", "create", "--space", "default"], &["--role"]),
        (&["token", "create", "--space", "default", "--role", "king"], &["king", "advocate", "operator"]),
        (&["space", "create"], &["<SLUG>"]),
    ] {
        holds(&one_line_of_failure(command(&folder, arguments, &[]), 2), parts);
    }
}

#[test]
fn a_token_for_a_space_that_does_not_exist_says_how_to_make_it() {
    let folder = tempfile::tempdir().unwrap();
    let token = ["token", "create", "--space", "acme", "--role", "admin"];
    holds(&one_line_of_failure(command(&folder, &token, &[]), 1), &["acme", "relais space create acme"]);
    for (arguments, parts) in [
        (&["space", "create", "No Slug!"][..], &["slug", "a-z"][..]),
        (&["space", "create", "acme", "--time-zone", "Nowhere"], &["time_zone", "Europe/Paris"]),
        (&["token", "create", "--space", "default", "--role", "advocate"], &["--advocate"]),
    ] {
        holds(&one_line_of_failure(command(&folder, arguments, &[]), 2), parts);
    }
}

#[test]
fn a_clickhouse_that_cannot_be_reached_fails_the_commands_that_need_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["audit", "migrate"] {
        let nobody = command(&folder, &[name], &[("RELAIS_CLICKHOUSE__URL", "http://127.0.0.1:1")]);
        holds(&one_line_of_failure(nobody, 1), &["clickhouse.url", "running"]);
    }
    let library = [("RELAIS_CLICKHOUSE__EMBEDDED__LIBRARY", "/nowhere/libchdb.so")];
    let engine = command(&folder, &["clickhouse"], &library);
    holds(&one_line_of_failure(engine, 1), &["/nowhere/libchdb.so", "clickhouse.embedded.library"]);
}

#[test]
fn a_metadata_store_of_a_newer_relais_is_left_alone() {
    let mut installation = Installation::start(&[]);
    installation.stop();
    let store = installation.data_dir.join("relais.sqlite3");
    // `user_version` stands at byte 60 of a database file (sqlite.org/fileformat2.html, 1.3).
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&store, &bytes).unwrap();
    for arguments in [&["serve"][..], &["token", "create", "--space", "default", "--role", "admin"]] {
        let line = one_line_of_failure(installation.command(arguments), 1);
        holds(&line, &[store.to_str().unwrap(), "99", "newer Relais"]);
    }
    assert_eq!(std::fs::read(&store).unwrap(), bytes, "the file was changed");
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let mut installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let pid = installation.process().id().to_string();
    let mut second = installation.command(&["serve"]);
    second.env("RELAIS_REDIRECT__LISTEN", "127.0.0.1:0");
    holds(&one_line_of_failure(second, 1), &[&pid, "data_dir"]);
    assert_eq!(installation.get(&format!("/{}", links.codes[0]), &[]).status(), 302);
    installation.wait_for_sql("SELECT count() FROM clicks FINAL", "1");
}

#[test]
fn every_command_shows_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let help = |arguments: &[&str]| {
        let output = command(&folder, arguments, &[]).arg("--help").output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands = |text: &str| -> Vec<String> {
        let listed = text.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        listed
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .filter(|name| name != "help")
            .collect()
    };
    let mut seen = 0;
    for name in commands(&help(&[])) {
        let text = help(&[&name]);
        assert!(text.contains("Example: "), "{name}: {text}");
        for below in commands(&text) {
            assert!(help(&[&name, &below]).contains("Example: "), "{name} {below}");
        }
        seen += 1;
    }
    assert!(seen >= 9, "only {seen} commands were listed");
}
