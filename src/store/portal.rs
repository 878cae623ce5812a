//! What people agree to, what they want to be told, and what strangers tell of a link.

use std::collections::{BTreeMap, HashMap};

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::digest::Frequency;
use crate::model::report::{Report, ReportState};
use crate::model::{AdvocateId, Channel, Content, ContentId, LinkId, ReportId, SpaceId};

/// A version of a space's charter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharterRecord {
    /// Whose.
    pub space: SpaceId,
    /// From 1.
    pub version: u32,
    /// Its text by language.
    pub texts: BTreeMap<String, String>,
    /// From then on it is the one to accept.
    pub published_at_ms: i64,
}

/// That somebody wants a mail of what is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRecord {
    /// Of which programme.
    pub space: SpaceId,
    /// Who.
    pub advocate: AdvocateId,
    /// How often.
    pub frequency: Frequency,
    /// What the address for stopping it carries.
    pub stop: String,
    /// What was published until then was told.
    pub told_until_ms: i64,
    /// Attempts at the next mail.
    pub attempts: u32,
    /// When that is due.
    pub due_at_ms: i64,
}

impl Reading {
    /// The newest version of a space's charter, or the one of this number.
    pub async fn charter(&mut self, space: SpaceId, version: Option<u32>) -> Result<Option<CharterRecord>, StoreError> {
        on_engine!(self.transaction, charter(space, version))
    }

    /// All versions, newest first.
    pub async fn list_charters(&mut self, space: SpaceId) -> Result<Vec<CharterRecord>, StoreError> {
        on_engine!(self.transaction, list_charters(space))
    }

    /// The version that each of these people accepted last; whoever accepted none is left out.
    pub async fn accepted_charters(
        &mut self,
        space: SpaceId,
        ids: &[AdvocateId],
    ) -> Result<HashMap<AdvocateId, u32>, StoreError> {
        on_engine!(self.transaction, accepted_charters(space, ids))
    }

    /// What somebody wants to be told.
    pub async fn digest_of(&mut self, space: SpaceId, id: AdvocateId) -> Result<Option<DigestRecord>, StoreError> {
        on_engine!(self.transaction, digest_of(space, id))
    }

    /// Whose mails carry this address for stopping them, whatever the space: this is how it is found out.
    pub async fn digest_to_stop(&mut self, stop: &str) -> Result<Option<DigestRecord>, StoreError> {
        on_engine!(self.transaction, digest_to_stop(stop))
    }

    /// Digests of all spaces that are due, the longest first.
    pub async fn due_digests(&mut self, now_ms: i64, limit: u32) -> Result<Vec<DigestRecord>, StoreError> {
        on_engine!(self.transaction, due_digests(now_ms, limit))
    }

    /// The day on which somebody left of its own will.
    pub async fn left_by_itself(&mut self, space: SpaceId, id: AdvocateId) -> Result<Option<String>, StoreError> {
        on_engine!(self.transaction, left_by_itself(space, id))
    }

    /// Reports of a space's links, newest first, from the one before `page.after`; with `state` those in it.
    pub async fn list_reports(
        &mut self,
        space: SpaceId,
        state: Option<ReportState>,
        page: Page<ReportId>,
    ) -> Result<Vec<Report>, StoreError> {
        on_engine!(self.transaction, list_reports(space, state, page))
    }

    /// A report.
    pub async fn report(&mut self, space: SpaceId, id: ReportId) -> Result<Option<Report>, StoreError> {
        on_engine!(self.transaction, report(space, id))
    }

    /// Open reports of a link, and all open ones of its space.
    pub async fn count_open_reports(&mut self, space: SpaceId, link: LinkId) -> Result<(u64, u64), StoreError> {
        on_engine!(self.transaction, count_open_reports(space, link))
    }

    /// Every content of a space that has a date of publication and whose campaign is not paused, latest first.
    pub async fn proposable_contents(&mut self, space: SpaceId) -> Result<Vec<Content>, StoreError> {
        on_engine!(self.transaction, proposable_contents(space))
    }

    /// Whether a content, a campaign or a team of a space changed after this number of the feed.
    pub async fn proposals_changed(&mut self, space: SpaceId, after: u64) -> Result<bool, StoreError> {
        on_engine!(self.transaction, proposals_changed(space, after))
    }

    /// Where somebody shared these contents.
    pub async fn shared_channels(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        contents: &[ContentId],
    ) -> Result<Vec<(ContentId, Channel)>, StoreError> {
        on_engine!(self.transaction, shared_channels(space, id, contents))
    }
}

impl Writing {
    /// Adds a version of a charter.
    pub async fn insert_charter(&mut self, charter: &CharterRecord) -> Result<(), StoreError> {
        on_engine!(self.transaction, insert_charter(charter))
    }

    /// Inserts or replaces what somebody wants to be told.
    pub async fn put_digest(&mut self, digest: &DigestRecord) -> Result<(), StoreError> {
        on_engine!(self.transaction, put_digest(digest))
    }

    /// Nothing more is told to somebody; false when nothing was.
    pub async fn delete_digest(&mut self, space: SpaceId, id: AdvocateId) -> Result<bool, StoreError> {
        on_engine!(self.transaction, delete_digest(space, id))
    }

    /// Counts an attempt, and says when the next one is due. False when it is not due now, or gone: another process
    /// was faster.
    pub async fn postpone_digest(
        &mut self,
        space: SpaceId,
        id: AdvocateId,
        due_at_ms: i64,
    ) -> Result<bool, StoreError> {
        let now_ms = self.at_ms();
        on_engine!(self.transaction, postpone_digest(space, id, now_ms, due_at_ms))
    }

    /// Notes that somebody left of its own will, on this day; none: it came back.
    pub async fn put_leaver(&mut self, space: SpaceId, id: AdvocateId, on: Option<&str>) -> Result<(), StoreError> {
        on_engine!(self.transaction, delete_leaver(space, id))?;
        match on {
            Some(on) => on_engine!(self.transaction, insert_leaver(space, id, on)),
            None => Ok(()),
        }
    }

    /// Adds a report.
    pub async fn insert_report(&mut self, report: &Report) -> Result<(), StoreError> {
        on_engine!(self.transaction, insert_report(report))
    }

    /// Closes the open reports of a link; answers how many.
    pub async fn close_reports(&mut self, space: SpaceId, link: LinkId) -> Result<u64, StoreError> {
        on_engine!(self.transaction, close_reports(space, link))
    }
}
