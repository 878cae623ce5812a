//! `/links`: advocate × content × channel. An advocate's token sees, issues and switches its own.

mod bulk;
mod view;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::caller::Caller;
use super::entity::Entity;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use super::{ApiState, MAX_BULK_BYTES};
use crate::auth::Action;
use crate::model::{AdvocateId, Channel, Code, ContentId, LinkId};
use crate::programme::{LinkFields, LinkFilter};
use view::LinkView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(bulk::create).layer(DefaultBodyLimit::max(MAX_BULK_BYTES)))
        .routes(routes!(show, change))
}

/// 201 with a new link, 200 with the one that the three have.
#[utoipa::path(
    post,
    path = "/api/v1/links",
    tag = "links",
    request_body = LinkFields,
    responses(
        (status = 201, description = "The new link", body = LinkView),
        (status = 200, description = "The link that the three have", body = LinkView)
    ),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<LinkFields>) -> Result<Response, Early> {
    caller.must(Action::WriteLinks)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let issued = turn.work.issue_link(caller.0.space, given.value, caller.0.only()).await?;
    let status = if issued.created { StatusCode::CREATED } else { StatusCode::OK };
    turn.answer(status, &LinkView::from(issued.shown)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<LinkId>)]
    after: Option<String>,
    /// Links of this advocate.
    #[param(value_type = Option<AdvocateId>)]
    advocate_id: Option<String>,
    /// Links to this content.
    #[param(value_type = Option<ContentId>)]
    content_id: Option<String>,
    /// Links for this channel.
    #[param(value_type = Option<Channel>)]
    channel: Option<String>,
    /// The link of this code.
    #[param(value_type = Option<Code>)]
    code: Option<String>,
}

/// A page of links.
#[utoipa::path(
    get,
    path = "/api/v1/links",
    tag = "links",
    params(ListParameters),
    responses((status = 200, description = "A page", body = Listed<LinkView>)),
)]
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

/// One link.
#[utoipa::path(
    get,
    path = "/api/v1/links/{id}",
    tag = "links",
    params(("id" = LinkId, Path)),
    responses((status = 200, description = "The link", body = LinkView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<LinkId>,
) -> Result<Entity<LinkView>, Problem> {
    let shown = state.programme.link(caller.0.space, id).await?;
    if caller.0.only().is_some_and(|own| own != shown.link.advocate) {
        return Err(Problem::not_found("link"));
    }
    caller.must(Action::ReadLinks)?;
    Ok(Entity(shown.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LinkChange)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Whether its visitors get the fallback.
    disabled: bool,
}

/// Changes what is given, and nothing else.
#[utoipa::path(
    patch,
    path = "/api/v1/links/{id}",
    tag = "links",
    params(("id" = LinkId, Path)),
    request_body = Change,
    responses((status = 200, description = "The link as it stands now", body = LinkView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<LinkId>,
    given: Given<Change>,
) -> Result<Response, Early> {
    state.programme.link(caller.0.space, id).await?;
    caller.must(Action::WriteLinks)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = turn.work.link(caller.0.space, id).await?;
    given.condition.check(&LinkView::from(standing))?;
    let shown = turn.work.set_link_disabled(caller.0.space, id, given.value.disabled, caller.0.only()).await?;
    turn.answer(StatusCode::OK, &LinkView::from(shown)).await
}
