//! One engine a data directory.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::credentials;
use super::engine::GRACE;
use super::error::StartError;
use super::ports::Ports;
use super::process::READY_POLL;
use crate::warehouse::client::Access;
use crate::warehouse::config::Config;

/// How long a command that only looks may hold the lock.
const LOOKING: Duration = Duration::from_millis(200);

/// How to sign in to the engine that another process runs in `data_dir`, if one does.
///
/// # Errors
/// When its files cannot be read.
pub fn find_running(config: &Config, data_dir: &Path) -> io::Result<Option<Access>> {
    let directory = super::directory(data_dir);
    let held = match File::open(directory.join("lock")) {
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    let Some(ports) = Ports::load(&directory).filter(|_| held) else {
        return Ok(None);
    };
    let password = credentials::password(config, &directory)?;
    Ok(Some(Access { url: ports.url(), user: credentials::user(config).to_owned(), password }))
}

/// Holds the directory for this process.
pub(super) async fn lock(directory: &Path) -> Result<File, StartError> {
    let path = directory.join("lock");
    let files = |source| StartError::Files { path: path.display().to_string(), source };
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(files)?;
    let patience = Instant::now() + LOOKING;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if Instant::now() < patience => tokio::time::sleep(READY_POLL).await,
            Err(TryLockError::WouldBlock) => {
                let pid = fs::read_to_string(&path).unwrap_or_default();
                let directory = directory.display().to_string();
                return Err(StartError::Running { directory, pid: pid.trim().to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(files(error)),
        }
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(files)?;
    Ok(file)
}

/// The engine of a supervisor that was killed ends on its own; until then it holds the ports. One that
/// does not end is left to the new engine's own lock, which says so.
pub(super) async fn wait_for_a_former_engine(directory: &Path) {
    let Ok(file) = File::open(directory.join("engine.lock")) else { return };
    let patience = Instant::now() + GRACE;
    while matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && Instant::now() < patience {
        tokio::time::sleep(READY_POLL).await;
    }
}
