//! Contents as those who publish look for them, and the groups that people form for their audiences.

use sqlx::QueryBuilder;

use super::people::{folded, pattern};
use super::row::{self, Result, key};
use super::{Connection, Db, contents};
use crate::model::{CampaignId, Content, ContentState, SpaceId, TeamId};
use crate::store::library::{LibraryFilter, PeopleGroup};

/// One page of the contents that fit, latest first, and how many fit in all.
pub(in crate::store) async fn search_contents(
    connection: &mut Connection,
    space: SpaceId,
    filter: &LibraryFilter,
    offset: u32,
    limit: u32,
) -> Result<(Vec<Content>, u64)> {
    let mut counting = QueryBuilder::<Db>::new("SELECT count(*) AS contents");
    fit(&mut counting, space, filter);
    let total = row::small(&counting.build().fetch_one(&mut *connection).await?, "contents")?;

    let mut query = QueryBuilder::<Db>::new("SELECT *");
    fit(&mut query, space, filter);
    query.push(" ORDER BY coalesce(published_at_ms, created_at_ms) DESC, id DESC LIMIT ");
    query.push_bind(i64::from(limit)).push(" OFFSET ").push_bind(i64::from(offset));
    let rows = query.build().fetch_all(connection).await?;
    Ok((rows.iter().map(contents::read).collect::<Result<_>>()?, total))
}

fn fit(query: &mut QueryBuilder<Db>, space: SpaceId, filter: &LibraryFilter) {
    query.push(" FROM contents WHERE space_id = ").push_bind(key(space.bits()));
    if let Some(text) = &filter.text {
        let pattern = pattern(text);
        query.push(concat!(" AND (", folded!("title"), " LIKE ")).push_bind(pattern.clone());
        query.push(concat!(" ESCAPE '\\' OR ", folded!("coalesce(summary, '')"), " LIKE ")).push_bind(pattern.clone());
        query.push(" ESCAPE '\\' OR lower(url) LIKE ").push_bind(pattern).push(" ESCAPE '\\')");
    }
    if let Some(kind) = filter.kind {
        query.push(" AND kind = ").push_bind(kind.as_str());
    }
    if let Some(campaign) = filter.campaign {
        query.push(" AND campaign_id = ").push_bind(key(campaign.bits()));
    }
    if let Some((state, now_ms)) = filter.state {
        query.push(if state == ContentState::Archived {
            " AND closed_at_ms <= "
        } else {
            " AND (closed_at_ms IS NULL OR closed_at_ms > "
        });
        query.push_bind(now_ms);
        match state {
            ContentState::Archived => {}
            ContentState::Draft => _ = query.push(") AND published_at_ms IS NULL"),
            ContentState::Expired => {
                query.push(") AND published_at_ms IS NOT NULL AND expires_at_ms <= ").push_bind(now_ms);
            }
            ContentState::Scheduled | ContentState::Published => {
                query.push(") AND (expires_at_ms IS NULL OR expires_at_ms > ").push_bind(now_ms);
                query.push(if state == ContentState::Scheduled {
                    ") AND published_at_ms > "
                } else {
                    ") AND published_at_ms <= "
                });
                query.push_bind(now_ms);
            }
        }
    }
}

/// How many contents each campaign has; those without any are not named.
pub(in crate::store) async fn contents_of_campaigns(
    connection: &mut Connection,
    space: SpaceId,
) -> Result<Vec<(CampaignId, u64)>> {
    let rows = sqlx::query(
        "SELECT campaign_id, count(*) AS contents FROM contents
             WHERE space_id = $1 AND campaign_id IS NOT NULL GROUP BY campaign_id",
    )
    .bind(key(space.bits()))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((CampaignId::from_bits(row::bits(row, "campaign_id")?), row::small(row, "contents")?)))
        .collect()
}

/// People who have not left by `today`, as groups of those whom no audience tells apart.
pub(in crate::store) async fn people_groups(
    connection: &mut Connection,
    space: SpaceId,
    today: &str,
) -> Result<Vec<PeopleGroup>> {
    let rows = sqlx::query(
        "SELECT team_id, location, language, kind, skills, count(*) AS people FROM advocates
             WHERE space_id = $1 AND (left_on IS NULL OR left_on >= $2)
             GROUP BY team_id, location, language, kind, skills",
    )
    .bind(key(space.bits()))
    .bind(today)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(PeopleGroup {
                team: TeamId::from_bits(row::bits(row, "team_id")?),
                location: row::optional_text(row, "location")?,
                language: row::optional_text(row, "language")?,
                kind: row::word(row, "kind")?,
                skills: row::json(row, "skills")?,
                people: row::small(row, "people")?,
            })
        })
        .collect()
}
