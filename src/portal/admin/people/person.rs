//! One person: its role, its sessions, its coming and going.

use askama::Template;
use axum::extract::{Path, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show,
};
use super::super::super::texts::msg;
use super::edit::{Choices, choices, standing};
use super::{PATH, id_of, path_of};
use crate::auth::Action;
use crate::auth::session::SessionRecord;
use crate::model::{AdvocateId, Role};
use crate::programme::{AdvocateFields, AdvocateRecord, Error, Field, MemberFields};

#[derive(Template)]
#[template(path = "admin/person.html")]
pub(super) struct Known {
    page: Page,
    /// The page's own address.
    path: String,
    shown: String,
    record: AdvocateRecord,
    form: FormState,
    choices: Choices,
    role: &'static str,
    /// A form with the role, and those to choose from.
    role_form: FormState,
    roles: Vec<(String, String)>,
    sessions: Vec<SessionRecord>,
    /// The form with the last day.
    leaving: FormState,
    has_left: bool,
    may_be_invited: bool,
    /// Whether it is whoever looks.
    is_oneself: bool,
}

/// The page, with this form.
pub(super) async fn known(
    state: &PortalState,
    person: &Person,
    record: AdvocateRecord,
    form: FormState,
) -> Result<Known, Failure> {
    let (space, id) = (person.space_id(), record.advocate.id);
    let role = state.programme.member(space, id).await?.role;
    let sessions = state.auth.sessions(space, id).await.map_err(Error::from)?;
    let today = state.programme.today(space).await?;
    let has_left = record.advocate.left_on.as_deref().is_some_and(|left| left < today.as_str());
    let choice = |role: &Role| (role.as_str().to_owned(), person.texts.word("admin-role", role.as_str()));
    Ok(Known {
        page: super::super::page(person, PATH).below(PATH, person.texts.say("people-title")),
        path: path_of(id),
        shown: shown(&record),
        choices: choices(state, person).await?,
        form,
        role: role.as_str(),
        role_form: FormState::new(FormData::default().with("role", role.as_str())),
        roles: Role::ALL.iter().filter(|role| **role != Role::Operator).map(choice).collect(),
        sessions,
        leaving: FormState::new(FormData::default().with("left_on", today)),
        has_left,
        may_be_invited: !has_left && record.email.is_some() && record.advocate.registered_at_ms.is_none(),
        is_oneself: id == person.id(),
        record,
    })
}

/// What to call a person.
fn shown(record: &AdvocateRecord) -> String {
    let found = record.name.as_ref().or(record.email.as_ref()).or(record.advocate.external_id.as_ref());
    found.cloned().unwrap_or_else(|| record.advocate.id.to_string())
}

pub(super) async fn show_person(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let record = state.programme.advocate(person.space_id(), id_of(&id)?).await?;
    person.needs(Action::WriteAdvocates)?;
    let form = FormState::new(standing(&record));
    show(&known(&state, &person, record, form).await?)
}

pub(super) async fn set_role(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteMembers).await?;
    if id == sent.person.id() {
        // A space whose last administrator has stepped down can be set up by nobody.
        return Err(Failure::Conflict("nobody takes their own role away: ask another administrator".to_owned()));
    }
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.put_member(sent.person.space_id(), id, &MemberFields { role: sent.form.field("role") }).await?;
    work.commit().await?;
    Ok(see_with(&path_of(id), &Flash::about(msg("flash-role"), &shown(&record))))
}

pub(super) async fn invite(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteAdvocates).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.invite(sent.person.space_id(), id).await?;
    work.commit().await?;
    Ok(see_with(&path_of(id), &Flash::about(msg("flash-invited"), &shown(&record))))
}

/// Somebody leaves, on the last day that the form says.
pub(super) async fn leave(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteAdvocates).await?;
    if id == sent.person.id() {
        return Err(Failure::Conflict("leave on your own account's page instead".to_owned()));
    }
    let fields = AdvocateFields { left_on: sent.form.field("left_on"), ..AdvocateFields::default() };
    match lay(&state, &sent, id, fields, "advocate.left").await {
        Ok(()) => Ok(see_with(&path_of(id), &Flash::about(msg("flash-left"), &shown(&record)))),
        Err(error) => {
            let leaving = FormState::refused(sent.form, error, sent.person.texts)?;
            let form = FormState::new(standing(&record));
            let page = Known { leaving, ..known(&state, &sent.person, record, form).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn come_back(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteAdvocates).await?;
    let fields = AdvocateFields { left_on: Field::Null, ..AdvocateFields::default() };
    lay(&state, &sent, id, fields, "advocate.returned").await?;
    Ok(see_with(&path_of(id), &Flash::about(msg("flash-returned"), &shown(&record))))
}

async fn lay(
    state: &PortalState,
    sent: &Sent,
    id: AdvocateId,
    fields: AdvocateFields,
    action: &str,
) -> Result<(), Error> {
    let space = sent.person.space_id();
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.update_advocate(space, id, &fields).await?;
    work.note(space, action, &id.to_string(), serde_json::json!({})).await?;
    work.commit().await
}

pub(super) async fn sign_out(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteMembers).await?;
    let ended = state.auth.sign_out_everywhere(&sent.person.actor(), sent.person.space_id(), id).await;
    ended.map_err(Error::from)?;
    Ok(see_with(&path_of(id), &Flash::about(msg("flash-signed-out"), &shown(&record))))
}

#[derive(Template)]
#[template(path = "admin/person_erase.html")]
struct Erase {
    page: Page,
    path: String,
    shown: String,
    form: FormState,
}

fn asking(person: &Person, record: &AdvocateRecord, form: FormState) -> Erase {
    let (path, shown) = (path_of(record.advocate.id), shown(record));
    let page = super::super::page(person, PATH).below(PATH, person.texts.say("people-title"));
    Erase { page: page.below(path.clone(), shown.clone()), path, shown, form }
}

pub(super) async fn ask_to_erase(State(state): State<PortalState>, Path(id): Path<String>, person: Person) -> Outcome {
    let record = state.programme.advocate(person.space_id(), id_of(&id)?).await?;
    person.needs(Action::WriteAdvocates)?;
    show(&asking(&person, &record, FormState::default()))
}

/// Forgets somebody. There is no way back, so it is asked twice.
pub(super) async fn erase(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let (id, record) = found(&state, &sent, &id, Action::WriteAdvocates).await?;
    if id == sent.person.id() {
        return Err(Failure::Conflict("nobody erases themselves here: ask another administrator".to_owned()));
    }
    if !sent.form.has("confirmed", "yes") {
        let mut form = FormState::default();
        form.refuse("confirmed", sent.person.texts.say("erase-confirm-first"));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &asking(&sent.person, &record, form)));
    }
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.erase_advocate(sent.person.space_id(), id).await?;
    work.commit().await?;
    Ok(see_with(PATH, &Flash::new(msg("flash-erased"))))
}

/// The person that a form is about, if whoever sent it may do that.
async fn found(
    state: &PortalState,
    sent: &Sent,
    id: &str,
    action: Action,
) -> Result<(AdvocateId, AdvocateRecord), Failure> {
    let id = id_of(id)?;
    let record = state.programme.advocate(sent.person.space_id(), id).await?;
    sent.person.needs(action)?;
    Ok((id, record))
}
