//! Brings the database's schema to this version.
//!
//! All steps run in one transaction under the writers' lock: two nodes that start at once migrate
//! once, and a step that fails leaves the database as it was.

use sqlx::{PgPool, Postgres, Transaction};

use crate::store::error::OpenError;

/// The steps in order; step `n` leads to version `n`. A released step is never edited.
const STEPS: &[&str] = &[
    include_str!("../../../schema/postgres/0001_programme.sql"),
    include_str!("../../../schema/postgres/0003_referrals.sql"),
    include_str!("../../../schema/postgres/0004_webhooks.sql"),
    include_str!("../../../schema/postgres/0005_feeds.sql"),
    include_str!("../../../schema/postgres/0006_sign_in.sql"),
    include_str!("../../../schema/postgres/0007_exchange.sql"),
    include_str!("../../../schema/postgres/0008_keeping.sql"),
    include_str!("../../../schema/postgres/0009_rest.sql"),
    include_str!("../../../schema/postgres/0010_portal.sql"),
    include_str!("../../../schema/postgres/0011_admin.sql"),
    include_str!("../../../schema/postgres/0012_marketing.sql"),
    include_str!("../../../schema/postgres/0013_recruiting.sql"),
    include_str!("../../../schema/postgres/0014_feed_errors.sql"),
    include_str!("../../../schema/postgres/0015_credit_window.sql"),
];

pub(super) async fn run(pool: &PgPool) -> Result<(), OpenError> {
    let failed = |source| OpenError::Migrate { source };
    let known = STEPS.len() as i64;
    let mut transaction = pool.begin().await.map_err(failed)?;
    super::exclude_others(&mut transaction).await.map_err(failed)?;
    let found = version(&mut transaction).await.map_err(failed)?;
    if found > known {
        return Err(OpenError::NewerDatabase { found, known });
    }
    for (step, sql) in (1i64..).zip(STEPS.iter().copied()).skip_while(|(step, _)| *step <= found) {
        sqlx::raw_sql(sql).execute(&mut *transaction).await.map_err(failed)?;
        let mark = sqlx::query("UPDATE schema_version SET version = $1").bind(step);
        mark.execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

async fn version(transaction: &mut Transaction<'static, Postgres>) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);
         INSERT INTO schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)",
    )
    .execute(&mut **transaction)
    .await?;
    sqlx::query_scalar("SELECT version FROM schema_version").fetch_one(&mut **transaction).await
}
