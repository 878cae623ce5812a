//! What every request passes: time limit, request id, metrics, and headers that every answer has.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument as _;

use super::ApiState;
use super::problem::Problem;

/// How long a request may take, its body included.
const TIME_LIMIT: Duration = Duration::from_secs(30);
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
    // Drawn here, whatever the caller sent: what stands in the log is ours.
    let id = format!("{:016x}", rand::random::<u64>());
    let span = tracing::info_span!("api", request = id, route);
    let mut response = match tokio::time::timeout(TIME_LIMIT, next.run(request).instrument(span)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!("the request took longer than {} s: try again", TIME_LIMIT.as_secs());
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(&id).expect("hexadecimal digits"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    state.metrics.api_requests.with_label_values(&[route, response.status().as_str()]).inc();
    state.metrics.api_duration.with_label_values(&[route]).observe(started.elapsed().as_secs_f64());
    response
}
