//! What feeds proposed: what becomes of it by itself, and what somebody makes of it.

use super::contents::Audience;
use super::fields::Field;
use super::times::format_instant;
use super::{ContentFields, Error, Page, Programme, Work, urls};
use crate::model::{Content, ContentFeed, Draft, FeedItem, FeedItemId, ItemState, Publish, SpaceId};
use crate::store::ItemFilter;

/// How far back a feed's date is believed to be when the programme proposed it, in milliseconds.
/// The first visit to a feed finds entries of years: they are proposed now.
const RECENT_MS: i64 = 30 * 86_400_000;

const MISSING: Error = Error::NotFound { what: "proposal", field: None };

/// The ways to write an address that sites take for one: with and without tracking parameters, a
/// fragment, a slash at the end, and encryption.
pub(super) fn same_addresses(url: &str) -> Vec<String> {
    let plain = crate::model::proposal::comparable_address(url);
    let mut found = vec![url.to_owned()];
    let (path, query) = plain.split_once('?').map_or((plain.as_str(), None), |(path, query)| (path, Some(query)));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    for scheme in ["https://", "https://www.", "http://", "http://www."] {
        for slash in ["", "/"] {
            found.push(format!("{scheme}{path}{slash}{query}"));
        }
    }
    found
}

impl Programme {
    /// An item.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn feed_item(&self, space: SpaceId, id: FeedItemId) -> Result<FeedItem, Error> {
        self.store.read().await?.feed_item(space, id).await?.ok_or(MISSING)
    }

    /// Items in the order in which they were first seen.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the filter's feed, or with the field `after` when the page's start
    /// is no item of the space.
    pub async fn feed_items(
        &self,
        space: SpaceId,
        filter: &ItemFilter,
        page: Page<FeedItemId>,
    ) -> Result<Vec<FeedItem>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(feed) = filter.feed {
            reading.content_feed(space, feed).await?.ok_or(super::feeds::MISSING)?;
        }
        if let Some(after) = page.after {
            let missing = Error::NotFound { what: "proposal", field: Some("after") };
            reading.feed_item(space, after).await?.ok_or(missing)?;
        }
        Ok(reading.list_feed_items(space, filter, page).await?)
    }
}

impl Work {
    /// Makes a content of what was proposed (or rejected before, or proposed by another feed too), with `given` laid over it. It is
    /// published now unless that says otherwise.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is a content already, or the space has one
    /// at its address; those of [`Work::create_content`].
    pub async fn accept_proposal(
        &mut self,
        space: SpaceId,
        id: FeedItemId,
        given: ContentFields,
    ) -> Result<(FeedItem, Content), Error> {
        self.open_space(space).await?;
        let mut item = self.writing.feed_item(space, id).await?.ok_or(MISSING)?;
        let feed = self.writing.content_feed(space, item.feed).await?.ok_or(super::feeds::MISSING)?;
        undecided(&item)?;
        let now_ms = self.writing.at_ms();
        let proposed = ContentFields { published_at: format_instant(now_ms).into(), ..fields(&feed, &item.draft) };
        let fields = proposed.overlaid_with(given);
        if let Field::Value(url) = &fields.url
            && let Some(content) = self.writing.content_of_urls(space, &same_addresses(url)).await?
        {
            return Err(Error::Conflict {
                code: "content_exists",
                field: Some("url"),
                message: format!("the content {content} has this address: reject the proposal"),
            });
        }
        let content = self.create_content(space, &fields).await?;
        (item.state, item.content, item.decided_at_ms) = (ItemState::Accepted, content.id, Some(now_ms));
        self.writing.put_feed_item(&item).await?;
        Ok((item, content))
    }

    /// Decides that a proposal becomes nothing. It can still be accepted later.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is a content already.
    pub async fn reject_proposal(&mut self, space: SpaceId, id: FeedItemId) -> Result<FeedItem, Error> {
        self.open_space(space).await?;
        let mut item = self.writing.feed_item(space, id).await?.ok_or(MISSING)?;
        undecided(&item)?;
        if item.state != ItemState::Rejected {
            (item.state, item.decided_at_ms) = (ItemState::Rejected, Some(self.writing.at_ms()));
            self.writing.put_feed_item(&item).await?;
        }
        Ok(item)
    }

