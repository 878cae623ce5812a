//! A content as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::describe;
use crate::model::{CampaignId, Content, ContentId, ContentKind};
use crate::programme::shapes::{Instant, WebAddress};
use crate::programme::times::format_instant;
use crate::programme::{Audience, Caption, ContentFields};

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Content)]
pub(super) struct ContentView {
    id: ContentId,
    kind: ContentKind,
    title: String,
    #[schema(value_type = WebAddress)]
    url: String,
    summary: Option<String>,
    #[schema(value_type = Option<WebAddress>)]
    image_url: Option<String>,
    campaign_id: Option<CampaignId>,
    #[schema(value_type = Audience)]
    audience: serde_json::Value,
    #[schema(value_type = Vec<Caption>)]
    captions: serde_json::Value,
    #[schema(value_type = Option<Instant>)]
    published_at: Option<String>,
    #[schema(value_type = Option<Instant>)]
    expires_at: Option<String>,
    #[schema(value_type = Option<Instant>)]
    closed_at: Option<String>,
    #[schema(value_type = Option<WebAddress>)]
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

describe::new_body! {
    /// [`ContentFields`] of a new content.
    NewContent: ContentFields, &[&["kind", "title", "url"]]
}
