//! The program as its users run it, against servers that fail.

mod standin;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use standin::{Act, ClickHouse, Redirect, Served};
use tempfile::TempDir;

/// A directory with codes, a password and the journal of one run.
struct Bench {
    directory: TempDir,
    served: Served,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("codes"), "aB3dE5gH7\njobs-2026,go.example.org\n").expect("written");
        std::fs::write(directory.path().join("password"), "secret\n").expect("written");
        Self { directory, served: Served::default() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, target: SocketAddr, more: &[&str]) -> Command {
        let mut command = program(&["run", "--json"]);
        command.arg(format!("--target=http://{target}")).arg("--codes").arg(self.path("codes"));
        command.arg("--journal").arg(self.path("journal")).args(more);
        command
    }

    /// Runs to the end and returns the report.
    fn report(&self, target: SocketAddr, more: &[&str]) -> Value {
        json(&self.run(target, more).output().expect("it ran"), 0)
    }

    fn reconcile(&self, clickhouse: &ClickHouse, more: &[&str]) -> Output {
        let mut command = program(&["reconcile", "--json"]);
        command.arg(format!("--clickhouse=http://ada@{}", clickhouse.address));
        command.arg("--journal").arg(self.path("journal"));
        command.arg("--password-file").arg(self.path("password")).args(more);
        command.output().expect("it ran")
    }

    /// Reconciles with a ClickHouse that holds exactly what was served.
    fn verdict(&self, code: i32) -> Value {
        let nonces = self.served.nonces();
        json(&self.reconcile(&ClickHouse::start(move |_| nonces.clone()), &[]), code)
    }
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais-loadtest"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[track_caller]
fn json(output: &Output, code: i32) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {errors}"))
}

#[track_caller]
fn complains(output: &Output, of: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(of) && output.stdout.is_empty(), "{errors}");
}

fn count(report: &Value, key: &str) -> u64 {
    report[key].as_u64().unwrap_or_else(|| panic!("no number `{key}` in {report}"))
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

fn always(_: usize) -> Act {
    Act::Answer(302)
}

#[test]
fn every_request_of_the_schedule_is_sent_once_and_accounted_for() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, |n| Act::Answer([302, 302, 200, 404][n % 4]));
    let report = bench.report(server.address, &["--rate=2000", "--duration=500ms", "--threads=3", "--connections=7"]);
    assert_eq!((count(&report, "scheduled"), count(&report, "sent"), count(&report, "answered")), (1000, 1000, 1000));
    assert_eq!(report["by_status"], serde_json::json!({"200": 250, "302": 500, "404": 250}));
    assert!(report["latency_us"]["p99.9"].as_f64() > Some(0.0), "{report}");

    let served = bench.served.nonces();
    let expected: HashSet<_> = (0..1000).map(|n| format!("n-{}-{n}", report["run"].as_str().expect("a run"))).collect();
    assert_eq!(served.len(), 1000);
    assert_eq!(served.into_iter().collect::<HashSet<_>>(), expected);

    let verdict = bench.verdict(0);
    assert_eq!(verdict["exact"], true);
    assert_eq!((count(&verdict, "promised"), count(&verdict, "refused"), count(&verdict, "stored")), (750, 250, 1000));
}

#[test]
fn the_schedule_is_kept_while_answers_are_outstanding() {
    let bench = Bench::new();
    // no answer leaves before 40 requests are there: whoever waits for answers never sends the second
    let server = Redirect::start(&bench.served, |_| Act::HoldUntil(40));
    let report = bench.report(server.address, &["--rate=1000", "--duration=100ms", "--connections=40"]);
    assert_eq!((count(&report, "answered"), count(&report, "unknown")), (100, 0));
}

#[test]
fn requests_whose_connection_breaks_are_unknown_whether_recorded_or_not() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, |n| match n % 10 {
        0 => Act::Forget,
        5 => Act::RecordAndClose,
        _ => Act::Answer(302),
    });
    let report = bench.report(server.address, &["--rate=1000", "--duration=500ms", "--connections=8"]);
    assert_eq!(count(&report, "sent") + count(&report, "not_sent"), 500);
    assert_eq!(count(&report, "answered") + count(&report, "unknown"), count(&report, "sent"));
    assert!(count(&report, "unknown") >= 80, "{report}");
    assert!(count(&report, "connections_opened") > 80, "{report}");

    let verdict = bench.verdict(0);
    assert_eq!(count(&verdict, "unknown"), count(&report, "unknown"));
    let (stored, unknown) = (count(&verdict, "unknown_stored"), count(&verdict, "unknown"));
    assert!(0 < stored && stored < unknown, "{verdict}");
}

#[test]
fn a_run_goes_on_through_the_server_s_deaths() {
    let bench = Bench::new();
    let mut server = Redirect::start(&bench.served, always);
    let run =
        bench.run(server.address, &["--rate=2000", "--duration=1h", "--connections=16"]).spawn().expect("started");
    for life in 1..=5 {
        bench.served.wait_for(life * 300);
        let address = server.address;
        drop(server);
        server = Redirect::start_at(address, &bench.served, always);
    }
    bench.served.wait_for(bench.served.nonces().len() + 300);
    signal(&run, "TERM");
    let report = json(&run.wait_with_output().expect("it ended"), 0);
    assert!(count(&report, "answered") >= 1500, "{report}");
    assert!(count(&report, "connections_opened") >= 6 * 16, "{report}");
    assert_eq!(bench.verdict(0)["exact"], true);
}

