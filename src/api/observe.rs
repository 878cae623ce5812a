//! What every request passes: time limit, request id, metrics, and headers that every answer has.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tracing::Instrument as _;

use super::ApiState;
use super::problem::Problem;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// A request as a whole.
    pub request: Duration,
    /// One that brings files.
    pub upload: Duration,
    /// The arrival of its body.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { request: Duration::from_secs(30), upload: Duration::from_secs(900), body: Duration::from_secs(20) }
    }
}

/// Longest request id that is taken over from a caller, in bytes.
const MAX_ID_BYTES: usize = 64;
/// Where files are brought.
const UPLOADS: &str = "/api/v1/imports";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn observe(
    State(state): State<ApiState>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    // The pattern, never the path: a label has few values.
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let started = Instant::now();
    let id = request_id(request.headers().get(REQUEST_ID));
    let span = tracing::info_span!("api", request_id = id, route);
    let brings_files = request.method() == Method::POST && route == UPLOADS;
    let patience = if brings_files { state.patience.upload } else { state.patience.request };
    let mut response = match tokio::time::timeout(patience, next.run(request).instrument(span)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!("the request took longer than {} s: try again", patience.as_secs());
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
        }
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = problem.signed(&id);
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        *response.body_mut() = body.into();
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(&id).expect("letters, digits, '-', '_' and '.'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    state.metrics.api_requests.with_label_values(&[route, response.status().as_str()]).inc();
    state.metrics.api_duration.with_label_values(&[route]).observe(started.elapsed().as_secs_f64());
    response
}

/// The caller's own id of the request, when it can stand in a log line as it is; else a new one.
fn request_id(given: Option<&HeaderValue>) -> String {
    let clean = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    given
        .and_then(|value| value.to_str().ok())
        .filter(|text| (1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(clean))
        .map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned)
}
