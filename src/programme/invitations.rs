//! Inviting people by mail.
//!
//! An invitation is a row until the mail server has taken it: it goes out at least once, whatever is killed when. It
//! holds no secret. It names the space's sign-in page, where the person asks for a code like anybody else.

use serde_json::json;

use super::{AdvocateFields, Error, Field, InvitationRecord, PeopleFilter, Programme, Work, times};
use crate::model::language::spoken;
use crate::model::programme::Language;
use crate::model::{AdvocateId, Space, SpaceId};
use crate::store::{AdvocateRecord, Left};

/// People whom one press of a button invites, at most.
pub const INVITED_AT_ONCE: u32 = 500;
/// After the first failure the next attempt comes this much later, in milliseconds; each time twice as much.
const FIRST_PAUSE_MS: i64 = 5_000;
/// At most so much later, in milliseconds.
const LONGEST_PAUSE_MS: i64 = 600_000;
/// Attempts at one invitation, at most: about a day and a half of them.
const MAX_ATTEMPTS: u32 = 200;

/// An invitation that is to be handed over now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its place in the queue.
    pub record: InvitationRecord,
    /// To whom.
    pub email: String,
    /// What the person is called, if anybody said so.
    pub name: Option<String>,
    /// What the person reads.
    pub language: Language,
    /// To which programme.
    pub space: Space,
    /// When it was made.
    pub at_ms: i64,
}

impl Programme {
    /// Invitations that are due, the longest first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn due_invitations(&self, limit: u32) -> Result<Vec<InvitationRecord>, Error> {
        Ok(self.store.read().await?.due_invitations(self.now_ms(), limit).await?)
    }

    /// Makes a due invitation, and puts it off: what a crash interrupts is sent again. None, and it is gone, when
    /// its person was erased, has left, has joined meanwhile or has no address any more, or the space was closed.
    ///
    /// # Errors
    /// [`Error::Store`]; it stays due.
    pub async fn invitation(&self, record: InvitationRecord) -> Result<Option<Invitation>, Error> {
        let InvitationRecord { space, advocate, attempts, .. } = record;
        let mut work = self.work().await?;
        let now_ms = work.writing.at_ms();
        let pause_ms = (FIRST_PAUSE_MS << attempts.min(10)).min(LONGEST_PAUSE_MS);
        if !work.writing.postpone_invitation(space, advocate, now_ms + pause_ms).await? {
            return Ok(None);
        }
        let space = work.writing.space(space).await?.filter(|space| !space.closed);
        let person = work.writing.advocate(record.space, advocate).await?;
        let wanted = space.zip(person).and_then(|(space, person)| {
            let today = times::date_in(&space.time_zone, now_ms).unwrap_or_default();
            let email = person.email.clone().filter(|_| is_to_come(&person, &today) && attempts < MAX_ATTEMPTS)?;
            Some((space, person, email))
        });
        if wanted.is_none() {
            work.writing.delete_invitation(record.space, advocate).await?;
        }
        work.commit().await?;
        let Some((space, person, email)) = wanted else { return Ok(None) };
        let own = person.advocate.language.as_deref().and_then(spoken);
        let language = own.unwrap_or(space.language);
        Ok(Some(Invitation { record, email, name: person.name, language, space, at_ms: now_ms }))
    }

    /// An invitation was handed over, or never will be.
    ///
    /// # Errors
    /// [`Error::Store`]; it is sent once more then.
    pub async fn invitation_sent(&self, record: InvitationRecord) -> Result<(), Error> {
        let mut writing = self.store.write().await?;
        writing.delete_invitation(record.space, record.advocate).await?;
        Ok(writing.commit().await?)
    }
}

impl Work {
    /// Invites somebody: a mail is due, and a first invitation is dated. Says whether one does not wait already.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`]: `joined_already`, `advocate_left`, `no_address`.
    pub async fn invite(&mut self, space: SpaceId, id: AdvocateId) -> Result<bool, Error> {
        let space = self.open_space(space).await?;
        let person = self.advocate(space.id, id).await?;
        let today = times::date_in(&space.time_zone, self.writing.at_ms()).unwrap_or_default();
        let conflict = |code, message: &str| Err(Error::Conflict { code, field: None, message: message.to_owned() });
        if person.email.is_none() {
            return conflict("no_address", "this person has no e-mail address: add one first");
        }
        if person.advocate.registered_at_ms.is_some() {
            return conflict("joined_already", "this person has joined already and needs no invitation");
        }
        if !is_to_come(&person, &today) {
            return conflict("advocate_left", "this person has left the programme and is not invited");
        }
        if person.advocate.invited_on.is_none() {
            let fields = AdvocateFields { invited_on: Field::Value(today), ..AdvocateFields::default() };
            self.update_advocate(space.id, id, &fields).await?;
        }
        let queued = self.writing.insert_invitation(space.id, id).await?;
        if queued {
            self.note(space.id, "advocate.invited", &id.to_string(), json!({})).await?;
        }
        Ok(queued)
    }

    /// Invites people who never were, as many as fit into one go; answers how many, and how many are left.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn invite_the_uninvited(&mut self, space: SpaceId) -> Result<(u64, u64), Error> {
        let space = self.open_space(space).await?;
        let today = times::date_in(&space.time_zone, self.writing.at_ms()).unwrap_or_default();
        let filter = PeopleFilter {
            left: Some(Left { yes: false, today }),
            joined: Some(false),
            invitable: true,
            ..PeopleFilter::default()
        };
        let (found, total) = self.writing.search_people(space.id, &filter, 0, INVITED_AT_ONCE).await?;
        for person in &found {
            self.invite(space.id, person.record.advocate.id).await?;
        }
        let invited = found.len() as u64;
        Ok((invited, total - invited))
    }
}

/// Whether somebody may still join.
fn is_to_come(person: &AdvocateRecord, today: &str) -> bool {
    let left = person.advocate.left_on.as_deref().is_some_and(|left| left < today);
    !left && person.advocate.registered_at_ms.is_none()
}
