//! `/webhooks`: who else is told of what happens. An administrator's business.

mod view;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
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
use crate::model::{DeliveryId, WebhookId};
use crate::programme::FieldProblem;
use crate::programme::webhooks::WebhookFields;
use view::{DeliveryView, NewWebhook, WebhookView};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
        .routes(routes!(deliveries))
        .routes(routes!(test))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WebhookParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<WebhookId>)]
    after: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveryParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<DeliveryId>)]
    after: Option<String>,
}

/// Webhooks in the order of their creation.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks",
    tag = "webhooks",
    params(WebhookParameters),
    responses((status = 200, description = "A page", body = Listed<WebhookView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<WebhookParameters>,
) -> Result<Listed<WebhookView>, Problem> {
    caller.must(Action::ManageWebhooks)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let webhooks = state.programme.webhooks(caller.0.space, page).await?;
    Ok(Listed::new(webhooks, limit, |webhook| webhook.id.to_string(), WebhookView::from))
}

/// 201 with the webhook and, this once, its secret.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks",
    tag = "webhooks",
    request_body = NewWebhook,
    responses((status = 201, description = "The webhook with its secret", body = WebhookView)),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<WebhookFields>) -> Result<Response, Early> {
    caller.must(Action::ManageWebhooks)?;
    look_where_it_leads(&state, &given.value).await?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let webhook = turn.work.create_webhook(caller.0.space, &given.value).await?;
    // What is kept for a repeated request holds no secret.
    let kept = WebhookView::from(webhook.clone());
    turn.answer_once(StatusCode::CREATED, &WebhookView::new(webhook), &kept).await
}

/// One webhook.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 200, description = "The webhook", body = WebhookView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<WebhookId>,
) -> Result<Entity<WebhookView>, Problem> {
    let webhook = state.programme.webhook(caller.0.space, id).await?;
    caller.must(Action::ManageWebhooks)?;
    Ok(Entity(webhook.into()))
}

/// Changes what is given; `enabled` switches it off and on.
#[utoipa::path(
    patch,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    params(("id" = WebhookId, Path)),
    request_body = WebhookFields,
    responses((status = 200, description = "The webhook as it stands now", body = WebhookView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<WebhookId>,
    given: Given<WebhookFields>,
) -> Result<Response, Early> {
    state.programme.webhook(caller.0.space, id).await?;
    caller.must(Action::ManageWebhooks)?;
    look_where_it_leads(&state, &given.value).await?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = state.programme.webhook(caller.0.space, id).await?;
    given.condition.check(&WebhookView::from(standing))?;
    let webhook = turn.work.update_webhook(caller.0.space, id, &given.value).await?;
    turn.answer(StatusCode::OK, &WebhookView::from(webhook)).await
}

/// Removes it with all that waits for it.
#[utoipa::path(
    delete,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 204, description = "It is gone")),
)]
async fn remove(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<WebhookId>,
) -> Result<Response, Problem> {
    state.programme.webhook(caller.0.space, id).await?;
    caller.must(Action::ManageWebhooks)?;
    let mut work = state.programme.work().await?.done_by(caller.0.actor());
    work.delete_webhook(caller.0.space, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Deliveries, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}/deliveries",
    tag = "webhooks",
    params(("id" = WebhookId, Path), DeliveryParameters),
    responses((status = 200, description = "A page", body = Listed<DeliveryView>)),
)]
async fn deliveries(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<WebhookId>,
    Parameters(asked): Parameters<DeliveryParameters>,
) -> Result<Listed<DeliveryView>, Problem> {
    state.programme.webhook(caller.0.space, id).await?;
    caller.must(Action::ManageWebhooks)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let deliveries = state.programme.deliveries(caller.0.space, id, page).await?;
    Ok(Listed::new(deliveries, limit, |delivery| delivery.id.to_string(), DeliveryView::from))
}

/// Sends `webhook.test`; how it went stands among the deliveries.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/test",
    tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 202, description = "It is on its way", body = DeliveryView)),
)]
async fn test(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<WebhookId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    state.programme.webhook(caller.0.space, id).await?;
    caller.must(Action::ManageWebhooks)?;
    let mut turn = Turn::begin(&state, caller, repeat).await?;
    let delivery = turn.work.test_webhook(caller.0.space, id).await?;
    turn.answer(StatusCode::ACCEPTED, &DeliveryView::from(delivery)).await
}

/// Security 27: an address that is not public is refused here, and again whenever something is sent.
async fn look_where_it_leads(state: &ApiState, fields: &WebhookFields) -> Result<(), Problem> {
    if let Some(url) = fields.address()?
        && let Err(refused) = state.destinations.resolve(&url).await
    {
        let problem = FieldProblem { field: "url".to_owned(), code: refused.code(), message: refused.to_string() };
        return Err(Problem::fields(vec![problem]));
    }
    Ok(())
}
