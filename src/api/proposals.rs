//! `/proposals`: what feeds proposed and nobody has decided on. A recruiter decides on jobs alone.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::feeds::only_kind;
use super::given::{Given, Named, Parameters, Repeat};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::{ContentId, ContentKind, FeedId, FeedItem, FeedItemId, ItemState};
use crate::programme::times::format_instant;
use crate::programme::{ContentFields, ItemFilter};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(accept)).routes(routes!(reject))
}

/// An entry of a feed: what it says of itself, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProposalView {
    id: FeedItemId,
    feed_id: FeedId,
    /// `proposed`, `accepted`, `published`, `rejected`, `known` or `refused`.
    state: ItemState,
    /// What the entry itself says that it is.
    kind: Option<ContentKind>,
    title: String,
    url: String,
    summary: Option<String>,
    image_url: Option<String>,
    /// The site, the company or the channel.
    site: Option<String>,
    /// Where a job or an event is.
    place: Option<String>,
    /// The entry's key in its feed.
    key: String,
    /// A job's reference: the `external_id` of its content.
    reference: Option<String>,
    published_at: Option<String>,
    expires_at: Option<String>,
    /// What it became, or what the space had already.
    content_id: Option<ContentId>,
    first_seen_at: String,
    seen_at: String,
    decided_at: Option<String>,
    /// When the feed closed its content.
    closed_at: Option<String>,
}

/// A page of entries of feeds.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the shape of a page, which is built for every list alike")]
pub(super) struct ProposalPage {
    items: Vec<ProposalView>,
    next: Option<String>,
}

impl From<FeedItem> for ProposalView {
    fn from(item: FeedItem) -> Self {
        let draft = item.draft;
        Self {
            id: item.id,
            feed_id: item.feed,
            state: item.state,
            kind: draft.kind,
            title: draft.title,
            url: draft.url,
            summary: draft.summary,
            image_url: draft.image_url,
            site: draft.site,
            place: draft.place,
            key: draft.key,
            reference: draft.reference,
            published_at: draft.published_at_ms.map(format_instant),
            expires_at: draft.expires_at_ms.map(format_instant),
            content_id: item.content.known(),
            first_seen_at: format_instant(item.first_seen_at_ms),
            seen_at: format_instant(item.seen_at_ms),
            decided_at: item.decided_at_ms.map(format_instant),
            closed_at: item.closed_at_ms.map(format_instant),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<FeedItemId>)]
    after: Option<String>,
    /// Of this feed.
    #[param(value_type = Option<FeedId>)]
    feed_id: Option<String>,
    /// In this state; `proposed` when left out.
    state: Option<String>,
}

/// A page of what waits for a decision, in the order in which it was first seen.
#[utoipa::path(
    get,
    path = "/api/v1/proposals",
    tag = "feeds",
    params(ListParameters),
    responses((status = 200, description = "A page", body = inline(ProposalPage))),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<ProposalView>, Problem> {
    let kind = only_kind(caller)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = ItemFilter {
        feed: lists::parsed("feed_id", asked.feed_id.as_deref())?,
        state: lists::parsed("state", asked.state.as_deref())?.or(Some(ItemState::Proposed)),
        kind,
    };
    let items = state.programme.feed_items(caller.0.space, &filter, page).await?;
    Ok(Listed::new(items, limit, |item| item.id.to_string(), ProposalView::from))
}

/// Refuses whoever may not decide on this proposal.
async fn must_decide(state: &ApiState, caller: Caller, id: FeedItemId) -> Result<(), Problem> {
    let item = state.programme.feed_item(caller.0.space, id).await?;
    let feed = state.programme.feed(caller.0.space, item.feed).await?.feed;
    caller.must(Action::Feeds(feed.content_kind))
}

/// Makes a content of a proposal, with the given fields in place of the proposed ones. It is
/// published at once unless `published_at` says otherwise (`null`: a draft).
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/accept",
    tag = "feeds",
    params(("id" = FeedItemId, Path, description = "The proposal's id")),
    request_body = ContentFields,
    responses((status = 201, description = "The proposal with its content's id", body = ProposalView)),
)]
async fn accept(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedItemId>,
    given: Given<ContentFields>,
) -> Result<Response, Early> {
    must_decide(&state, caller, id).await?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let (item, content) = turn.work.accept_proposal(caller.0.space, id, given.value).await?;
    caller.must(Action::WriteContents(content.kind))?;
    turn.answer(StatusCode::CREATED, &ProposalView::from(item)).await
}

/// Decides that a proposal becomes nothing; it can still be accepted later.
#[utoipa::path(
    post,
    path = "/api/v1/proposals/{id}/reject",
    tag = "feeds",
    params(("id" = FeedItemId, Path, description = "The proposal's id")),
    responses((status = 200, description = "The proposal", body = ProposalView)),
)]
async fn reject(
    State(state): State<ApiState>,
    caller: Caller,
    Named(id): Named<FeedItemId>,
    repeat: Option<Repeat>,
) -> Result<Response, Early> {
    must_decide(&state, caller, id).await?;
    let mut turn = Turn::begin(&state, caller, repeat).await?;
    let item = turn.work.reject_proposal(caller.0.space, id).await?;
    turn.answer(StatusCode::OK, &ProposalView::from(item)).await
}
