//! A visit to a feed: claimed, fetched, taken in.
//!
//! Claiming is putting the next visit off, in a transaction of its own; so one node visits at a
//! time, and a node that dies over it leaves the feed to the next one two minutes later. Taking in
//! is one transaction too: entries, contents and the feed's state change together.

use std::collections::HashMap;

use rand::Rng as _;

use super::{MISSING, ShownFeed};
use crate::model::{ContentFeed, Draft, FeedId, FeedItem, FeedItemId, FeedStatus, ItemState, SpaceId};
use crate::programme::web::{AskedFeed, FeedAnswer, FeedEntries, WebError};
use crate::programme::{Error, Programme, Work, ids};

/// How long a visit may take before another node may try, in milliseconds.
const CLAIM_MS: i64 = 120_000;
/// Longest wait after failures, in milliseconds, unless the feed's own interval is longer.
const MAX_WAIT_MS: i64 = 24 * 3_600_000;
/// Doublings of the wait after failures.
const MAX_DOUBLINGS: u32 = 8;
/// New entries that one visit takes in; the next one takes in the others.
const MAX_NEW: usize = 200;
/// Visits one after the other in which a job is missing until it is closed.
const MISSED_UNTIL_CLOSED: u32 = 2;
/// How long entries that became nothing are remembered after they were last seen, in milliseconds.
const REMEMBERED_MS: i64 = 180 * 86_400_000;

/// The feed's interval in milliseconds.
pub(super) fn interval_ms(feed: &ContentFeed) -> i64 {
    i64::from(feed.interval_minutes) * 60_000
}

/// From now to the next visit: the interval, doubled by each failure in a row, a tenth more or less
/// so that feeds of one site are not all asked at the same moment.
fn wait_ms(feed: &ContentFeed) -> i64 {
    let interval = interval_ms(feed);
    let wait = (interval << feed.visits.failures.min(MAX_DOUBLINGS)).min(MAX_WAIT_MS.max(interval));
    rand::rng().random_range(wait - wait / 10..=wait + wait / 10)
}

impl Programme {
    /// Visits the feed of any space that has been due for the longest time; false when none is.
    ///
    /// # Errors
    /// [`Error::Store`]. That the feed cannot be read is none: it stands in the feed's state.
    pub async fn visit_due_feed(&self) -> Result<bool, Error> {
        let now_ms = self.now_ms();
        // Asked without the writers' lock first: most of the time nothing is due.
        if self.store.read().await?.due_content_feed(now_ms).await?.is_none() {
            return Ok(false);
        }
        let mut work = self.work().await?;
        let Some(feed) = work.writing.due_content_feed(now_ms).await? else { return Ok(false) };
        let feed = work.claim(feed).await?;
        work.commit().await?;
        self.visit(feed).await?;
        Ok(true)
    }

    /// Visits a feed now, due or not, paused or not.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Store`]. That the feed cannot be read is none: it stands in the
    /// feed's state.
    pub async fn visit_feed(&self, space: SpaceId, id: FeedId) -> Result<ShownFeed, Error> {
        let mut work = self.work().await?;
        let feed = work.writing.content_feed(space, id).await?.ok_or(MISSING)?;
        let feed = work.claim(feed).await?;
        work.commit().await?;
        self.visit(feed).await?;
        self.feed(space, id).await
    }

    async fn visit(&self, claimed: ContentFeed) -> Result<(), Error> {
        let asked = AskedFeed {
            url: claimed.visits.found_at.clone().unwrap_or_else(|| claimed.url.clone()),
            kind: claimed.kind,
            etag: claimed.visits.etag.clone(),
            last_modified: claimed.visits.last_modified.clone(),
        };
        let outcome = self.web.feed(&asked).await;
        let mut work = self.work().await?;
        work.end_visit(&claimed, outcome).await?;
        work.commit().await
    }
}

impl Work {
    async fn claim(&mut self, mut feed: ContentFeed) -> Result<ContentFeed, Error> {
        // Later than any claim before it, so that an earlier visitor sees that it was overtaken.
        feed.visits.next_at_ms = (self.writing.at_ms() + CLAIM_MS).max(feed.visits.next_at_ms + 1);
        self.writing.put_content_feed(&feed).await?;
        Ok(feed)
    }

