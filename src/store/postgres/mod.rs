//! The metadata in a PostgreSQL database, for installations of several machines.
//!
//! A transaction that writes first takes one advisory lock of the database, so that here, too, it is
//! the only one at its time: what it read stays true until it commits, numbers of the change feed
//! are in the order of commits, and no transaction has to be tried again because another came
//! between. Reading transactions see one state of the database and wait for nobody.

mod migrate;
#[path = "../sql/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "compiled once for each engine: see there")]
mod sql;

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};

use super::error::{OpenError, StoreError};
pub(super) use sql::*;

type Db = Postgres;
type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;

/// The names of a space's people, as a list of pairs of id and name in one text.
const NAMES: &str = "SELECT coalesce(json_agg(json_build_array(id, name)), '[]')::text AS names FROM advocates \
    WHERE space_id = $1 AND name IS NOT NULL";

/// How long a caller waits for a connection, and a writer for the one before it.
const WAIT: Duration = Duration::from_secs(10);
/// Connections of this process that read at the same time.
const READERS: u32 = 7;
/// Key of the advisory lock that writers take: "relais" in ASCII.
const WRITERS: i64 = 0x7265_6c61_6973;

/// The connections to one database. One writes: writers of a process queue for it in the order in which
/// they came, and however many wait, none takes a connection from the readers.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    writer: PgPool,
    readers: PgPool,
}

impl Engine {
    /// Connects, and brings the schema to this version.
    pub(super) async fn open(url: &str) -> Result<Self, OpenError> {
        let options: PgConnectOptions = url.parse().map_err(|source| OpenError::Connect { source })?;
        // A statement that waits for a lock gives up when its caller would.
        let options = options
            .application_name("relais")
            .options([("lock_timeout", format!("{}ms", WAIT.as_millis())), ("timezone", "UTC".to_owned())]);
        let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(WAIT);
        let writer = pool(1).connect_with(options.clone()).await.map_err(|source| OpenError::Connect { source })?;
        migrate::run(&writer).await?;
        Ok(Self { writer, readers: pool(READERS).connect_lazy_with(options) })
    }

    pub(super) async fn begin_reading(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }

    pub(super) async fn begin_writing(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut transaction = self.writer.begin().await?;
        exclude_others(&mut transaction).await?;
        Ok(transaction)
    }

    /// Waits for running transactions and closes every connection.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Held until the transaction ends.
async fn exclude_others(transaction: &mut Transaction<'static, Postgres>) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(WRITERS).execute(&mut **transaction).await.map(drop)
}
