//! `/referrals`: what became of those who applied through one's links, each in one word.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Area, Failure, Outcome, Page, Pager, Person, show};
use crate::model::{Application, ApplicationId, Stage};
use crate::programme::Page as Slice;
use crate::programme::referrals::ApplicationFilter;

/// The list.
pub(super) const PATH: &str = "/referrals";
/// Entries of a page.
const A_PAGE: u32 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReferralsQuery {
    after: String,
}

#[derive(Template)]
#[template(path = "employee/referrals.html")]
struct Referrals {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    id: String,
    title: String,
    stage: Stage,
    tone: &'static str,
    at_ms: Option<i64>,
    channel: String,
}

#[derive(Template)]
#[template(path = "employee/referral.html")]
struct Referral {
    page: Page,
    row: Row,
    reason: String,
    window_days: u32,
    clicked_ms: Option<i64>,
    steps: Vec<(Stage, i64)>,
}

pub(super) async fn list(
    State(state): State<PortalState>,
    Query(asked): Query<ReferralsQuery>,
    person: Person,
) -> Outcome {
    let after = if asked.after.is_empty() { None } else { Some(asked.after.parse().map_err(|_| Failure::Missing)?) };
    let filter = ApplicationFilter { advocate: Some(person.id()), ..ApplicationFilter::default() };
    let slice: Slice<ApplicationId> = Slice { after, limit: A_PAGE + 1 };
    let mut found = state.programme.applications(person.space_id(), &filter, slice).await?;
    let is_more = found.len() > A_PAGE as usize;
    found.truncate(A_PAGE as usize);
    let next = found.last().filter(|_| is_more).map(|last| format!("{PATH}?after={}", last.id));
    let page = person.page(Area::Share, PATH);
    let mut rows = Vec::with_capacity(found.len());
    for application in &found {
        rows.push(row(&state, &person, &page, application).await?);
    }
    show(&Referrals { page, rows, pager: Pager { previous: None, next } })
}

pub(super) async fn one(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let id = id.parse().map_err(|_| Failure::Missing)?;
    let receipt = state.programme.receipt(person.space_id(), id).await?;
    let application = receipt.application;
    if application.advocate != person.id() {
        return Err(Failure::Missing);
    }
    let page = person.page(Area::Share, PATH).below(PATH, person.texts.say("nav-referrals"));
    let row = row(&state, &person, &page, &application).await?;
    let reason = page.word_if_known("reason", &application.reason.replace('_', "-")).unwrap_or_default();
    let steps = application.reached.into_iter().collect();
    let clicked_ms = application.clicked_at_ms;
    show(&Referral { page, row, reason, window_days: receipt.window_days, clicked_ms, steps })
}

async fn row(state: &PortalState, person: &Person, page: &Page, application: &Application) -> Result<Row, Failure> {
    let content = state.programme.content(person.space_id(), application.content).await;
    let tone = match application.stage {
        Stage::Hired | Stage::ProbationPassed => "is-good",
        Stage::Rejected | Stage::Withdrawn => "",
        _ => "is-accent",
    };
    Ok(Row {
        id: application.id.to_string(),
        title: content.map_or_else(|_| page.say("referral-unknown-job"), |content| content.title),
        stage: application.stage,
        tone,
        at_ms: application.reached.get(&application.stage).copied(),
        channel: application
            .channel
            .as_ref()
            .map_or_else(String::new, |channel| super::channel_name(page, channel.as_str())),
    })
}
