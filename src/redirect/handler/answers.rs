//! The answers of the redirect port, header by header.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;

pub(in crate::redirect) type Answer = Response<Full<Bytes>>;

static X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
const NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");
const NO_INDEX: HeaderValue = HeaderValue::from_static("noindex");
const ZERO: HeaderValue = HeaderValue::from_static("0");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Sends somebody on. `headers` is any map, cleared here: reusing the request's saves the two
/// allocations of a new one, and hyper reads the next request's headers into it again.
pub(super) fn redirect(location: HeaderValue, mut headers: HeaderMap) -> Answer {
    headers.clear();
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_ROBOTS_TAG.clone(), NO_INDEX);
    headers.insert(CONTENT_LENGTH, ZERO);
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::FOUND;
    *answer.headers_mut() = headers;
    answer
}

/// A page of ours.
pub(super) fn page(status: StatusCode, body: Bytes, policy: &HeaderValue) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HTML);
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_ROBOTS_TAG.clone(), NO_INDEX);
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// A page that asks to come back after some seconds.
pub(super) fn later(status: StatusCode, body: Bytes, policy: &HeaderValue, after_s: u64) -> Answer {
    let mut answer = page(status, body, policy);
    answer.headers_mut().insert(RETRY_AFTER, after_s.into());
    answer
}

/// A picture that may be kept for a day.
pub(super) fn picture(body: Bytes, kind: &'static str, policy: &HeaderValue) -> Answer {
    let mut answer = page(StatusCode::OK, body, policy);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(CACHE_CONTROL, A_DAY);
    answer
}

/// `/robots.txt`: robots may follow links (a network must, for its preview), and each answer says
/// `noindex` itself. A ban here would hide that from them.
pub(super) fn robots() -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(b"User-agent: *\nDisallow:\n")));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer.headers_mut().insert(CACHE_CONTROL, A_DAY);
    answer
}

/// A short text that nobody keeps.
pub(super) fn text(text: String) -> Answer {
    let mut answer = Response::new(Full::new(text.into()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// `/favicon.ico`: there is none, and browsers need not ask again today.
pub(super) fn no_icon() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer.headers_mut().insert(CACHE_CONTROL, A_DAY);
    answer
}

/// To more header lines than [`crate::net::MAX_HEADERS`], as hyper answers them by itself.
pub(super) fn too_many_headers() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

pub(super) fn not_allowed() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    answer
}
