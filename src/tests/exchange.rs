//! `relais import` and `relais export`, beside a running server and without one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Installation;
use crate::harness::process::{Process, eventually, one_line_of_failure};

fn bundle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/exchange/testdata/bundle")
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    lines.sort();
    lines
}

fn equal(one: &Path, other: &Path) {
    for entry in fs::read_dir(other).unwrap() {
        let name = entry.unwrap().file_name();
        assert_eq!(lines(&one.join(&name)), lines(&other.join(&name)), "{}", name.display());
    }
}

#[test]
fn a_bundle_goes_in_beside_a_running_server_and_comes_out_without_one() {
    let mut installation = Installation::start(&[]);
    let from = bundle();
    let from = from.to_str().unwrap();
    let dry = installation.run_ok(&["import", from, "--space", "default", "--dry-run"]);
    assert!(dry.ends_with("this was a dry run: nothing was changed"), "{dry}");
    let said = installation.run_ok(&["import", from, "--space", "default"]);
    assert!(said.contains("clicks.csv") && said.contains("7 added"), "{said}");
    let row = |class: &str| {
        let sql = "cohort, content_kind, code, classifier_version, empty(advocate_id), advocate_key, empty(team_id), \
                   empty(campaign_id), empty(link_id) FROM clicks FINAL WHERE class";
        installation.sql(&format!("SELECT {sql} = '{class}'")).unwrap()
    };
    assert_eq!(row("preview"), "wave-1\tarticle\taB3dE5gH7\t0\t0\t\t0\t0\t0");
    assert_eq!(row("self"), "job\t\t0\t1\tghost\t1\t1\t1");
    // The running server follows: an imported code answers.
    eventually("the imported link to be live", || {
        installation.get("/aB3dE5gH7", &[("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")]).status()
            == 302
    });
    installation.stop();
    let report = installation.run_ok(&["audit"]);
    assert!(report.contains("lost 0, doubled 0, invented 0"), "{report}");

    let out = installation.scratch().join("out");
    let all = installation.scratch().join("all");
    installation.run_ok(&["export", out.to_str().unwrap(), "--space", "default"]);
    let clicks = lines(&out.join("clicks.csv"));
    assert_eq!(clicks.len(), lines(&bundle().join("clicks.csv")).len() + 1, "the recorded click is there too");
    let again = installation.run_ok(&["import", out.to_str().unwrap(), "--space", "default"]);
    assert!(again.contains("0 added         0 changed         8 left as they are"), "{again}");
    installation.run_ok(&["export", all.to_str().unwrap(), "--all"]);
    equal(&all.join("default"), &out);
}

#[test]
fn bad_rows_are_listed_and_the_error_is_one_line() {
    let data_dir = tempfile::tempdir().unwrap();
    let installation = Installation::prepared(data_dir.path(), &[]);
    installation.run_ok(&["space", "create", "acme"]);
    let folder = installation.scratch().join("bad");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(bundle()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let clicks = fs::read_to_string(folder.join("clicks.csv")).unwrap().replace("preview", "robot");
    fs::write(folder.join("clicks.csv"), clicks).unwrap();
    let command = ["import", folder.to_str().unwrap(), "--space", "acme"];
    let output = installation.run(&command);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("clicks.csv:5: class: \"robot\" is not known: expected one of: human"), "{out}");
    let error = one_line_of_failure(installation.command(&command), 1);
    assert!(error.contains("nothing was imported: 1 bad rows"), "{error}");
    let skipped = installation.run_ok(&["import", folder.to_str().unwrap(), "--space", "acme", "--skip-bad-rows"]);
    assert!(skipped.contains("clicks.csv:5") && skipped.contains("1 bad rows were skipped"), "{skipped}");

    let nowhere = ["import", "/nowhere", "--space", "acme"];
    assert!(one_line_of_failure(installation.command(&nowhere), 1).contains("is no folder"));
    let other = ["export", folder.to_str().unwrap(), "--space", "acme"];
    assert!(one_line_of_failure(installation.command(&other), 1).contains("is not empty: choose a new folder"));
    let unknown = ["export", "x", "--space", "nobody"];
    assert!(one_line_of_failure(installation.command(&unknown), 1).contains("`relais space create nobody` makes it"));
    one_line_of_failure(installation.command(&["export", "x"]), 2);
}

/// Clicks of the long bundle.
const CLICKS: usize = 150_000;

/// This room's own bundle with many clicks over half a year.
fn long_bundle(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for entry in fs::read_dir(bundle()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let mut clicks = "advocate,content,channel,clicked_at,class,country,device,visitor\n".to_owned();
    for number in 0..CLICKS {
        let (month, day, hour, minute) = (1 + number % 6, 1 + number / 6 % 28, number / 168 % 24, number / 4032 % 60);
        let visitor = number % 1000;
        clicks +=
            &format!("p-1,k-1,linkedin,2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z,human,FR,,v{visitor}\n");
    }
    fs::write(folder.join("clicks.csv"), clicks).unwrap();
}

#[test]
fn an_import_that_was_killed_is_completed_by_doing_it_again() {
    let installation = Installation::start(&[]);
    let folder = installation.scratch().join("long");
    long_bundle(&folder);
    let arguments = ["import", folder.to_str().unwrap(), "--space", "default"];
    let mut import = Process::start(installation.command(&arguments));
    installation.wait_for_clicks(1);
    import.kill_group();
    let said = installation.run_ok(&arguments);
    assert!(said.contains("clicks.csv"), "{said}");
    assert_eq!(installation.sql("SELECT count() FROM clicks FINAL").unwrap(), CLICKS.to_string());
    let out = installation.scratch().join("out");
    installation.run_ok(&["export", out.to_str().unwrap(), "--space", "default"]);
    equal(&out, &folder);
}
