//! The templates, filled.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use super::texts::Texts;
use crate::model::Space;

/// The one style sheet.
pub(super) const STYLE: &str = "body{margin:3rem auto;max-width:32rem;padding:0 1rem;\
font:1.05rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem;line-height:1.2}h2{font-size:1.1rem}label{display:block;margin-top:1rem}\
input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem}\
button{font:inherit;padding:.5rem 1rem;margin-top:1rem}.problem{font-weight:600}\
th,td{text-align:left;padding:.25rem 1rem .25rem 0}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#9cf}}";

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignIn<'a> {
    pub(super) t: &'static Texts,
    pub(super) space: Option<&'a Space>,
    pub(super) next: &'a str,
    /// What people call the identity provider.
    pub(super) provider: Option<&'a str>,
    /// The message that says what was wrong.
    pub(super) problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct Code {
    pub(super) t: &'static Texts,
    pub(super) wrong: bool,
}

#[derive(Template)]
#[template(path = "link.html")]
pub(super) struct Link<'a> {
    pub(super) t: &'static Texts,
    pub(super) space: &'a str,
    pub(super) link: &'a str,
}

/// Sends somebody to another site. Not a 303: browsers hold that against `form-action`, which would
/// have to name the provider's hosts.
#[derive(Template)]
#[template(path = "away.html")]
pub(super) struct Away<'a> {
    pub(super) t: &'static Texts,
    pub(super) address: &'a str,
}

#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct Home<'a> {
    pub(super) t: &'static Texts,
    pub(super) space: &'a str,
    pub(super) who: &'a str,
    pub(super) role: &'static str,
    pub(super) csrf: &'a str,
    pub(super) sessions: Vec<Row>,
}

/// A session on the page.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) since: String,
    pub(super) seen: String,
    pub(super) current: bool,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticePage {
    t: &'static Texts,
    title: &'static str,
    text: &'static str,
}

/// A page that says one thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notice {
    title: &'static str,
    text: &'static str,
}

impl Notice {
    pub(super) const OVER: Self = Self { title: "over-title", text: "over-text" };
    pub(super) const ELSEWHERE: Self = Self { title: "elsewhere-title", text: "elsewhere-text" };
    pub(super) const PROVIDER: Self = Self { title: "provider-title", text: "provider-text" };
    pub(super) const REFUSED: Self = Self { title: "refused-title", text: "refused-text" };
    pub(super) const SLOW: Self = Self { title: "slow-title", text: "slow-text" };
    pub(super) const MISSING: Self = Self { title: "missing-title", text: "missing-text" };
    pub(super) const FAILED: Self = Self { title: "failed-title", text: "failed-text" };

    pub(super) fn answer(self, status: StatusCode, t: &'static Texts) -> Response {
        answer(status, &NoticePage { t, title: self.title, text: self.text })
    }
}

/// A page as an answer.
pub(super) fn answer(status: StatusCode, page: &impl Template) -> Response {
    // These templates call nothing that can fail; an empty page beats a lost connection.
    let html = page.render().unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
}

/// Sends somebody to a path of this site.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