    /// What becomes of a new item by itself: known, refused, published, or a proposal.
    pub(super) async fn judge(&mut self, feed: &ContentFeed, mut item: FeedItem) -> Result<FeedItem, Error> {
        let now_ms = self.writing.at_ms();
        let at_address = self.writing.content_of_urls(item.space, &same_addresses(&item.draft.url)).await?;
        let of_key = match &item.draft.reference {
            Some(reference) => self.writing.content_of_external_id(item.space, reference).await?,
            None => self.writing.content_of_external_id(item.space, &item.draft.key).await?,
        };
        if let Some(content) = at_address.or(of_key) {
            (item.state, item.content) = (ItemState::Known, content);
            return Ok(item);
        }
        if let Some(other) = self.writing.feed_item_of_address(item.space, &item.address).await? {
            (item.state, item.content) = (ItemState::Known, other.content);
            return Ok(item);
        }
        let space = self.writing.space(item.space).await?.ok_or(Error::NotFound { what: "space", field: None })?;
        let own = self.own_hosts().await?;
        let allowed = urls::destination_url(&item.draft.url, &own, &space.destination_domains).is_ok();
        if !allowed || item.draft.expires_at_ms.is_some_and(|over| over <= now_ms) {
            item.state = ItemState::Refused;
            return Ok(item);
        }
        if feed.publish == Publish::Automatic {
            let dated = item.draft.published_at_ms.filter(|at| (now_ms - RECENT_MS..=now_ms).contains(at));
            let published_at = format_instant(dated.unwrap_or(now_ms)).into();
            let fields = ContentFields { published_at, ..fields(feed, &item.draft) };
            match self.create_content(item.space, &fields).await {
                Ok(content) => {
                    (item.state, item.content, item.decided_at_ms) = (ItemState::Published, content.id, Some(now_ms));
                }
                // Somebody sees what is the matter with it, and can mend it.
                Err(Error::Invalid(_) | Error::Conflict { .. } | Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(item)
    }
}

fn undecided(item: &FeedItem) -> Result<(), Error> {
    match item.state {
        ItemState::Proposed | ItemState::Rejected => Ok(()),
        // Another feed proposed it and nobody made a content of it there.
        ItemState::Known if item.content.is_none() => Ok(()),
        ItemState::Accepted | ItemState::Published | ItemState::Known => Err(Error::Conflict {
            code: "already_a_content",
            field: None,
            message: format!("this is the content {} already: change that instead", item.content),
        }),
        ItemState::Refused => Err(Error::Conflict {
            code: "not_shareable",
            field: None,
            message: "it is over, or the space's destination_domains do not allow its address".to_owned(),
        }),
    }
}

/// The content that a draft would be. A picture that cannot be one is left out.
fn fields(feed: &ContentFeed, draft: &Draft) -> ContentFields {
    let audience: Option<Audience> = serde_json::from_value(feed.audience.clone()).ok();
    let image = draft.image_url.as_deref().and_then(|image| urls::picture_url(image).ok());
    ContentFields {
        kind: feed.content_kind.as_str().to_owned().into(),
        title: draft.title.clone().into(),
        url: draft.url.clone().into(),
        summary: Field::given(draft.summary.clone()),
        image_url: Field::given(image),
        campaign_id: Field::given(feed.campaign.known().map(|campaign| campaign.to_string())),
        audience: Field::given(audience),
        expires_at: Field::given(draft.expires_at_ms.map(format_instant)),
        external_id: Field::given(draft.reference.clone()),
        ..ContentFields::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_write_an_address_are_few_and_hold_itself() {
        let found = same_addresses("https://www.example.com/a/?utm_source=x&b=c#top");
        assert!(found.len() <= 10);
        for same in ["https://www.example.com/a/?utm_source=x&b=c#top", "http://example.com/a?b=c"] {
            assert!(found.iter().any(|url| url == same), "{found:?}");
        }
        assert!(same_addresses("https://example.com/").contains(&"https://example.com/".to_owned()));
    }
}
