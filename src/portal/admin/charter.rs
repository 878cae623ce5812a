//! The charter: what people accept before their first link, version by version.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{
    CharterVersion, Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show,
};
use super::super::texts::msg;
use super::{Tab, may_set_up, space_tabs};
use crate::model::programme::Language;
use crate::programme::Error;
use crate::programme::charter::{CharterRecord, suggested};

pub(super) const PATH: &str = "/admin/charter";

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(show_charter).post(publish))
}

#[derive(Template)]
#[template(path = "admin/charter.html")]
struct Charter {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    languages: Vec<(String, String)>,
    /// Newest first.
    versions: Vec<CharterVersion>,
}

async fn show_charter(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    let standing = state.programme.charter(person.space_id()).await?;
    let text = |language: Language| match &standing {
        Some(charter) => charter.texts.get(language.as_str()).cloned().unwrap_or_default(),
        None => suggested(language).to_owned(),
    };
    let begin = |data: FormData, language: &Language| data.with(&format!("text_{language}"), text(*language));
    let data = Language::ALL.iter().fold(FormData::default(), begin);
    show(&charter(&state, &person, FormState::new(data)).await?)
}

async fn charter(state: &PortalState, person: &Person, form: FormState) -> Result<Charter, Failure> {
    let page = super::page(person, super::identity::PATH);
    let field = |one: &Language| (format!("text_{one}"), page.word("admin-language", one.as_str()));
    Ok(Charter {
        tabs: space_tabs(&page, PATH),
        form,
        languages: Language::ALL.iter().map(field).collect(),
        versions: CharterVersion::all(state, person, &page).await?,
        page,
    })
}

/// Publishes the next version: everybody is asked again before the next new link.
async fn publish(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    match next(&state, &sent).await {
        Ok(charter) => Ok(see_with(PATH, &Flash::about(msg("flash-charter"), &charter.version.to_string()))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &charter(&state, &sent.person, form).await?))
        }
    }
}

async fn next(state: &PortalState, sent: &Sent) -> Result<CharterRecord, Error> {
    let text = |language: &Language| (*language, sent.form.text(&format!("text_{language}")).to_owned());
    let texts: BTreeMap<_, _> = Language::ALL.iter().map(text).collect();
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let charter = work.publish_charter(sent.person.space_id(), &texts).await?;
    work.commit().await?;
    Ok(charter)
}
