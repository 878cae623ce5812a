//! What a bundle brings and takes: teams, shares, sign-ins, and how values were written. Many rows a
//! statement, because a bundle has many.

use std::collections::HashSet;

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key, optional_key};
use super::{Connection, Db, Row};
use crate::model::{
    AdvocateId, Campaign, Channel, ContentId, Link, LinkId, Share, ShareId, SignIn, SpaceId, Team, TeamId,
};
use crate::store::exchange::{BundledShare, Cursor, WrittenAs};

/// Rows of one statement: at most 11 parameters each, SQLite takes 32,766.
const ROWS_A_STATEMENT: usize = 500;

pub(in crate::store) async fn teams_of_space(connection: &mut Connection, space: SpaceId) -> Result<Vec<Team>> {
    let rows = sqlx::query("SELECT * FROM teams WHERE space_id = $1 ORDER BY id")
        .bind(key(space.bits()))
        .fetch_all(connection)
        .await?;
    let read = |row: &Row| {
        Ok(Team {
            id: TeamId::from_bits(row::bits(row, "id")?),
            space,
            parent: TeamId::from_bits(row::bits(row, "parent_id")?),
            name: row::text(row, "name")?,
        })
    };
    rows.iter().map(read).collect()
}

pub(in crate::store) async fn insert_teams(connection: &mut Connection, teams: &[Team], at_ms: i64) -> Result<()> {
    for chunk in teams.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO teams (id, space_id, parent_id, name, created_at_ms) ");
        query.push_values(chunk, |mut row, team| {
            row.push_bind(key(team.id.bits()))
                .push_bind(key(team.space.bits()))
                .push_bind(optional_key(team.parent.bits()))
                .push_bind(team.name.clone())
                .push_bind(at_ms);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Frees the addresses of these advocates, so that others may take them in the same transaction.
pub(in crate::store) async fn clear_emails(
    connection: &mut Connection,
    space: SpaceId,
    ids: &[AdvocateId],
) -> Result<()> {
    for chunk in ids.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("UPDATE advocates SET email = NULL WHERE space_id = ");
        query.push_bind(key(space.bits())).push(" AND id IN ");
        row::push_keys(&mut query, chunk.iter().map(|id| id.bits()));
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(in crate::store) async fn campaigns_of_space(connection: &mut Connection, space: SpaceId) -> Result<Vec<Campaign>> {
    let rows = sqlx::query("SELECT * FROM campaigns WHERE space_id = $1 ORDER BY created_at_ms, id")
        .bind(key(space.bits()))
        .fetch_all(connection)
        .await?;
    rows.iter().map(super::campaigns::read).collect()
}

/// The links that have one of these codes, in any space.
pub(in crate::store) async fn links_of_codes(connection: &mut Connection, codes: &[String]) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for chunk in codes.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM links WHERE code IN (");
        let mut list = query.separated(", ");
        chunk.iter().for_each(|code| _ = list.push_bind(code.clone()));
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            links.push(super::links::read(&row)?);
        }
    }
    Ok(links)
}

/// The links that these threes have.
pub(in crate::store) async fn links_of_threes(
    connection: &mut Connection,
    space: SpaceId,
    threes: &[(ContentId, AdvocateId, Channel)],
) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for chunk in threes.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM links WHERE +space_id = ");
        query.push_bind(key(space.bits())).push(" AND (content_id, advocate_id, channel) IN (");
        query.push_values(chunk, |mut row, (content, advocate, channel)| {
            row.push_bind(key(content.bits())).push_bind(key(advocate.bits())).push_bind(channel.as_str().to_owned());
        });
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            links.push(super::links::read(&row)?);
        }
    }
    Ok(links)
}

