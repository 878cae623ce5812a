//! `/api/v1`: the programme over HTTP.
//!
//! A request passes `observe` (metrics, request id, time limit), `caller` (who asks), `given`
//! (what is asked: bounded, typed, unknown fields refused) and its handler; one that changes
//! something passes `turn`, which holds the transaction and the idempotency key. Whatever is
//! refused on the way, the answer is one [`problem::Problem`].
//!
//! | route | calls |
//! | --- | --- |
//! | `/spaces`, `/spaces/{id}` | GET; GET, PATCH |
//! | `/advocates`, `/advocates/{id}` | GET, POST; GET, PATCH |
//! | `/contents`, `/contents/{id}` | GET, POST; GET, PATCH |
//! | `/links`, `/links/{id}`, `/links/bulk` | GET, POST; GET, PATCH; POST |
//!
//! What another space has is answered as what does not exist, before it is asked whether the role
//! might have done it.
//!
//! Deliberately absent: rules of the programme (they are the same for an import), and rate limits,
//! which stand before this room.

mod caller;
mod config;
mod given;
mod lists;
mod observe;
pub mod problem;
mod turn;

mod advocates;
mod contents;
mod links;
mod spaces;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use http::{Method, Uri};
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::Auth;
use crate::programme::Programme;
use crate::telemetry::Metrics;
pub use config::Config;
use problem::Problem;

/// Largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Largest body of `POST /links/bulk`, in bytes.
pub const MAX_BULK_BYTES: usize = 4 << 20;

/// What the handlers stand on.
#[derive(Clone)]
pub struct ApiState {
    /// The programme.
    pub programme: Programme,
    /// Checks credentials.
    pub auth: Auth,
    /// Counts requests.
    pub metrics: Arc<Metrics>,
}

/// Everything under `/api/v1`. Has no fallback, so that it merges with other routers; what it does
/// not know under its prefix it refuses itself.
pub fn router(state: ApiState) -> Router {
    Router::new()
        .merge(spaces::routes())
        .merge(advocates::routes())
        .merge(contents::routes())
        .merge(links::routes())
        .route("/api/v1", any(no_such_route))
        .route("/api/v1/", any(no_such_route))
        .route("/api/v1/{*rest}", any(no_such_route))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .with_state(state)
}

async fn no_such_route(uri: Uri) -> Problem {
    Problem::new(http::StatusCode::NOT_FOUND, "no_such_route", format!("there is nothing at {}", uri.path()))
}

async fn wrong_method(method: Method) -> Problem {
    let detail = format!("{method} is not possible here: see the Allow header");
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
