//! `/api/v1`: the programme over HTTP.
//!
//! A request passes `observe` (metrics, request id, time limit), `limits` (how much one address may
//! ask for), `caller` (who asks, and how much one token may ask for), `given` (what is asked:
//! bounded, typed, unknown fields refused) and its handler; one that changes something passes
//! `turn`, which holds the transaction and the idempotency key. Answers with one entity carry its
//! tag (`entity`). Whatever is refused on the way, the answer is one [`problem::Problem`].
//!
//! A resource is a folder with a view and `routes()`, an `OpenApiRouter` of annotated handlers:
//! `describe` makes the API's description of them, and the tests of the whole API (`tests::matrix`:
//! tenants and tokens) walk that description, so that no route is forgotten.
//!
//! | route | calls |
//! | --- | --- |
//! | `/spaces`, `/spaces/{id}` | GET; GET, PATCH |
//! | `/me` | GET |
//! | `/teams`, `/teams/{id}` | GET, POST; GET, PATCH |
//! | `/advocates`, `/advocates/{id}` | GET, POST; GET, PATCH, DELETE |
//! | `/campaigns`, `/campaigns/{id}`, `/campaigns/{id}/pause`, `…/resume` | GET, POST; GET, PATCH; POST; POST |
//! | `/contents`, `/contents/{id}` | GET, POST; GET, PATCH |
//! | `/contents/preview` | POST |
//! | `/feeds`, `/feeds/{id}` | GET, POST; GET, PATCH, DELETE |
//! | `/feeds/{id}/fetch`, `/feeds/{id}/items` | POST; GET |
//! | `/proposals`, `/proposals/{id}/accept`, `/proposals/{id}/reject` | GET; POST; POST |
//! | `/links`, `/links/{id}`, `/links/bulk` | GET, POST; GET, PATCH; POST |
//! | `/clicks` | GET |
//! | `/conversions` | POST |
//! | `/applications`, `/applications/{id}`, `/applications/{id}/receipt` | GET, POST; GET, PATCH; GET |
//! | `/webhooks`, `/webhooks/{id}`, `…/deliveries`, `…/test` | GET, POST; GET, PATCH, DELETE; GET; POST |
//! | `/members`, `/members/{advocate_id}`, `/members/{advocate_id}/sessions` | GET; GET, PUT; DELETE |
//! | `/sessions`, `/sessions/{id}` | GET; DELETE |
//! | `/kpis`, `/kpis/{name}` | GET |
//! | `/audit` | GET |
//! | `/imports`, `/imports/{id}`, `…/cancel`, `…/confirm` | GET, POST; GET; POST; POST |
//! | `/exports`, `/exports/{id}`, `…/cancel`, `…/download` | GET, POST; GET, DELETE; POST; GET |
//! | `/openapi.json`, and `/api/docs` for people | GET, without a token |
//! | `/shares` | GET, POST |
//! | `/tokens`, `/tokens/{id}` | GET, POST; DELETE |
//!
//! What another space has is answered as what does not exist, before it is asked whether the role
//! might have done it.
//!
//! Deliberately absent: rules of the programme (they are the same for an import). A request whose
//! head the accept loop cannot read (longer than 16 KiB, say) is answered by `net` without a problem
//! document, because it has no path yet.

mod archive;
mod caller;
mod config;
mod describe;
mod entity;
mod given;
mod limits;
mod lists;
mod observe;
mod people;
pub mod problem;
mod transfers;
mod turn;

mod advocates;
mod applications;
mod audit;
mod campaigns;
mod clicks;
mod contents;
mod exports;
mod feeds;
mod imports;
mod kpis;
mod links;
mod members;
mod pictures;
mod previews;
mod proposals;
mod sessions;
mod shares;
mod spaces;
mod teams;
mod tokens;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use http::{Method, Uri};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::Auth;
use crate::kpi::{ClickLog, Kpis};
use crate::outbound::Destinations;
use crate::programme::Programme;
use crate::programme::transfers::depot::Depot;
use crate::telemetry::Metrics;
pub use clicks::ClickView;
pub use config::Config;
pub use limits::RateLimits;
pub use observe::Patience;
pub use pictures::pictures;
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
    /// Bounds them.
    pub limits: Arc<RateLimits>,
    /// Ends those that take too long.
    pub patience: Patience,
    /// Reads clicks.
    pub clicks: ClickLog,
    /// Reads figures.
    pub kpis: Kpis,
    /// Where webhooks may lead.
    pub destinations: Destinations,
    /// Where uploads wait and downloads lie.
    pub depot: Depot,
}

/// Every resource. None of them is reached without a token.
fn resources() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(spaces::routes())
        .merge(teams::routes())
        .merge(advocates::routes())
        .merge(campaigns::routes())
        .merge(contents::routes())
        .merge(previews::routes())
        .merge(feeds::routes())
        .merge(proposals::routes())
        .merge(links::routes())
        .merge(shares::routes())
        .merge(tokens::routes())
        .merge(clicks::routes())
        .merge(kpis::routes())
        .merge(applications::routes())
        .merge(webhooks::routes())
        .merge(members::routes())
        .merge(sessions::routes())
        .merge(audit::routes())
        .merge(imports::routes())
        .merge(exports::routes())
}

/// The OpenAPI 3.1 document.
pub fn description() -> serde_json::Value {
    describe::document(resources().get_openapi())
}

/// Everything under `/api`. Has no fallback, so that it merges with other routers; what it does not
/// know under its prefix it refuses itself.
pub fn router(state: ApiState) -> Router {
    let (resources, handlers) = resources().split_for_parts();
    let document = describe::document(&handlers);
    resources
        .layer(from_fn_with_state(describe::without_query(&document), given::no_stray_query))
        .layer(from_fn(entity::unless_known))
        .layer(from_fn_with_state(state.clone(), caller::identify))
        .merge(describe::routes(&document))
        .route("/api", any(no_such_route))
        .route("/api/", any(no_such_route))
        .route("/api/{*rest}", any(no_such_route))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn_with_state(state.clone(), limits::at_the_door))
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
