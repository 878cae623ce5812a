//! A content as the API shows it.

use serde::Serialize;

use crate::model::{CampaignId, Content, ContentId, ContentKind};
use crate::programme::times::format_instant;

#[derive(Debug, Serialize)]
pub(super) struct ContentView {
    id: ContentId,
    kind: ContentKind,
    title: String,
    url: String,
    summary: Option<String>,
    image_url: Option<String>,
    campaign_id: Option<CampaignId>,
    audience: serde_json::Value,
    captions: serde_json::Value,
    published_at: Option<String>,
    expires_at: Option<String>,
    closed_at: Option<String>,
    fallback_url: Option<String>,
    tracks_conversions: bool,
    forward_query: bool,
    external_id: Option<String>,
}

impl From<Content> for ContentView {
    fn from(content: Content) -> Self {
        Self {
            id: content.id,
            kind: content.kind,
            title: content.title,
            url: content.url,
            summary: content.summary,
            image_url: content.image_url,
            campaign_id: content.campaign.known(),
            audience: content.audience,
            captions: content.captions,
            published_at: content.published_at_ms.map(format_instant),
            expires_at: content.expires_at_ms.map(format_instant),
            closed_at: content.closed_at_ms.map(format_instant),
            fallback_url: content.fallback_url,
            tracks_conversions: content.tracks_conversions,
            forward_query: content.forward_query,
            external_id: content.external_id,
        }
    }
}
