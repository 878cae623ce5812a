//! Jobs and applications as recruiters look for them.

use sqlx::QueryBuilder;

use super::people::{folded, pattern};
use super::row::{self, Result, key};
use super::{Connection, Db, contents, referrals};
use crate::model::{Application, Content, ContentId, ContentKind, SpaceId, Stage};
use crate::store::recruiting::{BoardFilter, JobFilter, JobState};

/// When the last thing happened that was told of an application `a`.
const LAST: &str = "(SELECT max(f.occurred_at_ms) FROM referral_facts f
     WHERE f.space_id = a.space_id AND f.application_id = a.id)";

pub(in crate::store) async fn search_jobs(
    connection: &mut Connection,
    space: SpaceId,
    filter: &JobFilter,
    now_ms: i64,
    (offset, limit): (u32, u32),
) -> Result<(Vec<Content>, u64)> {
    let mut counting = QueryBuilder::<Db>::new("SELECT count(*) AS jobs");
    fit_job(&mut counting, space, filter, now_ms);
    let total = row::small(&counting.build().fetch_one(&mut *connection).await?, "jobs")?;
    let mut query = QueryBuilder::<Db>::new("SELECT *");
    fit_job(&mut query, space, filter, now_ms);
    // A draft has no date: it comes first, as what still needs somebody.
    query.push(" ORDER BY published_at_ms IS NOT NULL, published_at_ms DESC, id DESC LIMIT ");
    query.push_bind(i64::from(limit)).push(" OFFSET ").push_bind(i64::from(offset));
    let rows = query.build().fetch_all(connection).await?;
    Ok((rows.iter().map(contents::read).collect::<Result<_>>()?, total))
}

fn fit_job(query: &mut QueryBuilder<Db>, space: SpaceId, filter: &JobFilter, now_ms: i64) {
    query.push(" FROM contents WHERE space_id = ").push_bind(key(space.bits()));
    query.push(" AND kind = ").push_bind(ContentKind::Job.as_str());
    if let Some(text) = &filter.text {
        query.push(concat!(" AND (", folded!("title"), " LIKE ")).push_bind(pattern(text));
        query
            .push(concat!(" ESCAPE '\\' OR ", folded!("coalesce(external_id, '')"), " LIKE "))
            .push_bind(pattern(text));
        query.push(" ESCAPE '\\')");
    }
    let over = |query: &mut QueryBuilder<Db>, yes: bool| {
        query.push(if yes { " AND (" } else { " AND NOT (" });
        query.push("coalesce(closed_at_ms <= ").push_bind(now_ms).push(", 1 = 0) OR coalesce(expires_at_ms <= ");
        query.push_bind(now_ms).push(", 1 = 0))");
    };
    match filter.state {
        Some(JobState::Over) => over(query, true),
        Some(JobState::Open) => {
            query.push(" AND published_at_ms <= ").push_bind(now_ms);
            over(query, false);
        }
        Some(JobState::Coming) => {
            query.push(" AND (published_at_ms IS NULL OR published_at_ms > ").push_bind(now_ms).push(")");
            over(query, false);
        }
        None => {}
    }
}

pub(in crate::store) async fn stages_of_jobs(
    connection: &mut Connection,
    space: SpaceId,
    jobs: &[ContentId],
) -> Result<Vec<(ContentId, Stage, u64)>> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Db>::new(
        "SELECT content_id, stage, count(*) AS applications FROM applications WHERE space_id = ",
    );
    query.push_bind(key(space.bits())).push(" AND content_id IN ");
    row::push_keys(&mut query, jobs.iter().map(|job| job.bits()));
    query.push(" GROUP BY content_id, stage");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let job = ContentId::from_bits(row::bits(row, "content_id")?);
            Ok((job, row::word(row, "stage")?, row::small(row, "applications")?))
        })
        .collect()
}

pub(in crate::store) async fn count_stages(
    connection: &mut Connection,
    space: SpaceId,
    filter: &BoardFilter,
) -> Result<Vec<(Stage, u64)>> {
    let mut query = QueryBuilder::<Db>::new("SELECT a.stage AS stage, count(*) AS applications FROM applications a");
    fit_application(&mut query, space, filter);
    query.push(" GROUP BY a.stage");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row::word(row, "stage")?, row::small(row, "applications")?))).collect()
}

pub(in crate::store) async fn applications_at(
    connection: &mut Connection,
    space: SpaceId,
    filter: &BoardFilter,
    stage: Stage,
    (offset, limit): (u32, u32),
) -> Result<Vec<Application>> {
    let mut query = QueryBuilder::<Db>::new("SELECT a.* FROM applications a");
    fit_application(&mut query, space, filter);
    query.push(" AND a.stage = ").push_bind(stage.as_str());
    query.push(" ORDER BY ").push(LAST).push(" DESC, a.id LIMIT ").push_bind(i64::from(limit));
    query.push(" OFFSET ").push_bind(i64::from(offset));
    query.build().fetch_all(connection).await?.iter().map(referrals::read).collect()
}

fn fit_application(query: &mut QueryBuilder<Db>, space: SpaceId, filter: &BoardFilter) {
    query.push(" WHERE a.space_id = ").push_bind(key(space.bits()));
    if let Some(job) = filter.job {
        query.push(" AND a.content_id = ").push_bind(key(job.bits()));
    }
    if let Some(text) = &filter.text {
        query.push(concat!(" AND ", folded!("a.external_id"), " LIKE ")).push_bind(pattern(text)).push(" ESCAPE '\\'");
    }
    if let Some(from_ms) = filter.from_ms {
        query.push(" AND ").push(LAST).push(" >= ").push_bind(from_ms);
    }
}
