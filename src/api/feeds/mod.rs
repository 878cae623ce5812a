//! `/feeds`: what proposes contents. A recruiter sees and sets up feeds of jobs alone.

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
use super::given::{Given, Named, Parameters, Repeat};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::proposals::ProposalView;
use super::turn::{Early, Turn};
use crate::auth::{Action, may};
use crate::model::{ContentKind, FeedId, FeedItemId};
use crate::programme::{FeedFields, ItemFilter, ShownFeed};
use view::{FeedView, NewFeed};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
        .routes(routes!(fetch))
        .routes(routes!(items))
}

/// The one kind of contents whose feeds the caller sees; none for a caller that sees all.
///
/// # Errors
/// 403 for a caller that sees none.
pub(super) fn only_kind(caller: Caller) -> Result<Option<ContentKind>, Problem> {
    if may(caller.0.role, Action::Feeds(ContentKind::Article)) {
        return Ok(None);
    }
    caller.must(Action::Feeds(ContentKind::Job))?;
    Ok(Some(ContentKind::Job))
}

/// Adds a feed; its first visit follows within seconds.
#[utoipa::path(
    post,
    path = "/api/v1/feeds",
    tag = "feeds",
    request_body = NewFeed,
    responses((status = 201, description = "The new feed", body = FeedView)),
)]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<FeedFields>) -> Result<Response, Early> {
    only_kind(caller)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let feed = turn.work.create_feed(caller.0.space, &given.value).await?;
    caller.must(Action::Feeds(feed.content_kind))?;
    turn.answer(StatusCode::CREATED, &FeedView::from(ShownFeed { feed, counts: [].into() })).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<FeedId>)]
    after: Option<String>,
}

/// A page of feeds.
#[utoipa::path(
    get,
    path = "/api/v1/feeds",
    tag = "feeds",
    params(ListParameters),
    responses((status = 200, description = "A page", body = inline(view::FeedPage))),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<FeedView>, Problem> {
    let kind = only_kind(caller)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let feeds = state.programme.feeds(caller.0.space, kind, page).await?;
    Ok(Listed::new(feeds, limit, |shown| shown.feed.id.to_string(), FeedView::from))
}

/// The feed that the path names, once it is known that the caller may deal with it.
async fn named(state: &ApiState, caller: Caller, id: FeedId) -> Result<ShownFeed, Problem> {
    let shown = state.programme.feed(caller.0.space, id).await?;
    caller.must(Action::Feeds(shown.feed.content_kind))?;
    Ok(shown)
}

/// A feed, and what came of it.
#[utoipa::path(
    get,
    path = "/api/v1/feeds/{id}",
    tag = "feeds",
    params(("id" = FeedId, Path, description = "The feed's id")),
    responses((status = 200, description = "The feed", body = FeedView)),
)]
async fn show(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedId>,
) -> Result<Entity<FeedView>, Problem> {
    Ok(Entity(named(&state, caller, id).await?.into()))
}

/// Changes a feed.
#[utoipa::path(
    patch,
    path = "/api/v1/feeds/{id}",
    tag = "feeds",
    params(("id" = FeedId, Path, description = "The feed's id")),
    request_body = FeedFields,
    responses((status = 200, description = "The feed as it stands now", body = FeedView)),
)]
async fn change(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedId>,
    given: Given<FeedFields>,
) -> Result<Response, Early> {
    named(&state, caller, id).await?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    let standing = state.programme.feed(caller.0.space, id).await?;
    let counts = standing.counts.clone();
    given.condition.check(&FeedView::from(standing))?;
    let feed = turn.work.update_feed(caller.0.space, id, &given.value).await?;
    caller.must(Action::Feeds(feed.content_kind))?;
    turn.answer(StatusCode::OK, &FeedView::from(ShownFeed { feed, counts })).await
}

/// Removes a feed with what it proposed; contents stay.
#[utoipa::path(
    delete,
    path = "/api/v1/feeds/{id}",
    tag = "feeds",
    params(("id" = FeedId, Path, description = "The feed's id")),
    responses((status = 204, description = "It is gone")),
)]
async fn remove(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedId>,
) -> Result<StatusCode, Problem> {
    named(&state, caller, id).await?;
    let mut work = state.programme.work().await?.done_by(caller.0.actor());
    work.remove_feed(caller.0.space, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Visits a feed now. That it cannot be read stands in the answer's `status` and `error`.
#[utoipa::path(
    post,
    path = "/api/v1/feeds/{id}/fetch",
    tag = "feeds",
    params(("id" = FeedId, Path, description = "The feed's id")),
    responses((status = 200, description = "The feed after the visit", body = FeedView)),
)]
async fn fetch(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    named(&state, caller, id).await?;
    let visit = async { Ok(FeedView::from(state.programme.visit_feed(caller.0.space, id).await?)) };
    Turn::outside(&state, caller, repeat, visit).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ItemParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<FeedItemId>)]
    after: Option<String>,
    /// Items in this state.
    state: Option<String>,
}

/// A page of what a feed held so far, in the order in which it was first seen.
#[utoipa::path(
    get,
    path = "/api/v1/feeds/{id}/items",
    tag = "feeds",
    params(("id" = FeedId, Path, description = "The feed's id"), ItemParameters),
    responses((status = 200, description = "A page", body = inline(super::proposals::ProposalPage))),
)]
async fn items(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedId>,
    Parameters(asked): Parameters<ItemParameters>,
) -> Result<Listed<ProposalView>, Problem> {
    named(&state, caller, id).await?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = ItemFilter { feed: Some(id), state: lists::parsed("state", asked.state.as_deref())?, kind: None };
    let items = state.programme.feed_items(caller.0.space, &filter, page).await?;
    Ok(Listed::new(items, limit, |item| item.id.to_string(), ProposalView::from))
}
