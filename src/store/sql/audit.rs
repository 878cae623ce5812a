//! The audit log.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{AuditId, SpaceId};
use crate::store::audit::AuditEntry;
use crate::store::records::Page;

pub(in crate::store) async fn append_audit(connection: &mut Connection, entry: &AuditEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit_log (id, space_id, at_ms, actor, action, target, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key(entry.id.bits()))
    .bind(key(entry.space.bits()))
    .bind(entry.at_ms)
    .bind(&entry.actor)
    .bind(&entry.action)
    .bind(&entry.target)
    .bind(row::to_json(&entry.details))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn audit_entry(
    connection: &mut Connection,
    space: SpaceId,
    id: AuditId,
) -> Result<Option<AuditEntry>> {
    let row = sqlx::query("SELECT * FROM audit_log WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_audit(
    connection: &mut Connection,
    space: SpaceId,
    page: Page<AuditId>,
) -> Result<Vec<AuditEntry>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM audit_log WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(after) = page.after {
        query.push(" AND (at_ms, id) < (SELECT at_ms, id FROM audit_log WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY at_ms DESC, id DESC LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn prune_audit(connection: &mut Connection, before_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM audit_log WHERE at_ms < $1").bind(before_ms).execute(connection).await?;
    Ok(())
}

fn read(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: AuditId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        at_ms: row.try_get("at_ms")?,
        actor: row::text(row, "actor")?,
        action: row::text(row, "action")?,
        target: row::text(row, "target")?,
        details: row::json(row, "details")?,
    })
}
