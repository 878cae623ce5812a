//! Folds the log of changes into the file, beside who writes.
//!
//! SQLite would do it in the commit that fills the log, and whoever made that commit would wait for
//! the disk in its stead. Here most pages are copied, and brought to the disk, while others write;
//! only the few that came meanwhile follow while nobody does. The log begins anew, instead of
//! growing, once it was folded to its last page.

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{Executor, Row as _, Sqlite};
use tokio::task::JoinHandle;

use super::StoreError;

/// Pages of 4 KiB from which on the log is folded, 256 MiB. A thousand links with random codes touch
/// more than a thousand pages, the same ones again and again: folding more often would write most of
/// them several times.
const LOG_PAGES: i64 = 65_536;
/// Pages, 1 GiB, from which on a commit folds the log itself, should nobody else do it.
const LOG_PAGES_AT_MOST: i64 = 262_144;
/// Bytes that the log's file keeps when it begins anew, 512 MiB: making it longer costs every commit
/// a change of the file system's own.
const LOG_BYTES_KEPT: i64 = 512 << 20;
/// How often the log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Pages that are folded while writers wait, 2 MiB: some milliseconds.
const LAST_PAGES: i64 = 512;
/// Rounds beside the writers in which less and less is left; a log that has still more than
/// [`LAST_PAGES`] has a long reader, or a disk that cannot keep up, and is tried again later.
const ROUNDS: usize = 8;

/// Says how long the log is, and changes nothing.
const LOOK: &str = "PRAGMA wal_checkpoint(NOOP)";
/// Folds what can be folded without waiting for anybody.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The task that folds; ends with the last handle on the engine.
#[derive(Debug)]
pub(super) struct Folding {
    beside: SqlitePool,
    task: JoinHandle<()>,
    /// Closing a file gives up all locks that the process has on it (sqlite.org/howtocorrupt.html,
    /// 2.2), so this one stays open for longer than the connections, and than the task.
    _file: Arc<File>,
}

/// What the task works with.
struct Fold {
    /// The database's file itself, for SQLite syncs it only when it has folded the last page.
    file: Arc<File>,
    /// Folds while others write.
    beside: SqlitePool,
    /// Nobody writes while its connection is held.
    writer: SqlitePool,
}

impl Drop for Folding {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How connections to the file leave the folding to the task.
pub(super) fn configure(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .pragma("wal_autocheckpoint", LOG_PAGES_AT_MOST.to_string())
        .pragma("journal_size_limit", LOG_BYTES_KEPT.to_string())
}

impl Folding {
    /// `file` is the one that the connections write to.
    pub(super) fn start(file: File, options: SqliteConnectOptions, writer: SqlitePool) -> Arc<Self> {
        let beside = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        let file = Arc::new(file);
        let fold = Fold { file: Arc::clone(&file), beside: beside.clone(), writer };
        Arc::new(Self { beside, task: tokio::spawn(fold.keep_short()), _file: file })
    }

    /// Folds the whole log into the file and cuts it to nothing: it holds pages as they were before.
    pub(super) async fn forget_old_pages(&self) -> Result<(), StoreError> {
        let fold = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)");
        let is_busy: i64 = fold.fetch_one(&self.beside).await?;
        if is_busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
    }

    pub(super) async fn close(&self) {
        self.beside.close().await;
    }
}

impl Fold {
    async fn keep_short(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            match self.fold_from(LOG_PAGES).await {
                Ok(()) => {}
                Err(sqlx::Error::PoolClosed) => return,
                Err(error) => tracing::debug!(%error, "the store's log is folded into its file later"),
            }
        }
    }

    /// Folds a log that has that many pages.
    async fn fold_from(&self, pages: i64) -> Result<(), sqlx::Error> {
        if pages_left(LOOK, &self.beside).await? < pages {
            return Ok(());
        }
        for _ in 0..ROUNDS {
            pages_left(FOLD, &self.beside).await?;
            self.sync().await?;
            if pages_left(LOOK, &self.beside).await? <= LAST_PAGES {
                let mut nobody_writes = self.writer.acquire().await?;
                pages_left(FOLD, &mut *nobody_writes).await?;
                break;
            }
        }
        Ok(())
    }

    /// Brings to the disk what was folded.
    async fn sync(&self) -> std::io::Result<()> {
        let file = Arc::clone(&self.file);
        tokio::task::spawn_blocking(move || file.sync_data()).await?
    }
}

/// Runs one of SQLite's checkpoints; gives how many of the log's pages are not in the file after it.
async fn pages_left(
    checkpoint: &'static str,
    connection: impl Executor<'_, Database = Sqlite>,
) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(checkpoint).fetch_one(connection).await?;
    let (log, folded): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
    Ok(log - folded)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::sqlite::SqliteJournalMode;

    use super::*;

    async fn pool(path: &Path) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal);
        SqlitePoolOptions::new().max_connections(1).connect_with(configure(options)).await.expect("a connection")
    }

    #[tokio::test]
    async fn a_folded_log_begins_anew_though_somebody_always_writes() {
        const ROWS: u64 = 2_000;
        const ROW_BYTES: u64 = 16 << 10;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.sqlite3");
        let file = Arc::new(File::create(&path).expect("a file"));
        let fold = Fold { file, beside: pool(&path).await, writer: pool(&path).await };
        sqlx::query("CREATE TABLE rows (content BLOB)").execute(&fold.writer).await.expect("a table");

        let writing = async {
            for _ in 0..ROWS {
                let insert = sqlx::query("INSERT INTO rows VALUES (randomblob($1))").bind(ROW_BYTES as i64);
                insert.execute(&fold.writer).await.expect("a row");
            }
        };
        let folding = async {
            loop {
                fold.fold_from(256).await.expect("folded");
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = writing => {}
            () = folding => {}
        }

        let log = std::fs::metadata(folder.path().join("store.sqlite3-wal")).expect("a log").len();
        assert!(log < ROWS * ROW_BYTES / 4, "{log} bytes");
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM rows").fetch_one(&fold.beside).await.expect("a count");
        assert_eq!(rows as u64, ROWS);
        let sound: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&fold.beside).await.expect("an answer");
        assert_eq!(sound, "ok");
    }
}
