//! Pictures that Relais serves itself.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db};
use crate::model::{PictureKey, SpaceId};
use crate::store::pictures::{KeptPicture, WantedPicture};

pub(in crate::store) async fn want_picture(
    connection: &mut Connection,
    space: SpaceId,
    url: &str,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO pictures (key, space_id, url, bytes, attempts, next_at_ms, created_at_ms)
         VALUES ($1, $2, $3, 0, 0, $4, $4)
         ON CONFLICT (key) DO UPDATE SET attempts = 0, next_at_ms = $4
             WHERE pictures.body IS NULL AND pictures.next_at_ms IS NULL",
    )
    .bind(PictureKey::new(space, url).to_string())
    .bind(key(space.bits()))
    .bind(url)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of these keys whose pictures were fetched.
pub(in crate::store) async fn pictures_there(
    connection: &mut Connection,
    keys: &[PictureKey],
) -> Result<Vec<PictureKey>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Db>::new("SELECT key FROM pictures WHERE body IS NOT NULL AND key IN (");
    let mut list = query.separated(", ");
    for key in keys {
        list.push_bind(key.to_string());
    }
    query.push(")");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| row::word(row, "key")).collect()
}

/// The picture of any space that has been due for the longest time.
pub(in crate::store) async fn due_picture(connection: &mut Connection, now_ms: i64) -> Result<Option<WantedPicture>> {
    let row = sqlx::query(
        "SELECT space_id, url, attempts FROM pictures WHERE next_at_ms IS NOT NULL AND next_at_ms <= $1
             ORDER BY next_at_ms, key LIMIT 1",
    )
    .bind(now_ms)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(WantedPicture {
        space: SpaceId::from_bits(row::bits(&row, "space_id")?),
        url: row::text(&row, "url")?,
        attempts: row::small(&row, "attempts")?,
    }))
}

pub(in crate::store) async fn put_off_picture(
    connection: &mut Connection,
    wanted: &WantedPicture,
    next_at_ms: Option<i64>,
    error: Option<&str>,
) -> Result<()> {
    sqlx::query("UPDATE pictures SET attempts = $1, next_at_ms = $2, error = $3 WHERE key = $4 AND body IS NULL")
        .bind(i64::from(wanted.attempts))
        .bind(next_at_ms)
        .bind(error)
        .bind(wanted.key().to_string())
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn keep_picture(
    connection: &mut Connection,
    key: PictureKey,
    media_type: &str,
    body: &[u8],
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "UPDATE pictures SET media_type = $1, body = $2, bytes = $3, next_at_ms = NULL, error = NULL,
             fetched_at_ms = $4 WHERE key = $5 AND body IS NULL",
    )
    .bind(media_type)
    .bind(body)
    .bind(i64::try_from(body.len()).unwrap_or(i64::MAX))
    .bind(at_ms)
    .bind(key.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn picture(connection: &mut Connection, key: PictureKey) -> Result<Option<KeptPicture>> {
    let row = sqlx::query("SELECT media_type, body FROM pictures WHERE key = $1 AND body IS NOT NULL")
        .bind(key.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KeptPicture { media_type: row::text(&row, "media_type")?, bytes: row.try_get("body")? }))
}

/// What the pictures of a space take, in bytes.
pub(in crate::store) async fn picture_bytes(connection: &mut Connection, space: SpaceId) -> Result<u64> {
    // PostgreSQL's sum of BIGINT is a NUMERIC.
    let bytes: i64 =
        sqlx::query_scalar("SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM pictures WHERE space_id = $1")
            .bind(key(space.bits()))
            .fetch_one(connection)
            .await?;
    Ok(bytes.cast_unsigned())
}

/// Removes pictures of all spaces that were first wanted before `before_ms` and that no content
/// names any more.
pub(in crate::store) async fn forget_pictures(connection: &mut Connection, before_ms: i64) -> Result<u64> {
    let done = sqlx::query(
        "DELETE FROM pictures WHERE created_at_ms < $1 AND NOT EXISTS (SELECT 1 FROM contents c
             WHERE c.space_id = pictures.space_id AND c.image_url = pictures.url)",
    )
    .bind(before_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
