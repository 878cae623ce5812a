//! Mails that wait.

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{ChallengeId, MailId, SpaceId};
use crate::store::sign_in::MailRecord;

pub(in crate::store) async fn insert_mail(connection: &mut Connection, mail: &MailRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO mails (id, space_id, challenge_id, language, attempts, due_at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(key(mail.id.bits()))
    .bind(key(mail.space.bits()))
    .bind(key(mail.challenge.bits()))
    .bind(mail.language.as_str())
    .bind(i64::from(mail.attempts))
    .bind(mail.due_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Of every space: one queue hands them all over.
pub(in crate::store) async fn due_mails(
    connection: &mut Connection,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<MailRecord>> {
    let rows = sqlx::query("SELECT * FROM mails WHERE due_at_ms <= $1 ORDER BY due_at_ms, id LIMIT $2")
        .bind(now_ms)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// True when it was due and still there.
pub(in crate::store) async fn postpone_mail(
    connection: &mut Connection,
    id: MailId,
    now_ms: i64,
    due_at_ms: i64,
) -> Result<bool> {
    let done =
        sqlx::query("UPDATE mails SET attempts = attempts + 1, due_at_ms = $1 WHERE id = $2 AND due_at_ms <= $3")
            .bind(due_at_ms)
            .bind(key(id.bits()))
            .bind(now_ms)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::store) async fn delete_mail(connection: &mut Connection, id: MailId) -> Result<()> {
    sqlx::query("DELETE FROM mails WHERE id = $1").bind(key(id.bits())).execute(connection).await?;
    Ok(())
}

fn read(row: &Row) -> Result<MailRecord> {
    Ok(MailRecord {
        id: MailId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        challenge: ChallengeId::from_bits(row::bits(row, "challenge_id")?),
        language: row::word(row, "language")?,
        attempts: row::small(row, "attempts")?,
        due_at_ms: row.try_get("due_at_ms")?,
    })
}
