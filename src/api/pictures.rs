//! `/pictures/{key}`: contents' pictures, for pages and preview cards; `/pictures/{key}/small`: a square of them for
//! lists. Not under `/api/v1`: whoever was sent a link may see its picture.
//!
//! What others made is given out as a picture and as nothing else: its type was found in its first
//! bytes, browsers may not guess another, and nothing in it may load or run anything.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::model::PictureKey;
use crate::programme::{Error, Programme};

/// A picture never changes under its key.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// One that is not there may be fetched any moment.
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-store");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The route, to be merged with those of the same port.
pub fn pictures(programme: Programme) -> Router {
    Router::new().route("/pictures/{key}", get(show)).route("/pictures/{key}/small", get(small)).with_state(programme)
}

async fn show(State(programme): State<Programme>, Path(key): Path<String>, asked: HeaderMap) -> Response {
    let Ok(key) = key.parse::<PictureKey>() else { return plain(StatusCode::NOT_FOUND) };
    match programme.picture(key).await {
        Ok(Some(picture)) => answer(&format!("\"{key}\""), &picture.media_type, picture.bytes.into(), &asked),
        Ok(None) => plain(StatusCode::NOT_FOUND),
        Err(error) => unreadable(&error),
    }
}

async fn small(State(programme): State<Programme>, Path(key): Path<String>, asked: HeaderMap) -> Response {
    let Ok(key) = key.parse::<PictureKey>() else { return plain(StatusCode::NOT_FOUND) };
    match programme.thumbnail(key).await {
        Ok(Some(bytes)) => answer(&format!("\"{key}-small\""), "image/jpeg", bytes, &asked),
        Ok(None) => plain(StatusCode::NOT_FOUND),
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &Error) -> Response {
    tracing::warn!(%error, "a picture could not be read");
    plain(StatusCode::SERVICE_UNAVAILABLE)
}

fn answer(tag: &str, media_type: &str, bytes: Bytes, asked: &HeaderMap) -> Response {
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|tags| {
        tags.to_str().is_ok_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
    });
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_str(media_type);
    headers.insert(header::CONTENT_TYPE, media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::ETAG, HeaderValue::from_str(tag).expect("hexadecimal digits in quotes"));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    // Pages of a space's own host show it too.
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    secured(response)
}

fn plain(status: StatusCode) -> Response {
    let mut response = (status, "no such picture\n").into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, NOT_AT_ALL);
    secured(response)
}

fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    response
}
