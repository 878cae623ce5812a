//! Feeds that propose contents: which there are, and what each is set to.

mod visit;

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::contents::{self, Audience};
use super::fields::{Check, Field};
use super::shapes::{GivenCampaignId, WebAddress};
use super::{Error, Page, Programme, Work, ids, urls};
use crate::model::{
    CampaignId, ContentFeed, ContentKind, FeedId, FeedKind, ItemState, ParseIdError, Publish, SpaceId, Visits,
};

/// Minutes between two visits, when nobody says.
const INTERVAL_MINUTES: u32 = 60;
/// Minutes between two visits: five minutes to a week.
const INTERVALS: std::ops::RangeInclusive<u32> = 5..=7 * 24 * 60;
/// Feeds of a space.
const MAX_FEEDS: u32 = 200;

/// A feed as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FeedFields {
    /// Where it is, or a page that names it; must be given.
    #[schema(value_type = WebAddress)]
    pub url: Field<String>,
    /// `auto`, `rss`, `atom`, `youtube`, `jobs_xml` or `job_posting`; `auto` when left out.
    #[schema(value_type = Option<String>)]
    pub kind: Field<String>,
    /// What its entries are; when left out, videos of YouTube, jobs of a job feed, articles of
    /// others.
    #[schema(value_type = Option<String>)]
    pub content_kind: Field<String>,
    /// The campaign of its contents.
    #[schema(value_type = Option<GivenCampaignId>)]
    pub campaign_id: Field<String>,
    /// `review` (when left out): somebody decides; `automatic`: new entries are published.
    #[schema(value_type = Option<String>)]
    pub publish: Field<String>,
    /// Who should see its contents first.
    #[schema(value_type = Option<Audience>)]
    pub audience: Field<Audience>,
    /// Minutes between two visits: 5 to 10,080; 60 when left out.
    #[schema(value_type = Option<u32>)]
    pub interval_minutes: Field<u32>,
    /// Jobs that are missing in two visits, one after the other, are closed.
    #[schema(value_type = Option<bool>)]
    pub close_missing: Field<bool>,
    /// Nobody visits it.
    #[schema(value_type = Option<bool>)]
    pub paused: Field<bool>,
}

/// A feed with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFeed {
    /// The feed.
    pub feed: ContentFeed,
    /// Its items by state; states without items are left out.
    pub counts: BTreeMap<ItemState, u64>,
}

pub(super) const MISSING: Error = Error::NotFound { what: "feed", field: None };

impl Programme {
    /// A feed.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn feed(&self, space: SpaceId, id: FeedId) -> Result<ShownFeed, Error> {
        let mut reading = self.store.read().await?;
        let feed = reading.content_feed(space, id).await?.ok_or(MISSING)?;
        let counts = reading.count_feed_items(space, &[id]).await?;
        Ok(shown(vec![feed], counts).remove(0))
    }

    /// Feeds in the order of their creation; with contents of one kind, or all.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no feed of the space.
    pub async fn feeds(
        &self,
        space: SpaceId,
        kind: Option<ContentKind>,
        page: Page<FeedId>,
    ) -> Result<Vec<ShownFeed>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.content_feed(space, after).await?.ok_or(Error::NotFound { what: "feed", field: Some("after") })?;
        }
        let feeds = reading.list_content_feeds(space, kind, page).await?;
        let ids: Vec<FeedId> = feeds.iter().map(|feed| feed.id).collect();
        let counts = reading.count_feed_items(space, &ids).await?;
        Ok(shown(feeds, counts))
    }
}

fn shown(feeds: Vec<ContentFeed>, counts: Vec<(FeedId, ItemState, u64)>) -> Vec<ShownFeed> {
    let mut by_feed: BTreeMap<FeedId, BTreeMap<ItemState, u64>> = BTreeMap::new();
    for (feed, state, count) in counts {
        by_feed.entry(feed).or_default().insert(state, count);
    }
    feeds.into_iter().map(|feed| ShownFeed { counts: by_feed.remove(&feed.id).unwrap_or_default(), feed }).collect()
}

impl Work {
    /// Adds a feed; its first visit is due at once.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for its campaign or a team; [`Error::Conflict`] when the space
    /// has a feed at this address, or too many.
    pub async fn create_feed(&mut self, space: SpaceId, fields: &FeedFields) -> Result<ContentFeed, Error> {
        self.open_space(space).await?;
        let all = Page { after: None, limit: MAX_FEEDS };
        if self.writing.list_content_feeds(space, None, all).await?.len() >= MAX_FEEDS as usize {
            return Err(Error::Conflict {
                code: "too_many_feeds",
                field: None,
                message: format!("a space has at most {MAX_FEEDS} feeds: delete one that nobody needs"),
            });
        }
        let blank = ContentFeed {
            id: FeedId::from_bits(ids::random_bits()),
            space,
            url: String::new(),
            kind: FeedKind::Auto,
            content_kind: ContentKind::Article,
            campaign: CampaignId::NONE,
            publish: Publish::Review,
            audience: serde_json::Value::Object(serde_json::Map::new()),
            interval_minutes: INTERVAL_MINUTES,
            close_missing: false,
            paused: false,
            visits: Visits::none(self.writing.at_ms()),
        };
        self.put_feed(blank, fields, true).await
    }

