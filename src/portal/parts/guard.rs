//! What every request to a page passes.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::super::PortalState;
use super::super::texts::TEXTS;
use super::cookies::{self, FLASH_COOKIE};
use super::person::Frame;
use super::{Failure, Notice, Page, visit};
use crate::auth::session::cookie;

/// Nothing of another host, no script and no style but our own files, in nobody's frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// A year; not for subdomains, which are not ours.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Where a change needs no proof of a page: its address itself is the proof (RFC 8058, one click in
/// a mail program).
const PROVEN_BY_ADDRESS: &str = "/digest/stop/";

pub(in crate::portal) async fn guard(State(state): State<PortalState>, mut request: Request, next: Next) -> Response {
    let site = state.auth.site();
    let language = visit::language(request.headers(), None);
    let has_flash = cookie(request.headers(), FLASH_COOKIE).is_some();
    let frame = Frame::default();
    request.extensions_mut().insert(frame.clone());
    let is_proven = request.method().is_safe()
        || site.is_same_origin(request.headers())
        || request.uri().path().starts_with(PROVEN_BY_ADDRESS);
    let mut response = if is_proven {
        next.run(request).await
    } else {
        Notice::REFUSED.answer(StatusCode::FORBIDDEN, TEXTS.of(language))
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let page = frame.kept().cloned().unwrap_or_else(|| Page::of_nobody(TEXTS.of(language), None));
        let (status, notice) = failure.notice();
        let detail = if let Failure::Conflict(detail) = failure { Some(detail) } else { None };
        response = notice.answer_in(page, status, detail);
    }
    let headers = response.headers_mut();
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_flash && is_page {
        headers.append(header::SET_COOKIE, cookies::no_flash());
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // Other sites learn nothing; our own forms keep their Origin, which is their proof.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ] {
        headers.insert(name, value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if site.is_encrypted() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}
