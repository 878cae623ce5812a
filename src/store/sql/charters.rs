//! Charters, and who left of its own will.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, SpaceId};
use crate::store::portal::CharterRecord;

pub(in crate::store) async fn charter(
    connection: &mut Connection,
    space: SpaceId,
    version: Option<u32>,
) -> Result<Option<CharterRecord>> {
    let row = sqlx::query(
        "SELECT * FROM charters WHERE space_id = $1 AND version >= $2 AND version <= $3 ORDER BY version DESC LIMIT 1",
    )
    .bind(key(space.bits()))
    .bind(version.map_or(0, i64::from))
    .bind(version.map_or(i64::MAX, i64::from))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_charters(connection: &mut Connection, space: SpaceId) -> Result<Vec<CharterRecord>> {
    let query = sqlx::query("SELECT * FROM charters WHERE space_id = $1 ORDER BY version DESC").bind(key(space.bits()));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn insert_charter(connection: &mut Connection, charter: &CharterRecord) -> Result<()> {
    sqlx::query("INSERT INTO charters (space_id, version, texts, published_at_ms) VALUES ($1, $2, $3, $4)")
        .bind(key(charter.space.bits()))
        .bind(i64::from(charter.version))
        .bind(row::to_json(&charter.texts))
        .bind(charter.published_at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// The version that each accepted last, of those who accepted one.
pub(in crate::store) async fn accepted_charters(
    connection: &mut Connection,
    space: SpaceId,
    ids: &[AdvocateId],
) -> Result<HashMap<AdvocateId, u32>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::<Db>::new("SELECT id, charter_accepted FROM advocates WHERE space_id = ");
    query.push_bind(key(space.bits())).push(" AND charter_accepted IS NOT NULL AND id IN ");
    row::push_keys(&mut query, ids.iter().map(|id| id.bits()));
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok((AdvocateId::from_bits(row::bits(row, "id")?), row::small(row, "charter_accepted")?)))
        .collect()
}

pub(in crate::store) async fn left_by_itself(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT left_on FROM leavers WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await
}

pub(in crate::store) async fn insert_leaver(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
    on: &str,
) -> Result<()> {
    sqlx::query("INSERT INTO leavers (advocate_id, space_id, left_on) VALUES ($1, $2, $3)")
        .bind(key(id.bits()))
        .bind(key(space.bits()))
        .bind(on)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn delete_leaver(connection: &mut Connection, space: SpaceId, id: AdvocateId) -> Result<()> {
    sqlx::query("DELETE FROM leavers WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<CharterRecord> {
    use sqlx::Row as _;
    Ok(CharterRecord {
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        version: row::small(row, "version")?,
        texts: row::json(row, "texts")?,
        published_at_ms: row.try_get("published_at_ms")?,
    })
}
