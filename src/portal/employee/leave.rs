//! `/account/leave`: leaving the programme, in one step.

use askama::Template;
use axum::extract::State;

use super::super::PortalState;
use super::super::account;
use super::super::parts::{Area, Outcome, Page, Person, Sent, show, signed_out};
use crate::programme::Error;

#[derive(Template)]
#[template(path = "employee/leave.html")]
struct Leave {
    page: Page,
}

/// Says what it means.
pub(super) async fn ask(person: Person) -> Outcome {
    let page = person.page(Area::Share, account::PATH).below(account::PATH, person.texts.say("nav-account"));
    show(&Leave { page })
}

/// Leaves, and is signed out everywhere.
pub(super) async fn leave(State(state): State<PortalState>, sent: Sent) -> Outcome {
    let person = sent.person;
    let mut work = state.programme.work().await?.done_by(person.actor());
    work.leave(person.space_id(), person.id()).await?;
    work.commit().await?;
    let ended = state.auth.sign_out_everywhere(&person.actor(), person.space_id(), person.id()).await;
    ended.map_err(Error::from)?;
    Ok(signed_out("/sign-in?left=yes"))
}
