//! `/links`: advocate × content × channel. An advocate's token sees, issues and switches its own.

mod bulk;
mod view;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;

use super::caller::Caller;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Begun, Turn};
use super::{ApiState, MAX_BULK_BYTES};
use crate::auth::Action;
use crate::model::LinkId;
use crate::programme::{LinkFields, LinkFilter};
use view::LinkView;

pub(super) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/api/v1/links", get(list).post(create))
        .route("/api/v1/links/bulk", post(bulk::create).layer(DefaultBodyLimit::max(MAX_BULK_BYTES)))
        .route("/api/v1/links/{id}", get(show).patch(change))
}

/// 201 with a new link, 200 with the one that the three have.
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<LinkFields>) -> Result<Response, Problem> {
    caller.must(Action::WriteLinks)?;
    let mut turn = match Turn::begin(&state, caller, given.repeat).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let issued = turn.work.issue_link(caller.0.space, given.value, caller.0.only()).await?;
    let status = if issued.created { StatusCode::CREATED } else { StatusCode::OK };
    turn.answer(status, &LinkView::from(issued.shown)).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParameters {
    limit: Option<u32>,
    after: Option<String>,
    advocate_id: Option<String>,
    content_id: Option<String>,
    channel: Option<String>,
    code: Option<String>,
}

async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<LinkView>, Problem> {
    caller.must(Action::ReadLinks)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = LinkFilter {
        advocate: lists::parsed("advocate_id", asked.advocate_id.as_deref())?.or(caller.0.only()),
        content: lists::parsed("content_id", asked.content_id.as_deref())?,
        channel: lists::parsed("channel", asked.channel.as_deref())?,
        code: lists::parsed("code", asked.code.as_deref())?,
    };
    if caller.0.only().is_some_and(|own| filter.advocate != Some(own)) {
        return Err(Problem::not_found("advocate"));
    }
    let links = state.programme.links(caller.0.space, &filter, page).await?;
    Ok(Listed::new(links, limit, |shown| shown.link.id.to_string(), LinkView::from))
}

async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<LinkId>,
) -> Result<Json<LinkView>, Problem> {
    let shown = state.programme.link(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != shown.link.advocate) {
        return Err(Problem::not_found("link"));
    }
    caller.must(Action::ReadLinks)?;
    Ok(Json(shown.into()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    disabled: bool,
}

async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<LinkId>,
    given: Given<Change>,
) -> Result<Response, Problem> {
    state.programme.link(caller.0.space, id).await?;
    caller.must(Action::WriteLinks)?;
    let mut turn = match Turn::begin(&state, caller, None).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let shown = turn.work.set_link_disabled(caller.0.space, id, given.value.disabled, caller.0.only()).await?;
    turn.answer(StatusCode::OK, &LinkView::from(shown)).await
}
