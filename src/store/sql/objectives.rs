//! What is aimed at in a quarter.

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{Quarter, SpaceId, TeamId};
use crate::store::library::ObjectiveRecord;

pub(in crate::store) async fn objectives(
    connection: &mut Connection,
    space: SpaceId,
    quarter: Quarter,
) -> Result<Vec<ObjectiveRecord>> {
    let rows = sqlx::query(
        "SELECT team_id, kpi, target FROM objectives WHERE space_id = $1 AND quarter = $2 ORDER BY team_id, kpi",
    )
    .bind(key(space.bits()))
    .bind(quarter.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ObjectiveRecord {
                team: TeamId::from_bits(row::bits(row, "team_id")?),
                kpi: row::text(row, "kpi")?,
                target: row::json(row, "target")?,
            })
        })
        .collect()
}

pub(in crate::store) async fn put_objective(
    connection: &mut Connection,
    space: SpaceId,
    quarter: Quarter,
    objective: &ObjectiveRecord,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO objectives (space_id, quarter, team_id, kpi, target, updated_at_ms) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (space_id, quarter, team_id, kpi) DO UPDATE SET target = $5, updated_at_ms = $6",
    )
    .bind(key(space.bits()))
    .bind(quarter.to_string())
    .bind(key(objective.team.bits()))
    .bind(&objective.kpi)
    .bind(row::to_json(&objective.target))
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn remove_objective(
    connection: &mut Connection,
    space: SpaceId,
    quarter: Quarter,
    team: TeamId,
    kpi: &str,
) -> Result<()> {
    sqlx::query("DELETE FROM objectives WHERE space_id = $1 AND quarter = $2 AND team_id = $3 AND kpi = $4")
        .bind(key(space.bits()))
        .bind(quarter.to_string())
        .bind(key(team.bits()))
        .bind(kpi)
        .execute(connection)
        .await?;
    Ok(())
}
