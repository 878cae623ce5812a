//! Shares.

use sqlx::QueryBuilder;

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, ContentId, LinkId, Share, ShareId, SpaceId};
use crate::store::records::{Page, ShareFilter};

pub(in crate::store) async fn share(connection: &mut Connection, space: SpaceId, id: ShareId) -> Result<Option<Share>> {
    let row = sqlx::query("SELECT * FROM shares WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The earliest share of a link after `after_ms` and before `before_ms`.
pub(in crate::store) async fn share_between(
    connection: &mut Connection,
    space: SpaceId,
    link: LinkId,
    after_ms: i64,
    before_ms: i64,
) -> Result<Option<Share>> {
    let row = sqlx::query(
        "SELECT * FROM shares WHERE link_id = $1 AND shared_at_ms > $2 AND shared_at_ms < $3 AND space_id = $4
             ORDER BY shared_at_ms, id LIMIT 1",
    )
    .bind(key(link.bits()))
    .bind(after_ms)
    .bind(before_ms)
    .bind(key(space.bits()))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_shares(
    connection: &mut Connection,
    space: SpaceId,
    filter: &ShareFilter,
    page: Page<ShareId>,
) -> Result<Vec<Share>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM shares WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(link) = filter.link {
        query.push(" AND link_id = ").push_bind(key(link.bits()));
    }
    if let Some(content) = filter.content {
        query.push(" AND content_id = ").push_bind(key(content.bits()));
    }
    if let Some(advocate) = filter.advocate {
        query.push(" AND advocate_id = ").push_bind(key(advocate.bits()));
    }
    if let Some(channel) = &filter.channel {
        query.push(" AND channel = ").push_bind(channel.as_str().to_owned());
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM shares WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Shares of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_shares(
    connection: &mut Connection,
    after: ShareId,
    limit: u32,
) -> Result<Vec<Share>> {
    let query = sqlx::query("SELECT * FROM shares WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn insert_share(connection: &mut Connection, share: &Share, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO shares (id, space_id, external_id, content_id, advocate_id, channel, link_id, source,
             shared_at_ms, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(key(share.id.bits()))
    .bind(key(share.space.bits()))
    .bind(&share.external_id)
    .bind(key(share.content.bits()))
    .bind(optional_key(share.advocate.bits()))
    .bind(share.channel.as_str())
    .bind(optional_key(share.link.bits()))
    .bind(share.source.as_str())
    .bind(share.shared_at_ms)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// How many links and how many shares an advocate has.
pub(in crate::store) async fn counts_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<(u64, u64)> {
    // An advocate's links are found through the space's contents, as a list of them is.
    let links: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM links WHERE content_id IN (SELECT id FROM contents WHERE space_id = $1)
             AND advocate_id = $2",
    )
    .bind(key(space.bits()))
    .bind(key(advocate.bits()))
    .fetch_one(&mut *connection)
    .await?;
    let shares: i64 = sqlx::query_scalar("SELECT count(*) FROM shares WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .fetch_one(&mut *connection)
        .await?;
    Ok((links.cast_unsigned(), shares.cast_unsigned()))
}

fn read(row: &Row) -> Result<Share> {
    use sqlx::Row as _;
    Ok(Share {
        id: ShareId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        external_id: row::optional_text(row, "external_id")?,
        content: ContentId::from_bits(row::bits(row, "content_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        channel: row::word(row, "channel")?,
        link: LinkId::from_bits(row::bits(row, "link_id")?),
        source: row::word(row, "source")?,
        shared_at_ms: row.try_get("shared_at_ms")?,
    })
}
