//! Pages for people: an employee shares, marketing steers, administrators set up.
//!
//! One folder an area (`sign_in`, `account`, `employee`, …); `parts` is what every page is made of,
//! and says how. Every request passes `parts::guard`: a change that no page of this site proves to
//! have made is refused, every answer carries the headers that keep a page to itself, and what went
//! wrong is said in the reader's language.
//!
//! Pages are HTML from templates (askama, `templates/<area>/`), which all extend
//! `templates/base.html`. They work without a script for reading and for copying by hand; htmx and
//! `assets/app.js` add the small movements. There is one style sheet (`assets/css/*.css`, joined)
//! on the design tokens of [`crate::look`], and no style or script in a page.
//!
//! # To add a page
//! 1. A handler in the area's folder: it takes [`parts::Person`] (a GET) or [`parts::Sent`] (a POST:
//!    the form, its proof checked) and answers [`parts::Outcome`]. Errors of the programme become
//!    pages by `?`; problems of fields go back into the form by [`parts::FormState::refused`]. A
//!    POST ends with [`parts::see_with`], which says on the next page what was done.
//! 2. Who may: `person.needs(Action::…)?` in its first line ([`crate::auth::roles`]). Whatever is
//!    looked up is looked up in `person.space_id()`.
//! 3. A template with a field `page: Page` from `person.page(Area::…, PATH)`, which says messages
//!    (`{{ page.say("feed-title") }}`, `say_of`, `word`), writes numbers and times
//!    (`{{ page.number(n) }}`, `{{ page.time(at_ms) }}`), and knows icons and assets. Fields of forms
//!    are drawn by `{% import "parts/form.html" as form %}`.
//! 4. Its texts in `messages/{en,fr}/<area>.ftl` (a new area: also in `texts.rs`). Names that are
//!    not said where they stand are marked with [`texts::msg`].
//! 5. Its route in the area's `routes()`, its place in the area's `ENTRIES` (a new area: a variant of
//!    [`parts::Area`], and its `routes()` below), rules of its own in `assets/css/<area>.css`.
//! 6. A test in `tests/`: `Portal::new()` has a space and a clock, `portal.signed_in(role)` a browser
//!    of somebody of that role; `Answer::assert_page` holds every page to the rules above.
//!
//! | route | calls |
//! | --- | --- |
//! | `/account`, `/account/digest` | GET: who is signed in, and where; POST `{frequency}` |
//! | `/sign-in` | GET: the form; POST `{email, space?, next?}`: a mail is sent, to those it may be sent to |
//! | `/sign-in/code` | POST `{code}` |
//! | `/sign-in/link/{secret}` | GET: a page with a button; it uses nothing up |
//! | `/sign-in/link` | POST `{link}` |
//! | `/sign-in/oidc`, `/sign-in/oidc/callback` | POST `{space, next?}`; GET, where the provider sends people back to |
//! | (`employee`, `strangers`, `reports`) | what everybody does; pages without signing in; links that strangers reported |
//! | `/sign-out`, `/sign-out/everywhere`, `/sessions/end` | POST `{csrf}`, and `{id}` for the last |
//! | `/team` | GET: what managers see of their teams: [`team`] |
//! | `/marketing/…` | what those do who publish and steer: [`marketing`] |
//! | `/kpis`, `/kpis/…` | the programme's figures: [`kpis`] |
//! | `/recruiting/…` | jobs, and applications by stage: [`recruiting`] |
//! | `/admin`, `/admin/…` | the administrator's pages: [`admin`] |
//! | `/assets/{file}`, `/look/{file}` | GET: style, scripts, icons; a space's colours |

mod parts;
mod texts;

mod account;
mod admin;
mod employee;
mod kpis;
mod marketing;
mod recruiting;
mod reports;
mod sign_in;
mod strangers;
mod team;

mod manifest;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::oidc::{CALLBACK, Oidc};
use crate::auth::{Auth, Secret};
use crate::kpi::{ClickLog, Kpis};
use crate::model::ContentId;
use crate::model::programme::Language;
use crate::net::{Limits, LimitsConfig};
use crate::programme::Programme;
use crate::programme::transfers::depot::Depot;
use parts::{Failure, Notice, assets, guard, look};

/// Largest body of somebody who is not signed in, in bytes: an address, a code and a path.
const MAX_STRANGERS_BODY: usize = 16 << 10;
/// Largest form, in bytes: a hundred texts of 5,000 characters, as the programme takes them.
const MAX_BODY: usize = 2 << 20;

