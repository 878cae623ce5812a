//! What is asked: bodies, queries and ids, each refused with a problem that names the field.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Path, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use sha2::Digest as _;

use super::ApiState;
use super::entity::Condition;
use super::problem::Problem;
use crate::model::ParseIdError;
use crate::programme::FieldProblem;
use crate::programme::repeat::MAX_KEY_BYTES;

/// A JSON body, with what makes the request recognisable when it is sent again, and what it depends
/// on.
#[derive(Debug)]
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) repeat: Option<Repeat>,
    pub(super) condition: Condition,
}

/// The idempotency key of a POST and a digest of the request.
#[derive(Debug, Clone)]
pub(super) struct Repeat {
    pub(super) key: String,
    pub(super) request_hash: [u8; 32],
}

impl<T: DeserializeOwned> FromRequest<ApiState> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "send JSON, with Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
        }
        let key = idempotency_key(request.headers())?;
        let condition = Condition::of(request.headers());
        let mut digest = digest(request.method(), request.uri());
        let body = tokio::time::timeout(state.patience.body, Bytes::from_request(request, state)).await;
        let body = body.map_err(|_| late(state.patience.body))?.map_err(unread)?;
        digest.update(&body);
        let value = parse(&body)?;
        let repeat = key.map(|key| Repeat { key, request_hash: digest.finalize().into() });
        Ok(Self { value, repeat, condition })
    }
}

/// Of a POST that takes no body: its path is all that it says.
impl axum::extract::OptionalFromRequestParts<ApiState> for Repeat {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Option<Self>, Problem> {
        let key = idempotency_key(&parts.headers)?;
        Ok(key.map(|key| Self { key, request_hash: digest(&parts.method, &parts.uri).finalize().into() }))
    }
}

/// The digest of a request up to its body.
fn digest(method: &Method, uri: &Uri) -> sha2::Sha256 {
    let mut digest = sha2::Sha256::new();
    digest.update(method.as_str());
    digest.update([0]);
    digest.update(uri.path());
    digest.update([0]);
    digest
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The key of a POST, if it has one.
///
/// # Errors
/// 400 when it has not the form of one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(given) = headers.get("idempotency-key") else { return Ok(None) };
    let printable = |key: &&str| key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    match given.to_str().ok().filter(printable) {
        Some(key) if (1..=MAX_KEY_BYTES).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => {
            let detail = format!("an Idempotency-Key is 1 to {MAX_KEY_BYTES} printable ASCII characters");
            Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", detail))
        }
    }
}

/// 408: a body did not arrive.
pub(super) fn late(within: Duration) -> Problem {
    let detail = format!("the body did not arrive within {} s: send it again", within.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", detail)
}

fn unread(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(rejection.status(), "body_too_large", "the body is too large: send it in several parts")
    } else {
        Problem::new(StatusCode::BAD_REQUEST, "body_unreadable", "the body ended before it was complete: send it again")
    }
}

/// Reads JSON into `T`.
///
/// # Errors
/// 400 when it is no JSON, 422 with the field when it is no `T`.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if !body.trim_ascii_start().starts_with(b"{") {
        // serde would read a list as an object's fields in the order of their declaration.
        let any: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(body);
        return Err(any.map_or_else(|error| not_json(&error), |_| no_object()));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| if error.inner().is_data() { misfit(&error) } else { not_json(error.inner()) })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

/// Reads one JSON value of a larger document into `T`.
///
/// # Errors
/// 422 with the field when it is no `T`.
pub(super) fn fit<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(no_object());
    }
    serde_path_to_error::deserialize(value).map_err(|error| misfit(&error))
}

fn no_object() -> Problem {
    let message = "expected a JSON object: {\"field\": value, …}".to_owned();
    Problem::fields(vec![FieldProblem { field: String::new(), code: "invalid", message }])
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", format!("the body is not JSON: {error}"))
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let message = error.inner().to_string();
    let code =
        ["unknown field", "missing field", "duplicate field"].into_iter().find(|start| message.starts_with(start));
    let path = error.path().to_string();
    // serde names such a field in its message alone, between backticks.
    let named = code.and_then(|_| message.split('`').nth(1)).unwrap_or_default();
    let field = match path.as_str() {
        "." => named.to_owned(),
        path if named.is_empty() || path == named || path.ends_with(&format!(".{named}")) => path.to_owned(),
        path => format!("{path}.{named}"),
    };
    let code = match code {
        Some("unknown field") => "unknown_field",
        Some("missing field") => "required",
        Some("duplicate field") => "duplicate_field",
        _ => "invalid",
    };
    Problem::fields(vec![FieldProblem { field, code, message }])
}

/// A query whose parameters are all known.
#[derive(Debug)]
pub(super) struct Parameters<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(unfit(&rejection)),
        }
    }
}

/// The operations that take no query, by method and pattern of the path.
pub(super) type Bare = Arc<HashSet<(Method, String)>>;

/// Refuses parameters that an operation without any would not even look at: whoever sends one means
/// something by it.
pub(super) async fn no_stray_query(
    State(bare): State<Bare>,
    matched: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    let query = request.uri().query().unwrap_or_default();
    if query.is_empty() || !bare.contains(&(method, matched.as_str().to_owned())) {
        return next.run(request).await;
    }
    let field = url::form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.into_owned());
    let message = "this operation takes no parameters in its address".to_owned();
    let problem = FieldProblem { field: field.unwrap_or_default(), code: "unknown_field", message };
    Problem::fields(vec![problem]).into_response()
}

fn unfit(rejection: &QueryRejection) -> Problem {
    let message = rejection.body_text();
    let message = message.rsplit_once("query string: ").map_or(message.as_str(), |(_, reason)| reason).to_owned();
    let known = [("unknown field", "unknown_field"), ("duplicate field", "duplicate_field")];
    let code = known.into_iter().find(|(start, _)| message.contains(start)).map(|(_, code)| code);
    let field = if code.is_some() {
        message.split('`').nth(1).unwrap_or_default().to_owned()
    } else {
        message.split_once(": ").map_or_else(String::new, |(field, _)| field.to_owned())
    };
    let code = code.unwrap_or("invalid");
    Problem::fields(vec![FieldProblem { field, code, message }])
}

/// The id in the path. One that is no id names nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<T>(pub(super) T);

impl<T: FromStr<Err = ParseIdError> + Send> FromRequestParts<ApiState> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let text = match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => text,
            Err(_) => String::new(),
        };
        text.parse().map(Self).map_err(|error: ParseIdError| {
            Problem::not_found(match error.prefix {
                "spc" => "space",
                "adv" => "advocate",
                "tem" => "team",
                "cmp" => "campaign",
                "cnt" => "content",
                "lnk" => "link",
                "fed" => "feed",
                "itm" => "proposal",
                "ses" => "session",
                "tok" => "token",
                "shr" => "share",
                "app" => "application",
                "whk" => "webhook",
                "imp" => "import",
                "exp" => "export",
                _ => "thing",
            })
        })
    }
}
