//! What the feed of a brand's own site proposed lately. Nobody can visit a site that is made up: the story says what it would
//! answer, once, and the feed is left paused.

use std::sync::Arc;

use url::Url;

use super::story::{FeedTable, Story};
use crate::model::{Draft, Picture, SpaceId};
use crate::programme::{
    AskedFeed, Error, FeedAnswer, FeedEntries, FeedFields, Outside, Page, Programme, Web, WebError,
};

const DAY_MS: i64 = 86_400_000;
/// More than a story has.
const MOST: u32 = 20;

/// Has each feed of the story visited that was not yet.
///
/// # Errors
/// [`Error`].
pub(super) async fn propose(programme: &Programme, space: SpaceId, story: &Story) -> Result<(), Error> {
    for table in &story.feeds {
        let url = format!("https://www.{}{}", story.domain, table.path);
        let standing = programme.feeds(space, None, Page { after: None, limit: MOST }).await?;
        let feed = match standing.into_iter().map(|shown| shown.feed).find(|feed| feed.url == url) {
            Some(feed) => feed,
            None => {
                let mut work = programme.work().await?;
                let fields = FeedFields {
                    url: url.clone().into(),
                    content_kind: table.content_kind.as_str().to_owned().into(),
                    paused: true.into(),
                    ..FeedFields::default()
                };
                let feed = work.create_feed(space, &fields).await?;
                work.commit().await?;
                feed
            }
        };
        if feed.visits.succeeded_at_ms.is_none() {
            let site = Site(table.entries(&story.domain, programme.now_ms()));
            programme.clone().with_web(Arc::new(site)).visit_feed(space, feed.id).await?;
        }
    }
    Ok(())
}

impl FeedTable {
    fn entries(&self, domain: &str, now_ms: i64) -> FeedEntries {
        let drafts = self.entries.iter().map(|entry| {
            let url = format!("https://www.{domain}{}", entry.path);
            Draft {
                key: url.clone(),
                url,
                title: entry.title.clone(),
                summary: Some(entry.summary.clone()),
                site: Some(self.title.clone()),
                place: entry.place.clone(),
                published_at_ms: Some(now_ms - i64::from(entry.days_ago) * DAY_MS),
                ..Draft::default()
            }
        });
        FeedEntries { title: Some(self.title.clone()), drafts: drafts.collect(), whole: true, ..FeedEntries::default() }
    }
}

/// A site that has a feed and nothing else.
#[derive(Debug)]
struct Site(FeedEntries);

fn nothing<'w, T: Send + 'w>() -> Outside<'w, T> {
    let message = "the sites of the demo are made up".to_owned();
    Box::pin(std::future::ready(Err(WebError { code: "unreachable", message, passes: false })))
}

impl Web for Site {
    fn page<'w>(&'w self, _: &'w str) -> Outside<'w, Draft> {
        nothing()
    }

    fn feed<'w>(&'w self, _: &'w AskedFeed) -> Outside<'w, FeedAnswer> {
        Box::pin(std::future::ready(Ok(FeedAnswer::Entries(self.0.clone()))))
    }

    fn picture<'w>(&'w self, _: &'w str) -> Outside<'w, Picture> {
        nothing()
    }

    fn text<'w>(&'w self, _: &'w str) -> Outside<'w, String> {
        nothing()
    }

    fn may_post<'w>(&'w self, _: &'w Url) -> Outside<'w, ()> {
        nothing()
    }
}
