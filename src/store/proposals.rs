//! Feeds that propose contents, and what they proposed.

use super::error::StoreError;
use super::reading::Reading;
use super::records::Page;
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::{ContentFeed, ContentId, ContentKind, FeedId, FeedItem, FeedItemId, ItemState, SpaceId};

/// Which items a list shows; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// Of this feed.
    pub feed: Option<FeedId>,
    /// In this state.
    pub state: Option<ItemState>,
    /// Of feeds with contents of this kind.
    pub kind: Option<ContentKind>,
}

impl Reading {
    /// A feed.
    pub async fn content_feed(&mut self, space: SpaceId, id: FeedId) -> Result<Option<ContentFeed>, StoreError> {
        on_engine!(self.transaction, content_feed(space, id))
    }

    /// The feed at this address.
    pub async fn content_feed_of_url(&mut self, space: SpaceId, url: &str) -> Result<Option<FeedId>, StoreError> {
        on_engine!(self.transaction, content_feed_of_url(space, url))
    }

    /// Feeds in the order of their creation; of one kind of contents, or all.
    pub async fn list_content_feeds(
        &mut self,
        space: SpaceId,
        kind: Option<ContentKind>,
        page: Page<FeedId>,
    ) -> Result<Vec<ContentFeed>, StoreError> {
        on_engine!(self.transaction, list_content_feeds(space, kind, page))
    }

    /// The feed of any space that has been due for the longest time.
    pub async fn due_content_feed(&mut self, now_ms: i64) -> Result<Option<ContentFeed>, StoreError> {
        on_engine!(self.transaction, due_content_feed(now_ms))
    }

    /// An item.
    pub async fn feed_item(&mut self, space: SpaceId, id: FeedItemId) -> Result<Option<FeedItem>, StoreError> {
        on_engine!(self.transaction, feed_item(space, id))
    }

    /// Every item of a feed, in any order.
    pub async fn items_of_feed(&mut self, space: SpaceId, feed: FeedId) -> Result<Vec<FeedItem>, StoreError> {
        on_engine!(self.transaction, items_of_feed(space, feed))
    }

    /// Items in the order in which they were first seen.
    pub async fn list_feed_items(
        &mut self,
        space: SpaceId,
        filter: &ItemFilter,
        page: Page<FeedItemId>,
    ) -> Result<Vec<FeedItem>, StoreError> {
        on_engine!(self.transaction, list_feed_items(space, filter, page))
    }

    /// An item of any feed of the space with this address
    /// ([`crate::model::proposal::comparable_address`]).
    pub async fn feed_item_of_address(
        &mut self,
        space: SpaceId,
        address: &str,
    ) -> Result<Option<FeedItem>, StoreError> {
        on_engine!(self.transaction, feed_item_of_address(space, address))
    }

    /// How many items each of these feeds has in each state; states without items are left out.
    pub async fn count_feed_items(
        &mut self,
        space: SpaceId,
        feeds: &[FeedId],
    ) -> Result<Vec<(FeedId, ItemState, u64)>, StoreError> {
        on_engine!(self.transaction, count_feed_items(space, feeds))
    }

    /// A content of the space that leads to one of these addresses.
    pub async fn content_of_urls(&mut self, space: SpaceId, urls: &[String]) -> Result<Option<ContentId>, StoreError> {
        on_engine!(self.transaction, content_of_urls(space, urls))
    }
}

impl Writing {
    /// Inserts or replaces a feed. Feeds are the control plane's own: the change feed is not told.
    pub async fn put_content_feed(&mut self, feed: &ContentFeed) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_content_feed(feed, at_ms))
    }

    /// Removes a feed with its items; false when the space has none of this id.
    pub async fn remove_content_feed(&mut self, space: SpaceId, id: FeedId) -> Result<bool, StoreError> {
        on_engine!(self.transaction, remove_content_feed(space, id))
    }

    /// Inserts or replaces an item.
    pub async fn put_feed_item(&mut self, item: &FeedItem) -> Result<(), StoreError> {
        on_engine!(self.transaction, put_feed_item(item))
    }

    /// Notes a visit to a feed: items with these keys were there, the others were missing.
    pub async fn note_visit(&mut self, space: SpaceId, feed: FeedId, seen: &[&str]) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, note_visit(space, feed, seen, at_ms))
    }

    /// Removes an item.
    pub async fn remove_feed_item(&mut self, space: SpaceId, id: FeedItemId) -> Result<(), StoreError> {
        on_engine!(self.transaction, remove_feed_item(space, id))
    }

    /// Removes items of a feed that became nothing and were last seen before `before_ms`.
    pub async fn forget_feed_items(&mut self, space: SpaceId, feed: FeedId, before_ms: i64) -> Result<(), StoreError> {
        on_engine!(self.transaction, forget_feed_items(space, feed, before_ms))
    }
}
