//! `/report`: whoever was sent a link says that something is wrong with it.
//!
//! A code that there is not is answered like one that there is: nobody finds out here which codes
//! exist. Nothing of who reports is kept.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{FormData, FormState, Notice, Outcome, Page, Visit, answer, show};
use super::super::texts::msg;
use crate::model::report::ReportReason;
use crate::model::{Code, Space};
use crate::programme::Error;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportQuery {
    space: String,
    code: String,
}

#[derive(Template)]
#[template(path = "strangers/report.html")]
struct Report {
    page: Page,
    form: FormState,
    reasons: Vec<(&'static str, String)>,
}

const TAKEN: Notice = Notice::new(msg("reported-title"), msg("reported-text"), "check", ("/", msg("notice-back")));

pub(super) async fn ask(State(state): State<PortalState>, Query(asked): Query<ReportQuery>, visit: Visit) -> Outcome {
    let space = visit.space(&state, Some(&asked.space)).await?;
    let data = FormData::default().with("space", asked.space).with("code", asked.code);
    show(&page(&visit, space.as_ref(), FormState::new(data)))
}

pub(super) async fn take(State(state): State<PortalState>, visit: Visit, body: axum::body::Bytes) -> Outcome {
    if let Some(slow) = visit.slowed(&state) {
        return Ok(slow);
    }
    let form = FormData::read(&body);
    let space = visit.space(&state, Some(form.text("space"))).await?;
    let Some(known) = &space else { return Ok(taken(&visit, None)) };
    let link = match form.text("code").trim().parse::<Code>() {
        Ok(code) => state.programme.link_of_code(known.id, &code).await,
        Err(_) => Err(Error::NotFound { what: "link", field: None }),
    };
    let link = match link {
        Ok(shown) => shown.link,
        Err(Error::NotFound { .. }) => return Ok(taken(&visit, Some(known))),
        Err(error) => return Err(error.into()),
    };
    let mut work = state.programme.work().await?;
    match work.report_link(known.id, link.id, &form.field("reason"), &form.field("note")).await {
        Ok(_) => {
            work.commit().await?;
            Ok(taken(&visit, Some(known)))
        }
        Err(error) => {
            let form = FormState::refused(form, error, visit.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page(&visit, Some(known), form)))
        }
    }
}

fn page(visit: &Visit, space: Option<&Space>, form: FormState) -> Report {
    let reasons = ReportReason::ALL.iter().map(|reason| (reason.as_str(), visit.texts.word("report", reason.as_str())));
    Report { page: Page::of_nobody(visit.texts, space), form, reasons: reasons.collect() }
}

fn taken(visit: &Visit, space: Option<&Space>) -> Response {
    TAKEN.answer_in(Page::of_nobody(visit.texts, space), StatusCode::OK, None)
}
