//! Forgetting a person.
//!
//! What goes: the advocate's row with name, address and key; sign-ins; tokens and the answers kept
//! for them; places as a manager; the company's key wherever a bundle left it, and in changes that
//! are still kept; answers kept for others that show the person; deliveries of webhooks that tell
//! of its links and shares. What stays: links and shares, nobody's from then on, and the random key in
//! facts about applications, which names nobody any more. Remembered is that there was somebody, by
//! digests ([`super::erasures`]).
//!
//! SQLite overwrites what it deletes; earlier pages wait in its log until that is folded into the
//! file. PostgreSQL frees the space at its next vacuum.

use super::erasures::{ErasureRecord, digest, draw_salt};
use super::error::StoreError;
use super::records::AdvocateRecord;
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::Entity;

impl Writing {
    /// Erases an advocate that was read in this transaction, and remembers it as to be completed. `actor` and `request`
    /// say who did it and why.
    pub async fn erase_advocate(
        &mut self,
        record: &AdvocateRecord,
        actor: &str,
        request: &str,
    ) -> Result<ErasureRecord, StoreError> {
        let AdvocateRecord { advocate, email, .. } = record;
        let (space, id, external_id) = (advocate.space, advocate.id, advocate.external_id.as_deref());
        let found = on_engine!(self.transaction, erase_advocate(space, id, external_id))?;
        self.tell(space, &[(id.bits(), Entity::AdvocateRemoved(id))]).await?;
        let salt = draw_salt();
        let erasure = ErasureRecord {
            advocate: id,
            space,
            asked_at_ms: self.at_ms(),
            actor: actor.to_owned(),
            request: request.to_owned(),
            key_digest: digest(&salt, external_id.unwrap_or_default()),
            email_digest: digest(&salt, &email.as_deref().unwrap_or_default().to_lowercase()),
            salt,
            found,
            done_at_ms: None,
        };
        self.put_erasure(&erasure).await?;
        Ok(erasure)
    }
}
