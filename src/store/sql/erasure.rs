//! Forgetting a person.

use std::collections::BTreeMap;

use super::Connection;
use super::row::{self, Result, key};
use crate::model::{AdvocateId, Entity, SpaceId};

/// Removes an advocate's row, and whatever else names the person. Answers kept for its tokens, and places as a manager
/// go with the row. Links and shares stay, nobody's. Answers how many rows there were, by place.
pub(in crate::store) async fn erase_advocate(
    connection: &mut Connection,
    space: SpaceId,
    id: AdvocateId,
    external_id: Option<&str>,
) -> Result<BTreeMap<String, u64>> {
    let (space_key, id_key) = (key(space.bits()), key(id.bits()));
    let mut found = BTreeMap::new();
    // Who came in by a bundle is named there by the company's key, which may be a person's name.
    for (place, statement) in [
        (
            "shares",
            "UPDATE shares SET advocate_id = NULL, advocate_key = NULL
                 WHERE space_id = $1 AND (advocate_id = $2 OR advocate_key = $3)",
        ),
        (
            "referral facts",
            "UPDATE referral_facts SET advocate_key = NULL
                 WHERE space_id = $1 AND (advocate_id = $2 OR advocate_key = $3)",
        ),
    ] {
        let done = sqlx::query(statement).bind(space_key).bind(id_key).bind(external_id);
        found.insert(place.to_owned(), done.execute(&mut *connection).await?.rows_affected());
    }
    for (place, statement) in [
        (
            "links",
            "UPDATE links SET advocate_id = NULL
                 WHERE content_id IN (SELECT id FROM contents WHERE space_id = $1) AND advocate_id = $2",
        ),
        ("sign-ins", "DELETE FROM sign_ins WHERE space_id = $1 AND advocate_id = $2"),
        ("tokens", "DELETE FROM tokens WHERE space_id = $1 AND advocate_id = $2"),
        // How a bundle wrote the address.
        ("spellings", "DELETE FROM written WHERE space_id = $1 AND entity_id = $2"),
    ] {
        let done = sqlx::query(statement).bind(space_key).bind(id_key).execute(&mut *connection).await?;
        found.insert(place.to_owned(), done.rows_affected());
    }
    // Earlier changes hold the company's key; a follower that is late hears of the end at once.
    let done =
        sqlx::query("UPDATE changes SET payload = $1 WHERE space_id = $2 AND kind = 'advocate' AND entity_id = $3")
            .bind(row::to_json(&Entity::AdvocateRemoved(id)))
            .bind(space_key)
            .bind(id_key)
            .execute(&mut *connection)
            .await?;
    found.insert("changes".to_owned(), done.rows_affected());
    // So do answers that others were given about this person, and events of its links and shares, told or not. Those of
    // applications are facts, and stay.
    for (place, statement) in [
        ("kept answers", "DELETE FROM idempotency_keys WHERE space_id = $1 AND answer LIKE $2"),
        (
            "webhook deliveries",
            "DELETE FROM webhook_deliveries
                 WHERE space_id = $1 AND body LIKE $2 AND event NOT LIKE 'application.%'",
        ),
    ] {
        let done = sqlx::query(statement).bind(space_key).bind(format!("%\"{id}\"%"));
        found.insert(place.to_owned(), done.execute(&mut *connection).await?.rows_affected());
    }
    let done = sqlx::query("DELETE FROM advocates WHERE space_id = $1 AND id = $2")
        .bind(space_key)
        .bind(id_key)
        .execute(connection)
        .await?;
    found.insert("advocates".to_owned(), done.rows_affected());
    Ok(found)
}
