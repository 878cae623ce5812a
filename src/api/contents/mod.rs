//! `/contents`: what the brand proposes. A recruiter writes jobs alone; an advocate reads what is
//! published.

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
use crate::model::{ContentId, ContentKind};
use crate::programme::{ContentFields, ContentFilter, Field};
use view::ContentView;

pub(super) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/api/v1/contents", get(list).post(create))
        .route("/api/v1/contents/{id}", get(show).patch(change))
}

async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<ContentFields>,
) -> Result<Response, Problem> {
    // A kind that is missing or unknown is refused by the programme; whoever may write none at all
    // is not told that.
    caller.must(Action::WriteContents(kind(&given.value).unwrap_or(ContentKind::Job)))?;
    let mut turn = match Turn::begin(&state, caller, given.repeat).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let content = turn.work.create_content(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &ContentView::from(content)).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListParameters {
    limit: Option<u32>,
    after: Option<String>,
    kind: Option<String>,
    campaign_id: Option<String>,
    external_id: Option<String>,
}

async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<ContentView>, Problem> {
    caller.must(Action::ReadContents)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = ContentFilter {
        kind: lists::parsed("kind", asked.kind.as_deref())?,
        campaign: lists::parsed("campaign_id", asked.campaign_id.as_deref())?,
        external_id: asked.external_id,
        published_by_ms: caller.0.only().map(|_| state.programme.now_ms()),
    };
    let contents = state.programme.contents(caller.0.space, &filter, page).await?;
    Ok(Listed::new(contents, limit, |content| content.id.to_string(), ContentView::from))
}

async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ContentId>,
) -> Result<Json<ContentView>, Problem> {
    let content = state.programme.content(caller.0.space, id).await?;
    caller.must(Action::ReadContents)?;
    let published = content.published_at_ms.is_some_and(|at_ms| at_ms <= state.programme.now_ms());
    if caller.0.only().is_some() && !published {
        return Err(Problem::not_found("content"));
    }
    Ok(Json(content.into()))
}

async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ContentId>,
    given: Given<ContentFields>,
) -> Result<Response, Problem> {
    let standing = state.programme.content(caller.0.space, id).await?;
    caller.must(Action::WriteContents(standing.kind))?;
    caller.must(Action::WriteContents(kind(&given.value).unwrap_or(standing.kind)))?;
    let mut turn = match Turn::begin(&state, caller, None).await? {
        Begun::New(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let content = turn.work.update_content(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &ContentView::from(content)).await
}

fn kind(fields: &ContentFields) -> Option<ContentKind> {
    match &fields.kind {
        Field::Value(text) => text.parse().ok(),
        Field::Absent | Field::Null => None,
    }
}
