//! Feeds that propose contents, and what they proposed.
//!
//! | route | calls |
//! | --- | --- |
//! | `/marketing/feeds` | GET: what waits for a decision, the oldest first; `{feed?, state?, after?}` |
//! | `/marketing/feeds/decide` | POST `{id…, do: accept\|dismiss}`: several at once |
//! | `/marketing/feeds/proposals/{id}` | GET: the form of a content with what was proposed; POST: makes it one |
//! | `/marketing/feeds/sources` | GET: the feeds, with what the last visit to each found |
//! | `/marketing/feeds/new` | GET, POST |
//! | `/marketing/feeds/{id}` | GET, POST; `/{id}/pause` POST `{on}`; `/{id}/remove` POST |

mod proposal;
mod review;
mod source;
mod sources;

use axum::Router;
use axum::routing::{get, post};

use super::super::PortalState;
use super::super::parts::{Failure, Page, Person};
use crate::auth::Action;
use crate::model::{ContentFeed, ContentKind, FeedId, FeedStatus};

pub(super) const PATH: &str = "/marketing/feeds";
/// The feeds themselves.
const SOURCES: &str = "/marketing/feeds/sources";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(review::review))
        .route("/marketing/feeds/decide", post(review::decide))
        .route("/marketing/feeds/proposals/{id}", get(proposal::form).post(proposal::accept))
        .route(SOURCES, get(sources::list))
        .route("/marketing/feeds/new", get(source::blank).post(source::create))
        .route("/marketing/feeds/{id}", get(source::form).post(source::change))
        .route("/marketing/feeds/{id}/pause", post(source::pause))
        .route("/marketing/feeds/{id}/remove", post(source::remove))
}

fn path_of(id: FeedId) -> String {
    format!("{PATH}/{id}")
}

/// The id in a path; what is none is nothing's.
fn id_of(text: &str) -> Result<FeedId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}

/// Goes on if the person decides on every kind of contents.
fn may_decide(person: &Person) -> Result<(), Failure> {
    person.needs(Action::Feeds(ContentKind::Article))
}

/// A tab of the two pages.
struct Tab {
    path: &'static str,
    name: String,
    here: bool,
}

fn tabs(page: &Page, here: &'static str) -> Vec<Tab> {
    let tab = |path, name| Tab { path, name, here: path == here };
    vec![tab(PATH, page.say("feeds-tab-review")), tab(SOURCES, page.say("feeds-tab-sources"))]
}

/// Why the last visit to a feed failed, if it did.
fn failure_of(page: &Page, feed: &ContentFeed) -> Option<String> {
    if feed.visits.status != FeedStatus::Failing {
        return None;
    }
    let code = feed.visits.error_code.as_deref().unwrap_or_default().replace('_', "-");
    let why = page.word_if_known("feed-why", &code).or_else(|| page.word_if_known("look-why", &code));
    Some(why.unwrap_or_else(|| page.say("feed-why-other")))
}

/// What to call a feed: the name that it gives itself, else its address.
fn name_of(feed: &ContentFeed) -> String {
    feed.visits.title.clone().unwrap_or_else(|| feed.url.clone())
}
