//! Teams, and who manages them.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, SpaceId, Team, TeamId};
use crate::store::records::Page;

pub(in crate::store) async fn team(connection: &mut Connection, space: SpaceId, id: TeamId) -> Result<Option<Team>> {
    let row = sqlx::query("SELECT * FROM teams WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

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

/// Every team of a space.
pub(in crate::store) async fn all_teams(connection: &mut Connection, space: SpaceId) -> Result<Vec<Team>> {
    let query = sqlx::query("SELECT * FROM teams WHERE space_id = $1").bind(key(space.bits()));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn list_teams(
    connection: &mut Connection,
    space: SpaceId,
    parent: Option<TeamId>,
    page: Page<TeamId>,
) -> Result<Vec<Team>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM teams WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(parent) = parent {
        query.push(" AND parent_id = ").push_bind(key(parent.bits()));
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM teams WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Teams of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_teams(connection: &mut Connection, after: TeamId, limit: u32) -> Result<Vec<Team>> {
    let query = sqlx::query("SELECT * FROM teams WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Who manages each of these teams, in the order of their ids.
pub(in crate::store) async fn managers_of(
    connection: &mut Connection,
    space: SpaceId,
    teams: &[TeamId],
) -> Result<HashMap<TeamId, Vec<AdvocateId>>> {
    let mut managers: HashMap<_, Vec<_>> = HashMap::new();
    if teams.is_empty() {
        return Ok(managers);
    }
    let mut query = QueryBuilder::<Db>::new("SELECT team_id, advocate_id FROM team_managers WHERE space_id = ");
    query.push_bind(key(space.bits())).push(" AND team_id IN ");
    row::push_keys(&mut query, teams.iter().map(|id| id.bits()));
    query.push(" ORDER BY team_id, advocate_id");
    for row in query.build().fetch_all(connection).await? {
        let team = TeamId::from_bits(row::bits(&row, "team_id")?);
        managers.entry(team).or_default().push(AdvocateId::from_bits(row::bits(&row, "advocate_id")?));
    }
    Ok(managers)
}

pub(in crate::store) async fn put_team(connection: &mut Connection, team: &Team, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO teams (id, space_id, parent_id, name, created_at_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET parent_id = $3, name = $4",
    )
    .bind(key(team.id.bits()))
    .bind(key(team.space.bits()))
    .bind(optional_key(team.parent.bits()))
    .bind(&team.name)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes these the managers of a team, and nobody else.
pub(in crate::store) async fn set_managers(
    connection: &mut Connection,
    space: SpaceId,
    team: TeamId,
    managers: &[AdvocateId],
) -> Result<()> {
    sqlx::query("DELETE FROM team_managers WHERE space_id = $1 AND team_id = $2")
        .bind(key(space.bits()))
        .bind(key(team.bits()))
        .execute(&mut *connection)
        .await?;
    for manager in managers {
        sqlx::query("INSERT INTO team_managers (team_id, advocate_id, space_id) VALUES ($1, $2, $3)")
            .bind(key(team.bits()))
            .bind(key(manager.bits()))
            .bind(key(space.bits()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Team> {
    Ok(Team {
        id: TeamId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        parent: TeamId::from_bits(row::bits(row, "parent_id")?),
        name: row::text(row, "name")?,
    })
}
