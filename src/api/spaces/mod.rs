//! `/spaces`: a space's settings. A token sees its own; an operator's sees all.

mod view;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;

use super::ApiState;
use super::caller::Caller;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Begun, Turn};
use crate::auth::{Action, may};
use crate::model::SpaceId;
use crate::programme::SpaceFields;
use view::SpaceView;

pub(super) fn routes() -> Router<ApiState> {
    Router::new().route("/api/v1/spaces", get(list)).route("/api/v1/spaces/{id}", get(show).patch(change))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParameters {
    limit: Option<u32>,
    after: Option<String>,
}

async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<SpaceView>, Problem> {
    caller.must(Action::ReadSpace)?;
    let (page, limit) = lists::page::<SpaceId>(asked.limit, asked.after.as_deref())?;
    let spaces = if may(caller.0.role, Action::EverySpace) {
        state.programme.spaces(page.after.unwrap_or(SpaceId::NONE), page.limit).await?
    } else if page.after == Some(caller.0.space) {
        Vec::new()
    } else {
        vec![state.programme.space(caller.0.space).await?]
    };
    Ok(Listed::new(spaces, limit, |space| space.id.to_string(), SpaceView::from))
}

async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<SpaceId>,
) -> Result<axum::Json<SpaceView>, Problem> {
    visible(caller, id)?;
    caller.must(Action::ReadSpace)?;
    Ok(axum::Json(state.programme.space(id).await?.into()))
}

async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<SpaceId>,
    given: Given<SpaceFields>,
) -> Result<Response, Problem> {
    visible(caller, id)?;
    caller.must(Action::ChangeSpace)?;
    let mut turn = match Turn::begin(&state, caller, None).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let space = turn.work.update_space(id, &given.value).await?;
    turn.answer(StatusCode::OK, &SpaceView::from(space)).await
}

/// Another space does not exist, but for those who run the installation.
fn visible(caller: Caller, id: SpaceId) -> Result<(), Problem> {
    if id == caller.0.space || may(caller.0.role, Action::EverySpace) {
        Ok(())
    } else {
        Err(Problem::not_found("space"))
    }
}
