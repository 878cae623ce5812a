//! The pages of those who publish and steer: contents, feeds and what they propose, campaigns, objectives,
//! the charter to read.
//!
//! | route | calls |
//! | --- | --- |
//! | `/marketing/contents…` | what is proposed for sharing: [`contents`] |
//! | `/marketing/feeds…` | who proposes contents, and what waits for a decision: [`feeds`] |
//! | `/marketing/campaigns…` | campaigns, what came of each, and the pause: [`campaigns`] |
//! | `/marketing/objectives` | GET `{quarter?}`: what is aimed at, beside what came of it; see [`objectives`] |
//! | `/marketing/objectives/set` | GET `{quarter, team?}`, POST `{quarter, team?, <kpi>…}` |
//! | `/marketing/charter` | GET: the charter's versions, which administrators publish |
//!
//! No rule stands here: what may be is `programme`'s business, who may `auth`'s. Reported links, which the area's
//! navigation leads to as well, are [`super::reports`].

mod campaigns;
mod charter;
mod contents;
mod feeds;
mod figures;
mod local_time;
mod objectives;
mod targets;

use axum::Router;

use super::parts::{Area, Entry, Failure, Page, Person};
use super::texts::msg;
use super::{PortalState, reports};
use crate::auth::Action;

pub(super) use contents::NEW as NEW_CONTENT;

/// The area's places.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: contents::PATH, name: msg("marketing-nav-contents"), icon: "article" },
    Entry { path: campaigns::PATH, name: msg("marketing-nav-campaigns"), icon: "megaphone" },
    Entry { path: feeds::PATH, name: msg("marketing-nav-feeds"), icon: "rss" },
    Entry { path: objectives::PATH, name: msg("marketing-nav-objectives"), icon: "target" },
    Entry { path: charter::PATH, name: msg("marketing-nav-charter"), icon: "shield" },
    Entry { path: reports::PATH, name: msg("marketing-nav-reports"), icon: "flag" },
];

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .merge(contents::routes())
        .merge(campaigns::routes())
        .merge(feeds::routes())
        .merge(objectives::routes())
        .merge(charter::routes())
}

/// The frame of a page of this area.
fn page(person: &Person, here: &'static str) -> Page {
    person.page(Area::Marketing, here)
}

/// Goes on if the person steers the programme: whoever publishes one kind of contents alone does not.
fn may_steer(person: &Person) -> Result<(), Failure> {
    person.needs(Action::WriteCampaigns)
}