#[test]
fn a_killed_generator_leaves_a_journal_that_blames_nobody() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    let mut run = bench.run(server.address, &["--rate=2000", "--duration=1h"]).spawn().expect("started");
    bench.served.wait_for(500);
    run.kill().expect("it was running");
    run.wait().expect("it ended");
    drop(server); // and with it requests that were on their way
    let verdict = bench.verdict(0);
    assert_eq!(count(&verdict, "stored"), bench.served.nonces().len() as u64);
    assert_eq!(count(&verdict, "scheduled"), 7_200_000);
    assert!(count(&verdict, "answered") >= 400, "{verdict}");
}

#[test]
fn an_interrupted_run_reports_what_it_has_found() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    let run = bench.run(server.address, &["--rate=2000", "--duration=1h"]).spawn().expect("started");
    bench.served.wait_for(200);
    signal(&run, "TERM");
    let report = json(&run.wait_with_output().expect("it ended"), 0);
    assert_eq!(report["interrupted"], true);
    assert_eq!((count(&report, "answered"), count(&report, "unknown")), (count(&report, "sent"), 0));
    assert_eq!(count(&bench.verdict(0), "answered"), count(&report, "answered"));
}

#[test]
fn a_request_that_is_never_answered_is_given_up() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, |n| if n == 3 { Act::HoldUntil(usize::MAX) } else { Act::Answer(302) });
    let more = ["--rate=100", "--duration=100ms", "--connections=4", "--timeout=200ms"];
    let report = bench.report(server.address, &more);
    assert_eq!((count(&report, "answered"), count(&report, "unknown")), (9, 1));
}

#[test]
fn lost_doubled_and_invented_clicks_are_named() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    bench.report(server.address, &["--rate=1000", "--duration=100ms"]);
    let mut rows = bench.served.nonces();
    let lost = rows.swap_remove(17);
    let doubled = rows[40].clone();
    let stranger = format!("{}99", rows[0]);
    rows.extend([doubled.clone(), stranger.clone(), "n-00000000000000ff-1".into(), "newsletter".into()]);
    let verdict = json(&bench.reconcile(&ClickHouse::start(move |_| rows.clone()), &[]), 1);
    assert_eq!(verdict["exact"], false);
    for (kind, nonce) in [("lost", lost), ("doubled", doubled), ("invented", stranger)] {
        assert_eq!(verdict[kind], serde_json::json!({"count": 1, "examples": [nonce]}), "{kind}");
    }
}

#[test]
fn clicks_that_are_still_on_their_way_are_waited_for() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    bench.report(server.address, &["--rate=1000", "--duration=100ms"]);
    let rows = bench.served.nonces();
    let late = ClickHouse::start(move |query| rows[..(query * 20).min(rows.len())].to_vec());
    assert_eq!(json(&bench.reconcile(&late, &["--wait=10m"]), 0)["stored"], 100);
}

#[test]
fn an_audit_that_cannot_be_made_finds_nothing_and_says_why() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    bench.report(server.address, &["--rate=1000", "--duration=50ms"]);

    for ending in [
        "Code: 241. DB::Exception: Memory limit exceeded\n",
        "\r\n__exception__\r\nabcdefgh\r\nCode: 241. DB::Exception: Memory limit exceeded\r\n77 abcdefgh\r\n__exception__\r\n",
    ] {
        let rows = bench.served.nonces();
        let torn = ClickHouse::start_with_ending(ending, move |_| rows.clone());
        complains(&bench.reconcile(&torn, &[]), "between two rows: Code: 241. DB::Exception: Memory limit exceeded");
    }

    std::fs::write(bench.path("password"), "wrong").expect("written");
    let closed = ClickHouse::start(|_| Vec::new());
    complains(&bench.reconcile(&closed, &[]), "Authentication failed");
}

#[test]
fn a_run_that_cannot_begin_says_why() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    let address = server.address;
    std::fs::write(bench.path("journal"), "of another run").expect("written");
    complains(&bench.run(address, &[]).output().expect("it ran"), "exists");
    std::fs::remove_file(bench.path("journal")).expect("removed");
    drop(server);
    complains(&bench.run(address, &[]).output().expect("it ran"), "start the server first");
}

#[test]
fn wrong_use_ends_with_exit_2() {
    for args in [&["run"][..], &["run", "--target=https://a.example"], &["reconcile"], &["fly"]] {
        assert_eq!(program(args).output().expect("it ran").status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_peak_asks_again_as_soon_as_it_is_answered() {
    let bench = Bench::new();
    let server = Redirect::start(&bench.served, always);
    let mut command = program(&["peak", "--json", "--duration=300ms", "--connections=4"]);
    command.arg(format!("--target=http://{}", server.address)).arg("--codes").arg(bench.path("codes"));
    let report = json(&command.output().expect("it ran"), 0);
    assert!(count(&report, "answered") > 4 * 2, "{report}");
    assert_eq!(count(&report, "answered"), bench.served.nonces().len() as u64);
    assert!(Path::new(&bench.path("journal")).metadata().is_err(), "a peak keeps no journal");
}
