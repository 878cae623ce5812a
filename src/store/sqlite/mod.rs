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

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};
use tokio::task::JoinHandle;

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
/// Bytes of the log above which it is folded into the file, and to which it is cut when it begins
/// anew. A thousand links with random codes touch more than a thousand pages, the same ones again and
/// again: folding more often would write most of them several times.
const LOG_BYTES: u64 = 256 << 20;
/// Pages of 4 KiB in the log, 1 GiB, from which on a commit folds it itself, should nobody else do it.
const LOG_PAGES_AT_MOST: &str = "262144";
/// How often the log is looked at.
const FOLD_EVERY: Duration = Duration::from_millis(500);
/// Page cache of the writer, in KiB: a bulk of links touches its indexes in random order.
const WRITER_CACHE_KIB: i64 = 65_536;

/// The connections to one file.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    writer: SqlitePool,
    readers: SqlitePool,
    folding: Arc<Folding>,
}

/// Folds the log into the file beside the writer. SQLite would do it in the commit that fills the
/// log, and whoever made that commit would wait for the disk in its stead, some 50 ms. Ends with the
/// last handle on the engine.
#[derive(Debug)]
struct Folding {
    connections: SqlitePool,
    task: JoinHandle<()>,
}

impl Drop for Folding {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn fold(connections: SqlitePool, log: PathBuf) {
    loop {
        tokio::time::sleep(FOLD_EVERY).await;
        if !std::fs::metadata(&log).is_ok_and(|log| log.len() > LOG_BYTES) {
            continue;
        }
        // Waits for nobody and holds nobody up; what it cannot fold now is folded the next time.
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&connections).await {
            Ok(_) => {}
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::debug!(%error, "the store's log is folded into its file later"),
        }
    }
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
            .pragma("wal_autocheckpoint", LOG_PAGES_AT_MOST)
            .pragma("journal_size_limit", LOG_BYTES.to_string());
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
            .connect_with(options.clone().pragma("query_only", "ON"))
            .await
            .map_err(failed)?;
        let connections = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let task = tokio::spawn(fold(connections.clone(), log.into()));
        Ok(Self { writer, readers, folding: Arc::new(Folding { connections, task }) })
    }

    pub(super) async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    pub(super) async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Folds the log into the file and cuts it to nothing: it holds pages as they were before.
    pub(super) async fn forget_old_pages(&self) -> Result<(), StoreError> {
        let fold = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)");
        let is_busy: i64 = fold.fetch_one(&self.folding.connections).await?;
        if is_busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
    }

    /// Waits for running transactions and closes every connection; the log is folded into the file.
    pub(super) async fn close(&self) {
        self.folding.connections.close().await;
        self.readers.close().await;
        // The last connection folds what is left of the log.
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
