//! Roles of people, and that they signed in.

use sqlx::{QueryBuilder, Row as _};

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, Role, SpaceId};
use crate::store::records::Page;
use crate::store::sign_in::MemberRecord;

pub(in crate::store) async fn role_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<Option<Role>> {
    let row = sqlx::query("SELECT role FROM members WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| row::word(row, "role")).transpose()
}

pub(in crate::store) async fn list_members(
    connection: &mut Connection,
    space: SpaceId,
    page: Page<AdvocateId>,
) -> Result<Vec<MemberRecord>> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT m.advocate_id, m.role, m.changed_at_ms, a.name, a.email FROM members m JOIN advocates a
             ON a.space_id = m.space_id AND a.id = m.advocate_id WHERE m.space_id = ",
    );
    query.push_bind(key(space.bits()));
    if let Some(after) = page.after {
        query.push(" AND m.advocate_id > ").push_bind(key(after.bits()));
    }
    query.push(" ORDER BY m.advocate_id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn put_role(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    role: Role,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO members (advocate_id, space_id, role, changed_at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (advocate_id) DO UPDATE SET role = $3, changed_at_ms = $4",
    )
    .bind(key(advocate.bits()))
    .bind(key(space.bits()))
    .bind(role.as_str())
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn delete_role(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<()> {
    sqlx::query("DELETE FROM members WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// False when it was noted before.
pub(in crate::store) async fn insert_sign_in(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
    at_ms: i64,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO sign_ins (advocate_id, signed_in_at_ms, space_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(key(advocate.bits()))
    .bind(at_ms)
    .bind(key(space.bits()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn read(row: &Row) -> Result<MemberRecord> {
    Ok(MemberRecord {
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?),
        name: row::optional_text(row, "name")?,
        email: row::optional_text(row, "email")?,
        role: row::word(row, "role")?,
        changed_at_ms: row.try_get("changed_at_ms")?,
    })
}
