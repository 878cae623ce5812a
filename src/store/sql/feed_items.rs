//! Entries of feeds, and what became of them.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{ContentId, FeedId, FeedItem, FeedItemId, ItemState, SpaceId};
use crate::store::proposals::ItemFilter;
use crate::store::records::Page;

/// Keys of one statement.
const KEYS_A_STATEMENT: usize = 500;

pub(in crate::store) async fn feed_item(
    connection: &mut Connection,
    space: SpaceId,
    id: FeedItemId,
) -> Result<Option<FeedItem>> {
    let row = sqlx::query("SELECT * FROM feed_items WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Every item of a feed.
pub(in crate::store) async fn items_of_feed(
    connection: &mut Connection,
    space: SpaceId,
    feed: FeedId,
) -> Result<Vec<FeedItem>> {
    let query = sqlx::query("SELECT * FROM feed_items WHERE space_id = $1 AND feed_id = $2")
        .bind(key(space.bits()))
        .bind(key(feed.bits()));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn list_feed_items(
    connection: &mut Connection,
    space: SpaceId,
    filter: &ItemFilter,
    page: Page<FeedItemId>,
) -> Result<Vec<FeedItem>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM feed_items WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(feed) = filter.feed {
        query.push(" AND feed_id = ").push_bind(key(feed.bits()));
    }
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state.as_str());
    }
    if let Some(kind) = filter.kind {
        query.push(" AND feed_id IN (SELECT id FROM content_feeds WHERE space_id = ");
        query.push_bind(key(space.bits())).push(" AND content_kind = ").push_bind(kind.as_str()).push(")");
    }
    if let Some(after) = page.after {
        query.push(" AND (first_seen_at_ms, id) > (SELECT first_seen_at_ms, id FROM feed_items WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY first_seen_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// An item of any feed of the space that has this address.
pub(in crate::store) async fn feed_item_of_address(
    connection: &mut Connection,
    space: SpaceId,
    address: &str,
) -> Result<Option<FeedItem>> {
    let row = sqlx::query("SELECT * FROM feed_items WHERE space_id = $1 AND address = $2 ORDER BY id LIMIT 1")
        .bind(key(space.bits()))
        .bind(address)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// How many items each of these feeds has in each state.
pub(in crate::store) async fn count_feed_items(
    connection: &mut Connection,
    space: SpaceId,
    feeds: &[FeedId],
) -> Result<Vec<(FeedId, ItemState, u64)>> {
    if feeds.is_empty() {
        return Ok(Vec::new());
    }
    let mut query =
        QueryBuilder::<Db>::new("SELECT feed_id, state, count(*) AS items FROM feed_items WHERE space_id = ");
    query.push_bind(key(space.bits())).push(" AND feed_id IN ");
    row::push_keys(&mut query, feeds.iter().map(|feed| feed.bits()));
    query.push(" GROUP BY feed_id, state");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            Ok((FeedId::from_bits(row::bits(row, "feed_id")?), row::word(row, "state")?, row::bits(row, "items")?))
        })
        .collect()
}

/// A content of the space that stands at one of these addresses.
pub(in crate::store) async fn content_of_urls(
    connection: &mut Connection,
    space: SpaceId,
    urls: &[String],
) -> Result<Option<ContentId>> {
    if urls.is_empty() {
        return Ok(None);
    }
    let mut query = QueryBuilder::<Db>::new("SELECT id FROM contents WHERE space_id = ");
    query.push_bind(key(space.bits())).push(" AND url IN (");
    let mut list = query.separated(", ");
    urls.iter().for_each(|url| {
        list.push_bind(url.clone());
    });
    query.push(") ORDER BY id LIMIT 1");
    let row = query.build().fetch_optional(connection).await?;
    row.as_ref().map(|row| Ok(ContentId::from_bits(row::bits(row, "id")?))).transpose()
}

pub(in crate::store) async fn put_feed_item(connection: &mut Connection, item: &FeedItem) -> Result<()> {
    sqlx::query(
        "INSERT INTO feed_items (id, space_id, feed_id, key, address, draft, state, content_id, missed, closed_at_ms,
             first_seen_at_ms, seen_at_ms, decided_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET address = $5, draft = $6, state = $7, content_id = $8, missed = $9,
             closed_at_ms = $10, seen_at_ms = $12, decided_at_ms = $13",
    )
    .bind(key(item.id.bits()))
    .bind(key(item.space.bits()))
    .bind(key(item.feed.bits()))
    .bind(&item.draft.key)
    .bind(&item.address)
    .bind(row::to_json(&item.draft))
    .bind(item.state.as_str())
    .bind(optional_key(item.content.bits()))
    .bind(i64::from(item.missed))
    .bind(item.closed_at_ms)
    .bind(item.first_seen_at_ms)
    .bind(item.seen_at_ms)
    .bind(item.decided_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a visit in which every item of the feed was missing, but for those with these keys.
pub(in crate::store) async fn note_visit(
    connection: &mut Connection,
    space: SpaceId,
    feed: FeedId,
    seen: &[&str],
    at_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE feed_items SET missed = missed + 1 WHERE space_id = $1 AND feed_id = $2")
        .bind(key(space.bits()))
        .bind(key(feed.bits()))
        .execute(&mut *connection)
        .await?;
    for keys in seen.chunks(KEYS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("UPDATE feed_items SET missed = 0, seen_at_ms = ");
        query.push_bind(at_ms).push(" WHERE space_id = ").push_bind(key(space.bits()));
        query.push(" AND feed_id = ").push_bind(key(feed.bits())).push(" AND key IN (");
        let mut list = query.separated(", ");
        keys.iter().for_each(|key| {
            list.push_bind((*key).to_owned());
        });
        query.push(")");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(in crate::store) async fn remove_feed_item(
    connection: &mut Connection,
    space: SpaceId,
    id: FeedItemId,
) -> Result<()> {
    sqlx::query("DELETE FROM feed_items WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes items of a feed that became nothing and were last seen before `before_ms`.
pub(in crate::store) async fn forget_feed_items(
    connection: &mut Connection,
    space: SpaceId,
    feed: FeedId,
    before_ms: i64,
) -> Result<()> {
    sqlx::query(
        "DELETE FROM feed_items WHERE space_id = $1 AND feed_id = $2 AND seen_at_ms < $3
             AND state IN ('rejected', 'known', 'refused')",
    )
    .bind(key(space.bits()))
    .bind(key(feed.bits()))
    .bind(before_ms)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &Row) -> Result<FeedItem> {
    Ok(FeedItem {
        id: FeedItemId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        feed: FeedId::from_bits(row::bits(row, "feed_id")?),
        draft: row::json(row, "draft")?,
        address: row::text(row, "address")?,
        state: row::word(row, "state")?,
        content: ContentId::from_bits(row::bits(row, "content_id")?),
        missed: row::small(row, "missed")?,
        closed_at_ms: row::optional_instant(row, "closed_at_ms")?,
        first_seen_at_ms: row.try_get("first_seen_at_ms")?,
        seen_at_ms: row.try_get("seen_at_ms")?,
        decided_at_ms: row::optional_instant(row, "decided_at_ms")?,
    })
}
