//! One entity as an answer: its tag, and requests that depend on it (RFC 9110, chapter 13).
//!
//! The tag is a digest of the answer's body: two answers with one tag are the same to the last byte.
//! So `If-None-Match` spares a download, and `If-Match` on a PATCH spares a lost update: it is
//! compared inside the transaction that changes the entity.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use sha2::Digest as _;

use super::problem::Problem;
use crate::model::hex;

/// Bytes of the digest that a tag shows: 128 bits tell any two states of an entity apart.
const TAG_BYTES: usize = 16;

/// Answers 200 with the entity and its tag.
pub(super) struct Entity<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Entity<T> {
    fn into_response(self) -> Response {
        tagged(StatusCode::OK, body(&self.0))
    }
}

/// The body of an answer.
pub(super) fn body(view: &impl Serialize) -> String {
    serde_json::to_string(view).expect("answers have texts as keys")
}

/// An answer with this JSON body, and its tag.
pub(super) fn tagged(status: StatusCode, body: String) -> Response {
    let tag = HeaderValue::from_str(&tag(&body)).expect("hexadecimal digits in quotes");
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind), (header::ETAG, tag)], body).into_response()
}

fn tag(body: &str) -> String {
    let digest = sha2::Sha256::digest(body);
    format!("\"{}\"", hex(&digest[..TAG_BYTES]))
}

/// Turns an answer that the client holds already into 304.
pub(super) async fn unless_known(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known: Vec<_> =
        if is_read { request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect() } else { Vec::new() };
    let mut response = next.run(request).await;
    let is_known = response
        .headers()
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .is_some_and(|tag| known.iter().any(|line| names(line, tag, Comparison::Weak)));
    if response.status() == StatusCode::OK && is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Bytes::new().into();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// What a change depends on: `If-Match`, or nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition(Vec<HeaderValue>);

impl Condition {
    /// Reads it from a request.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get_all(header::IF_MATCH).iter().cloned().collect())
    }

    /// Compares it with the entity as it stands; to be asked inside the transaction of the change, before anything is
    /// changed: the work shows then what stands, and so does the programme ([`super::turn::Turn`]).
    ///
    /// # Errors
    /// 412 when it names another state. A request without a condition depends on nothing.
    pub(super) fn check(&self, standing: &impl Serialize) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let tag = tag(&body(standing));
        if self.0.iter().any(|line| names(line, &tag, Comparison::Strong)) {
            return Ok(());
        }
        let detail = "the entity is not the one that If-Match names: read it again, then decide";
        Err(Problem::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// `If-None-Match`: a tag that a proxy weakened still names the same entity.
    Weak,
    /// `If-Match`: to the last byte.
    Strong,
}

/// Whether a line of tags names this one, or any.
fn names(line: &HeaderValue, tag: &str, comparison: Comparison) -> bool {
    let Ok(line) = line.to_str() else { return false };
    // Our tags hold no comma, so whatever a comma cuts apart is none of them.
    line.split(',').map(str::trim).any(|given| match given.strip_prefix("W/") {
        Some(weak) => comparison == Comparison::Weak && weak == tag,
        None => given == tag || given == "*",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tags_names_what_it_lists() {
        let line = |text: &'static str| HeaderValue::from_static(text);
        for (text, weak, strong) in [
            ("\"a\"", true, true),
            ("\"b\", \"a\"", true, true),
            ("W/\"a\"", true, false),
            ("*", true, true),
            ("a", false, false),
            ("\"b\"", false, false),
            ("", false, false),
        ] {
            assert_eq!(names(&line(text), "\"a\"", Comparison::Weak), weak, "{text}");
            assert_eq!(names(&line(text), "\"a\"", Comparison::Strong), strong, "{text}");
        }
    }

    #[test]
    fn a_tag_depends_on_every_byte() {
        assert_eq!(tag("{}").len(), 2 + 2 * TAG_BYTES);
        assert_ne!(tag("{}"), tag("{ }"));
    }
}
