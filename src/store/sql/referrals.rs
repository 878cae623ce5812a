//! Applications, and the facts that they add up to.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, Application, ApplicationId, ContentId, FactId, LinkId, ReferralFact, SpaceId};
use crate::store::records::Page;
use crate::store::referrals::ApplicationFilter;

pub(in crate::store) async fn application(
    connection: &mut Connection,
    space: SpaceId,
    id: ApplicationId,
) -> Result<Option<Application>> {
    let row = sqlx::query("SELECT * FROM applications WHERE space_id = $1 AND id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn application_of_external_id(
    connection: &mut Connection,
    space: SpaceId,
    external_id: &str,
) -> Result<Option<Application>> {
    let row = sqlx::query("SELECT * FROM applications WHERE space_id = $1 AND external_id = $2")
        .bind(key(space.bits()))
        .bind(external_id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn list_applications(
    connection: &mut Connection,
    space: SpaceId,
    filter: &ApplicationFilter,
    page: Page<ApplicationId>,
) -> Result<Vec<Application>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM applications WHERE space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(advocate) = filter.advocate {
        query.push(" AND advocate_id = ").push_bind(key(advocate.bits()));
    }
    if let Some(content) = filter.content {
        query.push(" AND content_id = ").push_bind(key(content.bits()));
    }
    if let Some(stage) = filter.stage {
        query.push(" AND stage = ").push_bind(stage.as_str());
    }
    if let Some(external_id) = &filter.external_id {
        query.push(" AND external_id = ").push_bind(external_id.clone());
    }
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM applications WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Applications of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_applications(
    connection: &mut Connection,
    after: ApplicationId,
    limit: u32,
) -> Result<Vec<Application>> {
    let query = sqlx::query("SELECT * FROM applications WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Applications of every space whose credit is pending, in the order of their ids.
pub(in crate::store) async fn pending_applications(
    connection: &mut Connection,
    after: ApplicationId,
    limit: u32,
) -> Result<Vec<Application>> {
    let query = sqlx::query("SELECT * FROM applications WHERE reason = 'pending' AND id > $1 ORDER BY id LIMIT $2")
        .bind(key(after.bits()))
        .bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn put_application(
    connection: &mut Connection,
    application: &Application,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO applications (id, space_id, external_id, content_id, advocate_id, channel, link_id, click_id,
             clicked_at_ms, reason, stage, reached, created_at_ms, updated_at_ms, window_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
         ON CONFLICT (id) DO UPDATE SET content_id = $4, advocate_id = $5, channel = $6, link_id = $7, click_id = $8,
             clicked_at_ms = $9, reason = $10, stage = $11, reached = $12, updated_at_ms = $13,
             window_days = $14",
    )
    .bind(key(application.id.bits()))
    .bind(key(application.space.bits()))
    .bind(&application.external_id)
    .bind(optional_key(application.content.bits()))
    .bind(optional_key(application.advocate.bits()))
    .bind(application.channel.as_ref().map(|channel| channel.as_str().to_owned()))
    .bind(optional_key(application.link.bits()))
    .bind(application.click.map(|click| click.to_string()))
    .bind(application.clicked_at_ms)
    .bind(&application.reason)
    .bind(application.stage.as_str())
    .bind(row::to_json(&application.reached))
    .bind(at_ms)
    .bind(application.window_days.map(i64::from))
    .execute(connection)
    .await?;
    Ok(())
}

/// The facts of an application, by the instant that they tell of, then as they came in.
pub(in crate::store) async fn facts_of(
    connection: &mut Connection,
    space: SpaceId,
    application: ApplicationId,
) -> Result<Vec<ReferralFact>> {
    let rows = sqlx::query(
        "SELECT f.*, a.external_id AS external_id FROM referral_facts f JOIN applications a
             ON a.space_id = f.space_id AND a.id = f.application_id
         WHERE f.application_id = $1 AND f.space_id = $2 ORDER BY f.occurred_at_ms, f.received_at_ms, f.id",
    )
    .bind(key(application.bits()))
    .bind(key(space.bits()))
    .fetch_all(connection)
    .await?;
    rows.iter().map(read_fact).collect()
}

pub(in crate::store) async fn insert_fact(connection: &mut Connection, fact: &ReferralFact) -> Result<()> {
    sqlx::query(
        "INSERT INTO referral_facts (id, space_id, application_id, stage, occurred_at_ms, received_at_ms, evidence,
             click_id, link_id, content_id, advocate_id, channel, source, told_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(key(fact.id.bits()))
    .bind(key(fact.space.bits()))
    .bind(key(fact.application.bits()))
    .bind(fact.stage.as_str())
    .bind(fact.occurred_at_ms)
    .bind(fact.received_at_ms)
    .bind(fact.evidence.as_str())
    .bind(fact.click.map(|click| click.to_string()))
    .bind(optional_key(fact.link.bits()))
    .bind(optional_key(fact.content.bits()))
    .bind(optional_key(fact.advocate.bits()))
    .bind(fact.channel.as_ref().map(|channel| channel.as_str().to_owned()))
    .bind(fact.source.as_str())
    .bind(&fact.told_by)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<Application> {
    Ok(Application {
        id: ApplicationId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        external_id: row::text(row, "external_id")?,
        content: ContentId::from_bits(row::bits(row, "content_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        channel: row::optional_word(row, "channel")?,
        link: LinkId::from_bits(row::bits(row, "link_id")?),
        click: row::optional_word(row, "click_id")?,
        clicked_at_ms: row.try_get("clicked_at_ms")?,
        reason: row::text(row, "reason")?,
        window_days: row::optional_small(row, "window_days")?,
        stage: row::word(row, "stage")?,
        reached: row::json(row, "reached")?,
    })
}

pub(super) fn read_fact(row: &Row) -> Result<ReferralFact> {
    Ok(ReferralFact {
        id: FactId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        application: ApplicationId::from_bits(row::bits(row, "application_id")?),
        external_id: row::text(row, "external_id")?,
        stage: row::word(row, "stage")?,
        occurred_at_ms: row.try_get("occurred_at_ms")?,
        received_at_ms: row.try_get("received_at_ms")?,
        source: row::word(row, "source")?,
        told_by: row::optional_text(row, "told_by")?,
        evidence: row::word(row, "evidence")?,
        click: row::optional_word(row, "click_id")?,
        link: LinkId::from_bits(row::bits(row, "link_id")?),
        content: ContentId::from_bits(row::bits(row, "content_id")?),
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        channel: row::optional_word(row, "channel")?,
    })
}
