//! Sessions, by the digest of what the browser keeps.

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{AdvocateId, SessionId, SpaceId};
use crate::store::sign_in::{OpenSession, SessionRecord};

/// Whatever its space: this is how a browser's space is found out.
pub(in crate::store) async fn session_of_hash(
    connection: &mut Connection,
    hash: &[u8; 32],
) -> Result<Option<OpenSession>> {
    let row = sqlx::query(
        "SELECT s.*, m.role, a.left_on, p.time_zone FROM sessions s
             JOIN advocates a ON a.space_id = s.space_id AND a.id = s.advocate_id
             JOIN spaces p ON p.id = s.space_id
             LEFT JOIN members m ON m.space_id = s.space_id AND m.advocate_id = s.advocate_id
         WHERE s.hash = $1",
    )
    .bind(hash.as_slice())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role: Option<&str> = row.try_get("role")?;
    Ok(Some(OpenSession {
        session: read(&row)?,
        role: role.map(|_| row::word(&row, "role")).transpose()?,
        left_on: row::optional_text(&row, "left_on")?,
        time_zone: row::text(&row, "time_zone")?,
    }))
}

pub(in crate::store) async fn sessions_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    now_ms: i64,
) -> Result<Vec<SessionRecord>> {
    let rows = sqlx::query(
        "SELECT * FROM sessions WHERE space_id = $1 AND advocate_id = $2 AND ends_at_ms > $3
         ORDER BY created_at_ms DESC, id LIMIT 100",
    )
    .bind(key(space.bits()))
    .bind(key(advocate.bits()))
    .bind(now_ms)
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn insert_session(connection: &mut Connection, session: &SessionRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (id, space_id, advocate_id, hash, created_at_ms, seen_at_ms, ends_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key(session.id.bits()))
    .bind(key(session.space.bits()))
    .bind(key(session.advocate.bits()))
    .bind(session.hash.as_slice())
    .bind(session.created_at_ms)
    .bind(session.seen_at_ms)
    .bind(session.ends_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn see_session(
    connection: &mut Connection,
    space: SpaceId,
    id: SessionId,
    at_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE sessions SET seen_at_ms = $1 WHERE space_id = $2 AND id = $3")
        .bind(at_ms)
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// True when there was one to end.
pub(in crate::store) async fn end_session(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    id: SessionId,
) -> Result<bool> {
    let done = sqlx::query("DELETE FROM sessions WHERE space_id = $1 AND advocate_id = $2 AND id = $3")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::store) async fn end_sessions_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<u64> {
    let done = sqlx::query("DELETE FROM sessions WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

pub(in crate::store) async fn prune_sessions(
    connection: &mut Connection,
    now_ms: i64,
    idle_since_ms: i64,
) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE ends_at_ms <= $1 OR seen_at_ms < $2")
        .bind(now_ms)
        .bind(idle_since_ms)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<SessionRecord> {
    Ok(SessionRecord {
        id: SessionId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        hash: row::digest(row, "hash")?,
        created_at_ms: row.try_get("created_at_ms")?,
        seen_at_ms: row.try_get("seen_at_ms")?,
        ends_at_ms: row.try_get("ends_at_ms")?,
    })
}
