//! Why the embedded engine was not started.

use std::io;
use std::process::ExitStatus;

use super::library::LibraryError;
use super::ports::PortInUse;
use super::process::READY_WITHIN;

/// The engine was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The library is missing.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A name cannot stand in the engine's configuration.
    #[error(
        "clickhouse.{key} is {value:?}: use letters, digits and _, at most 64, and no name that the engine has itself"
    )]
    Name {
        /// `user` or `database`.
        key: &'static str,
        /// What was configured.
        value: String,
    },
    /// One data directory, two engines.
    #[error(
        "the embedded ClickHouse of {directory} is already run by process {pid}: use that one (its ports stand in \
         {directory}/ports), or stop it first"
    )]
    Running {
        /// The engine's directory.
        directory: String,
        /// The other supervisor's process.
        pid: String,
    },
    /// A port is taken.
    #[error(transparent)]
    Port(#[from] PortInUse),
    /// The directory cannot be used.
    #[error("{path} cannot be used for ClickHouse: {source}")]
    Files {
        /// The engine's directory.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// It ended before it was ready.
    #[error("the embedded ClickHouse ended at its start ({status}); the end of its log: {log}")]
    Ended {
        /// How.
        status: ExitStatus,
        /// The last lines of `engine.log`.
        log: String,
    },
    /// It runs but does not answer.
    #[error("the embedded ClickHouse did not answer within {} s; the end of its log: {log}", READY_WITHIN.as_secs())]
    NotReady {
        /// The last lines of `engine.log`.
        log: String,
    },
}
