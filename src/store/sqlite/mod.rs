//! The metadata in one SQLite file.
//!
//! One connection writes, in `BEGIN IMMEDIATE` transactions, so that a transaction never fails
//! half-way because somebody else wrote first; a pool of others reads, each transaction seeing one
//! state. Write-ahead logging lets them work at the same time and lets command-line programs work
//! beside a running server. `synchronous=FULL`: what was answered survives a power cut.

mod migrate;
#[path = "../sql/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "compiled once for each engine: see there")]
mod sql;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use super::error::{OpenError, StoreError};
pub(super) use sql::*;

type Db = Sqlite;
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;

/// How long a statement waits for another process's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection of its own process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that read at the same time.
const READERS: u32 = 4;
/// Pages of 4 KiB in the log before it is folded into the file. A thousand links with random ids
/// and codes touch about two thousand pages; SQLite's default of 1,000 would write each of them
/// into the file once more at every commit (measured: twice the time for a bulk).
const CHECKPOINT_PAGES: &str = "16384";
/// Page cache of the writer, in KiB: a bulk of links touches its indexes in random order.
const WRITER_CACHE_KIB: i64 = 65_536;

/// The connections to one file.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Engine {
    /// Opens the file, makes it when it is not there (readable by its owner alone), and brings its
    /// schema to this version.
    pub(super) async fn open(path: &Path) -> Result<Self, OpenError> {
        create_private(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let failed = |source| OpenError::Failed { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(
                options
                    .clone()
                    .pragma("cache_size", (-WRITER_CACHE_KIB).to_string())
                    // What is deleted is overwritten: an erased person is not left in free pages.
                    .pragma("secure_delete", "ON")
                    // A statement of 500 rows keeps what it may have to undo; in memory, not in /tmp.
                    .pragma("temp_store", "MEMORY"),
            )
            .await
            .map_err(failed)?;
        migrate::run(&writer, path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(failed)?;
        Ok(Self { writer, readers })
    }

    pub(super) async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    pub(super) async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Waits for running transactions and closes every connection; the log is folded into the file.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The file holds addresses of people: nobody else on the machine reads it. SQLite gives the log
/// beside it the same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}
