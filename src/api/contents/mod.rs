//! `/contents`: what the brand proposes. A recruiter writes jobs alone; an advocate reads what is
//! published.

mod view;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::entity::Entity;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::{CampaignId, ContentId, ContentKind};
use crate::programme::{ContentFields, ContentFilter, Field};
use view::{ContentView, NewContent};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change))
}

/// Adds one.
#[utoipa::path(
    post,
    path = "/api/v1/contents",
    tag = "contents",
    request_body = NewContent,
    responses((status = 201, description = "The new content", body = ContentView)),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<ContentFields>) -> Result<Response, Early> {
    // A kind that is missing or unknown is refused by the programme; whoever may write none at all
    // is not told that.
    caller.must(Action::WriteContents(kind(&given.value).unwrap_or(ContentKind::Job)))?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let content = turn.work.create_content(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &ContentView::from(content)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<ContentId>)]
    after: Option<String>,
    /// Contents of this kind.
    #[param(value_type = Option<ContentKind>)]
    kind: Option<String>,
    /// Contents of this campaign.
    #[param(value_type = Option<CampaignId>)]
    campaign_id: Option<String>,
    /// This key of the company's own system.
    external_id: Option<String>,
}

/// A page of contents.
#[utoipa::path(
    get,
    path = "/api/v1/contents",
    tag = "contents",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<ContentView>)),
)]
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

/// One content.
#[utoipa::path(
    get,
    path = "/api/v1/contents/{id}",
    tag = "contents",
    params(("id" = ContentId, Path)),
    responses((status = 200, description = "The content", body = ContentView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ContentId>,
) -> Result<Entity<ContentView>, Problem> {
    let content = state.programme.content(caller.0.space, id).await?;
    caller.must(Action::ReadContents)?;
    let published = content.published_at_ms.is_some_and(|at_ms| at_ms <= state.programme.now_ms());
    if caller.0.only().is_some() && !published {
        return Err(Problem::not_found("content"));
    }
    Ok(Entity(content.into()))
}

/// Changes what is given, and nothing else.
#[utoipa::path(
    patch,
    path = "/api/v1/contents/{id}",
    tag = "contents",
    params(("id" = ContentId, Path)),
    request_body = ContentFields,
    responses((status = 200, description = "The content as it stands now", body = ContentView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<ContentId>,
    given: Given<ContentFields>,
) -> Result<Response, Early> {
    let standing = state.programme.content(caller.0.space, id).await?;
    caller.must(Action::WriteContents(standing.kind))?;
    caller.must(Action::WriteContents(kind(&given.value).unwrap_or(standing.kind)))?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = turn.work.content(caller.0.space, id).await?;
    given.condition.check(&ContentView::from(standing))?;
    let content = turn.work.update_content(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &ContentView::from(content)).await
}

fn kind(fields: &ContentFields) -> Option<ContentKind> {
    match &fields.kind {
        Field::Value(text) => text.parse().ok(),
        Field::Absent | Field::Null => None,
    }
}
