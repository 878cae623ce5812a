//! Shares: publications of a link.
//!
//! The same link again within ten minutes is the same share: somebody who copies it, opens the
//! network's window and then says so has shared once. Writers wait for each other, so two that come
//! at once are one share too.

use serde::Deserialize;

use super::fields::{Check, Field};
use super::shapes::{GivenInstant, GivenSource};
use super::{Error, Page, Programme, ShareFilter, Work, ids, times};
use crate::model::{AdvocateId, LinkId, Share, ShareId, ShareSource, SpaceId};

/// Two publications of a link that are less than this apart are one share, in milliseconds.
pub const SAME_SHARE_MS: i64 = 10 * 60_000;
/// How far a caller's clock may be ahead, in milliseconds; what it says is taken as now then.
pub const CLOCK_TOLERANCE_MS: i64 = 5 * 60_000;

/// A share as it is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareFields {
    /// What was shared; must be given.
    #[serde(default)]
    #[schema(value_type = LinkId, required = true)]
    pub link_id: Field<String>,
    /// When; default: now. Not in the future (5 minutes of tolerance), nor before the link.
    #[serde(default)]
    #[schema(value_type = Option<GivenInstant>)]
    pub shared_at: Field<String>,
    /// `copy`, `intent` or `declared`; must be given.
    #[serde(default)]
    #[schema(value_type = GivenSource, required = true)]
    pub source: Field<String>,
}

impl Programme {
    /// Shares in the order in which Relais heard of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no share of the space.
    pub async fn shares(&self, space: SpaceId, filter: &ShareFilter, page: Page<ShareId>) -> Result<Vec<Share>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.share(space, after).await?.ok_or(Error::NotFound { what: "share", field: Some("after") })?;
        }
        Ok(reading.list_shares(space, filter, page).await?)
    }
}

impl Work {
    /// Notes a share, or finds the one that it is the same as; says whether it is new.
    ///
    /// With `only`, another person's link is not found.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for the link; [`Error::Conflict`] `advocate_left`
    /// when its person had left by then.
    pub async fn note_share(
        &mut self,
        space: SpaceId,
        fields: &ShareFields,
        only: Option<AdvocateId>,
    ) -> Result<(Share, bool), Error> {
        let space = self.open_space(space).await?;
        let now_ms = self.writing.at_ms();
        let mut check = Check::default();
        let link = check.required_word::<LinkId>("link_id", &fields.link_id);
        let source = check.required_word::<ShareSource>("source", &fields.source);
        if source == Some(ShareSource::Import) {
            check.refuse("source", "invalid", "expected one of: copy, intent, declared");
        }
        let mut shared_at_ms = None;
        check.optional_instant("shared_at", &fields.shared_at, &mut shared_at_ms);
        if shared_at_ms.is_some_and(|at| at > now_ms + CLOCK_TOLERANCE_MS) {
            check.refuse("shared_at", "invalid", "shared_at must not lie in the future");
        }
        check.finish()?;
        let (Some(link), Some(source)) = (link, source) else {
            return Err(Error::field("link_id", "required", "link_id and source must be given"));
        };
        let shared_at_ms = shared_at_ms.unwrap_or(now_ms).min(now_ms);

        let link = self.writing.link(space.id, link).await?;
        let link = link.filter(|link| only.is_none_or(|own| own == link.advocate)).ok_or(MISSING_LINK)?;
        if let Some(advocate) = link.advocate.known()
            && let Some(record) = self.writing.advocate(space.id, advocate).await?
            // Dates of one form compare as texts.
            && record.advocate.left_on.is_some_and(|left| {
                times::date_in(&space.time_zone, shared_at_ms).is_ok_and(|day| left < day)
            })
        {
            return Err(Error::Conflict {
                code: "advocate_left",
                field: Some("link_id"),
                message: "this link's advocate had left the programme by then and shares no more".to_owned(),
            });
        }
        let (after, before) = (shared_at_ms - SAME_SHARE_MS, shared_at_ms + SAME_SHARE_MS);
        if let Some(same) = self.writing.share_between(space.id, link.id, after, before).await? {
            return Ok((same, false));
        }
        let share = Share {
            id: ShareId::from_bits(ids::random_bits()),
            space: space.id,
            external_id: None,
            content: link.content,
            advocate: link.advocate,
            channel: link.channel,
            link: link.id,
            source,
            shared_at_ms,
        };
        self.writing.insert_share(&share).await?;
        Ok((share, true))
    }
}

const MISSING_LINK: Error = Error::NotFound { what: "link", field: Some("link_id") };
