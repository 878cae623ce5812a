//! Forgetting a person.
//!
//! What goes: the advocate's row with name, address and key; sign-ins; tokens and the answers kept
//! for them; places as a manager; the company's key wherever a bundle left it, and in changes that
//! are still kept; answers kept for others that show the person. What stays: links and shares,
//! nobody's from then on, and the random key in facts about applications, which names nobody any
//! more.
//!
//! SQLite overwrites what it deletes; earlier pages wait in its log until that is folded into the
//! file. PostgreSQL frees the space at its next vacuum.

use super::error::StoreError;
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::{Advocate, Entity};

impl Writing {
    /// Erases an advocate that was read in this transaction.
    pub async fn erase_advocate(&mut self, advocate: &Advocate) -> Result<(), StoreError> {
        let (space, id) = (advocate.space, advocate.id);
        on_engine!(self.transaction, erase_advocate(space, id, advocate.external_id.as_deref()))?;
        self.tell(space, &[(id.bits(), Entity::AdvocateRemoved(id))]).await
    }
}
