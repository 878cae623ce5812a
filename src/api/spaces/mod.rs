//! `/spaces`: a space's settings. A token sees its own; an operator's sees all.

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
use crate::model::SpaceId;
use crate::programme::SpaceFields;
use view::SpaceView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, change))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<SpaceId>)]
    after: Option<String>,
}

/// A page of spaces.
#[utoipa::path(
    get,
    path = "/api/v1/spaces",
    tag = "spaces",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<SpaceView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<SpaceView>, Problem> {
    caller.must(Action::ReadSpace)?;
    let (page, limit) = lists::page::<SpaceId>(asked.limit, asked.after.as_deref())?;
    let spaces = if caller.0.may(Action::EverySpace) {
        state.programme.spaces(page.after.unwrap_or(SpaceId::NONE), page.limit).await?
    } else if let Some(after) = page.after {
        visible(caller, after)?;
        Vec::new()
    } else {
        vec![state.programme.space(caller.0.space).await?]
    };
    Ok(Listed::new(spaces, limit, |space| space.id.to_string(), SpaceView::from))
}

/// One space.
#[utoipa::path(
    get,
    path = "/api/v1/spaces/{id}",
    tag = "spaces",
    params(("id" = SpaceId, Path)),
    responses((status = 200, description = "The space", body = SpaceView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<SpaceId>,
) -> Result<Entity<SpaceView>, Problem> {
    visible(caller, id)?;
    caller.must(Action::ReadSpace)?;
    Ok(Entity(state.programme.space(id).await?.into()))
}

/// Changes what is given, and nothing else.
#[utoipa::path(
    patch,
    path = "/api/v1/spaces/{id}",
    tag = "spaces",
    params(("id" = SpaceId, Path)),
    request_body = SpaceFields,
    responses((status = 200, description = "The space as it stands now", body = SpaceView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<SpaceId>,
    given: Given<SpaceFields>,
) -> Result<Response, Early> {
    visible(caller, id)?;
    caller.must(Action::ChangeSpace)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = turn.work.space(id).await?;
    given.condition.check(&SpaceView::from(standing))?;
    let space = turn.work.update_space(id, &given.value).await?;
    turn.answer(StatusCode::OK, &SpaceView::from(space)).await
}

/// Another space does not exist, but for those who run the installation.
fn visible(caller: Caller, id: SpaceId) -> Result<(), Problem> {
    if id == caller.0.space || caller.0.may(Action::EverySpace) { Ok(()) } else { Err(Problem::not_found("space")) }
}
