//! The real program as a child process group, its log lines as events.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing that a test waits for takes longer than this, even on a machine busy with a build: twice what an engine gets to
/// come up before it is started anew, which one that met a full disk may need.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// A command of the program under test on its own data directory.
pub fn relais(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
    command.args(arguments).env("RELAIS_DATA_DIR", data_dir).env("RELAIS_CLICKHOUSE__EMBEDDED__HTTP_PORT", "0");
    command
}

/// A started program and what it says.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Process {
    /// Starts `command` as the leader of a process group of its own.
    pub fn start(mut command: Command) -> Self {
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (sender, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("stdout is piped")),
            Box::new(child.stderr.take().expect("stderr is piped")),
        ];
        for stream in streams {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Self { child, lines, said: Vec::new() }
    }

    /// Waits for a line that holds `part` and returns it; a line that came already counts.
    ///
    /// # Panics
    /// When the program ends or the patience does, with everything it said.
    pub fn wait_for(&mut self, part: &str) -> String {
        if let Some(line) = self.said.iter().find(|line| line.contains(part)) {
            return line.clone();
        }
        self.wait_for_next(part)
    }

    /// Waits for a new line that holds `part`.
    ///
    /// # Panics
    /// As [`Self::wait_for`].
    pub fn wait_for_next(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(_) => panic!("no line with {part:?}; the program said:\n{}", self.said.join("\n")),
            }
        }
    }

    /// Everything it said so far.
    pub fn said(&mut self) -> String {
        self.said.extend(self.lines.try_iter());
        self.said.join("\n")
    }

    /// The process id, which is also that of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends `signal` to the process alone.
    pub fn signal(&self, signal: i32) {
        send(i32::try_from(self.id()).expect("a process id"), signal);
    }

    /// `kill -9` of the whole group, the engine included.
    pub fn kill_group(&mut self) {
        send(-i32::try_from(self.id()).expect("a process id"), libc::SIGKILL);
        self.child.wait().expect("the killed program is reaped");
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(mut self) -> (ExitStatus, String) {
        self.signal(libc::SIGTERM);
        let status = self.child.wait().expect("the program ends");
        let said = self.said();
        (status, said)
    }

    /// Waits until it ends by itself.
    pub fn end(mut self) -> (ExitStatus, String) {
        let mut status = None;
        eventually("the program to end", || {
            status = self.child.try_wait().expect("its status");
            status.is_some()
        });
        let said = self.said();
        (status.expect("waited for it"), said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill_group();
        }
    }
}

/// Runs a command that must fail with `code`, and returns what it said: exactly one line, on standard error.
///
/// # Panics
/// When it succeeds, says more or less, or does not end.
pub fn one_line_of_failure(mut command: Command, code: i32) -> String {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let deadline = Instant::now() + PATIENCE;
    let (_pace, tick) = channel::<()>();
    while child.try_wait().expect("its status").is_none() {
        if Instant::now() > deadline {
            child.kill().expect("it is killed");
        }
        let _paced = tick.recv_timeout(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("its output");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{command:?} said:\n{out}\n{err}");
    assert_eq!(err.lines().count(), 1, "{command:?} said:\n{err}");
    assert!(err.starts_with("relais: "), "{err}");
    err.trim_end().to_owned()
}

/// A port of loopback that nobody has, and that the system gives to nobody by itself.
pub fn unused_port() -> u16 {
    loop {
        let port = rand::random_range(20_000..30_000);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Sends a signal to a process that this test started (or, negative, to its group).
pub fn send(pid: i32, signal: i32) {
    // SAFETY: kill(2) reads its two numbers and touches no memory of ours.
    unsafe { libc::kill(pid, signal) };
}

/// Asks again and again until `ready` says yes.
///
/// # Panics
/// When the patience ends; `what` says what was waited for.
pub fn eventually(what: &str, mut ready: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    // Nobody sends: the timeout is the pace between two looks at another process.
    let (_pace, tick) = channel::<()>();
    while !ready() {
        assert!(Instant::now() < deadline, "waited {} s for {what}", PATIENCE.as_secs());
        let _paced = tick.recv_timeout(Duration::from_millis(20));
    }
}

/// Where a data directory keeps a file, if it is there.
pub fn read(data_dir: &Path, file: &str) -> Option<String> {
    let path: PathBuf = data_dir.join(file);
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}
