//! Feeds, what they propose, and what becomes of it.

mod decisions;
mod jobs;
mod settings;
mod visits;

use std::sync::atomic::{AtomicI64, Ordering};

use super::web::{ScriptedWeb, away};
use super::*;
use crate::model::{ContentFeed, Draft, FeedId, FeedItem, FeedStatus, ItemState};

const MINUTE_MS: i64 = 60_000;

/// A programme with a scripted web, a clock that a test turns, and one feed.
struct Desk {
    fixture: Fixture,
    programme: Programme,
    web: Arc<ScriptedWeb>,
    now: Arc<AtomicI64>,
    space: SpaceId,
    feed: FeedId,
}

impl Desk {
    async fn new(fields: FeedFields) -> Self {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let told = Arc::clone(&now);
        let fixture = Fixture::with_clock(Clock::from_fn(move || told.load(Ordering::Relaxed))).await;
        let web = Arc::new(ScriptedWeb::default());
        let programme = fixture.programme.clone().with_web(Arc::clone(&web) as Arc<dyn Web>);
        let space = fixture.space.id;
        let mut work = programme.work().await.expect("work");
        let feed = work.create_feed(space, &fields).await.expect("a feed").id;
        work.commit().await.expect("a commit");
        Self { fixture, programme, web, now, space, feed }
    }

    fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    async fn visit(&self) -> ShownFeed {
        self.programme.visit_feed(self.space, self.feed).await.expect("a visit")
    }

    /// A visit in which the feed holds these.
    async fn visit_finding(&self, drafts: Vec<Draft>) -> ShownFeed {
        self.web.says(drafts);
        self.visit().await
    }

    async fn items(&self) -> Vec<FeedItem> {
        let filter = ItemFilter { feed: Some(self.feed), ..ItemFilter::default() };
        let page = Page { after: None, limit: 1000 };
        let mut items = self.programme.feed_items(self.space, &filter, page).await.expect("items");
        items.sort_by(|a, b| a.draft.key.cmp(&b.draft.key));
        items
    }

    async fn states(&self) -> Vec<(String, ItemState)> {
        self.items().await.into_iter().map(|item| (item.draft.key, item.state)).collect()
    }

    async fn content(&self, item: &FeedItem) -> crate::model::Content {
        self.programme.content(self.space, item.content).await.expect("a content")
    }
}

fn feed_at(url: &str) -> FeedFields {
    FeedFields { url: text(url), ..FeedFields::default() }
}

fn news() -> FeedFields {
    feed_at("https://news.example/feed")
}

fn automatic(fields: FeedFields) -> FeedFields {
    FeedFields { publish: text("automatic"), ..fields }
}

fn draft(key: &str) -> Draft {
    Draft {
        key: key.to_owned(),
        url: format!("https://news.example/{key}"),
        title: format!("Title of {key}"),
        summary: Some("In a sentence.".to_owned()),
        published_at_ms: Some(NOW_MS - 3_600_000),
        ..Draft::default()
    }
}
