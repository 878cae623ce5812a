//! `/audit`: who changed what, and who looked at named figures. Newest first; admins only.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::Parameters;
use super::lists::{self, Listed};
use super::problem::Problem;
use crate::auth::Action;
use crate::model::AuditId;
use crate::programme::AuditEntry;
use crate::programme::times::format_instant;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of the page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the former page.
    #[param(value_type = Option<AuditId>)]
    after: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AuditView {
    id: AuditId,
    at: String,
    /// The id of a person or a token, or `operator` for a command line.
    actor: String,
    /// `noun.verb`, such as `token.created`.
    action: String,
    /// The id of what it was done to.
    target: String,
    #[schema(value_type = Object)]
    details: Value,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at_ms, actor, action, target, details, .. } = entry;
        Self { id, at: format_instant(at_ms), actor, action, target, details }
    }
}

/// Who changed what.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(ListParameters),
    responses((status = 200, description = "A page of lines, newest first", body = Listed<AuditView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<AuditView>, Problem> {
    caller.must(Action::ReadAudit)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let entries = state.programme.audit(caller.0.space, page).await?;
    Ok(Listed::new(entries, limit, |entry| entry.id.to_string(), AuditView::from))
}
