//! Adding somebody, and changing what is known of a person.

use askama::Template;
use axum::extract::{Path, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::super::texts::msg;
use super::person::known;
use super::{PATH, id_of, path_of};
use crate::auth::Action;
use crate::model::{AdvocateId, AdvocateKind};
use crate::programme::{AdvocateFields, AdvocateRecord, Error, Field};

#[derive(Template)]
#[template(path = "admin/person_new.html")]
struct New {
    page: Page,
    form: FormState,
    choices: Choices,
}

/// What the fields of a person choose from.
pub(super) struct Choices {
    pub(super) kinds: Vec<(String, String)>,
    /// Names of teams, as proposals.
    pub(super) teams: Vec<String>,
}

pub(super) async fn choices(state: &PortalState, person: &Person) -> Result<Choices, Error> {
    let kind = |kind: &AdvocateKind| (kind.as_str().to_owned(), person.texts.word("advocate-kind", kind.as_str()));
    let teams = state.programme.team_tree(person.space_id()).await?;
    Ok(Choices {
        kinds: AdvocateKind::ALL.iter().map(kind).collect(),
        teams: teams.into_iter().map(|branch| branch.record.team.name).collect(),
    })
}

pub(super) async fn form(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::WriteAdvocates)?;
    let choices = choices(&state, &person).await?;
    let data = FormData::default().with("language", person.space.language.as_str());
    show(&New { page: frame(&person), form: FormState::new(data), choices })
}

fn frame(person: &Person) -> Page {
    super::super::page(person, PATH).below(PATH, person.texts.say("people-title"))
}

pub(super) async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteAdvocates)?;
    match add(&state, &sent).await {
        Ok(record) => {
            let shown = record.name.or(record.email).unwrap_or_default();
            Ok(see_with(&path_of(record.advocate.id), &Flash::about(msg("flash-person-added"), &shown)))
        }
        Err(error) => {
            let choices = choices(&state, &sent.person).await?;
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &New { page: frame(&sent.person), form, choices }))
        }
    }
}

async fn add(state: &PortalState, sent: &Sent) -> Result<AdvocateRecord, Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let record = work.create_advocate(sent.person.space_id(), &fields(&sent.form)).await?;
    if sent.form.has("invite", "yes") && record.email.is_some() {
        work.invite(sent.person.space_id(), record.advocate.id).await?;
    }
    work.commit().await?;
    Ok(record)
}

pub(super) async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let id = id_of(&id)?;
    let record = state.programme.advocate(sent.person.space_id(), id).await?;
    sent.person.needs(Action::WriteAdvocates)?;
    match lay(&state, &sent, id).await {
        Ok(()) => Ok(see_with(&path_of(id), &Flash::new(msg("flash-saved")))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &known(&state, &sent.person, record, form).await?))
        }
    }
}

async fn lay(state: &PortalState, sent: &Sent, id: AdvocateId) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.update_advocate(sent.person.space_id(), id, &fields(&sent.form)).await?;
    work.commit().await
}

/// A form as the programme takes it.
fn fields(form: &FormData) -> AdvocateFields {
    let skills = form.text("skills").split(',').map(str::trim).filter(|skill| !skill.is_empty());
    AdvocateFields {
        email: form.field("email"),
        name: form.field("name"),
        kind: form.field("kind"),
        team: form.field("team"),
        location: form.field("location"),
        language: form.field("language"),
        skills: Field::Value(skills.map(str::to_owned).collect()),
        cohort: form.field("cohort"),
        external_id: form.field("external_id"),
        ..AdvocateFields::default()
    }
}

/// What stands, as the form begins with it.
pub(super) fn standing(record: &AdvocateRecord) -> FormData {
    let advocate = &record.advocate;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    FormData::default()
        .with("email", text(&record.email))
        .with("name", text(&record.name))
        .with("kind", advocate.kind.as_str())
        .with("team", text(&record.team_name))
        .with("location", text(&advocate.location))
        .with("language", text(&advocate.language))
        .with("skills", advocate.skills.join(", "))
        .with("cohort", text(&advocate.cohort))
        .with("external_id", text(&advocate.external_id))
}
