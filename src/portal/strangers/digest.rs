//! `/digest/stop/{stop}`: no more mails, in one step and without signing in.
//!
//! A GET changes nothing: programs that look for viruses follow every address of a mail. The POST
//! needs no proof of a page, because mail programs send it themselves (RFC 8058): whoever knows the
//! address was sent the mail.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Failure, Notice, Outcome, Page, Visit, show};
use super::super::texts::msg;
use crate::programme::Error;

/// The path of the address that stops somebody's digests; also in the mails' heads.
pub(in crate::portal) fn stop_path(stop: &str) -> String {
    format!("/digest/stop/{stop}")
}

#[derive(Template)]
#[template(path = "strangers/stop.html")]
struct Stop {
    page: Page,
    path: String,
}

/// They are stopped, now or before.
const STOPPED: Notice =
    Notice::new(msg("stopped-title"), msg("stopped-text"), "check", ("/account", msg("stopped-account")));

pub(super) async fn ask(State(state): State<PortalState>, Path(stop): Path<String>, visit: Visit) -> Outcome {
    match state.programme.digest_to_stop(&stop).await {
        Ok((space, _)) => {
            let space = state.programme.space(space).await?;
            show(&Stop { page: Page::of_nobody(visit.texts, Some(&space)), path: stop_path(&stop) })
        }
        Err(Error::NotFound { .. }) => Ok(stopped(&visit)),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn stop(
    State(state): State<PortalState>,
    Path(stop): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    match state.programme.digest_to_stop(&stop).await {
        Ok((space, person)) => {
            let mut work = state.programme.work().await?.done_by(person.to_string());
            work.set_digest(space, person, None, String::new()).await?;
            work.commit().await?;
            Ok(stopped(&visit))
        }
        // A second press of the button.
        Err(Error::NotFound { .. }) => Ok(stopped(&visit)),
        Err(error) => Err(error.into()),
    }
}

fn stopped(visit: &Visit) -> Response {
    STOPPED.answer(StatusCode::OK, visit.texts)
}
