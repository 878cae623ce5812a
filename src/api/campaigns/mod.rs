//! `/campaigns`: brackets around contents. Pausing one stops every link of it, everywhere, within
//! two seconds.

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
use super::given::{Given, Named, Parameters, Repeat};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::CampaignId;
use crate::programme::{CampaignFields, CampaignFilter};
use view::{CampaignView, NewCampaign};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change))
        .routes(routes!(pause))
        .routes(routes!(resume))
}

/// Adds a campaign.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "campaigns", request_body = NewCampaign,
    responses((status = 201, body = CampaignView)))]
async fn create(
    State(state): State<ApiState>,
    caller: Caller,
    given: Given<CampaignFields>,
) -> Result<Response, Early> {
    caller.must(Action::WriteCampaigns)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let campaign = turn.work.create_campaign(caller.0.space, &given.value).await?;
    turn.answer(StatusCode::CREATED, &CampaignView::from(campaign)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of a page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<CampaignId>)]
    after: Option<String>,
    /// With this slug.
    slug: Option<String>,
    /// With this key of the company's system.
    external_id: Option<String>,
    /// Paused, or running.
    paused: Option<bool>,
}

/// Lists campaigns in the order of their creation.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "campaigns", params(ListParameters),
    responses((status = 200, body = Listed<CampaignView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<CampaignView>, Problem> {
    caller.must(Action::ReadCampaigns)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = CampaignFilter { slug: asked.slug, external_id: asked.external_id, paused: asked.paused };
    let campaigns = state.programme.campaigns(caller.0.space, &filter, page).await?;
    Ok(Listed::new(campaigns, limit, |campaign| campaign.id.to_string(), CampaignView::from))
}

/// Shows a campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}", tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignView)))]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<CampaignId>,
) -> Result<Entity<CampaignView>, Problem> {
    let campaign = state.programme.campaign(caller.0.space, id).await?;
    caller.must(Action::ReadCampaigns)?;
    Ok(Entity(campaign.into()))
}

/// Changes what is given of a campaign.
#[utoipa::path(patch, path = "/api/v1/campaigns/{id}", tag = "campaigns", request_body = CampaignFields,
    params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignView)))]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<CampaignId>,
    given: Given<CampaignFields>,
) -> Result<Response, Early> {
    state.programme.campaign(caller.0.space, id).await?;
    caller.must(Action::WriteCampaigns)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = turn.work.campaign(caller.0.space, id).await?;
    given.condition.check(&CampaignView::from(standing))?;
    let campaign = turn.work.update_campaign(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &CampaignView::from(campaign)).await
}

/// Every link of the campaign answers the fallback, everywhere, within two seconds. Doing it again
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/pause", tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignView)))]
async fn pause(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<CampaignId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    set_paused(&state, caller, id, repeat, true).await
}

/// The campaign's links lead to its contents again. Doing it again changes nothing.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/resume", tag = "campaigns",
    params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = CampaignView)))]
async fn resume(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<CampaignId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    set_paused(&state, caller, id, repeat, false).await
}

async fn set_paused(
    state: &ApiState,
    caller: Caller,
    id: CampaignId,
    repeat: Option<Repeat>,
    paused: bool,
) -> Result<Response, Early> {
    state.programme.campaign(caller.0.space, id).await?;
    caller.must(Action::WriteCampaigns)?;
    let mut turn = Turn::begin(state, caller, repeat).await?;
    let campaign = turn.work.pause_campaign(caller.0.space, id, paused).await?;
    turn.answer(StatusCode::OK, &CampaignView::from(campaign)).await
}
