//! Why the store could not be opened, or could not do what it was asked.

use std::path::PathBuf;

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `store.url` names something else than SQLite or PostgreSQL.
    #[error(
        "store.url names the engine \"{scheme}\", which Relais has not: leave it empty for SQLite in data_dir, or give postgres://…"
    )]
    Engine {
        /// What stands before the colon.
        scheme: String,
    },
    /// The file or its folder cannot be made or read.
    #[error("cannot open the metadata store {}: {source}; check that the folder exists and may be written", path.display())]
    File {
        /// The SQLite file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A newer Relais has changed the schema since.
    #[error(
        "the metadata store {} has schema version {found}, this program knows {known}: run a newer Relais, or restore the copy made before the upgrade",
        path.display()
    )]
    Newer {
        /// The SQLite file.
        path: PathBuf,
        /// The version it has.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// PostgreSQL cannot be reached, or refuses the account.
    #[error("cannot connect to PostgreSQL: {source}; check store.url, and that the server runs and knows the account")]
    Connect {
        /// What the driver or the server said; never the password.
        source: sqlx::Error,
    },
    /// A newer Relais has changed the database's schema since.
    #[error(
        "the metadata database has schema version {found}, this program knows {known}: run a newer Relais, or restore the copy made before the upgrade"
    )]
    NewerDatabase {
        /// The version it has.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A step of the schema failed in PostgreSQL; the database is as it was.
    #[error(
        "cannot bring the metadata database to this version: {source}; the account of store.url must own its tables"
    )]
    Migrate {
        /// What the engine said.
        source: sqlx::Error,
    },
    /// It is open, but its first page cannot be read.
    #[error("cannot read the metadata store: {0}")]
    Unreadable(#[source] StoreError),
    /// The engine refused: no database file, damaged, locked for long, or a migration failed.
    #[error("cannot open the metadata store {}: {source}; check free space, and whether it is a database of Relais", path.display())]
    Failed {
        /// The SQLite file.
        path: PathBuf,
        /// What the engine said.
        source: sqlx::Error,
    },
}

/// Why a statement or a transaction failed. Nothing of the transaction is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process held the write lock, or every connection was in use, for longer than the
    /// bound; the same call may succeed a moment later.
    #[error("the metadata store is busy; try again in a few seconds")]
    Busy,
    /// A value that must be unique is taken. The programme looks before it writes, so this is seen
    /// only when somebody else was faster.
    #[error("a value that must be unique was taken meanwhile ({0}); try again")]
    Conflict(String),
    /// The changes that were asked for are pruned, or belong to another history of the store (it
    /// was restored from a copy).
    #[error("changes after {asked} cannot be told any more (the feed stands at {latest}): take a snapshot")]
    SnapshotNeeded {
        /// The number after which changes were asked for.
        asked: u64,
        /// The newest number.
        latest: u64,
    },
    /// The disk or the engine failed, or a row holds what this version cannot read.
    #[error("the metadata store failed: {0}")]
    Failed(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            _ if is_busy(&error) => Self::Busy,
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::Conflict(database.message().to_owned())
            }
            _ => Self::Failed(error),
        }
    }
}

/// Somebody else has the lock that this needed.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|database| is_lock(database.code().as_deref()))
}

fn is_lock(code: Option<&str>) -> bool {
    // SQLITE_BUSY and SQLITE_LOCKED in their primary or extended form.
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    match code {
        // PostgreSQL: lock_not_available, serialization_failure, deadlock_detected, too_many_connections
        Some("55P03" | "40001" | "40P01" | "53300") => true,
        Some(code) if code.len() < 5 => code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, BUSY | LOCKED)),
        _ => false,
    }
}
