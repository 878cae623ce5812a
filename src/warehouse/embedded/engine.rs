//! What the child process does: become ClickHouse.

use std::convert::Infallible;
use std::ffi::{CString, OsStr, c_char, c_int, c_void};
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::settings::SERVE;

/// How long the engine may take to end by itself once its standard input is closed.
pub(super) const GRACE: Duration = Duration::from_secs(20);
/// How long to wait for the engine of a supervisor that was killed.
const LOCK_PATIENCE: Duration = Duration::from_secs(30);

/// The engine did not start, or came to an end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another engine works in this directory and does not end.
    #[error("another ClickHouse engine still runs in {0}: end it first")]
    Locked(String),
    /// The directory's files cannot be used.
    #[error("the engine's files cannot be used: {0}")]
    Files(#[from] io::Error),
    /// The library is not one, or lacks the entry that is called.
    #[error("{path} is not a library of the engine ({source}): install it with `npm install`")]
    Library {
        /// The file that was loaded.
        path: String,
        /// What the loader says.
        source: libloading::Error,
    },
    /// The engine ended although its standard input is open.
    #[error("ClickHouse ended: {0}")]
    Ended(String),
}

/// Turns this process into the embedded ClickHouse of `directory` (the folder `clickhouse` of a data
/// directory, with the configuration that the supervisor wrote) and serves until standard input is closed;
/// then the process exits with 0.
///
/// Call it first thing in a process of its own: it changes the process's priority and signal mask, and
/// the library brings its own allocator and threads.
///
/// # Errors
/// When ClickHouse could not start or ended by itself.
pub fn run_in_this_process(library: &Path, directory: &Path) -> Result<Infallible, RunError> {
    super::child::give_way();
    super::child::ignore_terminal_signals();
    let _lock = wait_for_lock(directory)?;
    super::child::exit_after_end_of_input(GRACE);
    let config = directory.join("config.xml");
    let arguments = [
        OsStr::new("clickhouse"),
        OsStr::new("--config-file"),
        config.as_os_str(),
        OsStr::new("--logger.console"),
        OsStr::new("--log-level=warning"),
        OsStr::new("--query"),
        OsStr::new(SERVE),
    ];
    let message = call(library, &arguments)?;
    if message.is_empty() {
        std::process::exit(0);
    }
    Err(RunError::Ended(message))
}

/// Calls `chdb_query_cmdline` and returns the error's text, empty when there was none.
fn call(path: &Path, arguments: &[&OsStr]) -> Result<String, RunError> {
    type CommandLine = unsafe extern "C" fn(c_int, *const *const c_char) -> *mut c_void;
    type ErrorOf = unsafe extern "C" fn(*mut c_void) -> *const c_char;
    let wrong = |source| RunError::Library { path: path.display().to_string(), source };
    // SAFETY: loading runs the library's initialisers. It is the file that the operator installed or
    // configured as the engine; there is no way to run it without trusting it.
    let library = unsafe { libloading::Library::new(path) }.map_err(wrong)?;
    // SAFETY: the types are those of chdb.h of the 26.x releases: an argument vector in, an opaque result out.
    let (run, error_of) = unsafe {
        (
            library.get::<CommandLine>(b"chdb_query_cmdline").map_err(wrong)?,
            library.get::<ErrorOf>(b"chdb_result_error").map_err(wrong)?,
        )
    };
    let owned: Vec<CString> = arguments
        .iter()
        .map(|argument| CString::new(argument.as_bytes()).map_err(io::Error::other))
        .collect::<Result<_, _>>()?;
    let mut pointers: Vec<*const c_char> = owned.iter().map(|argument| argument.as_ptr()).collect();
    pointers.push(std::ptr::null());
    let count = c_int::try_from(owned.len()).expect("a handful of arguments");
    // SAFETY: `pointers` holds `count` C strings and a null, all alive until the call returns.
    let result = unsafe { run(count, pointers.as_ptr()) };
    if result.is_null() {
        return Ok("it gave no result".to_owned());
    }
    // SAFETY: `result` is what the library returned; it stays alive because nothing destroys it.
    let message = unsafe { error_of(result) };
    if message.is_null() {
        return Ok(String::new());
    }
    // SAFETY: the library promises a C string that lives as long as the result.
    Ok(unsafe { std::ffi::CStr::from_ptr(message) }.to_string_lossy().into_owned())
}

/// Holds `engine.lock`, waiting for an engine that is just ending.
fn wait_for_lock(directory: &Path) -> Result<File, RunError> {
    let file = File::options().create(true).truncate(false).write(true).open(directory.join("engine.lock"))?;
    let patience = Instant::now() + LOCK_PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => return Err(RunError::Locked(directory.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}
