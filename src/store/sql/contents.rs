//! Contents.

use sqlx::QueryBuilder;

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{CampaignId, Content, ContentId, ContentKind, SpaceId};
use crate::store::records::{ContentFilter, Page};

pub(in crate::store) async fn content(
    connection: &mut Connection,
    space: SpaceId,
    id: ContentId,
) -> Result<Option<Content>> {
    let row = sqlx::query("SELECT * FROM contents WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Those of `ids` that the space has, with the slugs of their campaigns (empty without one).
pub(in crate::store) async fn contents_of(
    connection: &mut Connection,
    space: SpaceId,
    ids: &[ContentId],
) -> Result<Vec<(Content, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Db>::new(
        "SELECT c.*, coalesce(g.slug, '') AS campaign_slug FROM contents c LEFT JOIN campaigns g
             ON g.space_id = c.space_id AND g.id = c.campaign_id WHERE c.space_id = ",
    );
    query.push_bind(key(space.bits())).push(" AND c.id IN ");
    row::push_keys(&mut query, ids.iter().map(|id| id.bits()));
    query
        .build()
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((read(row)?, row::text(row, "campaign_slug")?)))
        .collect()
}

/// The content with this key of the company's system.
pub(in crate::store) async fn content_of_external_id(
    connection: &mut Connection,
    space: SpaceId,
    external_id: &str,
) -> Result<Option<ContentId>> {
    let row = sqlx::query("SELECT id FROM contents WHERE space_id = $1 AND external_id = $2")
        .bind(key(space.bits()))
        .bind(external_id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| Ok(ContentId::from_bits(row::bits(row, "id")?))).transpose()
}

pub(in crate::store) async fn list_contents(
    connection: &mut Connection,
    space: SpaceId,
    filter: &ContentFilter,
    page: Page<ContentId>,
) -> Result<Vec<Content>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM contents WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(kind) = filter.kind {
        query.push(" AND kind = ").push_bind(kind.as_str());
    }
    if let Some(campaign) = filter.campaign {
        query.push(" AND campaign_id = ").push_bind(key(campaign.bits()));
    }
    if let Some(external_id) = &filter.external_id {
        query.push(" AND external_id = ").push_bind(external_id.clone());
    }
    if let Some(instant) = filter.published_by_ms {
        query.push(" AND published_at_ms <= ").push_bind(instant);
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM contents WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Those contents of this kind that are or will be published, the latest first.
pub(in crate::store) async fn newest_contents(
    connection: &mut Connection,
    space: SpaceId,
    kind: ContentKind,
    limit: u32,
) -> Result<Vec<Content>> {
    let query = sqlx::query(
        "SELECT * FROM contents WHERE space_id = $1 AND kind = $2 AND published_at_ms IS NOT NULL
             ORDER BY published_at_ms DESC, id DESC LIMIT $3",
    )
    .bind(key(space.bits()))
    .bind(kind.as_str())
    .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Those contents that name similar ones.
pub(in crate::store) async fn contents_with_similar(
    connection: &mut Connection,
    space: SpaceId,
) -> Result<Vec<Content>> {
    let query =
        sqlx::query("SELECT * FROM contents WHERE space_id = $1 AND similar_ids <> '[]'").bind(key(space.bits()));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Contents of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_contents(
    connection: &mut Connection,
    after: ContentId,
    limit: u32,
) -> Result<Vec<Content>> {
    let query = sqlx::query("SELECT * FROM contents WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn put_content(connection: &mut Connection, content: &Content, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO contents (id, space_id, external_id, kind, title, url, summary, image_url, campaign_id, audience,
             captions, published_at_ms, expires_at_ms, closed_at_ms, fallback_url, tracks_conversions, forward_query,
             similar_ids, created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)
         ON CONFLICT (id) DO UPDATE SET external_id = $3, kind = $4, title = $5, url = $6, summary = $7,
             image_url = $8, campaign_id = $9, audience = $10, captions = $11, published_at_ms = $12,
             expires_at_ms = $13, closed_at_ms = $14, fallback_url = $15, tracks_conversions = $16,
             forward_query = $17, similar_ids = $18, updated_at_ms = $19",
    )
    .bind(key(content.id.bits()))
    .bind(key(content.space.bits()))
    .bind(&content.external_id)
    .bind(content.kind.as_str())
    .bind(&content.title)
    .bind(&content.url)
    .bind(&content.summary)
    .bind(&content.image_url)
    .bind(optional_key(content.campaign.bits()))
    .bind(row::to_json(&content.audience))
    .bind(row::to_json(&content.captions))
    .bind(content.published_at_ms)
    .bind(content.expires_at_ms)
    .bind(content.closed_at_ms)
    .bind(&content.fallback_url)
    .bind(content.tracks_conversions)
    .bind(content.forward_query)
    .bind(row::to_json(&content.similar))
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Content> {
    use sqlx::Row as _;
    Ok(Content {
        id: ContentId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        external_id: row::optional_text(row, "external_id")?,
        kind: row::word(row, "kind")?,
        title: row::text(row, "title")?,
        url: row::text(row, "url")?,
        summary: row::optional_text(row, "summary")?,
        image_url: row::optional_text(row, "image_url")?,
        campaign: CampaignId::from_bits(row::bits(row, "campaign_id")?),
        audience: row::json(row, "audience")?,
        captions: row::json(row, "captions")?,
        published_at_ms: row::optional_instant(row, "published_at_ms")?,
        expires_at_ms: row::optional_instant(row, "expires_at_ms")?,
        closed_at_ms: row::optional_instant(row, "closed_at_ms")?,
        fallback_url: row::optional_text(row, "fallback_url")?,
        tracks_conversions: row.try_get("tracks_conversions")?,
        forward_query: row.try_get("forward_query")?,
        similar: row::json(row, "similar_ids")?,
    })
}
