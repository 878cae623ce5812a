//! How much of a click is kept, and what nobody sees.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{Tab, change_space, may_set_up, space_tabs};
use crate::model::programme::PrivacyMode;
use crate::programme::SpaceFields;

pub(super) const PATH: &str = "/admin/privacy";

pub(super) fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(show_privacy).post(change))
}

#[derive(Template)]
#[template(path = "admin/privacy.html")]
struct Privacy {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    modes: Vec<(String, String)>,
    minimum_cell: Option<u32>,
    kept_months: Option<u32>,
}

async fn show_privacy(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    let data = FormData::default().with("privacy_mode", person.space.privacy_mode.as_str());
    show(&privacy(&state, &person, FormState::new(data)))
}

fn privacy(state: &PortalState, person: &Person, form: FormState) -> Privacy {
    let page = super::page(person, super::identity::PATH);
    let mode = |mode: &PrivacyMode| (mode.as_str().to_owned(), page.word("privacy-mode", mode.as_str()));
    let modes = PrivacyMode::ALL.iter().map(mode).collect();
    Privacy {
        tabs: space_tabs(&page, PATH),
        form,
        modes,
        minimum_cell: state.minimum_cell.map(u32::from),
        kept_months: state.kept_months.map(u32::from),
        page,
    }
}

async fn change(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let fields = SpaceFields { privacy_mode: sent.form.field("privacy_mode"), ..SpaceFields::default() };
    match change_space(&state, &sent, &fields).await {
        Ok(_) => Ok(see_with(PATH, &Flash::new(msg("flash-saved")))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &privacy(&state, &sent.person, form)))
        }
    }
}
