//! A content begins with an address, whose page says most of the rest.

use askama::Template;
use axum::extract::{RawQuery, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show,
};
use super::super::super::texts::msg;
use super::super::local_time;
use super::form::Note;
use super::{Choices, ContentForm, NEW, fields, first_kind, frame, kind_of, may_publish, path_of, publishes, rows};
use crate::auth::Action;
use crate::model::{Content, ContentKind, ContentState};
use crate::programme::{Error, FieldProblem, Preview};

/// Why an address can be none of a content, so that there is nothing to look at.
const NO_DESTINATION: [&str; 5] = ["invalid_url", "own_host", "domain_not_allowed", "too_long", "required"];

#[derive(Template)]
#[template(path = "marketing/content_paste.html")]
struct Paste {
    page: Page,
    /// Whether the person publishes other kinds than jobs.
    publishes_all: bool,
    form: FormState,
}

impl Paste {
    fn new(person: &Person, form: FormState) -> Self {
        Self { page: frame(person), publishes_all: publishes(person, ContentKind::Article), form }
    }
}

pub(super) async fn ask(person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_publish(&person)?;
    // A browser's button, or the share sheet of a phone, can bring an address along.
    let form = FormState::new(FormData::read(query.unwrap_or_default().as_bytes()));
    show(&Paste::new(&person, form))
}

/// The form with nothing in it but what the address says.
pub(super) async fn blank(State(state): State<PortalState>, person: Person, RawQuery(query): RawQuery) -> Outcome {
    may_publish(&person)?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    let data = FormData::default().with("kind", first_kind(&person, asked.parsed("kind")).as_str());
    show(&page(&state, &person, data, Vec::new()).await?)
}

/// Fetches the page at an address that somebody pasted and opens the form with what it says. When there is no page to
/// be had, the form opens all the same.
pub(super) async fn look(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_publish(&sent.person)?;
    let Sent { person, form, .. } = sent;
    let url = with_scheme(form.text("url"));
    match state.programme.preview(person.space_id(), &url).await {
        Ok(preview) => {
            let zone = person.space.time_zone.clone();
            let notes = said(&state, &person, &preview).await?;
            let data = drafted(&preview, first_kind(&person, preview.draft.kind), &zone);
            show(&page(&state, &person, data, notes).await?)
        }
        Err(Error::Invalid(problems)) => match problems.first() {
            Some(FieldProblem { code, .. }) if !NO_DESTINATION.contains(code) => {
                let data = FormData::default().with("kind", first_kind(&person, None).as_str()).with("url", &url);
                let note = unread(&person, code);
                show(&page(&state, &person, data, vec![note]).await?)
            }
            _ => {
                let form = FormState::refused(form, Error::Invalid(problems), person.texts)?;
                Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &Paste::new(&person, form)))
            }
        },
        Err(error) => Err(error.into()),
    }
}

/// People paste `example.com/news` as well.
fn with_scheme(pasted: &str) -> String {
    let pasted = pasted.trim();
    let looks_like_a_host =
        pasted.split('/').next().is_some_and(|host| host.contains('.') && !host.contains([' ', '@']));
    if pasted.contains("://") || !looks_like_a_host { pasted.to_owned() } else { format!("https://{pasted}") }
}

/// What the page says of itself, as the form begins with it.
fn drafted(preview: &Preview, kind: ContentKind, zone: &str) -> FormData {
    let draft = &preview.draft;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    FormData::default()
        .with("kind", kind.as_str())
        .with("title", &draft.title)
        .with("url", &draft.url)
        .with("summary", text(&draft.summary))
        .with("image_url", text(&draft.image_url))
        .with("expires_at", local_time::written(zone, draft.expires_at_ms))
        .with("external_id", text(&draft.reference))
}

async fn said(state: &PortalState, person: &Person, preview: &Preview) -> Result<Vec<Note>, Failure> {
    let draft = &preview.draft;
    let mut notes = Vec::new();
    if let Some(id) = preview.content.known() {
        let known = state.programme.content(person.space_id(), id).await?;
        let text = person.texts.say("look-known");
        let link = Some((path_of(id), known.title));
        notes.push(Note { class: "is-warn", icon: "alert", text, link });
    }
    let is_empty = draft.title.is_empty() && draft.summary.is_none() && draft.image_url.is_none();
    notes.push(if is_empty {
        let text = person.texts.say("look-says-nothing");
        Note { class: "is-warn", icon: "info", text, link: None }
    } else {
        let text = person.texts.say("look-read");
        Note { class: "is-good", icon: "check", text, link: None }
    });
    Ok(notes)
}

fn unread(person: &Person, code: &str) -> Note {
    let why = person.texts.word_if_known("look-why", &code.replace('_', "-"));
    let why = why.unwrap_or_else(|| person.texts.say("look-why-other"));
    Note { class: "is-warn", icon: "info", text: person.texts.say_of("look-unread", "why", &why), link: None }
}

async fn page(state: &PortalState, person: &Person, data: FormData, notes: Vec<Note>) -> Result<ContentForm, Failure> {
    let page = frame(person).below(NEW, person.texts.say("content-other-address"));
    let choices = Choices::of(state, person, &page, &data).await?;
    Ok(ContentForm {
        heading: page.say("content-new-title"),
        path: NEW.to_owned(),
        rows: rows(&data),
        form: FormState::new(data),
        choices,
        notes,
        standing: None,
        page,
    })
}

pub(super) async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::WriteContents(kind_of(&sent.form)))?;
    match make(&state, &sent).await {
        Ok(content) => {
            Ok(see_with(&path_of(content.id), &Flash::about(made(&content, state.programme.now_ms()), &content.title)))
        }
        Err(error) => {
            let Sent { person, form, .. } = sent;
            let refused = FormState::refused(form.clone(), error, person.texts)?;
            let page = ContentForm { form: refused, ..page(&state, &person, form, Vec::new()).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn make(state: &PortalState, sent: &Sent) -> Result<Content, Error> {
    let fields = fields(&sent.form, &sent.person.space.time_zone, None, state.programme.now_ms());
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let content = work.create_content(sent.person.space_id(), &fields).await?;
    work.commit().await?;
    Ok(content)
}

/// The sentence about a content that was just made.
pub(in crate::portal::marketing) fn made(content: &Content, now_ms: i64) -> &'static str {
    match content.state(now_ms) {
        ContentState::Draft => msg("flash-content-drafted"),
        ContentState::Scheduled => msg("flash-content-scheduled"),
        ContentState::Published | ContentState::Expired | ContentState::Archived => msg("flash-content-published"),
    }
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn what_people_paste_is_an_address() {
        for (pasted, url) in [
            (" https://example.com/a ", "https://example.com/a"),
            ("example.com/a?b=c", "https://example.com/a?b=c"),
            ("http://example.com", "http://example.com"),
            ("ftp://example.com", "ftp://example.com"),
            ("nonsense", "nonsense"),
            ("two words.com", "two words.com"),
            ("eve@example.com", "eve@example.com"),
            ("", ""),
        ] {
            assert_eq!(with_scheme(pasted), url);
        }
    }
}
