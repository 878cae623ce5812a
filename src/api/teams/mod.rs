//! `/teams`: the tree that advocates stand in.

mod view;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

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
use crate::model::TeamId;
use crate::programme::TeamFields;
use view::{NewTeam, TeamView};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change))
}

/// Adds a team.
#[utoipa::path(post, path = "/api/v1/teams", tag = "teams", request_body = NewTeam,
    responses((status = 201, body = TeamView)))]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<TeamFields>) -> Result<Response, Early> {
    caller.must(Action::WriteTeams)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let record = turn.work.create_team(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &TeamView::from(record)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of a page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<TeamId>)]
    after: Option<String>,
    /// Those right below this team.
    #[param(value_type = Option<TeamId>)]
    parent_id: Option<String>,
}

/// Lists teams in the order of their creation.
#[utoipa::path(get, path = "/api/v1/teams", tag = "teams", params(ListParameters),
    responses((status = 200, body = Listed<TeamView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<TeamView>, Problem> {
    caller.must(Action::ReadTeams)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let parent = lists::parsed("parent_id", asked.parent_id.as_deref())?;
    let records = state.programme.teams(caller.0.space, parent, page).await?;
    Ok(Listed::new(records, limit, |record| record.team.id.to_string(), TeamView::from))
}

/// Shows a team.
#[utoipa::path(get, path = "/api/v1/teams/{id}", tag = "teams",
    params(("id" = TeamId, Path, description = "The team")), responses((status = 200, body = TeamView)))]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<TeamId>,
) -> Result<Entity<TeamView>, Problem> {
    let record = state.programme.team(caller.0.space, id).await?;
    caller.must(Action::ReadTeams)?;
    Ok(Entity(record.into()))
}

/// Changes what is given of a team.
#[utoipa::path(patch, path = "/api/v1/teams/{id}", tag = "teams", request_body = TeamFields,
    params(("id" = TeamId, Path, description = "The team")), responses((status = 200, body = TeamView)))]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<TeamId>,
    given: Given<TeamFields>,
) -> Result<Response, Early> {
    state.programme.team(caller.0.space, id).await?;
    caller.must(Action::WriteTeams)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = state.programme.team(caller.0.space, id).await?;
    given.condition.check(&TeamView::from(standing))?;
    let record = turn.work.update_team(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &TeamView::from(record)).await
}
