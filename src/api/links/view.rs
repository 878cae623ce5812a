//! A link as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{AdvocateId, Channel, Code, ContentId, LinkId};
use crate::programme::ShownLink;
use crate::programme::shapes::{Instant, WebAddress};
use crate::programme::times::format_instant;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Link)]
pub(super) struct LinkView {
    id: LinkId,
    code: Code,
    #[schema(value_type = WebAddress)]
    short_url: String,
    #[schema(value_type = WebAddress)]
    destination: String,
    content_id: ContentId,
    /// None once the person is erased.
    advocate_id: Option<AdvocateId>,
    channel: Channel,
    disabled: bool,
    #[schema(value_type = Instant)]
    created_at: String,
}

impl From<ShownLink> for LinkView {
    fn from(ShownLink { link, short_url, destination }: ShownLink) -> Self {
        Self {
            id: link.id,
            code: link.code,
            short_url,
            destination,
            content_id: link.content,
            advocate_id: link.advocate.known(),
            channel: link.channel,
            disabled: link.disabled,
            created_at: format_instant(link.created_at_ms),
        }
    }
}