/// Shares with these keys, and shares with these ids.
pub(in crate::store) async fn shares_of(
    connection: &mut Connection,
    space: SpaceId,
    external_ids: &[String],
    ids: &[ShareId],
) -> Result<Vec<BundledShare>> {
    let mut shares = Vec::new();
    for chunk in external_ids.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM shares WHERE space_id = ");
        query.push_bind(key(space.bits())).push(" AND external_id IN (");
        let mut list = query.separated(", ");
        chunk.iter().for_each(|id| _ = list.push_bind(id.clone()));
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            shares.push(read_share(&row)?);
        }
    }
    for chunk in ids.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM shares WHERE space_id = ");
        query.push_bind(key(space.bits())).push(" AND id IN ");
        row::push_keys(&mut query, chunk.iter().map(|id| id.bits()));
        for row in query.build().fetch_all(&mut *connection).await? {
            shares.push(read_share(&row)?);
        }
    }
    Ok(shares)
}

pub(in crate::store) async fn put_bundled_shares(
    connection: &mut Connection,
    shares: &[BundledShare],
    at_ms: i64,
) -> Result<()> {
    for chunk in shares.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO shares (id, space_id, external_id, content_id, advocate_id, advocate_key, channel, link_id,
                 source, shared_at_ms, created_at_ms) ",
        );
        query.push_values(chunk, |mut row, BundledShare { share, advocate_key }| {
            row.push_bind(key(share.id.bits()))
                .push_bind(key(share.space.bits()))
                .push_bind(share.external_id.clone())
                .push_bind(key(share.content.bits()))
                .push_bind(optional_key(share.advocate.bits()))
                .push_bind(advocate_key.clone())
                .push_bind(share.channel.as_str().to_owned())
                .push_bind(optional_key(share.link.bits()))
                .push_bind(share.source.as_str())
                .push_bind(share.shared_at_ms)
                .push_bind(at_ms);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET external_id = excluded.external_id, content_id = excluded.content_id,
                 advocate_id = excluded.advocate_id, advocate_key = excluded.advocate_key, channel = excluded.channel,
                 link_id = excluded.link_id, source = excluded.source, shared_at_ms = excluded.shared_at_ms",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(in crate::store) async fn page_of_shares(
    connection: &mut Connection,
    space: SpaceId,
    after: Cursor,
    limit: u32,
) -> Result<Vec<(Cursor, BundledShare)>> {
    let rows = sqlx::query(
        "SELECT * FROM shares WHERE space_id = $1 AND (created_at_ms, id) > ($2, $3)
             ORDER BY created_at_ms, id LIMIT $4",
    )
    .bind(key(space.bits()))
    .bind(after.0)
    .bind(after.1)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(((row.try_get("created_at_ms")?, row.try_get("id")?), read_share(row)?))).collect()
}

/// Inserts those that are not there yet, and says which.
pub(in crate::store) async fn insert_sign_ins(
    connection: &mut Connection,
    sign_ins: &[SignIn],
) -> Result<HashSet<(AdvocateId, i64)>> {
    let mut inserted = HashSet::new();
    for chunk in sign_ins.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO sign_ins (advocate_id, signed_in_at_ms, space_id) ");
        query.push_values(chunk, |mut row, one| {
            row.push_bind(key(one.advocate.bits())).push_bind(one.signed_in_at_ms).push_bind(key(one.space.bits()));
        });
        query.push(" ON CONFLICT DO NOTHING RETURNING advocate_id, signed_in_at_ms");
        for row in query.build().fetch_all(&mut *connection).await? {
            inserted.insert((AdvocateId::from_bits(row::bits(&row, "advocate_id")?), row.try_get("signed_in_at_ms")?));
        }
    }
    Ok(inserted)
}

