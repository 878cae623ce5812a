//! The administrator's pages: setting the space up, its people and teams, what programs may do, and who did what.
//!
//! | route | calls |
//! | --- | --- |
//! | `/admin` | GET: the guided path, and where each step stands; `/admin/settle` POST `{step}`: it stays as it is |
//! | `/admin/space` | GET, POST: name, language, colour; `/admin/space/logo` POST: the file; `…/logo/remove` POST |
//! | `/admin/calendar` | GET, POST: time zone, working week, holidays; `/admin/calendar/holidays` POST: a year's |
//! | `/admin/hosts` | GET; POST `{host}`: one more; `/admin/hosts/check`, `/admin/hosts/remove` POST `{host}` |
//! | `/admin/domains` | GET; POST `{domain}`: one more; `/admin/domains/remove` POST `{domain}` |
//! | `/admin/privacy` | GET, POST: how much of a click is kept |
//! | `/admin/charter` | GET; POST: the next version |
//! | `/admin/people` | GET: list, search, filters; see [`people`] |
//! | `/admin/teams` | GET: the tree; `/new`, `/{id}` GET, POST |
//! | `/admin/data` | GET: imports and exports; see [`transfers`] |
//! | `/admin/tokens` | GET; `/new` GET, POST: shows the token once; `/{id}/revoke` POST |
//! | `/admin/webhooks` | GET; `/new` GET, POST: shows the secret once; `/{id}` GET, POST; `/{id}/test`, `/switch`, `/delete` |
//! | `/admin/audit` | GET: who changed what |
//!
//! No rule stands here: what may be is `programme`'s business, who may `auth`'s.

mod access;
mod audit;
mod calendar;
mod charter;
mod hosts;
mod identity;
mod overview;
mod people;
mod privacy;
mod teams;
mod tokens;
mod transfers;
mod webhooks;

use axum::Router;

use super::PortalState;
use super::parts::{Area, Entry, Failure, Page, Person, Sent};
use super::texts::msg;
use crate::auth::Action;
use crate::model::Space;
use crate::programme::{Error, SpaceFields};

/// The area's places.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: overview::PATH, name: msg("admin-nav-setup"), icon: "list" },
    Entry { path: identity::PATH, name: msg("admin-nav-space"), icon: "settings" },
    Entry { path: people::PATH, name: msg("admin-nav-people"), icon: "people" },
    Entry { path: teams::PATH, name: msg("admin-nav-teams"), icon: "handshake" },
    Entry { path: transfers::PATH, name: msg("admin-nav-data"), icon: "download" },
    Entry { path: tokens::PATH, name: msg("admin-nav-access"), icon: "key" },
    Entry { path: audit::PATH, name: msg("admin-nav-audit"), icon: "shield" },
];

/// Its routes.
pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .merge(overview::routes())
        .merge(identity::routes())
        .merge(calendar::routes())
        .merge(hosts::routes())
        .merge(privacy::routes())
        .merge(charter::routes())
        .merge(people::routes())
        .merge(teams::routes())
        .merge(transfers::routes())
        .merge(tokens::routes())
        .merge(webhooks::routes())
        .merge(audit::routes())
}

/// The frame of a page of this area.
fn page(person: &Person, here: &'static str) -> Page {
    person.page(Area::Admin, here)
}

/// A tab of a page that has several.
struct Tab {
    path: &'static str,
    name: String,
    here: bool,
}

/// The tabs of the space's settings.
fn space_tabs(page: &Page, here: &'static str) -> Vec<Tab> {
    let tab = |path, name| Tab { path, name, here: path == here };
    vec![
        tab(identity::PATH, page.say("admin-tab-identity")),
        tab(calendar::PATH, page.say("admin-tab-calendar")),
        tab(hosts::PATH, page.say("admin-tab-hosts")),
        tab(hosts::DOMAINS, page.say("admin-tab-domains")),
        tab(privacy::PATH, page.say("admin-tab-privacy")),
        tab(charter::PATH, page.say("admin-tab-charter")),
    ]
}

/// Lays `fields` over the space of whoever sent a form.
async fn change_space(state: &PortalState, sent: &Sent, fields: &SpaceFields) -> Result<Space, Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let space = work.update_space(sent.person.space_id(), fields).await?;
    work.commit().await?;
    Ok(space)
}

/// Goes on if the person administers its space.
fn may_set_up(person: &Person) -> Result<(), Failure> {
    person.needs(Action::ChangeSpace)
}
