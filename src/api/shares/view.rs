//! A share as the API shows it.

use serde::Serialize;

use crate::model::{AdvocateId, Channel, ContentId, LinkId, Share, ShareId, ShareSource};
use crate::programme::times::format_instant;

/// A share.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ShareView {
    id: ShareId,
    /// Null for an imported share whose link was never issued, and for who may not see what single people did.
    link_id: Option<LinkId>,
    content_id: ContentId,
    /// Null once the person is erased, and for who may not see what single people did.
    advocate_id: Option<AdvocateId>,
    channel: Channel,
    /// `copy`, `intent`, `declared` or `import`.
    source: ShareSource,
    #[schema(format = DateTime)]
    shared_at: String,
    external_id: Option<String>,
}

impl ShareView {
    /// Without what tells whose it was; an imported one's name in the other system is its person's business, too.
    pub(super) fn of_nobody(share: Share) -> Self {
        Self { link_id: None, advocate_id: None, external_id: None, ..share.into() }
    }
}

impl From<Share> for ShareView {
    fn from(share: Share) -> Self {
        Self {
            id: share.id,
            link_id: share.link.known(),
            content_id: share.content,
            advocate_id: share.advocate.known(),
            channel: share.channel,
            source: share.source,
            shared_at: format_instant(share.shared_at_ms),
            external_id: share.external_id,
        }
    }
}
