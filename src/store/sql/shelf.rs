//! What there is to propose, and what of it somebody shared.

use sqlx::QueryBuilder;

use super::contents;
use super::row::{self, Result, key};
use super::{Connection, Db};
use crate::model::{AdvocateId, Channel, Content, ContentId, SpaceId};

/// Published now or later, and not in a campaign that is paused; latest first.
pub(in crate::store) async fn proposable_contents(connection: &mut Connection, space: SpaceId) -> Result<Vec<Content>> {
    let query = sqlx::query(
        "SELECT * FROM contents WHERE space_id = $1 AND published_at_ms IS NOT NULL
             AND (campaign_id IS NULL OR campaign_id NOT IN (SELECT id FROM campaigns WHERE space_id = $1 AND paused))
             ORDER BY published_at_ms DESC, id DESC",
    )
    .bind(key(space.bits()));
    query.fetch_all(connection).await?.iter().map(contents::read).collect()
}

/// Whether one of a space's contents, campaigns or teams changed after this number.
pub(in crate::store) async fn proposals_changed(
    connection: &mut Connection,
    space: SpaceId,
    after: u64,
) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT seq FROM changes WHERE seq > $1 AND space_id = $2 AND kind IN ('content', 'campaign', 'team') LIMIT 1",
    )
    .bind(key(after))
    .bind(key(space.bits()))
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

pub(in crate::store) async fn shared_channels(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
    contents: &[ContentId],
) -> Result<Vec<(ContentId, Channel)>> {
    if contents.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Db>::new("SELECT DISTINCT content_id, channel FROM shares WHERE space_id = ");
    query.push_bind(key(space.bits())).push(" AND advocate_id = ").push_bind(key(id.bits()));
    query.push(" AND content_id IN ");
    row::push_keys(&mut query, contents.iter().map(|id| id.bits()));
    query.push(" ORDER BY content_id, channel");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok((ContentId::from_bits(row::bits(row, "content_id")?), row::word(row, "channel")?)))
        .collect()
}
