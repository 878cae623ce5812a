//! Contents as those who publish look for them.

use std::collections::HashMap;

use super::{CampaignFilter, Error, LibraryFilter, Page, Programme};
use crate::model::{Campaign, CampaignId, Content, SpaceId};

/// Contents of a page.
pub const CONTENTS_PER_PAGE: u32 = 24;
/// Campaigns that a content can be put into, at most; more than anybody chooses from.
const MOST_CAMPAIGNS: u32 = 1_000;

/// One page of the contents that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryPage {
    /// Latest publication first; drafts by their creation.
    pub contents: Vec<Content>,
    /// How many fit in all.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are, at least 1.
    pub pages: u32,
}

impl Programme {
    /// A page of the contents that fit; past the last page comes the last.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn search_contents(
        &self,
        space: SpaceId,
        filter: &LibraryFilter,
        page: u32,
    ) -> Result<LibraryPage, Error> {
        let mut reading = self.store.read().await?;
        let mut page = page.max(1);
        loop {
            let offset = (page - 1).saturating_mul(CONTENTS_PER_PAGE);
            let (contents, total) = reading.search_contents(space, filter, offset, CONTENTS_PER_PAGE).await?;
            let pages = u32::try_from(total.div_ceil(u64::from(CONTENTS_PER_PAGE))).unwrap_or(u32::MAX).max(1);
            if page <= pages {
                return Ok(LibraryPage { contents, total, page, pages });
            }
            page = pages;
        }
    }

    /// All campaigns, the newest first, each with how many contents it has.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn campaigns_with_contents(&self, space: SpaceId) -> Result<Vec<(Campaign, u64)>, Error> {
        let mut reading = self.store.read().await?;
        let all = Page { after: None, limit: MOST_CAMPAIGNS };
        let campaigns = reading.list_campaigns(space, &CampaignFilter::default(), all).await?;
        let sizes: HashMap<CampaignId, u64> = reading.contents_of_campaigns(space).await?.into_iter().collect();
        let sized = |campaign: Campaign| {
            let contents = sizes.get(&campaign.id).copied().unwrap_or(0);
            (campaign, contents)
        };
        Ok(campaigns.into_iter().rev().map(sized).collect())
    }
}
