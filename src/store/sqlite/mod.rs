//! The metadata in one SQLite file.
//!
//! One connection writes, in `BEGIN IMMEDIATE` transactions, so that a transaction never fails
//! half-way because somebody else wrote first; a pool of others reads, each transaction seeing one
//! state. Write-ahead logging lets them work at the same time and lets command-line programs work
//! beside a running server. `synchronous=FULL`: what was answered survives a power cut.

mod fold;
mod migrate;
#[path = "../sql/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "compiled once for each engine: see there")]
mod sql;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use self::fold::Folding;
use super::error::{OpenError, StoreError, is_busy};
pub(super) use sql::*;

type Db = Sqlite;
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;

/// The names of a space's people, as a list of pairs of id and name in one text.
const NAMES: &str = "SELECT json_group_array(json_array(id, name)) AS names FROM advocates \
    WHERE space_id = $1 AND name IS NOT NULL";

/// How long a statement waits for another process's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection of its own process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How soon the first connection is tried again while another program has the file for itself.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(10);
/// Connections that read at the same time.
const READERS: u32 = 4;
/// Page cache of the writer, in KiB: a bulk of links touches its indexes in random order.
const WRITER_CACHE_KIB: i64 = 65_536;

/// The connections to one file.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    writer: SqlitePool,
    readers: SqlitePool,
    folding: Arc<Folding>,
}

impl Engine {
    /// Opens the file, makes it when it is not there (readable by its owner alone), and brings its
    /// schema to this version.
    pub(super) async fn open(path: &Path) -> Result<Self, OpenError> {
        let file = create_private(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let failed = |source| OpenError::Failed { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let options = fold::configure(options);
        let writer_options = options
            .clone()
            .pragma("cache_size", (-WRITER_CACHE_KIB).to_string())
            // What is deleted is overwritten: an erased person is not left in free pages.
            .pragma("secure_delete", "ON")
            // A statement of 500 rows keeps what it may have to undo; in memory, not in /tmp.
            .pragma("temp_store", "MEMORY");
        let writer = connect_first(writer_options).await.map_err(failed)?;
        migrate::run(&writer, path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.clone().pragma("query_only", "ON"))
            .await
            .map_err(failed)?;
        let folding = Folding::start(file, options, writer.clone());
        Ok(Self { writer, readers, folding })
    }

    pub(super) async fn begin_reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    pub(super) async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Folds the log into the file and cuts it to nothing: it holds pages as they were before.
    pub(super) async fn forget_old_pages(&self) -> Result<(), StoreError> {
        self.folding.forget_old_pages().await
    }

    /// Waits for running transactions and closes every connection; the log is folded into the file.
    pub(super) async fn close(&self) {
        self.folding.close().await;
        self.readers.close().await;
        // The last connection folds what is left of the log.
        self.writer.close().await;
    }
}

/// The first connection to the file, which may turn it to write-ahead logging. SQLite waits for
/// nobody while it does that (two who both read and both want the file alone would wait for ever), so
/// of two programs that start at once on a new file one is told that it is locked, and tries again.
async fn connect_first(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT);
        match pool.connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => tokio::time::sleep(TRY_AGAIN_AFTER).await,
            result => return result,
        }
    }
}

/// Opens the file, and makes it when it is not there. It holds addresses of people: nobody else on
/// the machine reads it. SQLite gives the log beside it the same permissions.
fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;

    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}
