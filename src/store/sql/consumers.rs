//! Who reads the change feed, and how far each one is.

use super::Connection;
use super::row::{Result, key};

pub(in crate::store) async fn consumer_seq(connection: &mut Connection, name: &str) -> Result<Option<u64>> {
    let seq: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM consumers WHERE name = $1").bind(name).fetch_optional(connection).await?;
    Ok(seq.map(i64::cast_unsigned))
}

/// How far the slowest consumer is; none without consumers.
pub(in crate::store) async fn slowest_consumer(connection: &mut Connection) -> Result<Option<u64>> {
    let seq: Option<i64> = sqlx::query_scalar("SELECT min(seq) FROM consumers").fetch_one(connection).await?;
    Ok(seq.map(i64::cast_unsigned))
}

pub(in crate::store) async fn set_consumer_seq(
    connection: &mut Connection,
    name: &str,
    seq: u64,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO consumers (name, seq, read_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET seq = $2, read_at_ms = $3",
    )
    .bind(name)
    .bind(key(seq))
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}
