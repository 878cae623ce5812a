//! Who asks.

use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, header};

use super::ApiState;
use super::given;
use super::limits::{self, Standing};
use super::problem::Problem;
use crate::auth::{Action, AuthError, Principal};
use crate::net::ClientAddress;

/// A request's principal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller(pub(super) Principal);

impl Caller {
    /// # Errors
    /// 403 when its role or its scopes do not allow it.
    pub(super) fn must(&self, action: Action) -> Result<(), Problem> {
        if self.0.may(action) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// Stands before every resource: no handler runs without a principal, whether it asks for one or
/// not. Tokens that are none count against their network, and unknown ones are not even looked at
/// once there were too many; a token's own requests count against itself.
pub(super) async fn identify(
    State(state): State<ApiState>,
    client: Option<Extension<ClientAddress>>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = limits::address(client.as_deref());
    // From the header alone: a token in an address would end in logs and histories.
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credential = header.unwrap_or_default();
    if let Err(early) = state.limits.may_present(address, credential) {
        return early.into_response();
    }
    let principal = match state.auth.principal(request.method(), request.headers()).await {
        Ok(principal) => {
            state.limits.accepted(credential);
            principal
        }
        Err(error) => {
            // One that has expired was issued, and nobody guesses by sending nothing.
            if matches!(error, AuthError::Malformed | AuthError::Unknown) {
                state.limits.refused(address, credential);
            }
            return Problem::from(error).into_response();
        }
    };
    let standing: Option<Standing> = match state.limits.of_token(principal.token) {
        Ok(standing) => standing,
        Err(early) => return early.into_response(),
    };
    if request.method() == Method::POST
        && let Err(refused) = given::idempotency_key(request.headers())
    {
        return refused.into_response();
    }
    request.extensions_mut().insert(Caller(principal));
    let mut response = next.run(request).await;
    if let Some(standing) = standing {
        standing.write(response.headers_mut());
    }
    response
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        // A route that was added outside of the resources has no caller.
        parts.extensions.get::<Self>().copied().ok_or_else(|| AuthError::Missing.into())
    }
}