    async fn end_visit(&mut self, claimed: &ContentFeed, outcome: Result<FeedAnswer, WebError>) -> Result<(), Error> {
        let standing = self.writing.content_feed(claimed.space, claimed.id).await?;
        let Some(mut feed) = standing else { return Ok(()) };
        // Whoever changed the feed or visited it meanwhile knows better.
        if (feed.visits.next_at_ms, &feed.url) != (claimed.visits.next_at_ms, &claimed.url) {
            return Ok(());
        }
        let now_ms = self.writing.at_ms();
        feed.visits.fetched_at_ms = Some(now_ms);
        match outcome {
            Ok(answer) => {
                feed.visits.status = FeedStatus::Unchanged;
                if let FeedAnswer::Entries(entries) = answer {
                    feed.visits.status = FeedStatus::Read;
                    self.take_in(&mut feed, entries).await?;
                }
                (feed.visits.error, feed.visits.error_code, feed.visits.failures) = (None, None, 0);
                feed.visits.succeeded_at_ms = Some(now_ms);
            }
            Err(error) => {
                feed.visits.status = FeedStatus::Failing;
                feed.visits.failures = feed.visits.failures.saturating_add(1);
                feed.visits.error = Some(error.message);
                feed.visits.error_code = Some(error.code.to_owned());
                // It may have moved: the next visit begins at the page again.
                if feed.visits.found_at.take().is_some() {
                    (feed.visits.etag, feed.visits.last_modified) = (None, None);
                }
            }
        }
        feed.visits.next_at_ms = now_ms + wait_ms(&feed);
        Ok(self.writing.put_content_feed(&feed).await?)
    }

    async fn take_in(&mut self, feed: &mut ContentFeed, entries: FeedEntries) -> Result<(), Error> {
        let now_ms = self.writing.at_ms();
        let items = self.writing.items_of_feed(feed.space, feed.id).await?;
        let mut known: HashMap<String, FeedItem> =
            items.into_iter().map(|item| (item.draft.key.clone(), item)).collect();
        let seen: Vec<&str> = entries.drafts.iter().map(|draft| draft.key.as_str()).collect();
        self.writing.note_visit(feed.space, feed.id, &seen).await?;
        let found = entries.drafts.len();
        let mut taken = 0;
        for draft in entries.drafts {
            match known.remove(&draft.key) {
                Some(item) => self.seen_again(item, draft).await?,
                None if taken < MAX_NEW => {
                    self.take_in_new(feed, draft).await?;
                    taken += 1;
                }
                None => taken += 1,
            }
        }
        if feed.close_missing && entries.whole {
            for item in known.into_values().filter(|item| item.missed + 1 >= MISSED_UNTIL_CLOSED) {
                self.gone(item).await?;
            }
        }
        self.writing.forget_feed_items(feed.space, feed.id, now_ms - REMEMBERED_MS).await?;
        feed.visits.found = u32::try_from(found).unwrap_or(u32::MAX);
        feed.visits.found_at = entries.found_at.or(feed.visits.found_at.take());
        feed.visits.title = entries.title.or(feed.visits.title.take());
        // With them the feed would answer "unchanged", and what was left over would wait for ever.
        let all = taken <= MAX_NEW;
        feed.visits.etag = entries.etag.filter(|_| all);
        feed.visits.last_modified = entries.last_modified.filter(|_| all);
        Ok(())
    }

    /// What nobody has decided on follows the feed; a job that came back is open again.
    async fn seen_again(&mut self, mut item: FeedItem, draft: Draft) -> Result<(), Error> {
        let refresh = item.state == ItemState::Proposed && item.draft != draft;
        let reopen = item.closed_at_ms.is_some();
        if !refresh && !reopen {
            return Ok(());
        }
        if refresh {
            item.address = crate::model::proposal::comparable_address(&draft.url);
            item.draft = draft;
        }
        if let Some(mut content) = self.writing.content(item.space, item.content).await?
            && reopen
            && content.closed_at_ms == item.closed_at_ms
        {
            content.closed_at_ms = None;
            self.writing.put_content(&content).await?;
        }
        (item.closed_at_ms, item.missed, item.seen_at_ms) = (None, 0, self.writing.at_ms());
        Ok(self.writing.put_feed_item(&item).await?)
    }

    async fn take_in_new(&mut self, feed: &ContentFeed, draft: Draft) -> Result<(), Error> {
        let now_ms = self.writing.at_ms();
        let item = FeedItem {
            id: FeedItemId::from_bits(ids::random_bits()),
            space: feed.space,
            feed: feed.id,
            address: crate::model::proposal::comparable_address(&draft.url),
            draft,
            state: ItemState::Proposed,
            content: crate::model::ContentId::NONE,
            missed: 0,
            closed_at_ms: None,
            first_seen_at_ms: now_ms,
            seen_at_ms: now_ms,
            decided_at_ms: None,
        };
        let item = self.judge(feed, item).await?;
        Ok(self.writing.put_feed_item(&item).await?)
    }

    /// A job that is not offered any more: its content is closed, its proposal withdrawn.
    async fn gone(&mut self, mut item: FeedItem) -> Result<(), Error> {
        match item.state {
            ItemState::Proposed => self.writing.remove_feed_item(item.space, item.id).await?,
            ItemState::Accepted | ItemState::Published => {
                let Some(mut content) = self.writing.content(item.space, item.content).await? else { return Ok(()) };
                if content.closed_at_ms.is_none() {
                    let now_ms = self.writing.at_ms();
                    (content.closed_at_ms, item.closed_at_ms) = (Some(now_ms), Some(now_ms));
                    item.missed += 1;
                    self.writing.put_content(&content).await?;
                    self.writing.put_feed_item(&item).await?;
                }
            }
            ItemState::Rejected | ItemState::Known | ItemState::Refused => {}
        }
        Ok(())
    }
}
