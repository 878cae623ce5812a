//! Everything that goes wrong, as `application/problem+json` (RFC 9457).
//!
//! `status` and `title` are HTTP's; `code` is stable and for programs (all of them: [`codes`]);
//! `detail` says what to do; `errors` names the fields at fault, each with a code and a message of
//! its own; `request_id` finds the log lines. What only an operator can use stands there, not here.

pub(super) mod codes;

use std::any::Any;
use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use problem_details::ProblemDetails;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::auth::AuthError;
use crate::programme::{Error, FieldProblem, StoreError};

/// An answer that tells what went wrong.
#[derive(Debug, Clone)]
pub struct Problem(Box<ProblemDetails<Extension>>);

#[derive(Debug, Clone, Serialize)]
struct Extension {
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Known once the answer leaves: see [`Problem::signed`].
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// One field at fault.
#[derive(Debug, Clone, Serialize)]
struct FieldError {
    field: String,
    code: &'static str,
    message: String,
}

/// [`Problem`] in the API's description, which says elsewhere what it looks like.
pub(super) struct ProblemDocument;

impl utoipa::PartialSchema for ProblemDocument {
    fn schema() -> RefOr<Schema> {
        RefOr::T(Schema::default())
    }
}

impl utoipa::ToSchema for ProblemDocument {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }
}

impl Problem {
    /// A problem without fields. The code is one of [`codes::CODES`].
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        debug_assert!(codes::is_listed(status.as_u16(), code), "{status} {code} is not in the list of codes");
        let details = ProblemDetails::from_status_code(status).with_detail(detail);
        Self(Box::new(details.with_extensions(Extension { code, errors: Vec::new(), request_id: None })))
    }

    /// 403.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "this token's role, or what it is narrowed to, does not allow that: use another token",
        )
    }

    /// 404 for a thing of this kind.
    pub fn not_found(what: &'static str) -> Self {
        Error::NotFound { what, field: None }.into()
    }

    /// 422 for these fields.
    pub fn fields(problems: Vec<FieldProblem>) -> Self {
        Error::Invalid(problems).into()
    }

    /// The document, for an answer that holds several.
    pub fn document(&self) -> serde_json::Value {
        serde_json::to_value(&*self.0).expect("texts and numbers have a JSON form")
    }

    /// The answer with the id of its request.
    pub(super) fn signed(mut self, request_id: &str) -> Bytes {
        self.0.extensions.request_id = Some(request_id.to_owned());
        serde_json::to_vec(&*self.0).expect("texts and numbers have a JSON form").into()
    }

    fn field(mut self, field: &'static str) -> Self {
        let code = self.0.extensions.code;
        let message = self.0.detail.clone().unwrap_or_default();
        self.0.extensions.errors.push(FieldError { field: field.to_owned(), code, message });
        self
    }

    /// 500: whoever calls this has logged why.
    pub(super) fn internal() -> Self {
        let detail = "something failed here; it was logged with this answer's X-Request-Id";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // `observe` writes it again, with the id of the request.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Invalid(problems) => {
                debug_assert!(
                    problems.iter().all(|problem| codes::is_listed_of_field(problem.code)),
                    "not in the list of codes of fields: {problems:?}"
                );
                let detail = "some fields cannot be taken as they are: see errors";
                let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", detail);
                problem.0.extensions.errors = problems
                    .into_iter()
                    .map(|FieldProblem { field, code, message }| FieldError { field, code, message })
                    .collect();
                problem
            }
            Error::NotFound { what, field } => {
                let code = match what {
                    "space" => "space_not_found",
                    "advocate" => "advocate_not_found",
                    "team" => "team_not_found",
                    "campaign" => "campaign_not_found",
                    "content" => "content_not_found",
                    "link" => "link_not_found",
                    "feed" => "feed_not_found",
                    "proposal" => "proposal_not_found",
                    "session" => "session_not_found",
                    "audit entry" => "audit_entry_not_found",
                    "share" => "share_not_found",
                    "token" => "token_not_found",
                    "application" => "application_not_found",
                    "webhook" => "webhook_not_found",
                    "import" => "import_not_found",
                    "export" => "export_not_found",
                    _ => "not_found",
                };
                let problem = Self::new(StatusCode::NOT_FOUND, code, detail);
                field.map_or(problem.clone(), |field| problem.field(field))
            }
            Error::Conflict { code, field, .. } => {
                let problem = Self::new(StatusCode::CONFLICT, code, detail);
                field.map_or(problem.clone(), |field| problem.field(field))
            }
            Error::Closed => Self::new(StatusCode::FORBIDDEN, "space_closed", detail),
            Error::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string()),
            StoreError::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", "somebody was faster: try again"),
            StoreError::SnapshotNeeded { .. } => Self::new(StatusCode::GONE, "snapshot_needed", error.to_string()),
            StoreError::Failed(_) => {
                tracing::error!(%error, "a request failed in the metadata store");
                Self::internal()
            }
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let code = match &error {
            AuthError::Missing => "token_missing",
            AuthError::Malformed => "token_malformed",
            AuthError::Unknown => "token_unknown",
            AuthError::Expired => "token_expired",
            AuthError::SignedOut => "signed_out",
            AuthError::Unproven => {
                return Self::new(StatusCode::FORBIDDEN, "same_origin_proof_missing", error.to_string());
            }
            AuthError::Store(_) => {
                let AuthError::Store(error) = error else { return Self::internal() };
                return error.into();
            }
        };
        Self::new(StatusCode::UNAUTHORIZED, code, error.to_string())
    }
}

/// The answer to a request whose handler panicked; the connection and the process live on.
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(message, "a request's handler panicked");
    Problem::internal().into_response()
}
