//! Teams.

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{SpaceId, TeamId};

pub(in crate::store) async fn team_of_name(
    connection: &mut Connection,
    space: SpaceId,
    name: &str,
) -> Result<Option<TeamId>> {
    let row = sqlx::query("SELECT id FROM teams WHERE space_id = $1 AND name = $2")
        .bind(key(space.bits()))
        .bind(name)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| Ok(TeamId::from_bits(row::bits(row, "id")?))).transpose()
}

pub(in crate::store) async fn team_name(
    connection: &mut Connection,
    space: SpaceId,
    id: TeamId,
) -> Result<Option<String>> {
    let row = sqlx::query("SELECT name FROM teams WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| row::text(row, "name")).transpose()
}

pub(in crate::store) async fn insert_team(
    connection: &mut Connection,
    space: SpaceId,
    id: TeamId,
    name: &str,
    at_ms: i64,
) -> Result<()> {
    sqlx::query("INSERT INTO teams (id, space_id, name, created_at_ms) VALUES ($1, $2, $3, $4)")
        .bind(key(id.bits()))
        .bind(key(space.bits()))
        .bind(name)
        .bind(at_ms)
        .execute(connection)
        .await?;
    Ok(())
}
