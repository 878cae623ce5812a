//! `/clicks`: the click log, newest first.
//!
//! An advocate sees the clicks of its own links. Who else may see what single people did ([`super::people`]) sees whose
//! link it was, and that is noted; others see neither advocate, nor team and cohort, which may be one person's, nor link
//! and code, nor can they ask by them.

mod export;
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
use super::given::Parameters;
use super::lists::{self, Listed};
use super::people;
use super::problem::Problem;
use crate::auth::Action;
use crate::kpi::{ClickFilter, Cursor, LogError, Names};
use crate::model::{AdvocateId, CampaignId, ContentId, LinkId};
use crate::programme::FieldProblem;
use crate::programme::times::instant_ms;
pub use view::ClickView;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ClickParameters {
    /// `json`, a page; `csv` or `ndjson`, everything.
    format: Option<String>,
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At this instant or later.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this instant.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Of this content.
    #[param(value_type = Option<ContentId>)]
    content_id: Option<String>,
    /// Of this advocate's links.
    #[param(value_type = Option<AdvocateId>)]
    advocate_id: Option<String>,
    /// Shared here.
    channel: Option<String>,
    /// Of this class.
    class: Option<String>,
    /// On this link.
    #[param(value_type = Option<LinkId>)]
    link_id: Option<String>,
    /// Of this campaign.
    #[param(value_type = Option<CampaignId>)]
    campaign_id: Option<String>,
}

/// Clicks, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/clicks",
    tag = "clicks",
    params(ClickParameters),
    responses((status = 200, description = "A page, or a download", body = Listed<ClickView>)),
)]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ClickParameters>,
) -> Result<Response, Problem> {
    caller.must(Action::ReadClicks)?;
    let names = if people::are_shown(&state, &caller).await? { Names::Shown } else { Names::Withheld };
    let filter = filter(&caller, &asked, names)?;
    let space = caller.0.space;
    let format = match asked.format.as_deref().unwrap_or("json") {
        "json" => {
            let (page, limit) = lists::page::<Cursor>(asked.limit, asked.after.as_deref())?;
            note(&state, &caller, names).await?;
            let clicks = state.clicks.page(space, &filter, names, page.after, page.limit).await?;
            let listed = Listed::new(clicks, limit, |click| Cursor::of(click).to_string(), ClickView::from);
            return Ok(listed.into_response());
        }
        "csv" => export::Format::Csv,
        "ndjson" => export::Format::Ndjson,
        _ => return Err(invalid("format", "expected one of: json, csv, ndjson")),
    };
    if asked.limit.is_some() || asked.after.is_some() {
        return Err(invalid("limit", "a download has no pages: ask for a period with from and to"));
    }
    note(&state, &caller, names).await?;
    let rows = state.clicks.stream(space, &filter, names).await?;
    Ok(export::download(format, rows))
}

async fn note(state: &ApiState, caller: &Caller, names: Names) -> Result<(), Problem> {
    if names == Names::Shown { people::note(state, caller, "clicks").await } else { Ok(()) }
}

fn filter(caller: &Caller, asked: &ClickParameters, names: Names) -> Result<ClickFilter, Problem> {
    let instant = |field: &str, given: &Option<String>| {
        let read = given.as_deref().map(instant_ms).transpose();
        read.map_err(|error| invalid(field, &error.to_string()))
    };
    let mut filter = ClickFilter {
        from_ms: instant("from", &asked.from)?,
        to_ms: instant("to", &asked.to)?,
        content: lists::parsed("content_id", asked.content_id.as_deref())?,
        advocate: lists::parsed("advocate_id", asked.advocate_id.as_deref())?,
        channel: lists::parsed("channel", asked.channel.as_deref())?,
        class: lists::parsed("class", asked.class.as_deref())?,
        link: lists::parsed("link_id", asked.link_id.as_deref())?,
        campaign: lists::parsed("campaign_id", asked.campaign_id.as_deref())?,
    };
    if let Some(own) = caller.0.only() {
        if filter.advocate.is_some_and(|advocate| advocate != own) {
            return Err(Problem::not_found("advocate"));
        }
        filter.advocate = Some(own);
    } else if names == Names::Withheld && (filter.advocate.is_some() || filter.link.is_some()) {
        return Err(Problem::forbidden());
    }
    Ok(filter)
}

fn invalid(field: &str, message: &str) -> Problem {
    Problem::fields(vec![FieldProblem { field: field.to_owned(), code: "invalid", message: message.to_owned() }])
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        let text = error.to_string();
        match error {
            LogError::Away => Self::new(StatusCode::SERVICE_UNAVAILABLE, "click_log_away", text),
            LogError::TooLong => Self::new(StatusCode::GATEWAY_TIMEOUT, "click_log_too_long", text),
            LogError::Failed(error) => {
                tracing::error!(%error, "the click log failed");
                let detail = "the click log failed; it was logged with this answer's X-Request-Id";
                Self::new(StatusCode::BAD_GATEWAY, "click_log_failed", detail)
            }
        }
    }
}
