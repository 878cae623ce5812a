//! Answers kept for repeated requests.

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{SpaceId, TokenId};
use crate::store::records::KeptAnswer;

pub(in crate::store) async fn kept_answer(
    connection: &mut Connection,
    space: SpaceId,
    token: TokenId,
    name: &str,
    since_ms: i64,
) -> Result<Option<KeptAnswer>> {
    let row = sqlx::query(
        "SELECT * FROM idempotency_keys WHERE token_id = $1 AND key = $2 AND space_id = $3 AND created_at_ms >= $4",
    )
    .bind(key(token.bits()))
    .bind(name)
    .bind(key(space.bits()))
    .bind(since_ms)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KeptAnswer {
        request_hash: row::digest(&row, "request_hash")?,
        status: row::small(&row, "status")?,
        answer: row::text(&row, "answer")?,
    }))
}

pub(in crate::store) async fn keep_answer(
    connection: &mut Connection,
    space: SpaceId,
    token: TokenId,
    name: &str,
    kept: &KeptAnswer,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO idempotency_keys (token_id, key, space_id, request_hash, status, answer, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key(token.bits()))
    .bind(name)
    .bind(key(space.bits()))
    .bind(kept.request_hash.as_slice())
    .bind(i64::from(kept.status))
    .bind(&kept.answer)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn forget_answers(connection: &mut Connection, before_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at_ms < $1").bind(before_ms).execute(connection).await?;
    Ok(())
}
