//! A transaction that reads.

use super::error::StoreError;
use super::records::{AdvocateFilter, AdvocateRecord, ContentFilter, KeptAnswer, LinkFilter, Page, TokenRecord};
use super::transaction::{Transaction, on_engine};
use crate::model::{
    Advocate, AdvocateId, Campaign, CampaignId, Channel, Content, ContentId, Link, LinkId, Space, SpaceId, TeamId,
    TokenId,
};

/// One state of the store, from the first query until it is dropped.
///
/// Each method fails with [`StoreError`] when the engine does; what is not there is `None` or an
/// empty list.
#[derive(Debug)]
pub struct Reading {
    pub(super) transaction: Transaction,
}

impl Reading {
    pub(super) fn new(transaction: Transaction) -> Self {
        Self { transaction }
    }

    /// A space.
    pub async fn space(&mut self, id: SpaceId) -> Result<Option<Space>, StoreError> {
        on_engine!(self.transaction, space(id))
    }

    /// The space of this short name.
    pub async fn space_of_slug(&mut self, slug: &str) -> Result<Option<Space>, StoreError> {
        on_engine!(self.transaction, space_of_slug(slug))
    }

    /// All spaces in the order of their ids, from the first after `after`.
    pub async fn scan_spaces(&mut self, after: SpaceId, limit: u32) -> Result<Vec<Space>, StoreError> {
        on_engine!(self.transaction, scan_spaces(after, limit))
    }

    /// Every host of every space, with its owner.
    pub async fn hosts(&mut self) -> Result<Vec<(String, SpaceId)>, StoreError> {
        on_engine!(self.transaction, hosts())
    }

    /// The team of this name.
    pub async fn team_of_name(&mut self, space: SpaceId, name: &str) -> Result<Option<TeamId>, StoreError> {
        on_engine!(self.transaction, team_of_name(space, name))
    }

    /// An advocate.
    pub async fn advocate(&mut self, space: SpaceId, id: AdvocateId) -> Result<Option<AdvocateRecord>, StoreError> {
        on_engine!(self.transaction, advocate(space, id))
    }

    /// Those of `ids` that the space has, in any order.
    pub async fn advocates_of(&mut self, space: SpaceId, ids: &[AdvocateId]) -> Result<Vec<Advocate>, StoreError> {
        on_engine!(self.transaction, advocates_of(space, ids))
    }

    /// Advocates in the order of their creation.
    pub async fn list_advocates(
        &mut self,
        space: SpaceId,
        filter: &AdvocateFilter,
        page: Page<AdvocateId>,
    ) -> Result<Vec<AdvocateRecord>, StoreError> {
        on_engine!(self.transaction, list_advocates(space, filter, page))
    }

    /// Advocates of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_advocates(&mut self, after: AdvocateId, limit: u32) -> Result<Vec<Advocate>, StoreError> {
        on_engine!(self.transaction, scan_advocates(after, limit))
    }

    /// A campaign.
    pub async fn campaign(&mut self, space: SpaceId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
        on_engine!(self.transaction, campaign(space, id))
    }

    /// Campaigns of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_campaigns(&mut self, after: CampaignId, limit: u32) -> Result<Vec<Campaign>, StoreError> {
        on_engine!(self.transaction, scan_campaigns(after, limit))
    }

    /// A content.
    pub async fn content(&mut self, space: SpaceId, id: ContentId) -> Result<Option<Content>, StoreError> {
        on_engine!(self.transaction, content(space, id))
    }

    /// Those of `ids` that the space has, in any order, each with its campaign's slug (empty
    /// without a campaign).
    pub async fn contents_of(
        &mut self,
        space: SpaceId,
        ids: &[ContentId],
    ) -> Result<Vec<(Content, String)>, StoreError> {
        on_engine!(self.transaction, contents_of(space, ids))
    }

    /// The content with this key of the company's system.
    pub async fn content_of_external_id(
        &mut self,
        space: SpaceId,
        external_id: &str,
    ) -> Result<Option<ContentId>, StoreError> {
        on_engine!(self.transaction, content_of_external_id(space, external_id))
    }

    /// Contents in the order of their creation.
    pub async fn list_contents(
        &mut self,
        space: SpaceId,
        filter: &ContentFilter,
        page: Page<ContentId>,
    ) -> Result<Vec<Content>, StoreError> {
        on_engine!(self.transaction, list_contents(space, filter, page))
    }

    /// Contents of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_contents(&mut self, after: ContentId, limit: u32) -> Result<Vec<Content>, StoreError> {
        on_engine!(self.transaction, scan_contents(after, limit))
    }

    /// A link.
    pub async fn link(&mut self, space: SpaceId, id: LinkId) -> Result<Option<Link>, StoreError> {
        on_engine!(self.transaction, link(space, id))
    }

    /// The one link of these three.
    pub async fn link_of(
        &mut self,
        space: SpaceId,
        content: ContentId,
        advocate: AdvocateId,
        channel: &Channel,
    ) -> Result<Option<Link>, StoreError> {
        on_engine!(self.transaction, link_of(space, content, advocate, channel))
    }

    /// Links in the order of their creation.
    pub async fn list_links(
        &mut self,
        space: SpaceId,
        filter: &LinkFilter,
        page: Page<LinkId>,
    ) -> Result<Vec<Link>, StoreError> {
        on_engine!(self.transaction, list_links(space, filter, page))
    }

    /// Links of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_links(&mut self, after: LinkId, limit: u32) -> Result<Vec<Link>, StoreError> {
        on_engine!(self.transaction, scan_links(after, limit))
    }

    /// The token with this digest, whatever its space: this is how a caller's space is found out.
    pub async fn token_of_hash(&mut self, hash: &[u8; 32]) -> Result<Option<TokenRecord>, StoreError> {
        on_engine!(self.transaction, token_of_hash(hash))
    }

    /// The answer that this token's key was given at or after `since_ms`.
    pub async fn kept_answer(
        &mut self,
        space: SpaceId,
        token: TokenId,
        key: &str,
        since_ms: i64,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        on_engine!(self.transaction, kept_answer(space, token, key, since_ms))
    }
}
