//! The recruiter's pages: jobs, applications by stage, and why somebody is credited.
//!
//! | route | calls |
//! | --- | --- |
//! | `/recruiting/jobs` | GET `{text?, state?, page?}` |
//! | `/recruiting/referrals` | GET `{text?, job?, stage?, period?, names?, page?}`: by stage, or one stage in pages |
//! | `/recruiting/referrals/new` | GET, POST: an application by hand |
//! | `/recruiting/referrals/list` | GET; POST, a form with a list: what it would change; `…/confirm` POST: change it |
//! | `/recruiting/rule` | GET `{days?, period?, names?}`: the rule, and what another window would have decided; POST `{attribution_window_days}` |
//! | `/recruiting/connect` | GET: how the applicant system tells of stages itself |
//! | `/recruiting/referrals/{id}` | GET: the receipt; `…/stage` POST `{stage, occurred_at?, back?}` |
//!
//! Recruiters and administrators see whom applications are credited to, and each such look is a line of the audit log,
//! written before the names are read. Marketing reads the same pages without names and changes nothing. Advocates have
//! their own page (`employee::referrals`). A candidate is an opaque id on all of them.

mod board;
mod connect;
mod hand;
mod jobs;
mod list;
mod receipt;
mod rule;
mod stage;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde_json::Value;

use super::PortalState;
use super::parts::{Area, Entry, Failure, Page, Person};
use super::texts::msg;
use crate::auth::{Action, may};
use crate::model::{ApplicationId, Stage};
use crate::programme::Error;

/// The area's places.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: jobs::PATH, name: msg("recruiting-nav-jobs"), icon: "job" },
    Entry { path: board::PATH, name: msg("recruiting-nav-referrals"), icon: "handshake" },
    Entry { path: rule::PATH, name: msg("recruiting-nav-rule"), icon: "shield" },
    Entry { path: connect::PATH, name: msg("recruiting-nav-connect"), icon: "webhook" },
];

/// Largest body of a form with a list, in bytes: above the list's own bound, so that somebody hears of that one.
const MAX_UPLOAD: usize = 8 << 20;

/// Where jobs are listed.
pub(super) const JOBS: &str = jobs::PATH;

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(jobs::PATH, get(jobs::list))
        .route(board::PATH, get(board::board))
        .route(hand::PATH, get(hand::form).post(hand::create))
        .route(list::PATH, get(list::form).post(list::look).layer(DefaultBodyLimit::max(MAX_UPLOAD)))
        .route(list::CONFIRM, post(list::confirm))
        .route(rule::PATH, get(rule::rule).post(rule::change))
        .route(connect::PATH, get(connect::show_how))
        .route("/recruiting/referrals/{id}", get(receipt::one))
        .route("/recruiting/referrals/{id}/stage", post(stage::tell))
}

/// The frame of a page of this area.
fn page(person: &Person, here: &'static str) -> Page {
    person.page(Area::Recruiting, here)
}

/// Goes on if the person reads everybody's applications; advocates read their own, elsewhere.
fn may_look(person: &Person) -> Result<(), Failure> {
    person.needs(Action::ReadReferrals)?;
    if person.visitor.principal.only().is_none() { Ok(()) } else { Err(Failure::Forbidden) }
}

/// Whether the person tells of applications.
fn tells(person: &Person) -> bool {
    may(person.role(), Action::WriteReferrals)
}

/// Whether the person may see whom they are credited to.
fn may_see_names(person: &Person) -> bool {
    may(person.role(), Action::ReadNamedReferrals)
}

/// Writes down that somebody is about to look at named figures.
async fn note_look(state: &PortalState, person: &Person, action: &str, target: &str, what: Value) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(person.actor());
    work.note(person.space_id(), action, target, what).await?;
    work.commit().await
}

/// The page of an application.
fn path_of(id: ApplicationId) -> String {
    format!("{}/{id}", board::PATH)
}

/// Stages to choose from, with what pages call them.
fn stage_choices(page: &Page, stages: impl Iterator<Item = Stage>) -> Vec<(String, String)> {
    stages.map(|stage| (stage.to_string(), page.word("stage", stage.as_str()))).collect()
}
