//! How far the set-up of a space is.

use sqlx::Row as _;

use super::Connection;
use super::row::{self, Result, key};
use crate::model::SpaceId;
use crate::store::setup::{HostCheckRecord, SetupCounts};

pub(in crate::store) async fn setup_counts(connection: &mut Connection, space: SpaceId) -> Result<SetupCounts> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM advocates WHERE space_id = $1) AS people,
             (SELECT count(*) FROM contents WHERE space_id = $1 AND published_at_ms IS NOT NULL) AS contents",
    )
    .bind(key(space.bits()))
    .fetch_one(connection)
    .await?;
    Ok(SetupCounts { people: row::small(&row, "people")?, contents: row::small(&row, "contents")? })
}

pub(in crate::store) async fn settled_steps(connection: &mut Connection, space: SpaceId) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT step FROM settled_steps WHERE space_id = $1 ORDER BY step")
        .bind(key(space.bits()))
        .fetch_all(connection)
        .await
}

pub(in crate::store) async fn settle_step(
    connection: &mut Connection,
    space: SpaceId,
    step: &str,
    at_ms: i64,
) -> Result<()> {
    sqlx::query("INSERT INTO settled_steps (space_id, step, settled_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(key(space.bits()))
        .bind(step)
        .bind(at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// The checks of the hosts that the space has now.
pub(in crate::store) async fn host_checks(connection: &mut Connection, space: SpaceId) -> Result<Vec<HostCheckRecord>> {
    let rows = sqlx::query(
        "SELECT c.host, c.outcome, c.checked_at_ms FROM host_checks c
             JOIN space_hosts h ON h.host = c.host AND h.space_id = c.space_id
             WHERE c.space_id = $1 ORDER BY h.position",
    )
    .bind(key(space.bits()))
    .fetch_all(connection)
    .await?;
    let read = |row: &super::Row| {
        let (host, outcome) = (row::text(row, "host")?, row::text(row, "outcome")?);
        Ok(HostCheckRecord { host, outcome, checked_at_ms: row.try_get("checked_at_ms")? })
    };
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn put_host_check(
    connection: &mut Connection,
    space: SpaceId,
    check: &HostCheckRecord,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO host_checks (host, space_id, outcome, checked_at_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (host) DO UPDATE SET space_id = $2, outcome = $3, checked_at_ms = $4",
    )
    .bind(&check.host)
    .bind(key(space.bits()))
    .bind(&check.outcome)
    .bind(check.checked_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}