pub(in crate::store) async fn page_of_sign_ins(
    connection: &mut Connection,
    space: SpaceId,
    after: Cursor,
    limit: u32,
) -> Result<Vec<SignIn>> {
    let rows = sqlx::query(
        "SELECT advocate_id, signed_in_at_ms FROM sign_ins WHERE space_id = $1
             AND (advocate_id, signed_in_at_ms) > ($2, $3) ORDER BY advocate_id, signed_in_at_ms LIMIT $4",
    )
    .bind(key(space.bits()))
    .bind(after.0)
    .bind(after.1)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    let read = |row: &Row| {
        let advocate = AdvocateId::from_bits(row::bits(row, "advocate_id")?);
        Ok(SignIn { space, advocate, signed_in_at_ms: row.try_get("signed_in_at_ms")? })
    };
    rows.iter().map(read).collect()
}

/// How values of these entities were written.
pub(in crate::store) async fn written_of(
    connection: &mut Connection,
    space: SpaceId,
    entities: &[u64],
) -> Result<Vec<WrittenAs>> {
    let mut written = Vec::new();
    for chunk in entities.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("SELECT * FROM written WHERE +space_id = ");
        query.push_bind(key(space.bits())).push(" AND entity_id IN ");
        row::push_keys(&mut query, chunk.iter().copied());
        for row in query.build().fetch_all(&mut *connection).await? {
            written.push(WrittenAs {
                entity: row::bits(&row, "entity_id")?,
                field: row::text(&row, "field")?,
                kept: row::text(&row, "kept")?,
                written: row::text(&row, "written")?,
            });
        }
    }
    Ok(written)
}

pub(in crate::store) async fn put_written(
    connection: &mut Connection,
    space: SpaceId,
    written: &[WrittenAs],
) -> Result<()> {
    for chunk in written.chunks(ROWS_A_STATEMENT) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO written (entity_id, field, kept, space_id, written) ");
        query.push_values(chunk, |mut row, one| {
            row.push_bind(key(one.entity))
                .push_bind(one.field.clone())
                .push_bind(one.kept.clone())
                .push_bind(key(space.bits()))
                .push_bind(one.written.clone());
        });
        query.push(" ON CONFLICT (entity_id, field, kept) DO UPDATE SET written = excluded.written");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(in crate::store) async fn forget_written(
    connection: &mut Connection,
    space: SpaceId,
    gone: &[WrittenAs],
) -> Result<()> {
    for one in gone {
        sqlx::query("DELETE FROM written WHERE entity_id = $1 AND field = $2 AND kept = $3 AND space_id = $4")
            .bind(key(one.entity))
            .bind(&one.field)
            .bind(&one.kept)
            .bind(key(space.bits()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes or renews the lease; false while somebody else has it.
pub(in crate::store) async fn take_lease(
    connection: &mut Connection,
    space: SpaceId,
    holder: u64,
    at_ms: i64,
    until_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO import_leases (space_id, holder, until_ms) VALUES ($1, $2, $3)
         ON CONFLICT (space_id) DO UPDATE SET holder = $2, until_ms = $3
             WHERE import_leases.holder = $2 OR import_leases.until_ms < $4",
    )
    .bind(key(space.bits()))
    .bind(key(holder))
    .bind(until_ms)
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::store) async fn end_lease(connection: &mut Connection, space: SpaceId, holder: u64) -> Result<()> {
    sqlx::query("DELETE FROM import_leases WHERE space_id = $1 AND holder = $2")
        .bind(key(space.bits()))
        .bind(key(holder))
        .execute(connection)
        .await?;
    Ok(())
}

fn read_share(row: &Row) -> Result<BundledShare> {
    Ok(BundledShare {
        share: Share {
            id: ShareId::from_bits(row::bits(row, "id")?),
            space: SpaceId::from_bits(row::bits(row, "space_id")?),
            external_id: row::optional_text(row, "external_id")?,
            content: ContentId::from_bits(row::bits(row, "content_id")?),
            advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
            channel: row::word(row, "channel")?,
            link: LinkId::from_bits(row::bits(row, "link_id")?),
            source: row::word(row, "source")?,
            shared_at_ms: row.try_get("shared_at_ms")?,
        },
        advocate_key: row::optional_text(row, "advocate_key")?,
    })
}
