//! Who wants a mail of what is new.

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{AdvocateId, SpaceId};
use crate::store::portal::DigestRecord;

pub(in crate::store) async fn digest_of(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
) -> Result<Option<DigestRecord>> {
    let row = sqlx::query("SELECT * FROM digests WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn digest_to_stop(connection: &mut Connection, stop: &str) -> Result<Option<DigestRecord>> {
    let row = sqlx::query("SELECT * FROM digests WHERE stop = $1").bind(stop).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// Of all spaces, the longest due first.
pub(in crate::store) async fn due_digests(
    connection: &mut Connection,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<DigestRecord>> {
    let rows = sqlx::query("SELECT * FROM digests WHERE due_at_ms <= $1 ORDER BY due_at_ms, advocate_id LIMIT $2")
        .bind(now_ms)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn put_digest(connection: &mut Connection, digest: &DigestRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO digests (advocate_id, space_id, frequency, stop, told_until_ms, attempts, due_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (advocate_id) DO UPDATE SET frequency = $3, stop = $4, told_until_ms = $5, attempts = $6,
             due_at_ms = $7",
    )
    .bind(key(digest.advocate.bits()))
    .bind(key(digest.space.bits()))
    .bind(digest.frequency.as_str())
    .bind(&digest.stop)
    .bind(digest.told_until_ms)
    .bind(i64::from(digest.attempts))
    .bind(digest.due_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// False when there was none.
pub(in crate::store) async fn delete_digest(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
) -> Result<bool> {
    let done = sqlx::query("DELETE FROM digests WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// False when it is not due now, or gone.
pub(in crate::store) async fn postpone_digest(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
    now_ms: i64,
    due_at_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE digests SET attempts = attempts + 1, due_at_ms = $1
             WHERE space_id = $2 AND advocate_id = $3 AND due_at_ms <= $4",
    )
    .bind(due_at_ms)
    .bind(key(space.bits()))
    .bind(key(id.bits()))
    .bind(now_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn read(row: &Row) -> Result<DigestRecord> {
    Ok(DigestRecord {
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        frequency: row::word(row, "frequency")?,
        stop: row::text(row, "stop")?,
        told_until_ms: row.try_get("told_until_ms")?,
        attempts: row::small(row, "attempts")?,
        due_at_ms: row.try_get("due_at_ms")?,
    })
}
