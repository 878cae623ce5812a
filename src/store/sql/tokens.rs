//! Tokens, by the digest of what their holder keeps.

use sqlx::QueryBuilder;

use super::row::{self, Result, key};
use super::{Connection, Db, Row};
use crate::model::{AdvocateId, SpaceId, TokenId};
use crate::store::records::{Page, TokenRecord};

/// Whatever its space: this is how a caller's space is found out.
pub(in crate::store) async fn token_of_hash(
    connection: &mut Connection,
    hash: &[u8; 32],
) -> Result<Option<TokenRecord>> {
    let row =
        sqlx::query("SELECT * FROM tokens WHERE hash = $1").bind(hash.as_slice()).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// A token of the space that nobody took back.
pub(in crate::store) async fn token(
    connection: &mut Connection,
    space: SpaceId,
    id: TokenId,
) -> Result<Option<TokenRecord>> {
    let row = sqlx::query("SELECT * FROM tokens WHERE space_id = $1 AND id = $2 AND revoked_at_ms IS NULL")
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Tokens of the space that nobody took back, expired ones too.
pub(in crate::store) async fn list_tokens(
    connection: &mut Connection,
    space: SpaceId,
    page: Page<TokenId>,
) -> Result<Vec<TokenRecord>> {
    let mut query = QueryBuilder::<Db>::new("SELECT * FROM tokens WHERE revoked_at_ms IS NULL AND space_id = ");
    query.push_bind(key(space.bits()));
    if let Some(after) = page.after {
        query.push(" AND (created_at_ms, id) > (SELECT created_at_ms, id FROM tokens WHERE id = ");
        query.push_bind(key(after.bits())).push(")");
    }
    query.push(" ORDER BY created_at_ms, id LIMIT ").push_bind(i64::from(page.limit));
    query.build().fetch_all(connection).await?.iter().map(read).collect()
}

pub(in crate::store) async fn insert_token(connection: &mut Connection, token: &TokenRecord) -> Result<()> {
    sqlx::query(
        "INSERT INTO tokens (id, space_id, role, name, scopes, advocate_id, hash, created_at_ms, expires_at_ms,
             last_used_at_ms, revoked_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(key(token.id.bits()))
    .bind(key(token.space.bits()))
    .bind(token.role.as_str())
    .bind(&token.name)
    .bind(token.scopes.as_ref().map(row::to_json))
    .bind(token.advocate.map(|advocate| key(advocate.bits())))
    .bind(token.hash.as_slice())
    .bind(token.created_at_ms)
    .bind(token.expires_at_ms)
    .bind(token.last_used_at_ms)
    .bind(token.revoked_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn note_token_use(
    connection: &mut Connection,
    space: SpaceId,
    id: TokenId,
    at_ms: i64,
) -> Result<()> {
    sqlx::query("UPDATE tokens SET last_used_at_ms = $1 WHERE space_id = $2 AND id = $3")
        .bind(at_ms)
        .bind(key(space.bits()))
        .bind(key(id.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

/// True when there was one that nobody had taken back.
pub(in crate::store) async fn revoke_token(
    connection: &mut Connection,
    space: SpaceId,
    id: TokenId,
    at_ms: i64,
) -> Result<bool> {
    let done =
        sqlx::query("UPDATE tokens SET revoked_at_ms = $1 WHERE space_id = $2 AND id = $3 AND revoked_at_ms IS NULL")
            .bind(at_ms)
            .bind(key(space.bits()))
            .bind(key(id.bits()))
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

fn read(row: &Row) -> Result<TokenRecord> {
    use sqlx::Row as _;
    Ok(TokenRecord {
        id: TokenId::from_bits(row::bits(row, "id")?),
        space: SpaceId::from_bits(row::bits(row, "space_id")?),
        role: row::word(row, "role")?,
        name: row::text(row, "name")?,
        scopes: row::optional_json(row, "scopes")?,
        advocate: AdvocateId::from_bits(row::bits(row, "advocate_id")?).known(),
        hash: row::digest(row, "hash")?,
        created_at_ms: row.try_get("created_at_ms")?,
        expires_at_ms: row::optional_instant(row, "expires_at_ms")?,
        last_used_at_ms: row::optional_instant(row, "last_used_at_ms")?,
        revoked_at_ms: row::optional_instant(row, "revoked_at_ms")?,
    })
}
