//! `/advocates`: the people of the programme. An advocate's token sees its own entry alone.

mod erase;
mod me;
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
use crate::model::{AdvocateId, TeamId};
use crate::programme::{AdvocateFields, AdvocateFilter, Left};
use view::{AdvocateView, NewAdvocate};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, erase::erase))
        .routes(routes!(me::show))
}

/// Adds one.
#[utoipa::path(
    post,
    path = "/api/v1/advocates",
    tag = "advocates",
    request_body = NewAdvocate,
    responses((status = 201, description = "The new advocate", body = AdvocateView)),
)]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<AdvocateFields>,
) -> Result<Response, Early> {
    caller.must(Action::WriteAdvocates)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let record = turn.work.create_advocate(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &AdvocateView::from(record)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<AdvocateId>)]
    after: Option<String>,
    /// This e-mail address.
    email: Option<String>,
    /// This key of the company's own system.
    external_id: Option<String>,
    #[param(value_type = Option<TeamId>)]
    team_id: Option<String>,
    kind: Option<String>,
    cohort: Option<String>,
    left: Option<bool>,
}

/// A page of advocates.
#[utoipa::path(
    get,
    path = "/api/v1/advocates",
    tag = "advocates",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<AdvocateView>)),
)]
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
        team: lists::parsed("team_id", asked.team_id.as_deref())?,
        kind: lists::parsed("kind", asked.kind.as_deref())?,
        cohort: asked.cohort,
        left: match asked.left {
            Some(yes) => Some(Left { yes, today: state.programme.today(caller.0.space).await? }),
            None => None,
        },
    };
    let records = state.programme.advocates(caller.0.space, &filter, page).await?;
    Ok(Listed::new(records, limit, |record| record.advocate.id.to_string(), AdvocateView::from))
}

/// One advocate.
#[utoipa::path(
    get,
    path = "/api/v1/advocates/{id}",
    tag = "advocates",
    params(("id" = AdvocateId, Path)),
    responses((status = 200, description = "The advocate", body = AdvocateView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
) -> Result<Entity<AdvocateView>, Problem> {
    let record = state.programme.advocate(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != id) {
        return Err(Problem::not_found("advocate"));
    }
    caller.must(Action::ReadAdvocates)?;
    Ok(Entity(record.into()))
}

/// Changes what is given, and nothing else.
#[utoipa::path(
    patch,
    path = "/api/v1/advocates/{id}",
    tag = "advocates",
    params(("id" = AdvocateId, Path)),
    request_body = AdvocateFields,
    responses((status = 200, description = "The advocate as it stands now", body = AdvocateView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
    given: Given<AdvocateFields>,
) -> Result<Response, Early> {
    state.programme.advocate(caller.0.space, id).await?;
    caller.must(Action::WriteAdvocates)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = turn.work.advocate(caller.0.space, id).await?;
    given.condition.check(&AdvocateView::from(standing))?;
    let record = turn.work.update_advocate(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &AdvocateView::from(record)).await
}
