//! A feed as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::describe;
use crate::model::{CampaignId, ContentKind, FeedId, FeedKind, FeedStatus, ItemState, Publish};
use crate::programme::times::format_instant;
use crate::programme::{FeedFields, ShownFeed};

/// A feed, what it is set to, and what its visits found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedView {
    id: FeedId,
    url: String,
    kind: FeedKind,
    content_kind: ContentKind,
    campaign_id: Option<CampaignId>,
    publish: Publish,
    #[schema(value_type = Object)]
    audience: serde_json::Value,
    interval_minutes: u32,
    close_missing: bool,
    paused: bool,
    /// The feed's own name.
    title: Option<String>,
    /// Where the feed is, when `url` is a page that names it.
    found_at: Option<String>,
    /// How the last visit ended: `new`, `read`, `unchanged` or `failing`.
    status: FeedStatus,
    /// Why the last visit failed.
    error: Option<String>,
    /// Failures one after the other.
    failures: u32,
    /// Entries in the last answer that was read.
    found: u32,
    fetched_at: Option<String>,
    succeeded_at: Option<String>,
    /// When the next visit is due; none while it is paused.
    next_fetch_at: Option<String>,
    /// Items by what became of them: `proposed`, `accepted`, `published`, `rejected`, `known`,
    /// `refused`.
    #[schema(value_type = BTreeMap<String, u64>)]
    counts: BTreeMap<ItemState, u64>,
}

/// A page of feeds.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the shape of a page, which is built for every list alike")]
pub(super) struct FeedPage {
    items: Vec<FeedView>,
    next: Option<String>,
}

impl From<ShownFeed> for FeedView {
    fn from(shown: ShownFeed) -> Self {
        let ShownFeed { feed, counts } = shown;
        let visits = feed.visits;
        let counts = ItemState::ALL.iter().map(|state| (*state, counts.get(state).copied().unwrap_or(0))).collect();
        Self {
            id: feed.id,
            url: feed.url,
            kind: feed.kind,
            content_kind: feed.content_kind,
            campaign_id: feed.campaign.known(),
            publish: feed.publish,
            audience: feed.audience,
            interval_minutes: feed.interval_minutes,
            close_missing: feed.close_missing,
            paused: feed.paused,
            title: visits.title,
            found_at: visits.found_at,
            status: visits.status,
            error: visits.error,
            failures: visits.failures,
            found: visits.found,
            fetched_at: visits.fetched_at_ms.map(format_instant),
            succeeded_at: visits.succeeded_at_ms.map(format_instant),
            next_fetch_at: Some(visits.next_at_ms).filter(|_| !feed.paused).map(format_instant),
            counts,
        }
    }
}

describe::new_body! {
    /// [`FeedFields`] of a new feed.
    NewFeed: FeedFields, &[&["url"]]
}
