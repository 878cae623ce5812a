//! People at a browser: their roles and sessions, the ways in, and the mails that wait.

mod records;

pub use records::{
    ChallengeRecord, IdentityRecord, MailRecord, MemberRecord, OidcRequestRecord, OpenSession, SessionRecord,
};

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AdvocateId, ChallengeId, Entity, MailId, Role, SessionId, SignIn, SpaceId};

impl Reading {
    /// What a person is beside being an advocate.
    pub async fn role_of(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<Option<Role>, StoreError> {
        on_engine!(self.transaction, role_of(space, advocate))
    }

    /// People with a role in the order of their ids, those after `page.after`.
    pub async fn list_members(
        &mut self,
        space: SpaceId,
        page: Page<AdvocateId>,
    ) -> Result<Vec<MemberRecord>, StoreError> {
        on_engine!(self.transaction, list_members(space, page))
    }

    /// The session of this secret's digest, whatever its space: this is how a browser's space is
    /// found out.
    pub async fn session_of_hash(&mut self, hash: &[u8; 32]) -> Result<Option<OpenSession>, StoreError> {
        on_engine!(self.transaction, session_of_hash(hash))
    }

    /// A person's sessions that have not reached their end, newest first.
    pub async fn sessions_of(
        &mut self,
        space: SpaceId,
        advocate: AdvocateId,
        now_ms: i64,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        on_engine!(self.transaction, sessions_of(space, advocate, now_ms))
    }

    /// A challenge.
    pub async fn challenge(&mut self, space: SpaceId, id: ChallengeId) -> Result<Option<ChallengeRecord>, StoreError> {
        on_engine!(self.transaction, challenge(space, id))
    }

    /// The challenge of this link's digest, whatever its space.
    pub async fn challenge_of_link(&mut self, link: &[u8; 32]) -> Result<Option<ChallengeRecord>, StoreError> {
        on_engine!(self.transaction, challenge_of_link(link))
    }

    /// Challenges of this browser's digest whose mail was made, newest first, whatever their space.
    pub async fn challenges_of_browser(
        &mut self,
        browser: &[u8; 32],
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<ChallengeRecord>, StoreError> {
        on_engine!(self.transaction, challenges_of_browser(browser, now_ms, limit))
    }

    /// How often this address was asked for since `since_ms`.
    pub async fn count_challenges(&mut self, space: SpaceId, email: &str, since_ms: i64) -> Result<u64, StoreError> {
        on_engine!(self.transaction, count_challenges(space, email, since_ms))
    }

    /// Mails of all spaces that are due, the longest first.
    pub async fn due_mails(&mut self, now_ms: i64, limit: u32) -> Result<Vec<MailRecord>, StoreError> {
        on_engine!(self.transaction, due_mails(now_ms, limit))
    }

    /// Who somebody of an identity provider is in this space.
    pub async fn identity_of(
        &mut self,
        space: SpaceId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AdvocateId>, StoreError> {
        on_engine!(self.transaction, identity_of(space, issuer, subject))
    }

    /// Whether a person is somebody of this identity provider already.
    pub async fn has_identity(
        &mut self,
        space: SpaceId,
        issuer: &str,
        advocate: AdvocateId,
    ) -> Result<bool, StoreError> {
        on_engine!(self.transaction, has_identity(space, issuer, advocate))
    }
}

impl Writing {
    /// Gives a person a role beside being an advocate, or takes it.
    pub async fn put_role(
        &mut self,
        space: SpaceId,
        advocate: AdvocateId,
        role: Option<Role>,
    ) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        match role {
            Some(role) => on_engine!(self.reading.transaction, put_role(space, advocate, role, at_ms)),
            None => on_engine!(self.reading.transaction, delete_role(space, advocate)),
        }
    }

    /// Begins a session.
    pub async fn insert_session(&mut self, session: &SessionRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, insert_session(session))
    }

    /// Dates a session's last use with this transaction's instant.
    pub async fn see_session(&mut self, space: SpaceId, id: SessionId) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.reading.transaction, see_session(space, id, at_ms))
    }

    /// Ends one session of a person; false when the person has none of this id.
    pub async fn end_session(
        &mut self,
        space: SpaceId,
        advocate: AdvocateId,
        id: SessionId,
    ) -> Result<bool, StoreError> {
        on_engine!(self.reading.transaction, end_session(space, advocate, id))
    }

    /// Ends all sessions of a person; answers how many there were.
    pub async fn end_sessions_of(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<u64, StoreError> {
        on_engine!(self.reading.transaction, end_sessions_of(space, advocate))
    }

    /// Adds a challenge.
    pub async fn insert_challenge(&mut self, challenge: &ChallengeRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, insert_challenge(challenge))
    }

    /// Gives a challenge the digests of what its mail carries, and the end that counts from then on.
    pub async fn set_challenge_secrets(
        &mut self,
        space: SpaceId,
        id: ChallengeId,
        code: &[u8; 32],
        link: &[u8; 32],
        ends_at_ms: i64,
    ) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, set_challenge_secrets(space, id, code, link, ends_at_ms))
    }

    /// Counts a wrong code.
    pub async fn count_attempt(&mut self, space: SpaceId, id: ChallengeId) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, count_attempt(space, id))
    }

    /// Removes a challenge with its mail; false when somebody was faster.
    pub async fn take_challenge(&mut self, space: SpaceId, id: ChallengeId) -> Result<bool, StoreError> {
        on_engine!(self.reading.transaction, take_challenge(space, id))
    }

    /// Adds a mail to the queue.
    pub async fn insert_mail(&mut self, mail: &MailRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, insert_mail(mail))
    }

    /// Counts an attempt at a mail, and says when the next one is due. False when it is not due
    /// now, or gone: another process was faster.
    pub async fn postpone_mail(&mut self, id: MailId, due_at_ms: i64) -> Result<bool, StoreError> {
        let now_ms = self.at_ms();
        on_engine!(self.reading.transaction, postpone_mail(id, now_ms, due_at_ms))
    }

    /// Removes a mail from the queue.
    pub async fn delete_mail(&mut self, id: MailId) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, delete_mail(id))
    }

    /// Remembers a sign-in that went to the identity provider.
    pub async fn insert_oidc_request(&mut self, request: &OidcRequestRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, insert_oidc_request(request))
    }

    /// Takes the sign-in of this state's digest; there is none a second time.
    pub async fn take_oidc_request(&mut self, state: &[u8; 32]) -> Result<Option<OidcRequestRecord>, StoreError> {
        on_engine!(self.reading.transaction, take_oidc_request(state))
    }

    /// Says who somebody of an identity provider is.
    pub async fn insert_identity(&mut self, identity: &IdentityRecord) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.reading.transaction, insert_identity(identity, at_ms))
    }

    /// Notes that a person signed in, and tells the change feed.
    pub async fn note_sign_in(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<(), StoreError> {
        let signed_in_at_ms = self.at_ms();
        let new = on_engine!(self.reading.transaction, insert_sign_in(space, advocate, signed_in_at_ms))?;
        if new {
            let entity = Entity::SignIn(SignIn { space, advocate, signed_in_at_ms });
            self.tell(space, &[(advocate.bits(), entity)]).await?;
        }
        Ok(())
    }

    /// Removes whatever lets a person sign in, and what it is beside being an advocate: for an
    /// erasure that keeps the advocate's row. `email` is the address that it had.
    pub async fn forget_sign_in(
        &mut self,
        space: SpaceId,
        advocate: AdvocateId,
        email: Option<&str>,
    ) -> Result<(), StoreError> {
        self.end_sessions_of(space, advocate).await?;
        self.put_role(space, advocate, None).await?;
        on_engine!(self.reading.transaction, delete_identities_of(space, advocate))?;
        on_engine!(self.reading.transaction, delete_challenges_of(space, advocate, email))
    }

    /// Removes challenges, sessions and sign-ins at the provider of all spaces that have reached
    /// their end, and sessions that nobody used since `idle_since_ms`.
    pub async fn prune_sign_ins(&mut self, idle_since_ms: i64) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.reading.transaction, prune_sessions(at_ms, idle_since_ms))?;
        on_engine!(self.reading.transaction, prune_challenges(at_ms))?;
        on_engine!(self.reading.transaction, prune_oidc_requests(at_ms))
    }
}
