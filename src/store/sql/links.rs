//! Links.

use std::collections::{HashMap, HashSet};

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, Channel, Code, ContentId, Link, LinkId, SpaceId};
use crate::store::records::{LinkFilter, Page};

/// Rows of one INSERT: 8 parameters each, SQLite takes 32,766.
const ROWS_A_STATEMENT: usize = 500;

pub(in crate::store) async fn link(connection: &mut Connection, space: SpaceId, id: LinkId) -> Result<Option<Link>> {
    let row = sqlx::query("SELECT * FROM links WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The one link of these three.
pub(in crate::store) async fn link_of(
    connection: &mut Connection,
    space: SpaceId,
    content: ContentId,
    advocate: AdvocateId,
    channel: &Channel,
) -> Result<Option<Link>> {
    let row = sqlx::query(
        "SELECT * FROM links WHERE content_id = $1 AND advocate_id = $2 AND channel = $3 AND space_id = $4",
    )
    .bind(key(content.bits()))
    .bind(key(advocate.bits()))
    .bind(channel.as_str())
    .bind(key(space.bits()))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_links(
    connection: &mut Connection,
    space: SpaceId,
    filter: &LinkFilter,
    page: Page<LinkId>,
) -> Result<Vec<Link>> {
    // The plus sign keeps SQLite from walking the whole space in its order when a narrower way is
    // there: by content, by code, or by each content of the space with the advocate.
    let narrow = filter.advocate.is_some() || filter.content.is_some() || filter.code.is_some();
    let space_key = key(space.bits());
    let mut query = QueryBuilder::<Db>::new(if narrow {
        "SELECT * FROM links WHERE +space_id = "
    } else {
        "SELECT * FROM links WHERE space_id = "
    });
    query.push_bind(space_key);
    if let Some(advocate) = filter.advocate {
        query.push(" AND advocate_id = ").push_bind(key(advocate.bits()));
        if filter.content.is_none() && filter.code.is_none() {
            query.push(" AND content_id IN (SELECT id FROM contents WHERE space_id = ").push_bind(space_key).push(")");
        }
    }
    if let Some(content) = filter.content {
        query.push(" AND content_id = ").push_bind(key(content.bits()));
    }
    if let Some(channel) = &filter.channel {
        query.push(" AND channel = ").push_bind(channel.as_str().to_owned());
    }
    if let Some(code) = &filter.code {
        query.push(" AND code = ").push_bind(code.as_str().to_owned());
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM links WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Links of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_links(connection: &mut Connection, after: LinkId, limit: u32) -> Result<Vec<Link>> {
    let query = sqlx::query("SELECT * FROM links WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Inserts those links whose three and whose code are free, and says which.
pub(in crate::store) async fn insert_links(connection: &mut Connection, links: &[Link]) -> Result<HashSet<LinkId>> {
    let mut inserted = HashSet::with_capacity(links.len());
    for chunk in links.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO links (id, space_id, content_id, advocate_id, channel, code, disabled, created_at_ms) ",
        );
        query.push_values(chunk, |mut row, link| {
            row.push_bind(key(link.id.bits()))
                .push_bind(key(link.space.bits()))
                .push_bind(key(link.content.bits()))
                .push_bind(optional_key(link.advocate.bits()))
                .push_bind(link.channel.as_str().to_owned())
                .push_bind(link.code.as_str().to_owned())
                .push_bind(link.disabled)
                .push_bind(link.created_at_ms);
        });
        query.push(" ON CONFLICT DO NOTHING");
        // Almost always all of them: RETURNING would bring a row for each through the driver to say so.
        if query.build().execute(&mut *connection).await?.rows_affected() == chunk.len() as u64 {
            inserted.extend(chunk.iter().map(|link| link.id));
        } else {
            inserted.extend(standing(connection, chunk).await?);
        }
    }
    Ok(inserted)
}

/// Those of the links that stand as they are.
async fn standing(connection: &mut Connection, links: &[Link]) -> Result<Vec<LinkId>> {
    let mut query = QueryBuilder::<Db>::new("SELECT id, code FROM links WHERE id IN ");
    row::push_keys(&mut query, links.iter().map(|link| link.id.bits()));
    let codes: HashMap<LinkId, &Code> = links.iter().map(|link| (link.id, &link.code)).collect();
    let mut standing = Vec::new();
    for row in query.build().fetch_all(connection).await? {
        let id = LinkId::from_bits(row::bits(&row, "id")?);
        // With another code the id was another link's before.
        if codes.get(&id).is_some_and(|code| row.try_get::<&str, _>("code").is_ok_and(|found| found == code.as_str())) {
            standing.push(id);
        }
    }
    Ok(standing)
}

pub(in crate::store) async fn set_link_disabled(
    connection: &mut Connection,
    space: SpaceId,
    id: LinkId,
    disabled: bool,
) -> Result<()> {
    sqlx::query("UPDATE links SET disabled = $1 WHERE space_id = $2 AND id = $3")
        .bind(disabled)
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Link> {
    Ok(Link {
        id: LinkId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        content: ContentId::from_bits(row::bits(row, "content_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        channel: row::word(row, "channel")?,
        code: row::word(row, "code")?,
        disabled: row.try_get("disabled")?,
        created_at_ms: row.try_get("created_at_ms")?,
    })
}
