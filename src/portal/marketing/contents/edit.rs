//! A content that there is: its form, and what can be done with it.

use axum::extract::{Path, RawQuery, State};
use http::StatusCode;

use super::super::super::PortalState;
use super::super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Person, Pictures, Sent, answer, see_with, show,
};
use super::super::super::texts::msg;
use super::super::figures::{Came, OfContents, RECENT_DAYS, last_days};
use super::form::{Note, version_of};
use super::{Choices, ContentForm, fields, frame, id_of, kind_of, path_of, rows, standing};
use crate::auth::Action;
use crate::model::{Content, ContentKind, ContentState};
use crate::programme::times::format_instant;
use crate::programme::{ContentFields, Error, Field};

/// A content as it stands, beside its form.
pub(in crate::portal::marketing) struct Standing {
    pub(super) path: String,
    pub(super) state: ContentState,
    pub(super) picture: Option<String>,
    pub(super) is_job: bool,
    pub(super) came: Option<Came>,
    /// Where the same page is with figures; none once it has them.
    pub(super) figures_at: Option<String>,
    /// When what its state says began, or begins.
    pub(super) at_ms: Option<i64>,
    pub(super) days: i32,
}

async fn page(
    state: &PortalState,
    person: &Person,
    content: &Content,
    data: FormData,
    notes: Vec<Note>,
) -> Result<ContentForm, Failure> {
    let page = frame(person);
    let choices = Choices::of(state, person, &page, &data).await?;
    let pictures = Pictures::of(state, person.space_id(), std::iter::once(content)).await?;
    let is = content.state(state.programme.now_ms());
    // Of what nobody could share yet there is nothing to say.
    let figures_at = format!("{}?figures=yes", path_of(content.id));
    let figures_at = Some(figures_at).filter(|_| !matches!(is, ContentState::Draft | ContentState::Scheduled));
    Ok(ContentForm {
        heading: content.title.clone(),
        path: path_of(content.id),
        rows: rows(&data),
        form: FormState::new(data),
        choices,
        notes,
        standing: Some(Standing {
            path: path_of(content.id),
            state: is,
            picture: pictures.whole(content),
            is_job: content.kind == ContentKind::Job,
            came: None,
            figures_at,
            at_ms: match is {
                ContentState::Draft => None,
                ContentState::Scheduled | ContentState::Published => content.published_at_ms,
                ContentState::Expired => content.expires_at_ms,
                ContentState::Archived => content.closed_at_ms,
            },
            days: RECENT_DAYS,
        }),
        page,
    })
}

async fn standing_form(state: &PortalState, person: &Person, content: &Content) -> Result<FormData, Error> {
    let teams = state.programme.team_tree(person.space_id()).await?;
    Ok(standing(content, &person.space.time_zone, &teams))
}

