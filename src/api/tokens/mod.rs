//! `/tokens`: credentials of programs. An administrator makes, sees and revokes those of its space;
//! the credential itself is shown once.
//!
//! | scope | opens |
//! | --- | --- |
//! | `read` | everything that the role may read, and nothing to change |
//! | `space` | the space's settings |
//! | `people` | advocates, teams |
//! | `contents` | contents, campaigns |
//! | `links` | links, shares |
//! | `referrals` | applications, conversions |
//! | `webhooks` | webhooks |
//! | `exchange` | imports, exports |
//! | `tokens` | tokens |

mod view;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::caller::Caller;
use super::given::{Given, Named, Parameters};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::turn::{Early, Turn};
use crate::auth::{Action, Token};
use crate::model::TokenId;
use crate::programme::TokenFields;
use view::{NewTokenView, TokenView};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// Makes a token, and shows it this once. It never may more than the token that makes it, nor
/// outlive it.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = TokenFields,
    responses((status = 201, body = NewTokenView)))]
async fn create(State(state): State<ApiState>, caller: Caller, given: Given<TokenFields>) -> Result<Response, Early> {
    caller.must(Action::WriteTokens)?;
    let mut turn = Turn::begin(&state, caller, given.repeat).await?;
    let token = Token::draw();
    let record = turn.work.create_token(caller.0.space, &given.value, token.hash(), caller.0.token).await?;
    if !caller.0.may_give(record.role, record.scopes.as_deref()) {
        let detail = "a token makes none that may more than itself: choose another role, or scopes that it has too";
        return Err(Problem::new(StatusCode::FORBIDDEN, "more_than_own", detail).into());
    }
    let record = TokenView::from(record);
    let shown = NewTokenView { record: &record, token: Some(token.expose()) };
    turn.answer_once(StatusCode::CREATED, &shown, &NewTokenView { record: &record, token: None }).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// Entries of a page, 1 to 200.
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(value_type = Option<TokenId>)]
    after: Option<String>,
}

/// Lists tokens that nobody revoked, in the order of their creation; expired ones too.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", params(ListParameters),
    responses((status = 200, body = Listed<TokenView>)))]
async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    Parameters(asked): Parameters<ListParameters>,
) -> Result<Listed<TokenView>, Problem> {
    caller.must(Action::ReadTokens)?;
    let (page, limit) = lists::page(asked.limit, asked.after.as_deref())?;
    let records = state.programme.tokens(caller.0.space, page).await?;
    Ok(Listed::new(records, limit, |record| record.id.to_string(), TokenView::from))
}

/// Takes a token back at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens",
    params(("id" = TokenId, Path, description = "The token")), responses((status = 204, description = "Taken back")))]
async fn revoke(State(state): State<ApiState>, caller: Caller, Named(id): Named<TokenId>) -> Result<Response, Early> {
    state.programme.token(caller.0.space, id).await?;
    caller.must(Action::WriteTokens)?;
    let mut turn = Turn::begin(&state, caller, None).await?;
    turn.work.revoke_token(caller.0.space, id).await?;
    turn.done().await
}