/// What the pages stand on.
#[derive(Clone)]
pub struct PortalState {
    auth: Auth,
    programme: Programme,
    kpis: Kpis,
    oidc: Option<Oidc>,
    /// Askings and wrong codes of each network.
    limits: Arc<Limits>,
    /// Files of imports and exports; none where nothing comes in or goes out.
    depot: Option<Depot>,
    /// People of a group below which its figures are withheld, where that is known.
    minimum_cell: Option<u16>,
    /// For how many months clicks are kept, where that is known.
    kept_months: Option<u16>,
    /// The click log, where there is one to look a click up in.
    clicks: Option<ClickLog>,
}

impl PortalState {
    /// `oidc` is the installation's identity provider, if it has one.
    pub fn new(auth: Auth, programme: Programme, kpis: Kpis, oidc: Option<Oidc>) -> Self {
        let misses_per_minute_per_network = auth.config().attempts_per_minute_per_network;
        let limits = Arc::new(Limits::new(LimitsConfig { misses_per_minute_per_network, ..LimitsConfig::OFF }));
        Self { auth, programme, kpis, oidc, limits, depot: None, minimum_cell: None, kept_months: None, clicks: None }
    }

    /// The same with imports and exports, whose files are in `depot`.
    #[must_use]
    pub fn with_depot(self, depot: Depot) -> Self {
        Self { depot: Some(depot), ..self }
    }

    /// The same where figures of groups of fewer people than `minimum_cell` are withheld.
    #[must_use]
    pub fn with_minimum_cell(self, minimum_cell: u16) -> Self {
        Self { minimum_cell: Some(minimum_cell), ..self }
    }

    /// The same where clicks are kept for so many months.
    #[must_use]
    pub fn with_kept_months(self, months: u16) -> Self {
        Self { kept_months: Some(months), ..self }
    }

    /// The same with a click log, where receipts find the clicks that did not count.
    #[must_use]
    pub fn with_clicks(self, clicks: ClickLog) -> Self {
        Self { clicks: Some(clicks), ..self }
    }
}

/// The path of a printed link that signs somebody in.
pub fn link_path(link: &Secret) -> String {
    format!("/sign-in/link/{}", link.expose())
}

/// The path of the address that stops somebody's digests.
pub fn stop_path(stop: &str) -> String {
    strangers::digest::stop_path(stop)
}

/// The path of a content's page.
pub fn content_path(id: ContentId) -> String {
    format!("/contents/{id}")
}

/// Where links are reported; `?space=…&code=…` is appended.
pub const REPORT_PATH: &str = strangers::REPORT_PATH;

/// The path at which people of a space sign in.
pub fn sign_in_path(slug: &str) -> String {
    format!("/sign-in?space={slug}")
}

/// All pages, and a page for what is not there.
pub fn router(state: PortalState) -> Router {
    let strangers = Router::new()
        .route("/sign-in", get(sign_in::mail::form).post(sign_in::mail::ask))
        .route("/sign-in/code", post(sign_in::mail::code))
        .route("/sign-in/link", post(sign_in::mail::use_link))
        .route("/sign-in/link/{secret}", get(sign_in::mail::show_link))
        .route("/sign-in/oidc", post(sign_in::oidc::begin))
        .route(CALLBACK, get(sign_in::oidc::complete))
        .merge(strangers::routes())
        .layer(DefaultBodyLimit::max(MAX_STRANGERS_BODY));
    let people = Router::new()
        .merge(employee::routes())
        .merge(account::routes())
        .merge(admin::routes())
        .merge(marketing::routes())
        .merge(team::routes())
        .merge(kpis::routes())
        .merge(reports::routes())
        .merge(recruiting::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY));
    Router::new()
        .merge(strangers)
        .merge(people)
        .route("/assets/{file}", get(assets::serve))
        .route("/look/{file}", get(look::serve))
        .route("/manifest.webmanifest", get(manifest::show))
        .fallback(missing)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

async fn missing() -> Failure {
    Failure::Missing
}

/// The connection and the process live on. The panic's message is logged by the panic hook alone:
/// it might hold what somebody typed.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a page's handler panicked");
    Notice::FAILED.answer(StatusCode::INTERNAL_SERVER_ERROR, texts::TEXTS.of(Language::English))
}
