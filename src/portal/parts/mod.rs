//! What pages are made of: who asks, the frame around every page, forms, and what is said when
//! something went wrong.
//!
//! - [`Visit`]: what a request tells before anything is looked up; [`Person`]: somebody who is
//!   signed in, with the space; [`Sent`]: the same with a form that proves where it comes from;
//! - [`Page`]: the frame, which every template extends (`templates/base.html`); [`Area`] and
//!   [`Entry`]: the navigation;
//! - [`Failure`]: why a handler has no page to show; `guard` shows it in the frame that there was;
//! - [`Flash`]: one sentence for the page after a redirect;
//! - [`FormState`]: a form with what was typed and what is wrong with it
//!   (`templates/parts/form.html` draws it); [`SentFile`]: a form with a file; [`Pager`]: the way to the next page of a list;
//! - [`Pictures`]: which pictures of contents are there to be shown;
//! - [`CharterVersion`]: the charter as it was published, version by version;
//! - [`aim`]: figures as pages write them, and targets beside what came of them;
//! - [`assets`]: style sheet, scripts, icons.

pub(super) mod aim;
pub(super) mod assets;
mod charter;
pub(super) mod cookies;
mod failure;
mod flash;
mod form;
pub(super) mod guard;
pub(super) mod look;
mod nav;
mod notice;
mod page;
mod pager;
mod person;
mod pictures;
mod upload;
mod visit;

pub(super) use charter::CharterVersion;
pub(super) use failure::{Failure, Outcome};
pub(super) use flash::Flash;
pub(super) use form::{FormData, FormState, Sent, reason};
pub(super) use nav::{Area, Entry};
pub(super) use notice::Notice;
pub(super) use page::Page;
pub(super) use pager::Pager;
pub(super) use person::Person;
pub(super) use pictures::Pictures;
pub(super) use upload::SentFile;
pub(super) use visit::{Fields, Visit, language};

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

/// A page as an answer.
pub(super) fn answer(status: StatusCode, page: &impl Template) -> Response {
    // These templates call nothing that can fail; an empty page beats a lost connection.
    let html = page.render().unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
}

/// A page that is as it should be.
pub(super) fn show(page: &impl Template) -> Outcome {
    Ok(answer(StatusCode::OK, page))
}

/// Sends somebody to a path of this site.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The same after a change, with one sentence that says what was done.
pub(super) fn see_with(path: &str, flash: &Flash) -> Response {
    let mut response = see(path);
    response.headers_mut().append(header::SET_COOKIE, cookies::flash(flash));
    response
}

/// The same after signing out.
pub(super) fn signed_out(path: &str) -> Response {
    let mut response = see(path);
    response.headers_mut().append(header::SET_COOKIE, cookies::no_session());
    response
}
