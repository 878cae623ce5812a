//! Campaigns.

use sqlx::QueryBuilder;

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{Campaign, CampaignId, SpaceId};
use crate::store::records::{CampaignFilter, Page};

pub(in crate::store) async fn campaign(
    connection: &mut Connection,
    space: SpaceId,
    id: CampaignId,
) -> Result<Option<Campaign>> {
    let row = sqlx::query("SELECT * FROM campaigns WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The campaign with this slug.
pub(in crate::store) async fn campaign_of_slug(
    connection: &mut Connection,
    space: SpaceId,
    slug: &str,
) -> Result<Option<CampaignId>> {
    let query = sqlx::query("SELECT id FROM campaigns WHERE space_id = $1 AND slug = $2");
    let row = query.bind(key(space.bits())).bind(slug).fetch_optional(connection).await?;
    row.as_ref().map(|row| Ok(CampaignId::from_bits(row::bits(row, "id")?))).transpose()
}

/// The campaign with this key of the company's system.
pub(in crate::store) async fn campaign_of_external_id(
    connection: &mut Connection,
    space: SpaceId,
    external_id: &str,
) -> Result<Option<CampaignId>> {
    let query = sqlx::query("SELECT id FROM campaigns WHERE space_id = $1 AND external_id = $2");
    let row = query.bind(key(space.bits())).bind(external_id).fetch_optional(connection).await?;
    row.as_ref().map(|row| Ok(CampaignId::from_bits(row::bits(row, "id")?))).transpose()
}

pub(in crate::store) async fn list_campaigns(
    connection: &mut Connection,
    space: SpaceId,
    filter: &CampaignFilter,
    page: Page<CampaignId>,
) -> Result<Vec<Campaign>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM campaigns WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(slug) = &filter.slug {
        query.push(" AND slug = ").push_bind(slug.clone());
    }
    if let Some(external_id) = &filter.external_id {
        query.push(" AND external_id = ").push_bind(external_id.clone());
    }
    if let Some(paused) = filter.paused {
        query.push(" AND paused = ").push_bind(paused);
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM campaigns WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Campaigns of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_campaigns(
    connection: &mut Connection,
    after: CampaignId,
    limit: u32,
) -> Result<Vec<Campaign>> {
    let query = sqlx::query("SELECT * FROM campaigns WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn put_campaign(connection: &mut Connection, campaign: &Campaign, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO campaigns (id, space_id, external_id, name, slug, starts_on, ends_on, objective, paused,
             created_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
         ON CONFLICT (id) DO UPDATE SET external_id = $3, name = $4, slug = $5, starts_on = $6, ends_on = $7,
             objective = $8, paused = $9, updated_at_ms = $10",
    )
    .bind(key(campaign.id.bits()))
    .bind(key(campaign.space.bits()))
    .bind(&campaign.external_id)
    .bind(&campaign.name)
    .bind(&campaign.slug)
    .bind(&campaign.starts_on)
    .bind(&campaign.ends_on)
    .bind(campaign.objective.as_ref().map(row::to_json))
    .bind(campaign.paused)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Campaign> {
    use sqlx::Row as _;
    Ok(Campaign {
        id: CampaignId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        external_id: row::optional_text(row, "external_id")?,
        name: row::text(row, "name")?,
        slug: row::text(row, "slug")?,
        starts_on: row::optional_text(row, "starts_on")?,
        ends_on: row::optional_text(row, "ends_on")?,
        objective: row::optional_json(row, "objective")?,
        paused: row.try_get("paused")?,
    })
}
