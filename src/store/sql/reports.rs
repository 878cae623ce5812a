//! What strangers tell of a link.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::report::{Report, ReportState};
use crate::model::{LinkId, ReportId, SpaceId};
use crate::store::records::Page;

pub(in crate::store) async fn insert_report(connection: &mut Connection, report: &Report) -> Result<()> {
    sqlx::query(
        "INSERT INTO link_reports (id, space_id, link_id, reason, note, state, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key(report.id.bits()))
    .bind(key(report.space.bits()))
    .bind(key(report.link.bits()))
    .bind(report.reason.as_str())
    .bind(&report.note)
    .bind(report.state.as_str())
    .bind(report.created_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn report(
    connection: &mut Connection,
    space: SpaceId,
    id: ReportId,
) -> Result<Option<Report>> {
    let row = sqlx::query("SELECT * FROM link_reports WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_reports(
    connection: &mut Connection,
    space: SpaceId,
    state: Option<ReportState>,
    page: Page<ReportId>,
) -> Result<Vec<Report>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM link_reports WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(state) = state {
        query.push(" AND state = ").push_bind(state.as_str());
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) < (SELECT created_at_ms, id FROM link_reports WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms DESC, id DESC LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Open reports of the link, and of the whole space.
pub(in crate::store) async fn count_open_reports(
    connection: &mut Connection,
    space: SpaceId,
    link: LinkId,
) -> Result<(u64, u64)> {
    let row = sqlx::query(
        "SELECT count(CASE WHEN link_id = $1 THEN 1 END) AS of_link, count(*) AS of_space
             FROM link_reports WHERE space_id = $2 AND state = 'open'",
    )
    .bind(key(link.bits()))
    .bind(key(space.bits()))
    .fetch_one(connection)
    .await?;
    Ok((row::small(&row, "of_link")?, row::small(&row, "of_space")?))
}

pub(in crate::store) async fn close_reports(connection: &mut Connection, space: SpaceId, link: LinkId) -> Result<u64> {
    let done =
        sqlx::query("UPDATE link_reports SET state = 'closed' WHERE space_id = $1 AND link_id = $2 AND state = 'open'")
            .bind(key(space.bits()))
            .bind(key(link.bits()))
            .execute(connection)
            .await?;
    Ok(done.rows_affected())
}

fn read(row: &Row) -> Result<Report> {
    Ok(Report {
        id: ReportId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        link: LinkId::from_bits(row::bits(row, "link_id")?),
        reason: row::word(row, "reason")?,
        note: row::optional_text(row, "note")?,
        state: row::word(row, "state")?,
        created_at_ms: row.try_get("created_at_ms")?,
    })
}