    /// Lays `fields` over a feed. Another address or kind is visited at once, and so is one that
    /// was paused.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of [`Self::create_feed`].
    pub async fn update_feed(&mut self, space: SpaceId, id: FeedId, fields: &FeedFields) -> Result<ContentFeed, Error> {
        self.open_space(space).await?;
        let feed = self.writing.content_feed(space, id).await?.ok_or(MISSING)?;
        self.put_feed(feed, fields, false).await
    }

    /// Removes a feed with all that it proposed; what became a content stays one.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_feed(&mut self, space: SpaceId, id: FeedId) -> Result<(), Error> {
        self.open_space(space).await?;
        if self.writing.remove_content_feed(space, id).await? { Ok(()) } else { Err(MISSING) }
    }

    async fn put_feed(
        &mut self,
        mut feed: ContentFeed,
        fields: &FeedFields,
        created: bool,
    ) -> Result<ContentFeed, Error> {
        let before = feed.clone();
        let mut check = Check::default();
        lay(&mut check, fields, &mut feed, created);
        check.finish()?;
        self.known_teams(feed.space, &fields.audience).await?;
        if let Some(campaign) = feed.campaign.known()
            && self.writing.campaign(feed.space, campaign).await?.is_none()
        {
            return Err(Error::NotFound { what: "campaign", field: Some("campaign_id") });
        }
        match self.writing.content_feed_of_url(feed.space, &feed.url).await? {
            Some(other) if other != feed.id => {
                return Err(Error::Conflict {
                    code: "feed_exists",
                    field: Some("url"),
                    message: format!("the feed {other} has this address: change that one instead"),
                });
            }
            _ => {}
        }
        let now_ms = self.writing.at_ms();
        if (feed.url.as_str(), feed.kind) != (before.url.as_str(), before.kind) {
            feed.visits = Visits::none(now_ms);
        } else if before.paused && !feed.paused {
            feed.visits.next_at_ms = now_ms;
        } else if before.interval_minutes != feed.interval_minutes {
            feed.visits.next_at_ms = feed.visits.next_at_ms.min(now_ms + visit::interval_ms(&feed));
        }
        self.writing.put_content_feed(&feed).await?;
        Ok(feed)
    }
}

fn lay(check: &mut Check, fields: &FeedFields, feed: &mut ContentFeed, created: bool) {
    match &fields.url {
        Field::Value(url) => match urls::feed_url(url.trim()) {
            Ok(url) => feed.url = url,
            Err(error) => check.refuse("url", error.code(), error.to_string()),
        },
        Field::Absent if !created => {}
        Field::Absent | Field::Null => check.refuse("url", "required", "url must be given and not empty"),
    }
    feed.kind = check.word("kind", &fields.kind).unwrap_or(feed.kind);
    let usual = match feed.kind {
        FeedKind::Youtube => ContentKind::Video,
        FeedKind::JobsXml | FeedKind::JobPosting => ContentKind::Job,
        FeedKind::Auto | FeedKind::Rss | FeedKind::Atom => ContentKind::Article,
    };
    let standing = if created { usual } else { feed.content_kind };
    feed.content_kind = check.word("content_kind", &fields.content_kind).unwrap_or(standing);
    feed.publish = check.word("publish", &fields.publish).unwrap_or(feed.publish);
    let mut campaign = feed.campaign.known();
    check.optional("campaign_id", &fields.campaign_id, &mut campaign, |check, text| {
        text.parse().map_err(|error: ParseIdError| check.refuse("campaign_id", "invalid", error.to_string())).ok()
    });
    feed.campaign = campaign.unwrap_or(CampaignId::NONE);
    contents::lay_audience(check, &fields.audience, &mut feed.audience);
    match &fields.interval_minutes {
        Field::Absent => {}
        Field::Null => feed.interval_minutes = INTERVAL_MINUTES,
        Field::Value(minutes) if INTERVALS.contains(minutes) => feed.interval_minutes = *minutes,
        Field::Value(_) => {
            let (least, most) = (INTERVALS.start(), INTERVALS.end());
            check.refuse("interval_minutes", "invalid", format!("interval_minutes is {least} to {most}"));
        }
    }
    Check::flag(&fields.close_missing, &mut feed.close_missing);
    Check::flag(&fields.paused, &mut feed.paused);
    if feed.close_missing && feed.content_kind != ContentKind::Job {
        let message = "only jobs can be closed when they are missing: other feeds show their newest entries alone";
        check.refuse("close_missing", "invalid", message);
    }
}
