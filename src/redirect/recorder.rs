//! Turning an answered request into a record of the spool.

use std::net::IpAddr;

use super::click_log::ClickLog;
use super::link_table::Found;
use super::offsets::{Offsets, local_day};
use crate::model::address::{Day, utc_day};
use crate::model::programme::PrivacyMode;
use crate::model::{Answer, Click, DayKey, DayKeys, Utm};
use crate::spool::{AppendError, RecordId, Unrecorded};

/// What the request itself says; the link says the rest.
pub(super) struct Request<'r> {
    pub(super) clicked_at_ms: i64,
    pub(super) client: IpAddr,
    pub(super) code: &'r str,
    pub(super) head: bool,
    pub(super) prefetch: bool,
    pub(super) own: bool,
    pub(super) accept_language: &'r [u8],
    pub(super) utm: Utm<'r>,
    pub(super) referrer_host: &'r [u8],
    pub(super) user_agent: &'r [u8],
}

/// One worker's recorder.
pub(super) struct Recorder<L> {
    log: L,
    offsets: Offsets,
    /// Today's key. Kept for a second at most, so that a destroyed key is gone here too.
    key: Option<(Day, Option<DayKey>)>,
}

impl<L: ClickLog> Recorder<L> {
    pub(super) fn new(log: L) -> Self {
        Self { log, offsets: Offsets::default(), key: None }
    }

    /// Writes the click. When this returns `Ok`, it survives the process.
    ///
    /// # Errors
    /// The spool did not take it; the caller counts it and decides what to answer.
    pub(super) fn record(
        &mut self,
        keys: &DayKeys,
        request: &Request<'_>,
        found: &Found<'_>,
        status: u16,
        answer: Answer,
    ) -> Result<(RecordId, L::Ticket), AppendError> {
        let at = request.clicked_at_ms;
        let space = found.space;
        let utc_offset_minutes = self.offsets.minutes(space.zone, &space.time_zone, at);
        let advocate = found.advocate.on(local_day(at, utc_offset_minutes));
        let mut click = Click {
            clicked_at_ms: at,
            utc_offset_minutes,
            space: space.entity.id,
            link: found.link,
            content: found.content.entity.id,
            campaign: found.campaign,
            advocate: advocate.id,
            team: advocate.team,
            kind: found.content.entity.kind,
            answer,
            status,
            head: request.head,
            prefetch: request.prefetch,
            own: request.own,
            strict_privacy: space.entity.privacy_mode == PrivacyMode::Strict,
            address: None,
            code: request.code,
            channel: found.channel,
            cohort: advocate.cohort.as_deref().unwrap_or_default(),
            accept_language: request.accept_language,
            utm: request.utm,
            referrer_host: request.referrer_host,
            user_agent: request.user_agent,
        };
        let day = utc_day(at);
        if self.key.as_ref().is_none_or(|(known, _)| *known != day) {
            self.key = Some((day, keys.get(day)));
        }
        let key = self.key.as_ref().and_then(|(_, key)| key.as_ref());
        let mut identity = None;
        let ticket = self.log.append(click.encoded_len(), |id, into| {
            identity = Some(id);
            click.address = key.map(|key| key.seal(request.client, id.lane, id.segment, id.record));
            click.encode(into)
        })?;
        Ok((identity.expect("a log that takes a record has it filled"), ticket))
    }

    pub(super) fn durable(&self, ticket: L::Ticket) -> L::Durable {
        self.log.durable(ticket)
    }

    pub(super) fn unrecorded(&mut self, reason: Unrecorded) {
        self.log.unrecorded(reason);
    }

    /// Lets go of what must not be kept for long.
    pub(super) fn forget_key(&mut self) {
        self.key = None;
    }
}
