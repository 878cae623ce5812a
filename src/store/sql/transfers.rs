//! Imports and exports that run in the background.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{SpaceId, TransferId, TransferKind};
use crate::store::records::Page;
use crate::store::transfers::TransferRecord;

pub(in crate::store) async fn transfer(
    connection: &mut Connection,
    space: SpaceId,
    id: TransferId,
) -> Result<Option<TransferRecord>> {
    let row = sqlx::query("SELECT * FROM transfers WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    let record = row.as_ref().map(read).transpose()?;
    Ok(record.filter(|record| record.id == id))
}

pub(in crate::store) async fn list_transfers(
    connection: &mut Connection,
    space: SpaceId,
    imports: bool,
    page: Page<TransferId>,
) -> Result<Vec<TransferRecord>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM transfers WHERE space_id = ");
    query.push_bind(key(space.bits()));
    query.push(" AND kind LIKE ").push_bind(if imports { "import.%" } else { "export.%" });
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) < (SELECT created_at_ms, id FROM transfers WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms DESC, id DESC LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn count_open_transfers(connection: &mut Connection, space: SpaceId) -> Result<u64> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM transfers WHERE space_id = $1 AND state IN ('waiting', 'running')")
            .bind(key(space.bits()))
            .fetch_one(connection)
            .await?;
    Ok(count.cast_unsigned())
}

pub(in crate::store) async fn next_transfer(connection: &mut Connection, node: &str) -> Result<Option<TransferRecord>> {
    let row = sqlx::query(
        "SELECT * FROM transfers WHERE state = 'waiting' AND node = $1
             AND space_id NOT IN (SELECT space_id FROM transfers WHERE state = 'running')
         ORDER BY created_at_ms, id LIMIT 1",
    )
    .bind(node)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn running_transfers(
    connection: &mut Connection,
    node: &str,
) -> Result<Vec<TransferRecord>> {
    let rows = sqlx::query("SELECT * FROM transfers WHERE state = 'running' AND node = $1 ORDER BY created_at_ms, id");
    rows.bind(node).fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn stale_transfers(
    connection: &mut Connection,
    before_ms: i64,
) -> Result<Vec<TransferRecord>> {
    let rows = sqlx::query(
        "SELECT * FROM transfers
             WHERE state IN ('waiting', 'running') AND COALESCE(started_at_ms, created_at_ms) < $1 ORDER BY id",
    );
    rows.bind(before_ms).fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn expired_transfers(
    connection: &mut Connection,
    node: &str,
    now_ms: i64,
) -> Result<Vec<TransferRecord>> {
    let rows = sqlx::query(
        "SELECT * FROM transfers
             WHERE node = $1 AND kept_until_ms <= $2 AND (has_files = $3 OR details IS NOT NULL)
                 AND state NOT IN ('waiting', 'running') ORDER BY id",
    );
    rows.bind(node).bind(now_ms).bind(true).fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn transfers_with_files(connection: &mut Connection, node: &str) -> Result<Vec<TransferId>> {
    let rows = sqlx::query("SELECT id, kind FROM transfers WHERE node = $1 AND has_files = $2");
    rows.bind(node).bind(true).fetch_all(connection).await?.iter().map(id).collect()
}

pub(in crate::store) async fn put_transfer(connection: &mut Connection, transfer: &TransferRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO transfers (id, space_id, kind, node, asked_by, settings, state, attempts, done, total, report,
             details, problem, bytes, has_files, created_at_ms, started_at_ms, ended_at_ms, kept_until_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (id) DO UPDATE SET settings = $6, state = $7, attempts = $8, done = $9, total = $10, report = $11,
             details = $12, problem = $13, bytes = $14, has_files = $15, started_at_ms = $17, ended_at_ms = $18,
             kept_until_ms = $19",
    )
    .bind(key(transfer.id.bits()))
    .bind(key(transfer.space.bits()))
    .bind(transfer.kind.as_str())
    .bind(&transfer.node)
    .bind(&transfer.asked_by)
    .bind(row::to_json(&transfer.settings))
    .bind(transfer.state.as_str())
    .bind(i64::from(transfer.attempts))
    .bind(transfer.done.cast_signed())
    .bind(transfer.total.cast_signed())
    .bind(transfer.report.as_ref().map(row::to_json))
    .bind(transfer.details.as_ref().map(row::to_json))
    .bind(&transfer.problem)
    .bind(transfer.bytes.cast_signed())
    .bind(transfer.has_files)
    .bind(transfer.created_at_ms)
    .bind(transfer.started_at_ms)
    .bind(transfer.ended_at_ms)
    .bind(transfer.kept_until_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn expire_transfers(connection: &mut Connection, space: SpaceId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "UPDATE transfers SET details = NULL, kept_until_ms = $1
             WHERE space_id = $2 AND state <> 'waiting'",
    )
    .bind(now_ms)
    .bind(key(space.bits()))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn prune_transfers(connection: &mut Connection, before_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM transfers WHERE ended_at_ms < $1 AND has_files = $2")
        .bind(before_ms)
        .bind(false)
        .execute(connection)
        .await?;
    Ok(())
}

fn id(row: &Row) -> Result<TransferId> {
    let kind: TransferKind = row::word(row, "kind")?;
    Ok(TransferId::of(kind, row::bits(row, "id")?))
}

fn read(row: &Row) -> Result<TransferRecord> {
    Ok(TransferRecord {
        id: id(row)?,
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        kind: row::word(row, "kind")?,
        node: row::text(row, "node")?,
        asked_by: row::text(row, "asked_by")?,
        settings: row::json(row, "settings")?,
        state: row::word(row, "state")?,
        attempts: row::small(row, "attempts")?,
        done: row::small(row, "done")?,
        total: row::small(row, "total")?,
        report: row::optional_json(row, "report")?,
        details: row::optional_json(row, "details")?,
        problem: row::optional_text(row, "problem")?,
        bytes: row::small(row, "bytes")?,
        has_files: row.try_get("has_files")?,
        created_at_ms: row.try_get("created_at_ms")?,
        started_at_ms: row::optional_instant(row, "started_at_ms")?,
        ended_at_ms: row::optional_instant(row, "ended_at_ms")?,
        kept_until_ms: row::optional_instant(row, "kept_until_ms")?,
    })
}
