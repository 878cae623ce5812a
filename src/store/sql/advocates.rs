//! Advocates with their names and addresses.

use sqlx::QueryBuilder;

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{Advocate, AdvocateId, SpaceId, TeamId};
use crate::store::records::{AdvocateFilter, AdvocateRecord, Left, Page};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.*, t.name AS team_name FROM advocates a LEFT JOIN teams t
                 ON t.space_id = a.space_id AND t.id = a.team_id ",
            $rest
        )
    };
}

pub(in crate::store) async fn advocate(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
) -> Result<Option<AdvocateRecord>> {
    let row = sqlx::query(select!("WHERE a.space_id = $1 AND a.id = $2"))
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Those of `ids` that the space has.
pub(in crate::store) async fn advocates_of(
    connection: &mut Connection,
    space: SpaceId,
    ids: &[AdvocateId],
) -> Result<Vec<Advocate>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Db>::new(select!("WHERE a.space_id = "));
    query.push_bind(key(space.bits())).push(" AND a.id IN ");
    row::push_keys(&mut query, ids.iter().map(|id| id.bits()));
    query.build().fetch_all(connection).await?.iter().map(|row| Ok(read(row)?.advocate)).collect()
}

pub(in crate::store) async fn list_advocates(
    connection: &mut Connection,
    space: SpaceId,
    filter: &AdvocateFilter,
    page: Page<AdvocateId>,
) -> Result<Vec<AdvocateRecord>> {
    let mut query = QueryBuilder::<Db>::new(select!("WHERE a.space_id = "));
    query.push_bind(key(space.bits()));
    if let Some(id) = filter.id {
        query.push(" AND a.id = ").push_bind(key(id.bits()));
    }
    if let Some(email) = &filter.email {
        query.push(" AND a.email = ").push_bind(email.clone());
    }
    if let Some(external_id) = &filter.external_id {
        query.push(" AND a.external_id = ").push_bind(external_id.clone());
    }
    if let Some(team) = filter.team {
        query.push(" AND a.team_id = ").push_bind(key(team.bits()));
    }
    if let Some(kind) = filter.kind {
        query.push(" AND a.kind = ").push_bind(kind.as_str());
    }
    if let Some(cohort) = &filter.cohort {
        query.push(" AND a.cohort = ").push_bind(cohort.clone());
    }
    // Dates of one form compare as texts.
    match &filter.left {
        Some(Left { yes: true, today }) => _ = query.push(" AND a.left_on < ").push_bind(today.clone()),
        Some(Left { yes: false, today }) => {
            query.push(" AND (a.left_on IS NULL OR a.left_on >= ").push_bind(today.clone()).push(")");
        }
        None => {}
    }
    if let Some(after) = page.after {
        query.push(" AND (a.created_at_ms, a.id) > (SELECT created_at_ms, id FROM advocates WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY a.created_at_ms, a.id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

/// Advocates of every space in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_advocates(
    connection: &mut Connection,
    after: AdvocateId,
    limit: u32,
) -> Result<Vec<Advocate>> {
    let query =
        sqlx::query(select!("WHERE a.id > $1 ORDER BY a.id LIMIT $2")).bind(key(after.bits())).bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(|row| Ok(read(row)?.advocate)).collect()
}

pub(in crate::store) async fn put_advocate(
    connection: &mut Connection,
    record: &AdvocateRecord,
    at_ms: i64,
) -> Result<()> {
    let advocate = &record.advocate;
    sqlx::query(
        "INSERT INTO advocates (id, space_id, external_id, email, name, kind, team_id, location, language, cohort,
             skills, invited_on, registered_at_ms, left_on, charter_accepted, charter_accepted_at_ms, created_at_ms,
             updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
         ON CONFLICT (id) DO UPDATE SET external_id = $3, email = $4, name = $5, kind = $6, team_id = $7,
             location = $8, language = $9, cohort = $10, skills = $11, invited_on = $12, registered_at_ms = $13,
             left_on = $14, charter_accepted = $15, charter_accepted_at_ms = $16, updated_at_ms = $17",
    )
    .bind(key(advocate.id.bits()))
    .bind(key(advocate.space.bits()))
    .bind(&advocate.external_id)
    .bind(&record.email)
    .bind(&record.name)
    .bind(advocate.kind.as_str())
    .bind(optional_key(advocate.team.bits()))
    .bind(&advocate.location)
    .bind(&advocate.language)
    .bind(&advocate.cohort)
    .bind(row::to_json(&advocate.skills))
    .bind(&advocate.invited_on)
    .bind(advocate.registered_at_ms)
    .bind(&advocate.left_on)
    .bind(record.charter_accepted.map(i64::from))
    .bind(record.charter_accepted_at_ms)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn read(row: &Row) -> Result<AdvocateRecord> {
    Ok(AdvocateRecord {
        advocate: Advocate {
            id: AdvocateId::from_bits(row::bits(row, "id")?),
            space: SpaceId::from_bits(row::bits(row, "space_id")?),
            external_id: row::optional_text(row, "external_id")?,
            kind: row::word(row, "kind")?,
            team: TeamId::from_bits(row::bits(row, "team_id")?),
            location: row::optional_text(row, "location")?,
            language: row::optional_text(row, "language")?,
            cohort: row::optional_text(row, "cohort")?,
            skills: row::json(row, "skills")?,
            invited_on: row::optional_text(row, "invited_on")?,
            registered_at_ms: row::optional_instant(row, "registered_at_ms")?,
            left_on: row::optional_text(row, "left_on")?,
        },
        email: row::optional_text(row, "email")?,
        name: row::optional_text(row, "name")?,
        charter_accepted: row::optional_small(row, "charter_accepted")?,
        charter_accepted_at_ms: row::optional_instant(row, "charter_accepted_at_ms")?,
        team_name: row::optional_text(row, "team_name")?,
    })
}
