//! Finding campaigns.

use super::error::StoreError;
use super::reading::Reading;
use super::records::{CampaignFilter, Page};
use super::transaction::on_engine;
use crate::model::{Campaign, CampaignId, SpaceId};

impl Reading {
    /// The campaign with this slug.
    pub async fn campaign_of_slug(&mut self, space: SpaceId, slug: &str) -> Result<Option<CampaignId>, StoreError> {
        on_engine!(self.transaction, campaign_of_slug(space, slug))
    }

    /// The campaign with this key of the company's system.
    pub async fn campaign_of_external_id(
        &mut self,
        space: SpaceId,
        external_id: &str,
    ) -> Result<Option<CampaignId>, StoreError> {
        on_engine!(self.transaction, campaign_of_external_id(space, external_id))
    }

    /// Campaigns in the order of their creation.
    pub async fn list_campaigns(
        &mut self,
        space: SpaceId,
        filter: &CampaignFilter,
        page: Page<CampaignId>,
    ) -> Result<Vec<Campaign>, StoreError> {
        on_engine!(self.transaction, list_campaigns(space, filter, page))
    }
}
