//! People as their administrator looks for them.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::advocates::read;
use super::row::{self, Result, key};
use super::{Connection, Db};
use crate::model::{AdvocateId, SpaceId, TeamId};
use crate::store::people::{Found, PeopleFilter};
use crate::store::records::Left;

/// A text's letters as people look for them: small, and without the accents of French. The engines' own ideas of
/// order and case differ, and SQLite's ends at ASCII; this one is the same on both.
macro_rules! folded {
    ($text:literal) => {
        folded!(@ concat!("lower(", $text, ")"), "É" "e", "È" "e", "Ê" "e", "Ë" "e", "À" "a", "Â" "a", "Ç" "c", "Î" "i",
            "Ï" "i", "Ô" "o", "Ö" "o", "Û" "u", "Ü" "u", "é" "e", "è" "e", "ê" "e", "ë" "e", "à" "a", "â" "a", "ç" "c",
            "î" "i", "ï" "i", "ô" "o", "ö" "o", "û" "u", "ü" "u", "ù" "u")
    };
    (@ $text:expr) => { $text };
    (@ $text:expr, $from:literal $to:literal $(, $more_from:literal $more_to:literal)*) => {
        folded!(@ concat!("replace(", $text, ", '", $from, "', '", $to, "')") $(, $more_from $more_to)*)
    };
}

pub(super) use folded;

