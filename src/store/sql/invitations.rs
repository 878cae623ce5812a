//! Invitations that wait for the mail server.

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{AdvocateId, SpaceId};
use crate::store::invitations::InvitationRecord;

/// False when one waits already.
pub(in crate::store) async fn insert_invitation(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    due_at_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO invitations (advocate_id, space_id, attempts, due_at_ms) VALUES ($1, $2, 0, $3)
             ON CONFLICT DO NOTHING",
    )
    .bind(key(advocate.bits()))
    .bind(key(space.bits()))
    .bind(due_at_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Of all spaces, the longest due first.
pub(in crate::store) async fn due_invitations(
    connection: &mut Connection,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<InvitationRecord>> {
    let rows = sqlx::query("SELECT * FROM invitations WHERE due_at_ms <= $1 ORDER BY due_at_ms, advocate_id LIMIT $2")
        .bind(now_ms)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// False when it is not due now, or gone.
pub(in crate::store) async fn postpone_invitation(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    now_ms: i64,
    due_at_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE invitations SET attempts = attempts + 1, due_at_ms = $1
             WHERE space_id = $2 AND advocate_id = $3 AND due_at_ms <= $4",
    )
    .bind(due_at_ms)
    .bind(key(space.bits()))
    .bind(key(advocate.bits()))
    .bind(now_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::store) async fn delete_invitation(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<()> {
    sqlx::query("DELETE FROM invitations WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<InvitationRecord> {
    Ok(InvitationRecord {
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        attempts: row::small(row, "attempts")?,
        due_at_ms: row.try_get("due_at_ms")?,
    })
}