pub(super) async fn show_content(
    State(state): State<PortalState>,
    Path(id): Path<String>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Outcome {
    let content = state.programme.content(person.space_id(), id_of(&id)?).await?;
    person.needs(Action::WriteContents(content.kind))?;
    let data = standing_form(&state, &person, &content).await?;
    let mut shown = page(&state, &person, &content, data, Vec::new()).await?;
    let asked = FormData::read(query.unwrap_or_default().as_bytes());
    if let Some(standing) = shown.standing.as_mut().filter(|_| asked.has("figures", "yes")) {
        let period = last_days(&state.programme.today(person.space_id()).await?, RECENT_DAYS)?;
        let came = OfContents::ask(&state, person.space_id(), period).await?;
        standing.came = came.map(|came| came.of(&shown.page, &content));
        standing.figures_at = None;
    }
    show(&shown)
}

/// What came of a form.
enum Laid {
    Changed(Content),
    /// Somebody else changed the content since the form was opened.
    Stale(Content),
}

pub(super) async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let content = found(&state, &sent, &id).await?;
    sent.person.needs(Action::WriteContents(kind_of(&sent.form)))?;
    match lay(&state, &sent, &content).await {
        Ok(Laid::Changed(now)) => {
            let was_public = !matches!(content.state(state.programme.now_ms()), ContentState::Draft);
            let flash = if was_public && !sent.form.has("do", "publish") {
                Flash::new(msg("flash-saved"))
            } else {
                Flash::about(super::new::made(&now, state.programme.now_ms()), &now.title)
            };
            Ok(see_with(&path_of(now.id), &flash))
        }
        Ok(Laid::Stale(now)) => {
            let stands = standing_form(&state, &sent.person, &now).await?;
            let note = stale(&sent, &now, &stands);
            let data = sent.form.replaced("version", version_of(&now));
            let page = page(&state, &sent.person, &now, data, vec![note]).await?;
            Ok(answer(StatusCode::CONFLICT, &page))
        }
        Err(error) => {
            let Sent { person, form, .. } = sent;
            let refused = FormState::refused(form.clone(), error, person.texts)?;
            let page = ContentForm { form: refused, ..page(&state, &person, &content, form, Vec::new()).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Compared and changed in one transaction, so that no change of another is lost.
async fn lay(state: &PortalState, sent: &Sent, content: &Content) -> Result<Laid, Error> {
    let space = sent.person.space_id();
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let now = work.content(space, content.id).await?;
    if sent.form.text("version") != version_of(&now) {
        return Ok(Laid::Stale(now));
    }
    let fields = fields(&sent.form, &sent.person.space.time_zone, Some(&now), state.programme.now_ms());
    let content = work.update_content(space, content.id, &fields).await?;
    work.commit().await?;
    Ok(Laid::Changed(content))
}

/// What to do about a form that is older than what stands: the fields in which the two differ are named.
fn stale(sent: &Sent, now: &Content, stands: &FormData) -> Note {
    let texts = sent.person.texts;
    let fields = [
        (&["kind"][..], "content-kind"),
        (&["title"], "content-title"),
        (&["url"], "content-url"),
        (&["summary"], "content-summary"),
        (&["image_url"], "content-image"),
        (&["campaign_id"], "content-campaign"),
        (&["teams", "locations", "languages", "kinds", "skills"], "content-audience"),
        (&["caption_text", "caption_language", "caption_channel"], "content-texts"),
        (&["published_at"], "content-published-at"),
        (&["expires_at"], "content-expires-at"),
        (&["fallback_url"], "content-fallback"),
        (&["external_id"], "content-external-id"),
    ];
    let values = |form: &FormData, name: &str| -> Vec<String> {
        let values = form.all(name).into_iter().filter(|value| !value.trim().is_empty());
        let mut values: Vec<_> = values.map(|value| value.trim().replace("\r\n", "\n")).collect();
        if !name.starts_with("caption") {
            // Boxes are sent in the order of the page.
            values.sort_unstable();
        }
        values
    };
    let differ = fields
        .into_iter()
        .filter(|(names, _)| names.iter().any(|name| values(&sent.form, name) != values(stands, name)));
    let differ: Vec<_> = differ.map(|(_, label)| texts.say(label)).collect();
    let text = if differ.is_empty() {
        texts.say("content-stale-same")
    } else {
        texts.say_of("content-stale", "fields", differ.join(", ").as_str())
    };
    let link = Some((path_of(now.id), texts.say("content-stale-look")));
    Note { class: "is-warn", icon: "alert", text, link }
}

pub(super) async fn publish(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let now = format_instant(state.programme.now_ms()).into();
    set(
        &state,
        &sent,
        &id,
        ContentFields { published_at: now, ..ContentFields::default() },
        msg("flash-content-published"),
    )
    .await
}

pub(super) async fn archive(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let now = format_instant(state.programme.now_ms()).into();
    set(&state, &sent, &id, ContentFields { closed_at: now, ..ContentFields::default() }, msg("flash-content-archived"))
        .await
}

pub(super) async fn restore(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let fields = ContentFields { closed_at: Field::Null, ..ContentFields::default() };
    set(&state, &sent, &id, fields, msg("flash-content-restored")).await
}

/// Changes one thing, whatever else stands.
async fn set(state: &PortalState, sent: &Sent, id: &str, fields: ContentFields, message: &'static str) -> Outcome {
    let content = found(state, sent, id).await?;
    match set_in(state, sent, &content, &fields).await {
        Ok(()) => Ok(see_with(&path_of(content.id), &Flash::about(message, &content.title))),
        Err(error) => {
            let data = standing_form(state, &sent.person, &content).await?;
            let form = FormState::refused(data.clone(), error, sent.person.texts)?;
            let page = ContentForm { form, ..page(state, &sent.person, &content, data, Vec::new()).await? };
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn set_in(state: &PortalState, sent: &Sent, content: &Content, fields: &ContentFields) -> Result<(), Error> {
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.update_content(sent.person.space_id(), content.id, fields).await?;
    work.commit().await
}

/// The content that a form is about, if whoever sent it may change it.
async fn found(state: &PortalState, sent: &Sent, id: &str) -> Result<Content, Failure> {
    let content = state.programme.content(sent.person.space_id(), id_of(id)?).await?;
    sent.person.needs(Action::WriteContents(content.kind))?;
    Ok(content)
}
