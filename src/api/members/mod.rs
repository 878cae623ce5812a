//! `/members`: what people are beside being advocates, and their signing out. Admins only.

mod view;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
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
use crate::model::AdvocateId;
use crate::programme::MemberFields;
use view::MemberView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, put)).routes(routes!(sign_out))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the former page.
    #[param(value_type = Option<AdvocateId>)]
    after: Option<String>,
}

/// People who are more than advocates.
#[utoipa::path(get, path = "/api/v1/members", tag = "members", params(ListParameters),
    responses((status = 200, description = "A page of members", body = Listed<MemberView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<MemberView>, Problem> {
    caller.must(Action::ReadMembers)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let members = state.programme.members(caller.0.space, page).await?;
    Ok(Listed::new(members, limit, |member| member.advocate.to_string(), MemberView::from))
}

/// What a person is.
#[utoipa::path(get, path = "/api/v1/members/{advocate_id}", tag = "members",
    params(("advocate_id" = AdvocateId, Path, description = "The person")),
    responses((status = 200, description = "The member", body = MemberView)))]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
) -> Result<Entity<MemberView>, Problem> {
    let member = state.programme.member(caller.0.space, id).await?;
    caller.must(Action::ReadMembers)?;
    Ok(Entity(member.into()))
}

/// Makes a person marketing, recruiter, admin, or an advocate and nothing more.
#[utoipa::path(put, path = "/api/v1/members/{advocate_id}", tag = "members",
    params(("advocate_id" = AdvocateId, Path, description = "The person")), request_body = MemberFields,
    responses((status = 200, description = "The member", body = MemberView)))]
async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
    given: Given<MemberFields>,
) -> Result<Response, Early> {
    state.programme.member(caller.0.space, id).await?;
    caller.must(Action::WriteMembers)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let member = turn.work.put_member(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &MemberView::from(member)).await
}

/// Signs a person out everywhere.
#[utoipa::path(delete, path = "/api/v1/members/{advocate_id}/sessions", tag = "members",
    params(("advocate_id" = AdvocateId, Path, description = "The person")),
    responses((status = 204, description = "Every session of it has ended")))]
async fn sign_out(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<AdvocateId>,
) -> Result<Response, Problem> {
    state.programme.member(caller.0.space, id).await?;
    caller.must(Action::WriteMembers)?;
    state.auth.sign_out_everywhere(&caller.0.actor(), caller.0.space, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
