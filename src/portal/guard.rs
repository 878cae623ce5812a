//! What every request to a page passes.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::PortalState;
use super::pages::Notice;
use super::texts::Texts;
use super::visit;

/// No script at all, nothing of another host, in nobody's frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// A year; not for subdomains, which are not ours.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(super) async fn guard(State(state): State<PortalState>, request: Request, next: Next) -> Response {
    let site = state.auth.site();
    let mut response = if request.method().is_safe() || site.is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        let texts = Texts::of(visit::language(request.headers(), None));
        Notice::REFUSED.answer(StatusCode::FORBIDDEN, texts)
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // Other sites learn nothing; our own forms keep their Origin, which is their proof.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ] {
        headers.insert(name, value);
    }
    if site.is_encrypted() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}