/// What somebody types as a pattern for such texts: part of one, and no pattern of its own.
pub(super) fn pattern(text: &str) -> String {
    let plain = |letter: char| match letter {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'à' | 'â' => 'a',
        'ç' => 'c',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'û' | 'ü' | 'ù' => 'u',
        other => other,
    };
    let folded: String = text.to_lowercase().chars().map(plain).collect();
    format!("%{}%", folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// One page of those who fit, by name, and how many fit in all.
pub(in crate::store) async fn search_people(
    connection: &mut Connection,
    space: SpaceId,
    filter: &PeopleFilter,
    offset: u32,
    limit: u32,
) -> Result<(Vec<Found>, u64)> {
    let mut counting = QueryBuilder::<Db>::new("SELECT count(*) AS people");
    fit(&mut counting, space, filter);
    let total = row::small(&counting.build().fetch_one(&mut *connection).await?, "people")?;

    let mut query = QueryBuilder::<Db>::new("SELECT a.*, t.name AS team_name, m.role AS role");
    fit(&mut query, space, filter);
    query.push(concat!(" ORDER BY ", folded!("coalesce(a.name, a.email, a.external_id, '')"), ", a.id LIMIT "));
    query.push_bind(i64::from(limit)).push(" OFFSET ").push_bind(i64::from(offset));
    let rows = query.build().fetch_all(connection).await?;
    let found = rows
        .iter()
        .map(|row| -> Result<Found> { Ok(Found { record: read(row)?, role: row::optional_word(row, "role")? }) });
    Ok((found.collect::<Result<_>>()?, total))
}

fn fit(query: &mut QueryBuilder<Db>, space: SpaceId, filter: &PeopleFilter) {
    query.push(
        " FROM advocates a LEFT JOIN teams t ON t.space_id = a.space_id AND t.id = a.team_id
             LEFT JOIN members m ON m.space_id = a.space_id AND m.advocate_id = a.id WHERE a.space_id = ",
    );
    query.push_bind(key(space.bits()));
    if let Some(text) = &filter.text {
        let pattern = pattern(text);
        query.push(concat!(" AND (", folded!("coalesce(a.name, '')"), " LIKE ")).push_bind(pattern.clone());
        query.push(" ESCAPE '\\' OR lower(coalesce(a.email, '')) LIKE ").push_bind(pattern.clone());
        query.push(concat!(" ESCAPE '\\' OR ", folded!("coalesce(a.external_id, '')"), " LIKE ")).push_bind(pattern);
        query.push(" ESCAPE '\\')");
    }
    if let Some(team) = filter.team {
        query.push(" AND a.team_id = ").push_bind(key(team.bits()));
    }
    if let Some(kind) = filter.kind {
        query.push(" AND a.kind = ").push_bind(kind.as_str());
    }
    if let Some(role) = filter.role {
        query.push(" AND coalesce(m.role, 'advocate') = ").push_bind(role.as_str());
    }
    match &filter.left {
        Some(Left { yes: true, today }) => _ = query.push(" AND a.left_on < ").push_bind(today.clone()),
        Some(Left { yes: false, today }) => {
            query.push(" AND (a.left_on IS NULL OR a.left_on >= ").push_bind(today.clone()).push(")");
        }
        None => {}
    }
    match filter.joined {
        Some(true) => _ = query.push(" AND a.registered_at_ms IS NOT NULL"),
        Some(false) => _ = query.push(" AND a.registered_at_ms IS NULL"),
        None => {}
    }
    if filter.invitable {
        query.push(" AND a.email IS NOT NULL AND a.invited_on IS NULL");
    }
}

/// How many people who have not left by `today` each team has itself; teams without any are not named.
pub(in crate::store) async fn team_sizes(
    connection: &mut Connection,
    space: SpaceId,
    today: &str,
) -> Result<HashMap<TeamId, u64>> {
    let rows = sqlx::query(
        "SELECT team_id, count(*) AS people FROM advocates
             WHERE space_id = $1 AND team_id IS NOT NULL AND (left_on IS NULL OR left_on >= $2) GROUP BY team_id",
    )
    .bind(key(space.bits()))
    .bind(today)
    .fetch_all(connection)
    .await?;
    let read = |row: &super::Row| Ok((TeamId::from_bits(row::bits(row, "team_id")?), row::small(row, "people")?));
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn manages(connection: &mut Connection, space: SpaceId, id: AdvocateId) -> Result<bool> {
    let row = sqlx::query("SELECT count(*) AS teams FROM team_managers WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_one(connection)
        .await?;
    Ok(row::small::<u64>(&row, "teams")? > 0)
}

/// Names (or addresses) of people of the space.
pub(in crate::store) async fn names_of(
    connection: &mut Connection,
    space: SpaceId,
    ids: &[AdvocateId],
) -> Result<HashMap<AdvocateId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::<Db>::new(
        "SELECT id, coalesce(name, email, external_id, '') AS shown FROM advocates WHERE space_id = ",
    );
    query.push_bind(key(space.bits())).push(" AND id IN ");
    row::push_keys(&mut query, ids.iter().map(|id| id.bits()));
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(|row| Ok((AdvocateId::from_bits(row::bits(row, "id")?), row::text(row, "shown")?))).collect()
}

/// Names of all people of the space who have one, in one row: the engines hand twenty thousand rows over one by one.
pub(in crate::store) async fn names(
    connection: &mut Connection,
    space: SpaceId,
) -> Result<HashMap<AdvocateId, String>> {
    let row = sqlx::query(super::NAMES).bind(key(space.bits())).fetch_one(connection).await?;
    let names: Vec<(i64, String)> = row::json(&row, "names")?;
    Ok(names.into_iter().map(|(id, name)| (AdvocateId::from_bits(id.cast_unsigned()), name)).collect())
}

/// Domains of the space's addresses with how many people have one, the most frequent first.
pub(in crate::store) async fn email_domains_in_use(
    connection: &mut Connection,
    space: SpaceId,
    limit: u32,
) -> Result<Vec<(String, u64)>> {
    // Addresses are checked: each has exactly one sign that counts, and none begins with it.
    let rows = sqlx::query(
        "SELECT replace(email, rtrim(email, replace(email, '@', '')), '') AS domain, count(*) AS people
             FROM advocates WHERE space_id = $1 AND email IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $2",
    )
    .bind(key(space.bits()))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row::text(row, "domain")?, row::small(row, "people")?))).collect()
}
