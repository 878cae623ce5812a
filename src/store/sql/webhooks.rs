//! Webhooks, their deliveries, and what was told already.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{DeliveryId, EventId, SpaceId, WebhookId};
use crate::store::records::Page;
use crate::store::webhooks::{DeliveryRecord, SegmentKey, WebhookRecord};

pub(in crate::store) async fn webhook(
    connection: &mut Connection,
    space: SpaceId,
    id: WebhookId,
) -> Result<Option<WebhookRecord>> {
    let row = sqlx::query("SELECT * FROM webhooks WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_webhooks(
    connection: &mut Connection,
    space: SpaceId,
    page: Page<WebhookId>,
) -> Result<Vec<WebhookRecord>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM webhooks WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM webhooks WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Those of every space that are on.
pub(in crate::store) async fn webhooks_on(connection: &mut Connection) -> Result<Vec<WebhookRecord>> {
    sqlx::query("SELECT * FROM webhooks WHERE state = 'on' ORDER BY id")
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

pub(in crate::store) async fn put_webhook(
    connection: &mut Connection,
    webhook: &WebhookRecord,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO webhooks (id, space_id, url, events, secret, state, off_reason, failures, failing_since_ms,
             created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET url = $3, events = $4, secret = $5, state = $6, off_reason = $7, failures = $8,
             failing_since_ms = $9, updated_at_ms = $11",
    )
    .bind(key(webhook.id.bits()))
    .bind(key(webhook.space.bits()))
    .bind(&webhook.url)
    .bind(row::to_json(&webhook.events))
    .bind(&webhook.secret)
    .bind(if webhook.on { "on" } else { "off" })
    .bind(&webhook.off_reason)
    .bind(webhook.failures)
    .bind(webhook.failing_since_ms)
    .bind(webhook.created_at_ms)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes a webhook with its deliveries; false when there is none.
pub(in crate::store) async fn remove_webhook(
    connection: &mut Connection,
    space: SpaceId,
    id: WebhookId,
) -> Result<bool> {
    let done = sqlx::query("DELETE FROM webhooks WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(in crate::store) async fn delivery(
    connection: &mut Connection,
    space: SpaceId,
    id: DeliveryId,
) -> Result<Option<DeliveryRecord>> {
    let row = sqlx::query("SELECT * FROM webhook_deliveries WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read_delivery).transpose()
}

/// Newest first.
pub(in crate::store) async fn list_deliveries(
    connection: &mut Connection,
    space: SpaceId,
    webhook: WebhookId,
    page: Page<DeliveryId>,
) -> Result<Vec<DeliveryRecord>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM webhook_deliveries WHERE webhook_id = ");
    query.push_bind(key(webhook.bits())).push(" AND space_id = ").push_bind(key(space.bits()));
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) < (SELECT created_at_ms, id FROM webhook_deliveries WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms DESC, id DESC LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read_delivery).collect()
}

/// Inserts a delivery, unless this webhook has one of this event.
pub(in crate::store) async fn insert_delivery(connection: &mut Connection, delivery: &DeliveryRecord) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO webhook_deliveries (id, webhook_id, space_id, event_id, event, body, state, due_at_ms, attempts,
             status, error, duration_ms, finished_at_ms, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (webhook_id, event_id) DO NOTHING",
    )
    .bind(key(delivery.id.bits()))
    .bind(key(delivery.webhook.bits()))
    .bind(key(delivery.space.bits()))
    .bind(key(delivery.event_id.bits()))
    .bind(&delivery.event)
    .bind(&delivery.body)
    .bind(&delivery.state)
    .bind(delivery.due_at_ms)
    .bind(delivery.attempts)
    .bind(delivery.status)
    .bind(&delivery.error)
    .bind(delivery.duration_ms)
    .bind(delivery.finished_at_ms)
    .bind(delivery.created_at_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What an attempt changed of a delivery; nothing when its webhook is gone.
pub(in crate::store) async fn update_delivery(connection: &mut Connection, delivery: &DeliveryRecord) -> Result<()> {
    sqlx::query(
        "UPDATE webhook_deliveries SET state = $1, due_at_ms = $2, attempts = $3, status = $4, error = $5,
             duration_ms = $6, finished_at_ms = $7
         WHERE id = $8 AND space_id = $9",
    )
    .bind(&delivery.state)
    .bind(delivery.due_at_ms)
    .bind(delivery.attempts)
    .bind(delivery.status)
    .bind(&delivery.error)
    .bind(delivery.duration_ms)
    .bind(delivery.finished_at_ms)
    .bind(key(delivery.id.bits()))
    .bind(key(delivery.space.bits()))
    .execute(connection)
    .await?;
    Ok(())
}

/// The webhooks of every space that are on and have something due.
pub(in crate::store) async fn webhooks_due(
    connection: &mut Connection,
    now_ms: i64,
) -> Result<Vec<(SpaceId, WebhookId)>> {
    let rows = sqlx::query(
        "SELECT w.space_id AS space_id, w.id AS id FROM webhooks w WHERE w.state = 'on' AND EXISTS (
             SELECT 1 FROM webhook_deliveries d
             WHERE d.webhook_id = w.id AND d.due_at_ms IS NOT NULL AND d.due_at_ms <= $1)
         ORDER BY w.id",
    )
    .bind(now_ms)
    .fetch_all(connection)
    .await?;
    let read = |row: &Row| -> Result<_> {
        Ok((SpaceId::from_bits(row::bits(row, "space_id")?), WebhookId::from_bits(row::bits(row, "id")?)))
    };
    rows.iter().map(read).collect()
}

/// A webhook's deliveries that are due, those first that have been for longest.
pub(in crate::store) async fn due_deliveries(
    connection: &mut Connection,
    space: SpaceId,
    webhook: WebhookId,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<DeliveryRecord>> {
    let rows = sqlx::query(
        "SELECT * FROM webhook_deliveries
         WHERE webhook_id = $1 AND space_id = $2 AND due_at_ms IS NOT NULL AND due_at_ms <= $3
         ORDER BY due_at_ms, id LIMIT $4",
    )
    .bind(key(webhook.bits()))
    .bind(key(space.bits()))
    .bind(now_ms)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(read_delivery).collect()
}

/// Makes everything that waits for this webhook due.
pub(in crate::store) async fn wake_deliveries(
    connection: &mut Connection,
    space: SpaceId,
    webhook: WebhookId,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "UPDATE webhook_deliveries SET due_at_ms = $1
         WHERE webhook_id = $2 AND space_id = $3 AND due_at_ms IS NOT NULL",
    )
    .bind(at_ms)
    .bind(key(webhook.bits()))
    .bind(key(space.bits()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives up the deliveries of every space that were made before `before_ms` and wait still.
pub(in crate::store) async fn give_up_deliveries(
    connection: &mut Connection,
    before_ms: i64,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "UPDATE webhook_deliveries SET state = 'failed', due_at_ms = NULL, finished_at_ms = $1
         WHERE created_at_ms < $2 AND due_at_ms IS NOT NULL",
    )
    .bind(at_ms)
    .bind(before_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes deliveries of every space that were made before `before_ms`, and notes of clicks told before `clicks_ms`.
pub(in crate::store) async fn prune_deliveries(
    connection: &mut Connection,
    before_ms: i64,
    clicks_ms: i64,
) -> Result<u64> {
    let done = sqlx::query("DELETE FROM webhook_deliveries WHERE created_at_ms < $1")
        .bind(before_ms)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM webhook_clicks WHERE told_at_ms < $1").bind(clicks_ms).execute(connection).await?;
    Ok(done.rows_affected())
}

/// The words that were told of an entity, and when the next of them is due.
pub(in crate::store) async fn told(
    connection: &mut Connection,
    space: SpaceId,
    entity: u64,
) -> Result<(Vec<String>, Option<i64>)> {
    let row = sqlx::query("SELECT told, due_at_ms FROM webhook_told WHERE entity_id = $1 AND space_id = $2")
        .bind(key(entity))
        .bind(key(space.bits()))
        .fetch_optional(connection)
        .await?;
    match row {
        Some(row) => Ok((row::json(&row, "told")?, row.try_get("due_at_ms")?)),
        None => Ok((Vec::new(), None)),
    }
}

pub(in crate::store) async fn set_told(
    connection: &mut Connection,
    space: SpaceId,
    entity: u64,
    told: &[String],
    due_at_ms: Option<i64>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO webhook_told (entity_id, space_id, told, due_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (entity_id) DO UPDATE SET told = $3, due_at_ms = $4",
    )
    .bind(key(entity))
    .bind(key(space.bits()))
    .bind(row::to_json(&told))
    .bind(due_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Entities of every space whose instant has come, the earliest first.
pub(in crate::store) async fn told_due(
    connection: &mut Connection,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<(SpaceId, u64)>> {
    let rows = sqlx::query(
        "SELECT space_id, entity_id FROM webhook_told WHERE due_at_ms IS NOT NULL AND due_at_ms <= $1
         ORDER BY due_at_ms, entity_id LIMIT $2",
    )
    .bind(now_ms)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((SpaceId::from_bits(row::bits(row, "space_id")?), row::bits(row, "entity_id")?))).collect()
}

/// The records of a segment that were told, as `[first, end)` pairs.
pub(in crate::store) async fn told_clicks(connection: &mut Connection, place: SegmentKey) -> Result<Vec<(u32, u32)>> {
    let row = sqlx::query("SELECT told FROM webhook_clicks WHERE spool_id = $1 AND lane = $2 AND segment = $3")
        .bind(place.spool_id.to_string())
        .bind(i64::from(place.lane))
        .bind(place.segment.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map_or(Ok(Vec::new()), |row| row::json(row, "told"))
}

pub(in crate::store) async fn set_told_clicks(
    connection: &mut Connection,
    place: SegmentKey,
    told: &[(u32, u32)],
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO webhook_clicks (spool_id, lane, segment, told, told_at_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (spool_id, lane, segment) DO UPDATE SET told = $4, told_at_ms = $5",
    )
    .bind(place.spool_id.to_string())
    .bind(i64::from(place.lane))
    .bind(place.segment.to_string())
    .bind(row::to_json(&told))
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &Row) -> Result<WebhookRecord> {
    Ok(WebhookRecord {
        id: WebhookId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        url: row::text(row, "url")?,
        events: row::json(row, "events")?,
        secret: row::text(row, "secret")?,
        on: row::text(row, "state")? == "on",
        off_reason: row::optional_text(row, "off_reason")?,
        failures: row.try_get("failures")?,
        failing_since_ms: row.try_get("failing_since_ms")?,
        created_at_ms: row.try_get("created_at_ms")?,
    })
}

fn read_delivery(row: &Row) -> Result<DeliveryRecord> {
    Ok(DeliveryRecord {
        id: DeliveryId::from_bits(row::bits(row, "id")?),
        webhook: WebhookId::from_bits(row::bits(row, "webhook_id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        event_id: EventId::from_bits(row::bits(row, "event_id")?),
        event: row::text(row, "event")?,
        body: row::text(row, "body")?,
        state: row::text(row, "state")?,
        due_at_ms: row.try_get("due_at_ms")?,
        attempts: row.try_get("attempts")?,
        status: row.try_get("status")?,
        error: row::optional_text(row, "error")?,
        duration_ms: row.try_get("duration_ms")?,
        finished_at_ms: row.try_get("finished_at_ms")?,
        created_at_ms: row.try_get("created_at_ms")?,
    })
}
