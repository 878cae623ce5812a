//! The engine's process: how it is made, when it is ready, how it ends, and its log.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};

use super::credentials;
use super::engine::GRACE;
use super::error::StartError;
use super::ports::Ports;
use super::settings;
use super::supervisor::State;
use crate::warehouse::client::{Access, Warehouse};

/// The engine answers within this time or is taken for dead. A start takes a fraction of a second when the library is
/// in the page cache and some seconds when it is not; loading the parts of years of clicks takes longer.
pub(super) const READY_WITHIN: Duration = Duration::from_secs(120);
/// Pause between two questions whether it is ready.
pub(super) const READY_POLL: Duration = Duration::from_millis(25);
/// `engine.log` is set aside as `engine.log.1` at a start when it is longer, in bytes.
const LOG_BYTES: u64 = 4 << 20;
/// How much of the log an error quotes, in bytes.
const LOG_TAIL: u64 = 1500;

/// The command that becomes the engine: `program arguments… LIBRARY DIRECTORY`, which must call
/// [`run_in_this_process`](super::run_in_this_process) with the last two.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Relais itself, as an absolute path.
    pub program: PathBuf,
    /// Its hidden sub-command.
    pub arguments: Vec<OsString>,
    /// Variables to set. Those of Relais's own configuration (`RELAIS_…`) are not passed on.
    pub environment: Vec<(OsString, OsString)>,
}

/// Makes the engine's processes.
pub(super) struct Spawner {
    pub(super) launch: Launch,
    pub(super) library: PathBuf,
    /// `data_dir/clickhouse`, absolute.
    pub(super) directory: PathBuf,
    /// Set once the ports are chosen, before anything is spawned.
    pub(super) access: Option<Access>,
}

impl Spawner {
    pub(super) fn files(&self, source: io::Error) -> StartError {
        StartError::Files { path: self.directory.display().to_string(), source }
    }

    pub(super) fn configure(&self, ports: Ports) -> io::Result<()> {
        let text = settings::config_xml(&self.directory, ports);
        credentials::write_private(&self.directory.join("config.xml"), &text)
    }

    pub(super) fn spawn(&self) -> io::Result<Process> {
        let log = open_log(&self.directory.join("engine.log"))?;
        let mut command = Command::new(&self.launch.program);
        command
            .args(&self.launch.arguments)
            .arg(&self.library)
            .arg(&self.directory)
            .current_dir(&self.directory)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            // A terminal's Ctrl-C is for Relais, which still needs the engine while it drains.
            .process_group(0);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"RELAIS_")) {
            command.env_remove(name);
        }
        command.envs(self.launch.environment.iter().map(|(name, value)| (name, value)));
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        Ok(Process { child, _input: input })
    }

    pub(super) fn client(&self) -> Warehouse {
        Warehouse::new(self.access.as_ref().expect("set before the engine is spawned"), "default")
    }

    /// Waits until the engine answers with Relais's own account, so that no other server on the port is taken for it.
    pub(super) async fn ready(&self, process: &mut Process) -> Result<(), StartError> {
        let client = self.client();
        let answers = async {
            while client.ping().await.is_err() {
                tokio::time::sleep(READY_POLL).await;
            }
        };
        let log = || tail(&self.directory.join("engine.log"));
        tokio::select! {
            () = answers => Ok(()),
            () = tokio::time::sleep(READY_WITHIN) => Err(StartError::NotReady { log: log() }),
            status = process.child.wait() => match status {
                Ok(status) => Err(StartError::Ended { status, log: log() }),
                Err(source) => Err(self.files(source)),
            },
        }
    }
}

/// The engine's process and its life line.
pub(super) struct Process {
    pub(super) child: Child,
    /// Held apart, because waiting for a child closes an input that it still owns.
    _input: Option<ChildStdin>,
}

impl Process {
    pub(super) fn state(&self) -> State {
        self.child.id().map_or(State::Down, |pid| State::Up { pid })
    }

    /// Closes the engine's standard input, gives it time to finish and kills it if it does not.
    pub(super) async fn end(self) {
        let Self { mut child, _input: input } = self;
        drop(input);
        if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
            tracing::warn!("the embedded ClickHouse did not end in time and is killed; its data is safe");
            let _already_ended = child.kill().await;
        }
    }
}

fn open_log(path: &Path) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|log| log.len() > LOG_BYTES) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    File::options().create(true).append(true).open(path)
}

/// The end of a log, for an error or a log line.
pub(super) fn tail(log: &Path) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let start = file.metadata()?.len().saturating_sub(LOG_TAIL);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(LOG_TAIL).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_or_else(|error| error.to_string(), |bytes| String::from_utf8_lossy(&bytes).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_set_aside_once_and_a_short_one_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("engine.log");
        let length = |path: &Path| fs::metadata(path).expect("there").len();
        open_log(&path).expect("opened").set_len(LOG_BYTES).expect("long");
        open_log(&path).expect("opened").set_len(LOG_BYTES + 1).expect("too long");
        open_log(&path).expect("opened");
        assert_eq!((length(&path), length(&folder.path().join("engine.log.1"))), (0, LOG_BYTES + 1));
    }

    #[test]
    fn the_end_of_a_log_is_quoted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("engine.log");
        fs::write(&path, format!("{}\nthe end\n", "é".repeat(5000))).expect("written");
        let quoted = tail(&path);
        assert!(quoted.ends_with("the end") && quoted.len() < 2000, "{quoted}");
    }
}
