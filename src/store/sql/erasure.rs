//! Forgetting a person.

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{AdvocateId, Entity, SpaceId};

/// Removes an advocate's row, and whatever else names the person. Sign-ins, tokens with the answers
/// kept for them, and places as a manager go with the row. Links and shares stay, nobody's.
pub(in crate::store) async fn erase_advocate(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
    external_id: Option<&str>,
) -> Result<()> {
    let (space_key, id_key) = (key(space.bits()), key(id.bits()));
    sqlx::query(
        "UPDATE links SET advocate_id = NULL
             WHERE content_id IN (SELECT id FROM contents WHERE space_id = $1) AND advocate_id = $2",
    )
    .bind(space_key)
    .bind(id_key)
    .execute(&mut *connection)
    .await?;
    // Who came in by a bundle is named there by the company's key, which may be a person's name.
    for statement in [
        "UPDATE shares SET advocate_id = NULL, advocate_key = NULL
             WHERE space_id = $1 AND (advocate_id = $2 OR advocate_key = $3)",
        "UPDATE referral_facts SET advocate_key = NULL
             WHERE space_id = $1 AND (advocate_id = $2 OR advocate_key = $3)",
    ] {
        sqlx::query(statement).bind(space_key).bind(id_key).bind(external_id).execute(&mut *connection).await?;
    }
    // Earlier changes hold the company's key; a follower that is late hears of the end at once.
    sqlx::query("UPDATE changes SET payload = $1 WHERE space_id = $2 AND kind = 'advocate' AND entity_id = $3")
        .bind(row::to_json(&Entity::AdvocateRemoved(id)))
        .bind(space_key)
        .bind(id_key)
        .execute(&mut *connection)
        .await?;
    // So do answers that others were given about this person.
    sqlx::query("DELETE FROM idempotency_keys WHERE space_id = $1 AND answer LIKE $2")
        .bind(space_key)
        .bind(format!("%\"{id}\"%"))
        .execute(&mut *connection)
        .await?;
    // How a bundle wrote the address.
    sqlx::query("DELETE FROM written WHERE space_id = $1 AND entity_id = $2")
        .bind(space_key)
        .bind(id_key)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM advocates WHERE space_id = $1 AND id = $2")
        .bind(space_key)
        .bind(id_key)
        .execute(connection)
        .await?;
    Ok(())
}
