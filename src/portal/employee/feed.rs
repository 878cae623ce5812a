//! `/`: what is worth sharing. With all that it loads it has 150 KB.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Area, Outcome, Page, Pager, Person, Pictures, show};
use crate::model::{Channel, ContentId, ContentKind};
use crate::programme::{ShelfQuery, Shelved};

/// The first page.
pub(in crate::portal) const PATH: &str = "/";
/// Contents of a page: what a thumb scrolls through in a minute.
const A_PAGE: usize = 12;
/// Longest search, in characters.
const MOST_SEARCHED: usize = 100;
/// A content is new for so long, in milliseconds.
const NEW_MS: i64 = 3 * 86_400_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FeedQuery {
    q: String,
    kind: String,
    page: String,
}

#[derive(Template)]
#[template(path = "employee/feed.html")]
struct Feed {
    page: Page,
    awaits_charter: bool,
    search: String,
    kind: Option<ContentKind>,
    kinds: Vec<Chip>,
    /// Where everything is again.
    all: String,
    total: usize,
    cards: Vec<Card>,
    pager: Pager,
}

/// A kind to narrow the page to.
struct Chip {
    kind: ContentKind,
    address: String,
    is_chosen: bool,
}

/// A content on the page.
struct Card {
    shelved: Arc<Shelved>,
    /// Where its thumbnail is, once the picture was fetched.
    picture: Option<String>,
    is_new: bool,
    shared: Vec<String>,
}

pub(super) async fn feed(State(state): State<PortalState>, Query(asked): Query<FeedQuery>, person: Person) -> Outcome {
    let search: String = asked.q.trim().chars().take(MOST_SEARCHED).collect();
    let kind: Option<ContentKind> = asked.kind.parse().ok();
    let number = asked.page.parse().unwrap_or(1_usize).clamp(1, 10_000);
    let query = ShelfQuery {
        search: search.clone(),
        kind,
        skip: (number - 1) * A_PAGE,
        limit: A_PAGE,
        ..ShelfQuery::default()
    };
    let shelf = state.programme.shelf(&person.record.advocate, &query).await?;
    let ids: Vec<_> = shelf.contents.iter().map(|shelved| shelved.content.id).collect();
    let shared = state.programme.shared_channels(person.space_id(), person.id(), &ids).await?;
    let contents = shelf.contents.iter().map(|shelved| &shelved.content);
    let pictures = Pictures::of(&state, person.space_id(), contents).await?;
    let charter = state.programme.charter(person.space_id()).await?;
    let now_ms = state.programme.now_ms();
    let page = person.page(Area::Share, PATH);
    let cards = shelf.contents.into_iter().map(|shelved| Card {
        is_new: shelved.content.published_at_ms.is_some_and(|at| at > now_ms - NEW_MS),
        picture: pictures.small(&shelved.content),
        shared: names(&shared, shelved.content.id, &page),
        shelved,
    });
    show(&Feed {
        awaits_charter: charter.is_some_and(|charter| charter.awaits(&person.record)),
        cards: cards.collect(),
        kinds: shelf.kinds.iter().map(|one| chip(*one, kind, &search)).collect(),
        all: address(&search, None, 1),
        pager: Pager::by_number(number, shelf.total.div_ceil(A_PAGE), |page| address(&search, kind, page)),
        total: shelf.total,
        search,
        kind,
        page,
    })
}

fn chip(kind: ContentKind, chosen: Option<ContentKind>, search: &str) -> Chip {
    Chip { kind, address: address(search, Some(kind), 1), is_chosen: chosen == Some(kind) }
}

fn names(shared: &HashMap<ContentId, Vec<Channel>>, id: ContentId, page: &Page) -> Vec<String> {
    let channels = shared.get(&id).map(Vec::as_slice).unwrap_or_default();
    channels.iter().map(|channel| super::channel_name(page, channel.as_str())).collect()
}

fn address(search: &str, kind: Option<ContentKind>, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if !search.is_empty() {
        query.append_pair("q", search);
    }
    if let Some(kind) = kind {
        query.append_pair("kind", kind.as_str());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}
