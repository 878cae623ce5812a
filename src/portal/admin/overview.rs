//! The guided path.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use super::super::PortalState;
use super::super::marketing;
use super::super::parts::{Failure, Flash, Outcome, Page, Person, Sent, see_with, show};
use super::super::texts::msg;
use super::{calendar, charter, hosts, identity, may_set_up, people};
use crate::programme::setup::{Step, StepState};

pub(super) const PATH: &str = "/admin";

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(overview)).route("/admin/settle", post(settle))
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Overview {
    page: Page,
    stops: Vec<Stop>,
    behind: usize,
    /// Whether no step is open.
    is_ready: bool,
}

/// A step on the page.
struct Stop {
    word: &'static str,
    path: &'static str,
    is_done: bool,
    is_settled: bool,
    is_next: bool,
    /// Whether its default may be right.
    may_stay: bool,
}

async fn overview(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    let setup = state.programme.setup(person.space_id()).await?;
    let next = setup.next();
    let stop = |(step, state): &(Step, StepState)| Stop {
        word: step.as_str(),
        path: place(*step),
        is_done: *state == StepState::Done,
        is_settled: *state == StepState::Settled,
        is_next: next == Some(*step),
        may_stay: *state == StepState::Open && may_stay(*step),
    };
    let stops = setup.steps.iter().map(stop).collect();
    show(&Overview { page: super::page(&person, PATH), stops, behind: setup.behind(), is_ready: next.is_none() })
}

/// The page that a step is done on.
fn place(step: Step) -> &'static str {
    match step {
        Step::Name | Step::Look => identity::PATH,
        Step::Calendar => calendar::PATH,
        Step::Hosts => hosts::PATH,
        Step::Domains => hosts::DOMAINS,
        Step::Charter => charter::PATH,
        Step::People => people::PATH,
        Step::Content => marketing::NEW_CONTENT,
    }
}

/// Whether a space can do without it, or with what it has from the beginning.
fn may_stay(step: Step) -> bool {
    match step {
        Step::Name | Step::Look | Step::Calendar | Step::Hosts | Step::Domains | Step::Charter => true,
        Step::People | Step::Content => false,
    }
}

/// Leaves a step as it is.
async fn settle(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let step: Step = sent.form.parsed("step").filter(|step| may_stay(*step)).ok_or(Failure::Malformed)?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.settle_step(sent.person.space_id(), step).await?;
    work.commit().await?;
    Ok(see_with(PATH, &Flash::new(msg("flash-settled"))))
}
