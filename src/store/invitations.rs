//! Invitations that wait for the mail server.

use super::error::StoreError;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AdvocateId, SpaceId};

/// An invitation in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationRecord {
    /// To which programme.
    pub space: SpaceId,
    /// Whom.
    pub advocate: AdvocateId,
    /// Attempts so far.
    pub attempts: u32,
    /// When the next one is due.
    pub due_at_ms: i64,
}

impl Reading {
    /// Invitations of all spaces that are due, the longest first.
    pub async fn due_invitations(&mut self, now_ms: i64, limit: u32) -> Result<Vec<InvitationRecord>, StoreError> {
        on_engine!(self.transaction, due_invitations(now_ms, limit))
    }
}

impl Writing {
    /// Adds an invitation to the queue, due now; false when one to this person waits already.
    pub async fn insert_invitation(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<bool, StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, insert_invitation(space, advocate, at_ms))
    }

    /// Counts an attempt, and says when the next one is due. False when it is not due now, or gone: another process
    /// was faster.
    pub async fn postpone_invitation(
        &mut self,
        space: SpaceId,
        advocate: AdvocateId,
        due_at_ms: i64,
    ) -> Result<bool, StoreError> {
        let now_ms = self.at_ms();
        on_engine!(self.transaction, postpone_invitation(space, advocate, now_ms, due_at_ms))
    }

    /// Removes an invitation from the queue.
    pub async fn delete_invitation(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<(), StoreError> {
        on_engine!(self.transaction, delete_invitation(space, advocate))
    }
}
