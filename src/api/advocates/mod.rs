//! `/advocates`: the people of the programme. An advocate's token sees its own entry alone.

mod view;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;

use super::ApiState;
use super::caller::Caller;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Begun, Turn};
use crate::auth::Action;
use crate::model::AdvocateId;
use crate::programme::{AdvocateFields, AdvocateFilter};
use view::AdvocateView;

pub(super) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/api/v1/advocates", get(list).post(create))
        .route("/api/v1/advocates/{id}", get(show).patch(change))
}

async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<AdvocateFields>,
) -> Result<Response, Problem> {
    caller.must(Action::WriteAdvocates)?;
    let mut turn = match Turn::begin(&state, caller, given.repeat).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let record = turn.work.create_advocate(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &AdvocateView::from(record)).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParameters {
    limit: Option<u32>,
    after: Option<String>,
    email: Option<String>,
    external_id: Option<String>,
}

async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<AdvocateView>, Problem> {
    caller.must(Action::ReadAdvocates)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = AdvocateFilter {
        id: caller.0.only(),
        email: asked.email.map(|email| email.to_lowercase()),
        external_id: asked.external_id,
    };
    let records = state.programme.advocates(caller.0.space, &filter, page).await?;
    Ok(Listed::new(records, limit, |record| record.advocate.id.to_string(), AdvocateView::from))
}

async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
) -> Result<Json<AdvocateView>, Problem> {
    let record = state.programme.advocate(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != id) {
        return Err(Problem::not_found("advocate"));
    }
    caller.must(Action::ReadAdvocates)?;
    Ok(Json(record.into()))
}

async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
    given: Given<AdvocateFields>,
) -> Result<Response, Problem> {
    state.programme.advocate(caller.0.space, id).await?;
    caller.must(Action::WriteAdvocates)?;
    let mut turn = match Turn::begin(&state, caller, None).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let record = turn.work.update_advocate(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &AdvocateView::from(record)).await
}
