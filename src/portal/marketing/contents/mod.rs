//! What the brand proposes for sharing.
//!
//! | route | calls |
//! | --- | --- |
//! | `/marketing/contents` | GET `{text?, kind?, state?, campaign?, page?}` |
//! | `/marketing/contents/new` | GET: an address to begin with; POST: the form |
//! | `/marketing/contents/look` | GET `{kind?}`: the empty form; POST `{url}`: the form with what the page there says |
//! | `/marketing/contents/reach` | POST the form: how many people its audience names |
//! | `/marketing/contents/{id}` | GET, POST `{version, …}`: the content; an older form than what stands is refused |
//! | `/marketing/contents/{id}/preview` | GET: how it is shown to those who share |
//! | `/marketing/contents/{id}/publish`, `/archive`, `/restore` | POST |

mod edit;
mod form;
mod list;
mod new;
mod preview;

use axum::Router;
use axum::routing::{get, post};

use super::super::PortalState;
use super::super::parts::{Area, Failure, Page, Person};
use super::super::recruiting::JOBS;
use crate::auth::{Action, may};
use crate::model::{ContentId, ContentKind};

pub(super) use form::{Choices, ContentForm, aimed, fields, kind_of, rows, standing};
pub(super) use list::Row;
pub(super) use new::made;

pub(super) const PATH: &str = "/marketing/contents";
/// Where a content begins.
pub(in crate::portal) const NEW: &str = "/marketing/contents/new";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list::list))
        .route(NEW, get(new::ask).post(new::create))
        .route("/marketing/contents/look", get(new::blank).post(new::look))
        .route("/marketing/contents/reach", post(form::reach))
        .route("/marketing/contents/{id}", get(edit::show_content).post(edit::change))
        .route("/marketing/contents/{id}/preview", get(preview::preview))
        .route("/marketing/contents/{id}/publish", post(edit::publish))
        .route("/marketing/contents/{id}/archive", post(edit::archive))
        .route("/marketing/contents/{id}/restore", post(edit::restore))
}

/// The page of a content.
pub(super) fn path_of(id: ContentId) -> String {
    format!("{PATH}/{id}")
}

/// The id in a path; what is none is nothing's.
fn id_of(text: &str) -> Result<ContentId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}

/// Goes on if the person publishes something: recruiters publish jobs.
fn may_publish(person: &Person) -> Result<(), Failure> {
    person.needs(Action::WriteContents(ContentKind::Job))
}

/// Whether the person publishes this kind of contents.
fn publishes(person: &Person, kind: ContentKind) -> bool {
    may(person.role(), Action::WriteContents(kind))
}

/// The kind that somebody's new content begins as: the asked one, if the person publishes such.
fn first_kind(person: &Person, asked: Option<ContentKind>) -> ContentKind {
    let publishes = |kind: &ContentKind| publishes(person, *kind);
    asked.filter(publishes).unwrap_or(if publishes(&ContentKind::Article) {
        ContentKind::Article
    } else {
        ContentKind::Job
    })
}

/// The list that somebody comes from: whoever publishes jobs alone has one of those.
fn home(person: &Person) -> &'static str {
    if publishes(person, ContentKind::Article) { PATH } else { JOBS }
}

/// The frame of a page about one content.
fn frame(person: &Person) -> Page {
    match home(person) {
        PATH => super::page(person, PATH).below(PATH, person.texts.say("contents-title")),
        jobs => person.page(Area::Recruiting, jobs).below(jobs, person.texts.say("jobs-title")),
    }
}
