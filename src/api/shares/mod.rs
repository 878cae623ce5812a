//! `/shares`: publications of links. An advocate's token sees and notes its own. Who else may see what single people did
//! ([`super::people`]) sees whose each was, and that is noted; others see neither advocate nor link, nor can they ask by
//! them.

mod view;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::{Given, Parameters};
use super::lists::{self, Listed};
use super::people;
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::{AdvocateId, ContentId, LinkId, ShareId};
use crate::programme::{ShareFields, ShareFilter};
use view::ShareView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create))
}

/// Notes a share: 201 with a new one; 200 with the earlier one when the same link was shared less
/// than 10 minutes before.
#[utoipa::path(post, path = "/api/v1/shares", tag = "shares", request_body = ShareFields,
    responses((status = 201, body = ShareView), (status = 200, body = ShareView)))]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<ShareFields>) -> Result<Response, Early> {
    caller.must(Action::WriteShares)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let (share, created) = turn.work.note_share(caller.0.space, &given.value, caller.0.only()).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    turn.answer(status, &ShareView::from(share)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of a page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<ShareId>)]
    after: Option<String>,
    /// Of this link.
    #[param(value_type = Option<LinkId>)]
    link_id: Option<String>,
    /// Of this content.
    #[param(value_type = Option<ContentId>)]
    content_id: Option<String>,
    /// By this advocate.
    #[param(value_type = Option<AdvocateId>)]
    advocate_id: Option<String>,
    /// On this channel.
    channel: Option<String>,
}

/// Lists shares in the order in which they were noted.
#[utoipa::path(get, path = "/api/v1/shares", tag = "shares", params(ListParameters),
    responses((status = 200, body = Listed<ShareView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<ShareView>, Problem> {
    caller.must(Action::ReadShares)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let filter = ShareFilter {
        link: lists::parsed("link_id", asked.link_id.as_deref())?,
        content: lists::parsed("content_id", asked.content_id.as_deref())?,
        advocate: lists::parsed("advocate_id", asked.advocate_id.as_deref())?.or(caller.0.only()),
        channel: lists::parsed("channel", asked.channel.as_deref())?,
    };
    if caller.0.only().is_some_and(|own| filter.advocate != Some(own)) {
        return Err(Problem::not_found("advocate"));
    }
    let shown = people::are_shown(&state, &caller).await?;
    if !shown && (filter.advocate.is_some() || filter.link.is_some()) {
        return Err(Problem::forbidden());
    }
    if shown {
        people::note(&state, &caller, "shares").await?;
    }
    let view = |share| if shown { ShareView::from(share) } else { ShareView::of_nobody(share) };
    let shares = state.programme.shares(caller.0.space, &filter, page).await?;
    Ok(Listed::new(shares, limit, |share| share.id.to_string(), view))
}
