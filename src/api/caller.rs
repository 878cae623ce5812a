//! Who asks.

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;

use super::ApiState;
use super::problem::Problem;
use crate::auth::{Action, Principal, may};

/// A request's principal. A handler that takes one is answered for by 401.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller(pub(super) Principal);

impl Caller {
    /// # Errors
    /// 403 when the role may not do it.
    pub(super) fn must(&self, action: Action) -> Result<(), Problem> {
        if may(self.0.role, action) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        // From the header alone: a token in an address would end in logs and histories.
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        Ok(Self(state.auth.authenticate(header).await?))
    }
}
