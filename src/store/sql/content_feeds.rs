//! Feeds that propose contents.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{CampaignId, ContentFeed, ContentKind, FeedId, SpaceId, Visits};
use crate::store::records::Page;

pub(in crate::store) async fn content_feed(
    connection: &mut Connection,
    space: SpaceId,
    id: FeedId,
) -> Result<Option<ContentFeed>> {
    let row = sqlx::query("SELECT * FROM content_feeds WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn content_feed_of_url(
    connection: &mut Connection,
    space: SpaceId,
    url: &str,
) -> Result<Option<FeedId>> {
    let row = sqlx::query("SELECT id FROM content_feeds WHERE space_id = $1 AND url = $2")
        .bind(key(space.bits()))
        .bind(url)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| Ok(FeedId::from_bits(row::bits(row, "id")?))).transpose()
}

pub(in crate::store) async fn list_content_feeds(
    connection: &mut Connection,
    space: SpaceId,
    kind: Option<ContentKind>,
    page: Page<FeedId>,
) -> Result<Vec<ContentFeed>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM content_feeds WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(kind) = kind {
        query.push(" AND content_kind = ").push_bind(kind.as_str());
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM content_feeds WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// The feed of any space that has been due for the longest time.
pub(in crate::store) async fn due_content_feed(
    connection: &mut Connection,
    now_ms: i64,
) -> Result<Option<ContentFeed>> {
    let row = sqlx::query(
        "SELECT * FROM content_feeds WHERE NOT paused AND next_at_ms <= $1 ORDER BY next_at_ms, id LIMIT 1",
    )
    .bind(now_ms)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn put_content_feed(
    connection: &mut Connection,
    feed: &ContentFeed,
    at_ms: i64,
) -> Result<()> {
    let visits = &feed.visits;
    sqlx::query(
        "INSERT INTO content_feeds (id, space_id, url, kind, content_kind, campaign_id, publish, audience,
             interval_minutes, close_missing, paused, title, found_at, status, error, failures, found, fetched_at_ms,
             succeeded_at_ms, next_at_ms, etag, last_modified, error_code, created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $24)
         ON CONFLICT (id) DO UPDATE SET url = $3, kind = $4, content_kind = $5, campaign_id = $6, publish = $7,
             audience = $8, interval_minutes = $9, close_missing = $10, paused = $11, title = $12, found_at = $13,
             status = $14, error = $15, failures = $16, found = $17, fetched_at_ms = $18, succeeded_at_ms = $19,
             next_at_ms = $20, etag = $21, last_modified = $22, error_code = $23, updated_at_ms = $24",
    )
    .bind(key(feed.id.bits()))
    .bind(key(feed.space.bits()))
    .bind(&feed.url)
    .bind(feed.kind.as_str())
    .bind(feed.content_kind.as_str())
    .bind(optional_key(feed.campaign.bits()))
    .bind(feed.publish.as_str())
    .bind(row::to_json(&feed.audience))
    .bind(i64::from(feed.interval_minutes))
    .bind(feed.close_missing)
    .bind(feed.paused)
    .bind(&visits.title)
    .bind(&visits.found_at)
    .bind(visits.status.as_str())
    .bind(&visits.error)
    .bind(i64::from(visits.failures))
    .bind(i64::from(visits.found))
    .bind(visits.fetched_at_ms)
    .bind(visits.succeeded_at_ms)
    .bind(visits.next_at_ms)
    .bind(&visits.etag)
    .bind(&visits.last_modified)
    .bind(&visits.error_code)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes a feed with its items; false when the space has none of this id.
pub(in crate::store) async fn remove_content_feed(
    connection: &mut Connection,
    space: SpaceId,
    id: FeedId,
) -> Result<bool> {
    let done = sqlx::query("DELETE FROM content_feeds WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

fn read(row: &Row) -> Result<ContentFeed> {
    Ok(ContentFeed {
        id: FeedId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        url: row::text(row, "url")?,
        kind: row::word(row, "kind")?,
        content_kind: row::word(row, "content_kind")?,
        campaign: CampaignId::from_bits(row::bits(row, "campaign_id")?),
        publish: row::word(row, "publish")?,
        audience: row::json(row, "audience")?,
        interval_minutes: row::small(row, "interval_minutes")?,
        close_missing: row.try_get("close_missing")?,
        paused: row.try_get("paused")?,
        visits: Visits {
            title: row::optional_text(row, "title")?,
            found_at: row::optional_text(row, "found_at")?,
            status: row::word(row, "status")?,
            error: row::optional_text(row, "error")?,
            error_code: row::optional_text(row, "error_code")?,
            failures: row::small(row, "failures")?,
            found: row::small(row, "found")?,
            fetched_at_ms: row::optional_instant(row, "fetched_at_ms")?,
            succeeded_at_ms: row::optional_instant(row, "succeeded_at_ms")?,
            next_at_ms: row.try_get("next_at_ms")?,
            etag: row::optional_text(row, "etag")?,
            last_modified: row::optional_text(row, "last_modified")?,
        },
    })
}
