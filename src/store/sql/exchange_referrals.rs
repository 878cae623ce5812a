//! Applications and the facts that a bundle brings of them.

use sqlx::QueryBuilder;

use super::referrals::{read, read_fact};
use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{Application, ApplicationId, FactId, SpaceId};
use crate::store::exchange::BundledFact;

/// Rows of one statement: at most 15 parameters each, SQLite takes 32,766.
const ROWS_A_STATEMENT: usize = 500;

macro_rules! facts_sql {
    ($rest:literal) => {
        concat!(
            "SELECT f.*, a.external_id FROM referral_facts f JOIN applications a ON a.id = f.application_id
                 AND a.space_id = f.space_id ",
            $rest
        )
    };
}
pub(in crate::store) async fn applications_of_keys(
    connection: &mut Connection,
    space: SpaceId,
    external_ids: &[String],
) -> Result<Vec<Application>> {
    let mut applications = Vec::new();
    for chunk in external_ids.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM applications WHERE space_id = ");
        query.push_bind(key(space.bits())).push(" AND external_id IN (");
        let mut list = query.separated(", ");
        chunk.iter().for_each(|id| _ = list.push_bind(id.clone()));
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            applications.push(read(&row)?);
        }
    }
    Ok(applications)
}

pub(in crate::store) async fn put_applications(
    connection: &mut Connection,
    applications: &[Application],
    at_ms: i64,
) -> Result<()> {
    for chunk in applications.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO applications (id, space_id, external_id, content_id, advocate_id, channel, link_id, click_id,
                 clicked_at_ms, reason, stage, reached, created_at_ms, updated_at_ms) ",
        );
        query.push_values(chunk, |mut row, one| {
            row.push_bind(key(one.id.bits()))
                .push_bind(key(one.space.bits()))
                .push_bind(one.external_id.clone())
                .push_bind(optional_key(one.content.bits()))
                .push_bind(optional_key(one.advocate.bits()))
                .push_bind(one.channel.as_ref().map(|channel| channel.as_str().to_owned()))
                .push_bind(optional_key(one.link.bits()))
                .push_bind(one.click.map(|click| click.to_string()))
                .push_bind(one.clicked_at_ms)
                .push_bind(one.reason.clone())
                .push_bind(one.stage.as_str())
                .push_bind(row::to_json(&one.reached))
                .push_bind(at_ms)
                .push_bind(at_ms);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET content_id = excluded.content_id, advocate_id = excluded.advocate_id,
                 channel = excluded.channel, link_id = excluded.link_id, click_id = excluded.click_id,
                 clicked_at_ms = excluded.clicked_at_ms, reason = excluded.reason, stage = excluded.stage,
                 reached = excluded.reached, updated_at_ms = excluded.updated_at_ms",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// All facts of these applications, by application and time.
pub(in crate::store) async fn bundled_facts_of(
    connection: &mut Connection,
    space: SpaceId,
    applications: &[ApplicationId],
) -> Result<Vec<BundledFact>> {
    let mut facts = Vec::new();
    for chunk in applications.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new(facts_sql!("WHERE f.space_id = "));
        query.push_bind(key(space.bits())).push(" AND f.application_id IN ");
        row::push_keys(&mut query, chunk.iter().map(|id| id.bits()));
        query.push(" ORDER BY f.application_id, f.occurred_at_ms, f.id");
        for row in query.build().fetch_all(&mut *connection).await? {
            facts.push(read_bundled(&row)?);
        }
    }
    Ok(facts)
}

pub(in crate::store) async fn page_of_bundled_facts(
    connection: &mut Connection,
    space: SpaceId,
    after: FactId,
    limit: u32,
) -> Result<Vec<BundledFact>> {
    let rows = sqlx::query(facts_sql!("WHERE f.space_id = $1 AND f.id > $2 ORDER BY f.id LIMIT $3"))
        .bind(key(space.bits()))
        .bind(key(after.bits()))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.iter().map(read_bundled).collect()
}

pub(in crate::store) async fn insert_bundled_facts(connection: &mut Connection, facts: &[BundledFact]) -> Result<()> {
    for chunk in facts.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO referral_facts (id, space_id, application_id, stage, occurred_at_ms, received_at_ms, evidence,
                 click_id, link_id, content_id, advocate_id, advocate_key, channel, source, told_by) ",
        );
        query.push_values(chunk, |mut row, BundledFact { fact, advocate_key }| {
            row.push_bind(key(fact.id.bits()))
                .push_bind(key(fact.space.bits()))
                .push_bind(key(fact.application.bits()))
                .push_bind(fact.stage.as_str())
                .push_bind(fact.occurred_at_ms)
                .push_bind(fact.received_at_ms)
                .push_bind(fact.evidence.as_str())
                .push_bind(fact.click.map(|click| click.to_string()))
                .push_bind(optional_key(fact.link.bits()))
                .push_bind(optional_key(fact.content.bits()))
                .push_bind(optional_key(fact.advocate.bits()))
                .push_bind(advocate_key.clone())
                .push_bind(fact.channel.as_ref().map(|channel| channel.as_str().to_owned()))
                .push_bind(fact.source.as_str())
                .push_bind(fact.told_by.clone());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

fn read_bundled(row: &Row) -> Result<BundledFact> {
    Ok(BundledFact { fact: read_fact(row)?, advocate_key: row::optional_text(row, "advocate_key")? })
}
