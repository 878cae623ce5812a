//! An application by hand.

use askama::Template;
use axum::extract::State;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{board, path_of, stage_choices};
use crate::auth::Action;
use crate::model::{ApplicationId, FactSource, Stage};
use crate::programme::referrals::HandFields;
use crate::programme::{Error, Field, times};

pub(super) const PATH: &str = "/recruiting/referrals/new";

#[derive(Template)]
#[template(path = "recruiting/new.html")]
struct New {
    page: Page,
    form: FormState,
    jobs: Vec<(String, String)>,
    stages: Vec<(String, String)>,
}

async fn asking(state: &PortalState, person: &Person, form: FormState) -> Result<New, Error> {
    let page = super::page(person, board::PATH).below(board::PATH, person.texts.say("board-title"));
    let unknown = (String::new(), page.say("hand-unknown-job"));
    let jobs =
        state.programme.job_choices(person.space_id()).await?.into_iter().map(|job| (job.id.to_string(), job.title));
    Ok(New {
        form,
        jobs: std::iter::once(unknown).chain(jobs).collect(),
        stages: stage_choices(&page, Stage::ALL.iter().copied()),
        page,
    })
}

pub(super) async fn form(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::WriteReferrals)?;
    let now = times::local_minute(&person.space.time_zone, state.programme.now_ms()).unwrap_or_default();
    let data = FormData::default().with("occurred_at", now).with("stage", Stage::Applied.as_str());
    show(&asking(&state, &person, FormState::new(data)).await?)
}

pub(super) async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteReferrals)?;
    match add(&state, &sent).await {
        Ok(id) => Ok(see_with(&path_of(id), &Flash::new(msg("flash-application-noted")))),
        Err(error) => {
            let form = FormState::refused(sent.form, at_the_form(error), sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &asking(&state, &sent.person, form).await?))
        }
    }
}

async fn add(state: &PortalState, sent: &Sent) -> Result<ApplicationId, Error> {
    let (space, now_ms) = (&sent.person.space, state.programme.now_ms());
    let given = |name: &str| match sent.form.text(name).trim() {
        "" => Field::Absent,
        text => Field::Value(text.to_owned()),
    };
    let at = sent.form.text("occurred_at").trim();
    let occurred_at = match times::local_instant_ms(&space.time_zone, at, now_ms) {
        Ok(at_ms) => Field::Value(times::format_instant(at_ms)),
        Err(_) => given("occurred_at"),
    };
    let fields = HandFields {
        external_id: given("external_id"),
        content_id: given("content_id"),
        trace: given("trace"),
        stage: given("stage"),
        occurred_at,
    };
    let message = fields.message(now_ms)?.through(FactSource::Page);
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    // What the click log has to say is asked in the background: nobody waits for it here.
    let recorded = work.record_referral(space.id, &message, &[]).await?;
    work.commit().await?;
    Ok(recorded.application.id)
}

/// A link that is not there is the fault of the one field that names it.
pub(super) fn at_the_form(error: Error) -> Error {
    match error {
        Error::NotFound { what, field: Some("code" | "link_id") } => Error::NotFound { what, field: Some("trace") },
        other => other,
    }
}
