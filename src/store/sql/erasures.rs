//! Who asked to be forgotten.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{AdvocateId, SpaceId};
use crate::store::erasures::ErasureRecord;

pub(in crate::store) async fn put_erasure(connection: &mut Connection, erasure: &ErasureRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO erasures (advocate_id, space_id, asked_at_ms, actor, request, salt, key_digest, email_digest,
             found, done_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (advocate_id) DO UPDATE SET asked_at_ms = $3, actor = $4, request = $5, salt = $6,
             key_digest = $7, email_digest = $8, found = $9, done_at_ms = $10",
    )
    .bind(key(erasure.advocate.bits()))
    .bind(key(erasure.space.bits()))
    .bind(erasure.asked_at_ms)
    .bind(&erasure.actor)
    .bind(&erasure.request)
    .bind(&erasure.salt)
    .bind(&erasure.key_digest)
    .bind(&erasure.email_digest)
    .bind(row::to_json(&erasure.found))
    .bind(erasure.done_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn erasure(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<Option<ErasureRecord>> {
    let row = sqlx::query("SELECT * FROM erasures WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn erasures_of_space(
    connection: &mut Connection,
    space: SpaceId,
) -> Result<Vec<ErasureRecord>> {
    let rows = sqlx::query("SELECT * FROM erasures WHERE space_id = $1 ORDER BY asked_at_ms, advocate_id")
        .bind(key(space.bits()))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// Of every space: they are compared with what ClickHouse and the receipts remember.
pub(in crate::store) async fn all_erasures(connection: &mut Connection) -> Result<Vec<ErasureRecord>> {
    let rows = sqlx::query("SELECT * FROM erasures ORDER BY asked_at_ms, advocate_id").fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Of every space: whether one waits, which is asked every second.
pub(in crate::store) async fn has_waiting_erasure(connection: &mut Connection) -> Result<bool> {
    let waiting = sqlx::query("SELECT advocate_id FROM erasures WHERE done_at_ms IS NULL LIMIT 1");
    Ok(waiting.fetch_optional(connection).await?.is_some())
}

/// Of every space: one errand completes them all.
pub(in crate::store) async fn take_waiting_erasure(
    connection: &mut Connection,
    wanted: Option<AdvocateId>,
    now_ms: i64,
    until_ms: i64,
) -> Result<Option<ErasureRecord>> {
    let row = sqlx::query(
        "UPDATE erasures SET lease_until_ms = $1 WHERE advocate_id =
             (SELECT advocate_id FROM erasures
              WHERE done_at_ms IS NULL AND coalesce(lease_until_ms, 0) <= $2 AND coalesce($3, advocate_id) = advocate_id
              ORDER BY coalesce(lease_until_ms, 0), asked_at_ms, advocate_id LIMIT 1)
         RETURNING *",
    )
    .bind(until_ms)
    .bind(now_ms)
    .bind(wanted.map(|id| key(id.bits())))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn renew_erasure(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    until_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE erasures SET lease_until_ms = $1 WHERE space_id = $2 AND advocate_id = $3")
        .bind(until_ms)
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Lets an erasure wait to be completed once more.
pub(in crate::store) async fn reopen_erasure(connection: &mut Connection, advocate: AdvocateId) -> Result<()> {
    sqlx::query("UPDATE erasures SET done_at_ms = NULL, lease_until_ms = NULL WHERE advocate_id = $1")
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes sign-ins of all spaces that are older than `before_ms`.
pub(in crate::store) async fn prune_sign_ins_before(connection: &mut Connection, before_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM sign_ins WHERE signed_in_at_ms < $1").bind(before_ms).execute(connection).await?;
    Ok(())
}

fn read(row: &Row) -> Result<ErasureRecord> {
    let found: BTreeMap<String, u64> = row::json(row, "found")?;
    Ok(ErasureRecord {
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        asked_at_ms: row.try_get("asked_at_ms")?,
        actor: row::text(row, "actor")?,
        request: row::text(row, "request")?,
        salt: row::text(row, "salt")?,
        key_digest: row::text(row, "key_digest")?,
        email_digest: row::text(row, "email_digest")?,
        found,
        done_at_ms: row::optional_instant(row, "done_at_ms")?,
    })
}
