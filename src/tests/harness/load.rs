//! Open-loop load from a process of its own, and the audit of what it sent.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use serde_json::Value;

use super::installation::Installation;
use super::process::{eventually, read, send};

/// The generator's binary, built once when it is not there yet or older than its source.
fn generator() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let binary = Path::new(env!("CARGO_BIN_EXE_relais")).with_file_name("relais-loadtest");
        // Cargo would build the whole tree of dependencies anew for this package alone.
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("loadtest");
        if changed(&binary).is_some_and(|built| newest(&sources) <= Some(built)) {
            return binary;
        }
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--package", "relais-loadtest", "--quiet"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if binary.parent().is_some_and(|folder| folder.ends_with("release")) {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo runs").success(), "the load generator does not build");
        binary
    })
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// When the file that changed last in `folder` or below did.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.filter_map(|path| if path.is_dir() { newest(&path) } else { changed(&path) }).max()
}

/// A run of the generator that goes on by itself.
pub struct Load {
    /// `None` once it was waited for.
    child: Option<Child>,
    journal: PathBuf,
}

impl Load {
    /// Sends `rate` requests a second over `codes` for `seconds`.
    pub fn start(installation: &Installation, codes: &[String], rate: u64, seconds: u64) -> Self {
        Self::start_with(installation, codes, rate, seconds, &[])
    }

    /// The same, with more arguments for the generator.
    pub fn start_with(installation: &Installation, codes: &[String], rate: u64, seconds: u64, more: &[&str]) -> Self {
        let work = installation.scratch().join("load");
        fs::create_dir_all(&work).expect("a folder for the load");
        let number = fs::read_dir(&work).expect("the folder").count();
        let (list, journal) = (work.join(format!("{number}.codes")), work.join(format!("{number}.journal")));
        fs::write(&list, codes.join("\n")).expect("writes the codes");
        let child = Command::new(generator())
            .args(["run", "--json", "--target", &format!("http://{}", installation.redirect)])
            .args(["--rate", &rate.to_string(), "--duration", &format!("{seconds}s"), "--connections", "64"])
            .arg("--codes")
            .arg(&list)
            .arg("--journal")
            .arg(&journal)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the generator starts");
        Self { child: Some(child), journal }
    }

    /// True while it sends.
    pub fn is_running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Ends it before its time and returns its report.
    pub fn stop(self) -> Sent {
        let id = self.child.as_ref().map(Child::id).expect("it was not waited for");
        send(i32::try_from(id).expect("a process id"), libc::SIGTERM);
        self.finish()
    }

    /// Waits for its end and returns its report.
    pub fn finish(mut self) -> Sent {
        let child = self.child.take().expect("it was not waited for");
        let output = child.wait_with_output().expect("the generator ends");
        assert!(output.status.success(), "the generator failed");
        let report = serde_json::from_slice(&output.stdout).expect("the generator prints JSON");
        Sent { report, journal: self.journal.clone() }
    }
}

/// A test that fails leaves no load behind.
impl Drop for Load {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended_already = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// What a run sent.
pub struct Sent {
    /// The generator's report.
    pub report: Value,
    journal: PathBuf,
}

impl Sent {
    /// A number of the report.
    pub fn number(&self, pointer: &str) -> f64 {
        self.report.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {pointer}: {}", self.report))
    }

    /// Compares the run with what the installation's ClickHouse holds.
    ///
    /// # Panics
    /// Unless lost, doubled and invented are all 0.
    pub fn assert_exact(&self, installation: &Installation) -> Value {
        self.assert_exact_in(&installation.data_dir)
    }

    /// As [`Self::assert_exact`], with the engine of another data directory.
    ///
    /// # Panics
    /// As there.
    pub fn assert_exact_in(&self, data_dir: &Path) -> Value {
        let verdict = self.compare_in(data_dir, "60s");
        eprintln!("sent: {}\nverdict: {verdict}", self.report);
        assert_eq!(verdict["exact"], true, "{verdict}");
        verdict
    }

    /// Compares, waiting for missing clicks for at most `wait`, and judges nothing.
    pub fn compare_in(&self, data_dir: &Path, wait: &str) -> Value {
        let port = answering_engine(data_dir);
        let reconcile = || {
            let mut command = Command::new(generator());
            command.args(["reconcile", "--json", "--wait", wait]);
            command.args(["--clickhouse", &format!("http://relais@127.0.0.1:{port}")]);
            command.arg("--password-file").arg(data_dir.join("clickhouse/password"));
            command.arg("--journal").arg(&self.journal).output().expect("the generator starts")
        };
        let mut verdict = Value::Null;
        eventually("a table of clicks", || {
            let output = reconcile();
            let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            let is_there = !["UNKNOWN_TABLE", "UNKNOWN_DATABASE"].iter().any(|missing| err.contains(missing));
            if is_there {
                verdict = serde_json::from_str(&out).unwrap_or_else(|_| panic!("no verdict: {out}{err}"));
            }
            is_there
        });
        verdict
    }
}

/// The HTTP port of the engine of `data_dir`, once it takes connections: it may just be starting again.
fn answering_engine(data_dir: &Path) -> u16 {
    let mut found = None;
    eventually("the engine to take connections", || {
        let ports = read(data_dir, "clickhouse/ports");
        found = ports.and_then(|text| text.lines().find_map(|line| line.strip_prefix("http ")?.parse().ok()));
        found.is_some_and(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())
    });
    found.expect("waited for it")
}
