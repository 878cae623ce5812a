//! `/contents/preview`: an address that somebody pasted, as the fields of a content.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::Given;
use super::turn::{Early, Turn};
use crate::auth::Action;
use crate::model::{ContentId, ContentKind};
use crate::programme::Preview;
use crate::programme::times::format_instant;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(preview))
}

/// The address that was pasted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pasted {
    /// `http` or `https`.
    url: String,
}

/// What the page says of itself, under the names of a content's fields.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewView {
    url: String,
    /// What the page says that it is; `article` when it does not say.
    kind: ContentKind,
    /// Empty when the page has none.
    title: String,
    summary: Option<String>,
    image_url: Option<String>,
    /// When a job or an event is over.
    expires_at: Option<String>,
    /// A job's reference.
    external_id: Option<String>,
    /// The site, the company or the channel.
    site: Option<String>,
    /// Where a job or an event is.
    place: Option<String>,
    /// When the page says it was published.
    dated: Option<String>,
    /// The content that leads there already.
    content_id: Option<ContentId>,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        let draft = preview.draft;
        Self {
            url: draft.url,
            kind: draft.kind.unwrap_or(ContentKind::Article),
            title: draft.title,
            summary: draft.summary,
            image_url: draft.image_url,
            expires_at: draft.expires_at_ms.map(format_instant),
            external_id: draft.reference,
            site: draft.site,
            place: draft.place,
            dated: draft.published_at_ms.map(format_instant),
            content_id: preview.content.known(),
        }
    }
}

/// Fetches a page and says what a content at its address could be. Changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/contents/preview",
    tag = "contents",
    request_body = Pasted,
    responses((status = 200, description = "Fields of a draft", body = PreviewView)),
)]
async fn preview(State(state): State<ApiState>, caller: Caller, given: Given<Pasted>) -> Result<Response, Early> {
    // Whoever may write some contents may look at any page.
    caller.must(Action::WriteContents(ContentKind::Job))?;
    let preview = async { Ok(PreviewView::from(state.programme.preview(caller.0.space, &given.value.url).await?)) };
    Turn::outside(&state, caller, given.repeat, preview).await
}
