//! Uploaded logos.

use sqlx::Row as _;

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{Picture, PictureKey, SpaceId};
use crate::store::pictures::KeptPicture;

/// Replaces a space's logo.
pub(in crate::store) async fn put_logo(
    connection: &mut Connection,
    space: SpaceId,
    name: PictureKey,
    picture: &Picture,
    at_ms: i64,
) -> Result<()> {
    delete_logo(&mut *connection, space).await?;
    sqlx::query("INSERT INTO logos (key, space_id, media_type, body, created_at_ms) VALUES ($1, $2, $3, $4, $5)")
        .bind(name.to_string())
        .bind(key(space.bits()))
        .bind(picture.media_type)
        .bind(picture.bytes.as_slice())
        .bind(at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn delete_logo(connection: &mut Connection, space: SpaceId) -> Result<()> {
    sqlx::query("DELETE FROM logos WHERE space_id = $1").bind(key(space.bits())).execute(connection).await?;
    Ok(())
}

/// The logo of any space.
pub(in crate::store) async fn logo(connection: &mut Connection, name: PictureKey) -> Result<Option<KeptPicture>> {
    let row = sqlx::query("SELECT media_type, body FROM logos WHERE key = $1")
        .bind(name.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KeptPicture { media_type: row::text(&row, "media_type")?, bytes: row.try_get("body")? }))
}
