//! The charter's versions, to read: administrators publish them.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::super::PortalState;
use super::super::parts::{CharterVersion, Outcome, Page, Person, show};
use super::may_steer;

pub(super) const PATH: &str = "/marketing/charter";

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(list))
}

#[derive(Template)]
#[template(path = "marketing/charter.html")]
struct Charter {
    page: Page,
    /// Newest first.
    versions: Vec<CharterVersion>,
}

async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    may_steer(&person)?;
    let page = super::page(&person, PATH);
    let versions = CharterVersion::all(&state, &person, &page).await?;
    show(&Charter { page, versions })
}
