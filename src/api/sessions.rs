//! `/sessions`: the signed-in browsers of whoever asks. A token of no person has none.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::Named;
use super::problem::Problem;
use crate::auth::Action;
use crate::auth::session::SessionRecord;
use crate::model::SessionId;
use crate::programme::times::format_instant;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(end))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SessionView {
    id: SessionId,
    signed_in_at: String,
    /// To some minutes.
    seen_at: String,
    ends_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SessionList {
    items: Vec<SessionView>,
    /// Always null: there are never more than a page.
    next: Option<String>,
}

/// One's own sessions, newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 200, description = "All of them", body = SessionList)))]
async fn list(State(state): State<ApiState>, caller: Caller) -> Result<Json<SessionList>, Problem> {
    caller.must(Action::OwnSessions)?;
    let Some(advocate) = caller.0.advocate else { return Ok(Json(SessionList { items: Vec::new(), next: None })) };
    let sessions = state.auth.sessions(caller.0.space, advocate).await?;
    let show = |session: SessionRecord| SessionView {
        id: session.id,
        signed_in_at: format_instant(session.created_at_ms),
        seen_at: format_instant(session.seen_at_ms),
        ends_at: format_instant(session.ends_at_ms),
        current: session.id.bits() == caller.0.token.bits(),
    };
    Ok(Json(SessionList { items: sessions.into_iter().map(show).collect(), next: None }))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "It has ended")))]
async fn end(State(state): State<ApiState>, caller: Caller, Named(id): Named<SessionId>) -> Result<Response, Problem> {
    let missing = || Problem::not_found("session");
    let advocate = caller.0.advocate.ok_or_else(missing)?;
    if !state.auth.sign_out(caller.0.space, advocate, id).await? {
        return Err(missing());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
