//! Spaces and the hosts that choose them.

use super::row::{self, Result, key};
use super::{Connection, Row};
use crate::model::{Look, Space, SpaceId};

/// Joined while compiling, so that every statement is a literal and none is ever built from input.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.*, (SELECT string_agg(host, ' ' ORDER BY position) FROM space_hosts
                 WHERE space_id = s.id) AS hosts FROM spaces s ",
            $rest
        )
    };
}

pub(in crate::store) async fn space(connection: &mut Connection, id: SpaceId) -> Result<Option<Space>> {
    let row = sqlx::query(select!("WHERE s.id = $1")).bind(key(id.bits())).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::store) async fn space_of_slug(connection: &mut Connection, slug: &str) -> Result<Option<Space>> {
    let row = sqlx::query(select!("WHERE s.slug = $1")).bind(slug).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// Spaces in the order of their ids, from the first after `after`.
pub(in crate::store) async fn scan_spaces(
    connection: &mut Connection,
    after: SpaceId,
    limit: u32,
) -> Result<Vec<Space>> {
    let query =
        sqlx::query(select!("WHERE s.id > $1 ORDER BY s.id LIMIT $2")).bind(key(after.bits())).bind(i64::from(limit));
    query.fetch_all(connection).await?.iter().map(read).collect()
}

/// Every host of every space, with its owner.
pub(in crate::store) async fn hosts(connection: &mut Connection) -> Result<Vec<(String, SpaceId)>> {
    let rows = sqlx::query("SELECT host, space_id FROM space_hosts").fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row::text(row, "host")?, SpaceId::from_bits(row::bits(row, "space_id")?)))).collect()
}

pub(in crate::store) async fn put_space(connection: &mut Connection, space: &Space, at_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO spaces (id, slug, name, time_zone, working_week, holidays, email_domains, destination_domains,
             click_rates, utm_template, fallback_url, privacy_mode, language, attribution_window_days, similar_jobs,
             closed, created_at_ms, updated_at_ms, accent, logo)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19)
         ON CONFLICT (id) DO UPDATE SET slug = $2, name = $3, time_zone = $4, working_week = $5, holidays = $6,
             email_domains = $7, destination_domains = $8, click_rates = $9, utm_template = $10, fallback_url = $11,
             privacy_mode = $12, language = $13, attribution_window_days = $14, similar_jobs = $15, closed = $16,
             updated_at_ms = $17, accent = $18, logo = $19",
    )
    .bind(key(space.id.bits()))
    .bind(&space.slug)
    .bind(&space.name)
    .bind(&space.time_zone)
    .bind(row::to_json(&space.working_week))
    .bind(row::to_json(&space.holidays))
    .bind(row::to_json(&space.email_domains))
    .bind(row::to_json(&space.destination_domains))
    .bind(row::to_json(&space.click_rates))
    .bind(row::to_json(&space.utm_template))
    .bind(&space.fallback_url)
    .bind(space.privacy_mode.as_str())
    .bind(space.language.as_str())
    .bind(i64::from(space.attribution_window_days))
    .bind(space.similar_jobs)
    .bind(space.closed)
    .bind(at_ms)
    .bind(space.look.accent.map(|accent| accent.to_string()))
    .bind(space.look.logo.map(|logo| logo.to_string()))
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM space_hosts WHERE space_id = $1")
        .bind(key(space.id.bits()))
        .execute(&mut *connection)
        .await?;
    for (position, host) in (0i64..).zip(&space.hosts) {
        sqlx::query("INSERT INTO space_hosts (host, space_id, position) VALUES ($1, $2, $3)")
            .bind(host)
            .bind(key(space.id.bits()))
            .bind(position)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Space> {
    use sqlx::Row as _;
    Ok(Space {
        id: SpaceId::from_bits(row::bits(row, "id")?),
        slug: row::text(row, "slug")?,
        name: row::text(row, "name")?,
        time_zone: row::text(row, "time_zone")?,
        working_week: row::json(row, "working_week")?,
        holidays: row::json(row, "holidays")?,
        hosts: row::optional_text(row, "hosts")?.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        email_domains: row::json(row, "email_domains")?,
        destination_domains: row::json(row, "destination_domains")?,
        click_rates: row::json(row, "click_rates")?,
        utm_template: row::json(row, "utm_template")?,
        fallback_url: row::optional_text(row, "fallback_url")?,
        privacy_mode: row::word(row, "privacy_mode")?,
        language: row::word(row, "language")?,
        attribution_window_days: row::small(row, "attribution_window_days")?,
        similar_jobs: row.try_get("similar_jobs")?,
        closed: row.try_get("closed")?,
        look: Look { accent: row::optional_word(row, "accent")?, logo: row::optional_word(row, "logo")? },
    })
}
