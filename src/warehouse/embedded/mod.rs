//! The embedded ClickHouse: a real one, as a supervised child process of Relais.
//!
//! The engine is ClickHouse's own local server, as the library `libchdb.so` brings it. Told to open
//! its ports and then to count the lines of its standard input, it serves any ClickHouse client on
//! loopback until that input ends. Relais holds the other end of the pipe: whatever way Relais
//! dies, the engine ends with it.
//!
//! Promises:
//! - One engine a data directory, guarded by two lock files: `lock` is the supervisor's, `engine.lock`
//!   the engine's, which may outlive a killed supervisor for a few seconds.
//! - It listens on 127.0.0.1 alone and every account has a password. `default` is the engine's own: it
//!   has none, because the local server signs in as `default` with an empty password and cannot be
//!   told otherwise, so it is held to one session, which the engine keeps for its whole life.
//! - No password stands in an argument, in the environment or in a log.
//! - It gives way to redirects: the lowest ordinary scheduling priority, and the first to go when memory ends.
//! - A crash of the engine costs nothing but time: it is started again after 0.2 s, then ever later up to 10 s.
//!
//! Files in `data_dir/clickhouse`: `password`, `reader-password`, `config.xml`, `users.xml` (0600),
//! `ports`, `lock`, `engine.lock`, `engine.log` (and `engine.log.1`), and the data in `data/`.
//!
//! Reading order: [`library`] finds the engine, [`credentials`] makes its accounts, `settings` its
//! configuration, [`ports`] its addresses; [`engine`] is what the child does; `lock`, `process` and [`supervisor`] are
//! what the parent does.
//!
//! Deliberately absent: replication and Keeper, which the library does not have. A cluster is an
//! external ClickHouse.

pub mod library;

pub mod credentials;
pub mod ports;
mod settings;

mod child;
pub mod engine;

mod error;
mod lock;
mod process;
pub mod supervisor;

use std::path::{Path, PathBuf};

pub use engine::run_in_this_process;
pub use error::StartError;
pub use lock::find_running;
pub use process::Launch;
pub use supervisor::{Engine, State};

/// The folder of the embedded engine in a data directory.
pub fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("clickhouse")
}
