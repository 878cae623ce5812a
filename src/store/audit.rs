//! The audit log: who changed what, and who looked at named figures.

use rand::Rng as _;
use serde_json::Value;

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AuditId, SpaceId};

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// Where it happened.
    pub space: SpaceId,
    /// When.
    pub at_ms: i64,
    /// Who did it: an advocate's id, a token's id, or `operator` for a command line.
    pub actor: String,
    /// What was done, as `noun.verb`: `token.created`.
    pub action: String,
    /// The id of what it was done to.
    pub target: String,
    /// An object with what else matters; never a secret, a name or an address.
    pub details: Value,
}

impl Reading {
    /// Lines of the audit log, newest first, from the one before `page.after`.
    pub async fn list_audit(&mut self, space: SpaceId, page: Page<AuditId>) -> Result<Vec<AuditEntry>, StoreError> {
        on_engine!(self.transaction, list_audit(space, page))
    }

    /// A line of the audit log.
    pub async fn audit_entry(&mut self, space: SpaceId, id: AuditId) -> Result<Option<AuditEntry>, StoreError> {
        on_engine!(self.transaction, audit_entry(space, id))
    }
}

impl Writing {
    /// Adds a line, dated with this transaction's instant; it is never changed. `details` is an object.
    pub async fn append_audit(
        &mut self,
        space: SpaceId,
        actor: &str,
        action: &str,
        target: &str,
        details: Value,
    ) -> Result<(), StoreError> {
        debug_assert!(details.is_object(), "{action} has details that are no object: {details}");
        let id = AuditId::from_bits(rand::rng().random_range(1..=i64::MAX.cast_unsigned()));
        let (actor, action, target) = (actor.to_owned(), action.to_owned(), target.to_owned());
        let entry = AuditEntry { id, space, at_ms: self.at_ms(), actor, action, target, details };
        on_engine!(self.reading.transaction, append_audit(&entry))
    }

    /// Removes lines of all spaces that are older than `before_ms`.
    pub async fn prune_audit(&mut self, before_ms: i64) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, prune_audit(before_ms))
    }
}
