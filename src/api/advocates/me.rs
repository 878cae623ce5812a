//! `/me`: what an advocate sees of itself.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;

use super::view::AdvocateView;
use crate::api::ApiState;
use crate::api::caller::Caller;
use crate::api::problem::Problem;
use crate::auth::Action;

/// An advocate with what it has done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MeView {
    /// As `GET /advocates/{id}` shows it.
    #[schema(value_type = Object)]
    advocate: AdvocateView,
    /// Its links, on or off.
    links: u64,
    /// Its shares, ever.
    shares: u64,
}

/// The advocate that the token acts for.
#[utoipa::path(get, path = "/api/v1/me", tag = "advocates", responses((status = 200, body = MeView)))]
pub(super) async fn show(State(state): State<ApiState>, caller: Caller) -> Result<Json<MeView>, Problem> {
    let Some(own) = caller.0.only() else {
        let detail = "this token acts for nobody: /me answers a token of the role advocate";
        return Err(Problem::new(StatusCode::FORBIDDEN, "no_advocate", detail));
    };
    caller.must(Action::ReadAdvocates)?;
    let standing = state.programme.standing(caller.0.space, own).await?;
    Ok(Json(MeView { advocate: standing.advocate.into(), links: standing.links, shares: standing.shares }))
}
