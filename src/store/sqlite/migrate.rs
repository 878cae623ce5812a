//! Brings the file's schema to this version.
//!
//! The version stands in SQLite's own `user_version`, and all steps run in one transaction that
//! holds the write lock: two programs that start at once migrate once, and a step that fails
//! leaves the file as it was. (`sqlx::migrate!` runs each step for itself and takes no lock on
//! SQLite.)

use std::path::Path;

use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::store::error::OpenError;

/// The steps in order; step `n` leads to version `n`. A released step is never edited.
const STEPS: &[&str] = &[
    include_str!("../../../schema/sqlite/0001_programme.sql"),
    include_str!("../../../schema/sqlite/0003_referrals.sql"),
    include_str!("../../../schema/sqlite/0004_webhooks.sql"),
    include_str!("../../../schema/sqlite/0005_feeds.sql"),
    include_str!("../../../schema/sqlite/0006_sign_in.sql"),
    include_str!("../../../schema/sqlite/0007_exchange.sql"),
    include_str!("../../../schema/sqlite/0008_keeping.sql"),
    include_str!("../../../schema/sqlite/0009_rest.sql"),
    include_str!("../../../schema/sqlite/0010_portal.sql"),
    include_str!("../../../schema/sqlite/0011_admin.sql"),
    include_str!("../../../schema/sqlite/0012_marketing.sql"),
    include_str!("../../../schema/sqlite/0013_recruiting.sql"),
    include_str!("../../../schema/sqlite/0014_feed_errors.sql"),
    include_str!("../../../schema/sqlite/0015_credit_window.sql"),
];

pub(super) async fn run(writer: &SqlitePool, path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Failed { path: path.to_owned(), source };
    let known = STEPS.len() as i64;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let found = version(&mut transaction).await.map_err(failed)?;
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    for (step, sql) in (1i64..).zip(STEPS.iter().copied()).skip_while(|(step, _)| *step <= found) {
        sqlx::raw_sql(sql).execute(&mut *transaction).await.map_err(failed)?;
        // A pragma takes no bound parameter; `step` is a number of ours.
        let mark = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {step}"));
        sqlx::raw_sql(mark).execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

async fn version(transaction: &mut Transaction<'static, Sqlite>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut **transaction).await
}
