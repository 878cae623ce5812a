//! A campaign as the API shows it.

use serde::Serialize;

use crate::api::describe;
use crate::model::{Campaign, CampaignId};
use crate::programme::CampaignFields;
use crate::programme::campaigns::Objective;

/// A campaign.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CampaignView {
    id: CampaignId,
    name: String,
    /// For `utm_campaign`.
    slug: String,
    starts_on: Option<String>,
    ends_on: Option<String>,
    #[schema(value_type = Option<Objective>)]
    objective: Option<serde_json::Value>,
    external_id: Option<String>,
    /// Every link of it answers the fallback.
    paused: bool,
}

impl From<Campaign> for CampaignView {
    fn from(campaign: Campaign) -> Self {
        Self {
            id: campaign.id,
            name: campaign.name,
            slug: campaign.slug,
            starts_on: campaign.starts_on,
            ends_on: campaign.ends_on,
            objective: campaign.objective,
            external_id: campaign.external_id,
            paused: campaign.paused,
        }
    }
}

describe::new_body! {
    /// [`CampaignFields`] of a new campaign.
    NewCampaign: CampaignFields, &[&["name"]]
}
