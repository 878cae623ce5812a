//! `/links/{id}/qr`: an own link as a QR code.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use http::{HeaderValue, header};

use super::super::PortalState;
use super::super::parts::{Area, Failure, Outcome, Page, Person, show};
use super::feed;
use crate::look::qr;
use crate::programme::ShownLink;

#[derive(Template)]
#[template(path = "employee/qr.html")]
struct QrPage {
    page: Page,
    title: String,
    link: String,
    picture: String,
}

/// For the screen and for print.
pub(super) async fn page(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let shown = own(&state, &person, &id).await?;
    let content = state.programme.content(person.space_id(), shown.link.content).await?;
    let page = person.page(Area::Share, feed::PATH).below(format!("/contents/{}", content.id), content.title.clone());
    let picture = format!("/links/{}/qr.svg", shown.link.id);
    show(&QrPage { page, title: content.title, link: shown.short_url, picture })
}

/// The code alone.
pub(super) async fn svg(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let shown = own(&state, &person, &id).await?;
    let svg = qr::svg(&shown.short_url).ok_or(Failure::Failed)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response())
}

/// Another person's link is one that does not exist.
async fn own(state: &PortalState, person: &Person, id: &str) -> Result<ShownLink, Failure> {
    let shown = state.programme.link(person.space_id(), id.parse().map_err(|_| Failure::Missing)?).await?;
    if shown.link.advocate == person.id() { Ok(shown) } else { Err(Failure::Missing) }
}
