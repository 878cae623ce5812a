//! Challenges: one asking to sign in each.

use sqlx::Row as _;

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{AdvocateId, ChallengeId, SpaceId};
use crate::store::sign_in::ChallengeRecord;

pub(in crate::store) async fn challenge(
    connection: &mut Connection,
    space: SpaceId,
    id: ChallengeId,
) -> Result<Option<ChallengeRecord>> {
    let row = sqlx::query("SELECT * FROM challenges WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whatever its space: the secret says which.
pub(in crate::store) async fn challenge_of_link(
    connection: &mut Connection,
    link: &[u8; 32],
) -> Result<Option<ChallengeRecord>> {
    let row = sqlx::query("SELECT * FROM challenges WHERE link = $1")
        .bind(link.as_slice())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whatever their space: the browser's secret says which.
pub(in crate::store) async fn challenges_of_browser(
    connection: &mut Connection,
    browser: &[u8; 32],
    now_ms: i64,
    limit: u32,
) -> Result<Vec<ChallengeRecord>> {
    let rows = sqlx::query(
        "SELECT * FROM challenges WHERE browser = $1 AND code IS NOT NULL AND ends_at_ms > $2
         ORDER BY created_at_ms DESC, id LIMIT $3",
    )
    .bind(browser.as_slice())
    .bind(now_ms)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn count_challenges(
    connection: &mut Connection,
    space: SpaceId,
    email: &str,
    since_ms: i64,
) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM challenges WHERE space_id = $1 AND email = $2 AND created_at_ms >= $3",
    )
    .bind(key(space.bits()))
    .bind(email)
    .bind(since_ms)
    .fetch_one(connection)
    .await?;
    Ok(count.cast_unsigned())
}

pub(in crate::store) async fn insert_challenge(connection: &mut Connection, challenge: &ChallengeRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO challenges (id, space_id, email, advocate_id, browser, code, link, next, attempts,
             created_at_ms, ends_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(key(challenge.id.bits()))
    .bind(key(challenge.space.bits()))
    .bind(&challenge.email)
    .bind(challenge.advocate.map(|advocate| key(advocate.bits())))
    .bind(challenge.browser.as_ref().map(<[u8; 32]>::as_slice))
    .bind(challenge.code.as_ref().map(<[u8; 32]>::as_slice))
    .bind(challenge.link.as_ref().map(<[u8; 32]>::as_slice))
    .bind(&challenge.next)
    .bind(i64::from(challenge.attempts))
    .bind(challenge.created_at_ms)
    .bind(challenge.ends_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn set_challenge_secrets(
    connection: &mut Connection,
    space: SpaceId,
    id: ChallengeId,
    code: &[u8; 32],
    link: &[u8; 32],
    ends_at_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE challenges SET code = $1, link = $2, ends_at_ms = $3 WHERE space_id = $4 AND id = $5")
        .bind(code.as_slice())
        .bind(link.as_slice())
        .bind(ends_at_ms)
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn count_attempt(
    connection: &mut Connection,
    space: SpaceId,
    id: ChallengeId,
) -> Result<()> {
    sqlx::query("UPDATE challenges SET attempts = attempts + 1 WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// True when there was one to take.
pub(in crate::store) async fn take_challenge(
    connection: &mut Connection,
    space: SpaceId,
    id: ChallengeId,
) -> Result<bool> {
    let done = sqlx::query("DELETE FROM challenges WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Those for this person and those for this address.
pub(in crate::store) async fn delete_challenges_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    email: Option<&str>,
) -> Result<()> {
    sqlx::query("DELETE FROM challenges WHERE space_id = $1 AND (advocate_id = $2 OR email = $3)")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .bind(email)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn prune_challenges(connection: &mut Connection, now_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM challenges WHERE ends_at_ms <= $1").bind(now_ms).execute(connection).await?;
    Ok(())
}

fn read(row: &Row) -> Result<ChallengeRecord> {
    Ok(ChallengeRecord {
        id: ChallengeId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        email: row::optional_text(row, "email")?,
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?).known(),
        browser: row::optional_digest(row, "browser")?,
        code: row::optional_digest(row, "code")?,
        link: row::optional_digest(row, "link")?,
        next: row::text(row, "next")?,
        attempts: row::small(row, "attempts")?,
        created_at_ms: row.try_get("created_at_ms")?,
        ends_at_ms: row.try_get("ends_at_ms")?,
    })
}
