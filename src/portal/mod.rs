//! Pages for people. For now those of signing in and out, plain and without a script.
//!
//! Every request passes `guard`: a change that no page of this site proves to have made is refused,
//! and every answer carries the headers that keep a page to itself. `sign_in`, `oidc` and `home` are
//! the handlers; `visit` reads who asks, in which language and for which space; `pages` are the
//! templates of `templates/`, in the texts of `messages/`.
//!
//! | route | calls |
//! | --- | --- |
//! | `/` | GET: who is signed in here |
//! | `/sign-in` | GET: the form; POST `{email, space?, next?}`: a mail is sent, to those it may be sent to |
//! | `/sign-in/code` | POST `{code}` |
//! | `/sign-in/link/{secret}` | GET: a page with a button; it uses nothing up |
//! | `/sign-in/link` | POST `{link}` |
//! | `/sign-in/oidc`, `/sign-in/oidc/callback` | POST `{space, next?}`; GET, where the provider sends people back to |
//! | `/sign-out`, `/sign-out/everywhere`, `/sessions/end` | POST `{csrf}`, and `{id}` for the last |
//!
//! A POST takes a form, as pages send it, or the same fields as JSON.

mod cookies;
mod guard;
mod home;
mod oidc;
mod pages;
mod sign_in;
mod texts;
mod visit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::oidc::{CALLBACK, Oidc};
use crate::auth::{Auth, Secret};
use crate::model::programme::Language;
use crate::net::{Limits, LimitsConfig};
use crate::programme::Programme;
use pages::{Notice, STYLE};

/// Largest request body, in bytes: an address, a code and a path.
const MAX_BODY_BYTES: usize = 16 << 10;

/// What the pages stand on.
#[derive(Clone)]
pub struct PortalState {
    auth: Auth,
    programme: Programme,
    oidc: Option<Oidc>,
    /// Askings and wrong codes of each network.
    limits: Arc<Limits>,
}

impl PortalState {
    /// `oidc` is the installation's identity provider, if it has one.
    pub fn new(auth: Auth, programme: Programme, oidc: Option<Oidc>) -> Self {
        let misses_per_minute_per_network = auth.config().attempts_per_minute_per_network;
        let limits = Arc::new(Limits::new(LimitsConfig { misses_per_minute_per_network, ..LimitsConfig::OFF }));
        Self { auth, programme, oidc, limits }
    }
}

/// The path of a printed link that signs somebody in.
pub fn link_path(link: &Secret) -> String {
    format!("/sign-in/link/{}", link.expose())
}

/// All pages, and a page for what is not there.
pub fn router(state: PortalState) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-in", get(sign_in::form).post(sign_in::ask))
        .route("/sign-in/code", post(sign_in::code))
        .route("/sign-in/link", post(sign_in::use_link))
        .route("/sign-in/link/{secret}", get(sign_in::show_link))
        .route("/sign-in/oidc", post(oidc::begin))
        .route(CALLBACK, get(oidc::complete))
        .route("/sign-out", post(home::sign_out))
        .route("/sign-out/everywhere", post(home::sign_out_everywhere))
        .route("/sessions/end", post(home::end_session))
        .route("/portal.css", get(style))
        .fallback(missing)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))], STYLE).into_response()
}

async fn missing(visit: visit::Visit) -> Response {
    Notice::MISSING.answer(StatusCode::NOT_FOUND, visit.texts)
}

/// The connection and the process live on. The panic's message is logged by the panic hook alone:
/// it might hold what somebody typed.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a page's handler panicked");
    Notice::FAILED.answer(StatusCode::INTERNAL_SERVER_ERROR, texts::Texts::of(Language::English))
}
