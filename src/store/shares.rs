//! Shares.

use super::error::StoreError;
use super::reading::Reading;
use super::records::{Page, ShareFilter};
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::{AdvocateId, Entity, LinkId, Share, ShareId, SpaceId};

impl Reading {
    /// A share.
    pub async fn share(&mut self, space: SpaceId, id: ShareId) -> Result<Option<Share>, StoreError> {
        on_engine!(self.transaction, share(space, id))
    }

    /// The earliest share of a link after `after_ms` and before `before_ms`, both exclusive.
    pub async fn share_between(
        &mut self,
        space: SpaceId,
        link: LinkId,
        after_ms: i64,
        before_ms: i64,
    ) -> Result<Option<Share>, StoreError> {
        on_engine!(self.transaction, share_between(space, link, after_ms, before_ms))
    }

    /// Shares in the order in which Relais heard of them.
    pub async fn list_shares(
        &mut self,
        space: SpaceId,
        filter: &ShareFilter,
        page: Page<ShareId>,
    ) -> Result<Vec<Share>, StoreError> {
        on_engine!(self.transaction, list_shares(space, filter, page))
    }

    /// Shares of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_shares(&mut self, after: ShareId, limit: u32) -> Result<Vec<Share>, StoreError> {
        on_engine!(self.transaction, scan_shares(after, limit))
    }

    /// How many links and how many shares an advocate has.
    pub async fn counts_of(&mut self, space: SpaceId, advocate: AdvocateId) -> Result<(u64, u64), StoreError> {
        on_engine!(self.transaction, counts_of(space, advocate))
    }
}

impl Writing {
    /// Inserts a share.
    pub async fn insert_share(&mut self, share: &Share) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, insert_share(share, at_ms))?;
        self.tell(share.space, &[(share.id.bits(), Entity::Share(share.clone()))]).await
    }
}
