//! Name, language, colour, logo.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Flash, FormData, FormState, Outcome, Page, Person, Sent, SentFile, answer, see_with, show};
use super::super::texts::msg;
use super::{Tab, change_space, may_set_up, space_tabs};
use crate::look::Look;
use crate::model::programme::Language;
use crate::programme::look::MAX_LOGO_BYTES;
use crate::programme::{Error, SpaceFields};

pub(super) const PATH: &str = "/admin/space";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(show_identity).post(change))
        .route("/admin/space/logo", post(upload))
        .route("/admin/space/logo/remove", post(remove))
}

#[derive(Template)]
#[template(path = "admin/identity.html")]
struct Identity {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    /// Of the other form.
    file: FormState,
    languages: Vec<(String, String)>,
    max_kib: usize,
    /// The colour that texts have, when the brand's own would not be legible.
    adjusted: Option<String>,
}

async fn show_identity(person: Person) -> Outcome {
    may_set_up(&person)?;
    let form = FormState::new(standing(&person));
    show(&identity(&person, form, FormState::default()))
}

/// The form as it stands.
fn standing(person: &Person) -> FormData {
    let space = &person.space;
    let accent = space.look.accent.map_or_else(|| Look::default().accent.to_string(), |accent| accent.to_string());
    FormData::default().with("name", &space.name).with("language", space.language.as_str()).with("accent", accent)
}

fn identity(person: &Person, form: FormState, file: FormState) -> Identity {
    let page = super::page(person, PATH);
    let language = |language: &Language| (language.as_str().to_owned(), page.word("admin-language", language.as_str()));
    let look = Look::of(&person.space);
    let adjusted = person.space.look.accent.and_then(|_| look.adjusted()).map(|colour| colour.to_string());
    Identity {
        tabs: space_tabs(&page, PATH),
        form,
        file,
        languages: Language::ALL.iter().map(language).collect(),
        max_kib: MAX_LOGO_BYTES / 1024,
        adjusted,
        page,
    }
}

async fn change(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let fields = SpaceFields {
        name: sent.form.field("name"),
        language: sent.form.field("language"),
        accent: sent.form.field("accent"),
        ..SpaceFields::default()
    };
    match change_space(&state, &sent, &fields).await {
        Ok(_) => Ok(see_with(PATH, &Flash::new(msg("flash-saved")))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &identity(&sent.person, form, FormState::default())))
        }
    }
}

async fn upload(State(state): State<PortalState>, sent: SentFile) -> Outcome {
    may_set_up(&sent.person)?;
    let SentFile { person, form, file, .. } = sent;
    match set_logo(&state, &person, Some(file)).await {
        Ok(()) => Ok(see_with(PATH, &Flash::new(msg("flash-logo")))),
        Err(error) => {
            let refused = FormState::refused(form, error, person.texts)?;
            let page = identity(&person, FormState::new(standing(&person)), refused);
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn remove(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    set_logo(&state, &sent.person, None).await?;
    Ok(see_with(PATH, &Flash::new(msg("flash-logo-removed"))))
}

async fn set_logo(state: &PortalState, person: &Person, file: Option<Vec<u8>>) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(person.actor());
    work.set_logo(person.space_id(), file).await?;
    work.commit().await
}
