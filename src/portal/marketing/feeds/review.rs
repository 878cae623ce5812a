//! What feeds proposed and nobody has decided on.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Pager, Person, Sent, see_with, show,
};
use super::super::super::texts::msg;
use super::{PATH, SOURCES, Tab, may_decide, name_of, tabs};
use crate::model::{FeedId, FeedItem, FeedItemId, ItemState, SpaceId};
use crate::programme::{ContentFields, Error, ItemFilter, Page as Slice, ShownFeed};

/// Proposals of a page.
const AT_ONCE: u32 = 30;
/// Feeds that a page names; more than a space has.
const MOST_FEEDS: u32 = 200;
/// What the page can show beside what waits.
const STATES: [ItemState; 3] = [ItemState::Proposed, ItemState::Rejected, ItemState::Refused];

#[derive(Template)]
#[template(path = "marketing/review.html")]
struct Review {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    state: ItemState,
    states: Vec<(String, String)>,
    feeds: Vec<(String, String)>,
    has_feeds: bool,
    is_filtered: bool,
    items: Vec<Row>,
    pager: Pager,
    sources: &'static str,
}

/// A proposal on the page.
struct Row {
    path: String,
    item: FeedItem,
    feed: String,
    kind: &'static str,
    site: String,
}

pub(super) async fn review(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_decide(&person)?;
    let space = person.space_id();
    let form = FormData::read(query.unwrap_or_default().as_bytes());
    let shown = form.parsed("state").filter(|state| STATES.contains(state)).unwrap_or(ItemState::Proposed);
    let feeds = state.programme.feeds(space, None, Slice { after: None, limit: MOST_FEEDS }).await?;
    let by_id: HashMap<FeedId, &ShownFeed> = feeds.iter().map(|shown| (shown.feed.id, shown)).collect();
    let feed = form.parsed("feed").filter(|id| by_id.contains_key(id));
    let filter = ItemFilter { feed, state: Some(shown), kind: None };
    let after: Option<FeedItemId> = form.parsed("after");
    let mut items = state.programme.feed_items(space, &filter, Slice { after, limit: AT_ONCE + 1 }).await?;
    let more = items.len() > AT_ONCE as usize;
    items.truncate(AT_ONCE as usize);
    let next = items.last().filter(|_| more).map(|last| address(&form, Some(last.id)));
    let page = super::super::page(&person, PATH);
    let row = |item: FeedItem| {
        let shown = by_id.get(&item.feed);
        Row {
            path: format!("{PATH}/proposals/{}", item.id),
            feed: shown.map(|shown| name_of(&shown.feed)).unwrap_or_default(),
            kind: item
                .draft
                .kind
                .or(shown.map(|shown| shown.feed.content_kind))
                .map_or("article", |kind| kind.as_str()),
            site: host_of(&item.draft.url),
            item,
        }
    };
    let any = (String::new(), page.say("review-any-feed"));
    show(&Review {
        tabs: tabs(&page, PATH),
        state: shown,
        states: STATES.iter().map(|one| (one.as_str().to_owned(), page.word("review-state", one.as_str()))).collect(),
        feeds: std::iter::once(any)
            .chain(feeds.iter().map(|shown| (shown.feed.id.to_string(), name_of(&shown.feed))))
            .collect(),
        has_feeds: !feeds.is_empty(),
        is_filtered: feed.is_some() || shown != ItemState::Proposed,
        items: items.into_iter().map(row).collect(),
        pager: Pager { previous: after.map(|_| address(&form, None)), next },
        sources: SOURCES,
        form: FormState::new(form),
        page,
    })
}

/// The same question from another place on.
fn address(form: &FormData, after: Option<FeedItemId>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ["feed", "state"] {
        if !form.text(name).is_empty() {
            query.append_pair(name, form.text(name));
        }
    }
    if let Some(after) = after {
        query.append_pair("after", &after.to_string());
    }
    let query = query.finish();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

fn host_of(url: &str) -> String {
    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// What came of deciding on several.
#[derive(Default)]
struct Decided {
    done: u64,
    /// Decided by somebody else meanwhile, a content already, or not to be made one as it stands.
    left: u64,
}

/// Decides on several: each stands or falls alone.
pub(super) async fn decide(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_decide(&sent.person)?;
    let ids: Vec<FeedItemId> = sent.form.all("id").into_iter().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(see_with(PATH, &Flash::new(msg("flash-review-none"))));
    }
    let accepts = match sent.form.text("do") {
        "accept" => true,
        "dismiss" => false,
        _ => return Err(Failure::Malformed),
    };
    let space = sent.person.space_id();
    let mut decided = Decided::default();
    for id in ids.into_iter().take(AT_ONCE as usize) {
        match decide_one(&state, &sent, space, id, accepts).await {
            Ok(()) => decided.done += 1,
            Err(Error::Conflict { .. } | Error::Invalid(_) | Error::NotFound { what: "campaign" | "team", .. }) => {
                decided.left += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let message = match (accepts, decided.left) {
        (true, 0) => msg("flash-review-accepted"),
        (true, _) => msg("flash-review-some-accepted"),
        (false, _) => msg("flash-review-dismissed"),
    };
    let count = sent.person.texts.number(decided.done);
    Ok(see_with(PATH, &Flash::about(message, &count)))
}

async fn decide_one(
    state: &PortalState,
    sent: &Sent,
    space: SpaceId,
    id: FeedItemId,
    accepts: bool,
) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    if accepts {
        work.accept_proposal(space, id, ContentFields::default()).await?;
    } else {
        work.reject_proposal(space, id).await?;
    }
    work.commit().await
}
