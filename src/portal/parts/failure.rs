//! Why a handler has no page to show.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Notice;
use crate::programme::Error;

/// What a handler answers.
pub(in crate::portal) type Outcome = Result<Response, Failure>;

/// Why there is no page. `guard` says it in the reader's language and in the frame of the page.
#[derive(Debug, Clone)]
pub(in crate::portal) enum Failure {
    /// There is no such thing, or it is another space's.
    Missing,
    /// The person's role does not do this.
    Forbidden,
    /// Nothing proves that a page of this site made the request.
    Unproven,
    /// The request holds something that no form of ours sends.
    Malformed,
    /// The space is closed.
    Closed,
    /// What was asked for cannot be (any more); in English, as programs are told.
    Conflict(String),
    /// What the page stands on does not answer.
    Failed,
}

impl Failure {
    /// What to say, and under which status.
    pub(super) fn notice(&self) -> (StatusCode, Notice) {
        match self {
            Self::Missing => (StatusCode::NOT_FOUND, Notice::MISSING),
            Self::Forbidden => (StatusCode::FORBIDDEN, Notice::FORBIDDEN),
            Self::Unproven => (StatusCode::FORBIDDEN, Notice::REFUSED),
            Self::Malformed => (StatusCode::BAD_REQUEST, Notice::MALFORMED),
            Self::Closed => (StatusCode::CONFLICT, Notice::CLOSED),
            Self::Conflict(_) => (StatusCode::CONFLICT, Notice::CONFLICT),
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, Notice::FAILED),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::Missing,
            Error::Closed => Self::Closed,
            Error::Conflict { message, .. } => Self::Conflict(message),
            // A form shows its own problems: what comes here was sent by no form of ours.
            Error::Invalid(_) => Self::Malformed,
            Error::Store(error) => {
                tracing::error!(%error, "a page could not be answered");
                Self::Failed
            }
        }
    }
}

impl From<Failure> for Response {
    fn from(failure: Failure) -> Self {
        let mut response = failure.notice().0.into_response();
        response.extensions_mut().insert(failure);
        response
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.into()
    }
}
