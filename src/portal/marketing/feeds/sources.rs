//! The feeds, with what the last visit to each found.

use askama::Template;
use axum::extract::State;

use super::super::super::PortalState;
use super::super::super::parts::{Outcome, Page, Person, show};
use super::{PATH, SOURCES, Tab, failure_of, may_decide, name_of, path_of, tabs};
use crate::model::{ContentFeed, ItemState, Publish};
use crate::programme::{Page as Slice, ShownFeed};

/// More than a space has.
const MOST_FEEDS: u32 = 200;

#[derive(Template)]
#[template(path = "marketing/sources.html")]
struct Sources {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

/// A feed in the list.
struct Row {
    path: String,
    name: String,
    feed: ContentFeed,
    /// Why the last visit failed.
    failure: Option<String>,
    waiting: u64,
    became: u64,
}

impl Row {
    fn is_automatic(&self) -> bool {
        self.feed.publish == Publish::Automatic
    }
}

pub(super) async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    may_decide(&person)?;
    let feeds = state.programme.feeds(person.space_id(), None, Slice { after: None, limit: MOST_FEEDS }).await?;
    let page = super::super::page(&person, PATH);
    show(&Sources { tabs: tabs(&page, SOURCES), rows: feeds.into_iter().map(|feed| row(&page, feed)).collect(), page })
}

fn row(page: &Page, shown: ShownFeed) -> Row {
    let count = |states: &[ItemState]| states.iter().filter_map(|state| shown.counts.get(state)).sum();
    Row {
        path: path_of(shown.feed.id),
        name: name_of(&shown.feed),
        failure: failure_of(page, &shown.feed),
        waiting: count(&[ItemState::Proposed]),
        became: count(&[ItemState::Accepted, ItemState::Published]),
        feed: shown.feed,
    }
}
