//! People of identity providers, and sign-ins that are there.

use sqlx::Row as _;

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{AdvocateId, SpaceId};
use crate::store::sign_in::{IdentityRecord, OidcRequestRecord};

pub(in crate::store) async fn identity_of(
    connection: &mut Connection,
    space: SpaceId,
    issuer: &str,
    subject: &str,
) -> Result<Option<AdvocateId>> {
    let row = sqlx::query("SELECT advocate_id FROM identities WHERE space_id = $1 AND issuer = $2 AND subject = $3")
        .bind(key(space.bits()))
        .bind(issuer)
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(|row| Ok(AdvocateId::from_bits(row::bits(row, "advocate_id")?))).transpose()
}

pub(in crate::store) async fn has_identity(
    connection: &mut Connection,
    space: SpaceId,
    issuer: &str,
    advocate: AdvocateId,
) -> Result<bool> {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM identities WHERE space_id = $1 AND issuer = $2 AND advocate_id = $3")
            .bind(key(space.bits()))
            .bind(issuer)
            .bind(key(advocate.bits()))
            .fetch_one(connection)
            .await?;
    Ok(count > 0)
}

pub(in crate::store) async fn insert_identity(
    connection: &mut Connection,
    identity: &IdentityRecord,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO identities (space_id, issuer, subject, advocate_id, linked_at_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(key(identity.space.bits()))
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .bind(key(identity.advocate.bits()))
    .bind(at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::store) async fn delete_identities_of(
    connection: &mut Connection,
    space: SpaceId,
    advocate: AdvocateId,
) -> Result<()> {
    sqlx::query("DELETE FROM identities WHERE space_id = $1 AND advocate_id = $2")
        .bind(key(space.bits()))
        .bind(key(advocate.bits()))
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::store) async fn insert_oidc_request(
    connection: &mut Connection,
    request: &OidcRequestRecord,
) -> Result<()> {
    sqlx::query("INSERT INTO oidc_requests (state, space_id, browser, next, ends_at_ms) VALUES ($1, $2, $3, $4, $5)")
        .bind(request.state.as_slice())
        .bind(key(request.space.bits()))
        .bind(request.browser.as_slice())
        .bind(&request.next)
        .bind(request.ends_at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whatever its space: the state says which. It is gone afterwards.
pub(in crate::store) async fn take_oidc_request(
    connection: &mut Connection,
    state: &[u8; 32],
) -> Result<Option<OidcRequestRecord>> {
    let row =
        sqlx::query("DELETE FROM oidc_requests WHERE state = $1 RETURNING state, space_id, browser, next, ends_at_ms")
            .bind(state.as_slice())
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(OidcRequestRecord {
        state: row::digest(&row, "state")?,
        space: SpaceId::from_bits(row::bits(&row, "space_id")?),
        browser: row::digest(&row, "browser")?,
        next: row::text(&row, "next")?,
        ends_at_ms: row.try_get("ends_at_ms")?,
    }))
}

pub(in crate::store) async fn prune_oidc_requests(connection: &mut Connection, now_ms: i64) -> Result<()> {
    sqlx::query("DELETE FROM oidc_requests WHERE ends_at_ms <= $1").bind(now_ms).execute(connection).await?;
    Ok(())
}
