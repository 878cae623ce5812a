//! The change feed.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db};
use crate::model::{Change, Entity, SpaceId};

/// Rows of one INSERT: 6 parameters each, SQLite takes 32,766.
const ROWS_A_STATEMENT: usize = 1000;

/// Appends changes of one space in order, each with its entity's bits; answers the last number.
pub(in crate::store) async fn append_changes(
    connection: &mut Connection,
    space: SpaceId,
    changes: &[(u64, Entity)],
    at_ms: i64,
) -> Result<u64> {
    // Numbered by a row of their own: a sequence would leave a gap for a transaction that is undone.
    let last: i64 = sqlx::query_scalar("UPDATE feed SET seq = seq + $1 RETURNING seq")
        .bind(changes.len() as i64)
        .fetch_one(&mut *connection)
        .await?;
    let mut numbers = last - changes.len() as i64 + 1..;
    for chunk in changes.chunks(ROWS_A_STATEMENT) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO changes (seq, space_id, kind, entity_id, payload, at_ms) ");
        query.push_values(chunk.iter().zip(&mut numbers), |mut row, ((id, entity), number)| {
            row.push_bind(number)
                .push_bind(key(space.bits()))
                .push_bind(entity.kind())
                .push_bind(key(*id))
                .push_bind(row::to_json(entity))
                .push_bind(at_ms);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(last.cast_unsigned())
}

/// The newest number, 0 before the first change. It outlives pruning.
pub(in crate::store) async fn latest_seq(connection: &mut Connection) -> Result<u64> {
    let seq: i64 = sqlx::query_scalar("SELECT seq FROM feed").fetch_one(connection).await?;
    Ok(seq.cast_unsigned())
}

pub(in crate::store) async fn changes_after(connection: &mut Connection, seq: u64, limit: u32) -> Result<Vec<Change>> {
    let rows = sqlx::query("SELECT seq, at_ms, payload FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(key(seq))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Change { seq: row::bits(row, "seq")?, at_ms: row.try_get("at_ms")?, entity: row::json(row, "payload")? })
        })
        .collect()
}

/// Removes at most `limit` of the oldest changes, none after `through` and none from `before_ms` on.
pub(in crate::store) async fn prune_changes(
    connection: &mut Connection,
    through: u64,
    before_ms: i64,
    limit: u32,
) -> Result<u64> {
    // Whether a row is old enough is asked of the first one that is not: an instant that went
    // backwards must not leave a hole in the feed.
    let done = sqlx::query(
        "DELETE FROM changes WHERE seq <= $1
             AND seq < coalesce((SELECT seq FROM changes WHERE at_ms >= $2 ORDER BY seq LIMIT 1), 9223372036854775807)
             AND seq < (SELECT min(seq) FROM changes) + $3",
    )
    .bind(key(through))
    .bind(before_ms)
    .bind(i64::from(limit))
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
