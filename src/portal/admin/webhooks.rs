//! Webhooks: who else is told, and how each telling went.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{
    Failure, Flash, FormData, FormState, Outcome, Page, Pager, Person, Sent, answer, see_with, show,
};
use super::super::texts::msg;
use super::{Tab, access};
use crate::auth::Action;
use crate::model::{DeliveryId, WebhookId};
use crate::programme::webhooks::{Delivery, EVENTS, Webhook, WebhookFields};
use crate::programme::{Error, Field, Page as Slice};

pub(super) const PATH: &str = "/admin/webhooks";
/// Webhooks of the page: more than a space can have.
const ALL: Slice<WebhookId> = Slice { after: None, limit: 100 };
/// Deliveries of a page.
const AT_ONCE: u32 = 30;

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(list))
        .route("/admin/webhooks/new", get(form).post(create))
        .route("/admin/webhooks/{id}", get(show_webhook).post(change))
        .route("/admin/webhooks/{id}/test", post(test))
        .route("/admin/webhooks/{id}/switch", post(switch))
        .route("/admin/webhooks/{id}/delete", post(delete))
}

/// A webhook on a page.
struct Row {
    path: String,
    url: String,
    events: Vec<String>,
    /// `on`, `failing` or `off`.
    state: &'static str,
    /// `by_hand` or `failing`, as a message has it.
    off_reason: Option<String>,
    failures: i64,
}

fn row(webhook: &Webhook) -> Row {
    Row {
        path: path_of(webhook.id),
        url: webhook.url.clone(),
        events: webhook.events.clone(),
        state: match (webhook.on, webhook.failures) {
            (false, _) => "off",
            (true, 0) => "on",
            (true, _) => "failing",
        },
        off_reason: webhook.off_reason.as_ref().map(|reason| reason.replace('_', "-")),
        failures: webhook.failures,
    }
}

#[derive(Template)]
#[template(path = "admin/webhooks.html")]
struct Webhooks {
    page: Page,
    tabs: Vec<Tab>,
    webhooks: Vec<Row>,
}

async fn list(State(state): State<PortalState>, person: Person) -> Outcome {
    person.needs(Action::ManageWebhooks)?;
    let webhooks = state.programme.webhooks(person.space_id(), ALL).await?;
    let page = super::page(&person, super::tokens::PATH);
    show(&Webhooks { tabs: access::tabs(&page, PATH), webhooks: webhooks.iter().map(row).collect(), page })
}

#[derive(Template)]
#[template(path = "admin/webhook_new.html")]
struct New {
    page: Page,
    form: FormState,
    events: Vec<(String, String)>,
}

fn new(person: &Person, form: FormState) -> New {
    let page = below(person);
    New { events: events(&page), form, page }
}

fn below(person: &Person) -> Page {
    super::page(person, super::tokens::PATH).below(PATH, person.texts.say("webhooks-title"))
}

fn events(page: &Page) -> Vec<(String, String)> {
    let event = |event: &&str| {
        let word = event.replace(['.', '_'], "-").replace('*', "any");
        ((*event).to_owned(), page.word("event", &word))
    };
    EVENTS.iter().map(event).collect()
}

async fn form(person: Person) -> Outcome {
    person.needs(Action::ManageWebhooks)?;
    show(&new(&person, FormState::default()))
}

#[derive(Template)]
#[template(path = "admin/webhook_made.html")]
struct Made {
    page: Page,
    path: String,
    secret: String,
}

async fn create(State(state): State<PortalState>, sent: Sent) -> Outcome {
    sent.person.needs(Action::ManageWebhooks)?;
    match make(&state, &sent).await {
        Ok(webhook) => {
            let made = Made { page: below(&sent.person), path: path_of(webhook.id), secret: webhook.secret };
            Ok(answer(StatusCode::CREATED, &made))
        }
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &new(&sent.person, form)))
        }
    }
}

async fn make(state: &PortalState, sent: &Sent) -> Result<Webhook, Error> {
    let fields = fields(&sent.form);
    state.programme.check_destination(&fields).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    let webhook = work.create_webhook(sent.person.space_id(), &fields).await?;
    work.commit().await?;
    Ok(webhook)
}

fn fields(form: &FormData) -> WebhookFields {
    let events = form.all("events").into_iter().map(str::to_owned).collect();
    WebhookFields { url: form.field("url"), events: Field::Value(events), enabled: Field::Absent }
}

#[derive(Template)]
#[template(path = "admin/webhook.html")]
struct Shown {
    page: Page,
    webhook: Row,
    form: FormState,
    events: Vec<(String, String)>,
    deliveries: Vec<Delivery>,
    pager: Pager,
}

async fn shown(
    state: &PortalState,
    person: &Person,
    webhook: &Webhook,
    form: FormState,
    after: Option<DeliveryId>,
) -> Result<Shown, Failure> {
    let slice = Slice { after, limit: AT_ONCE + 1 };
    let mut deliveries = state.programme.deliveries(person.space_id(), webhook.id, slice).await?;
    let more = deliveries.len() > AT_ONCE as usize;
    deliveries.truncate(AT_ONCE as usize);
    let (page, row) = (below(person), row(webhook));
    let next = deliveries.last().filter(|_| more).map(|last| format!("{}?after={}", row.path, last.id));
    let pager = Pager { previous: after.map(|_| row.path.clone()), next };
    Ok(Shown { events: events(&page), webhook: row, form, deliveries, pager, page })
}

async fn show_webhook(
    State(state): State<PortalState>,
    Path(id): Path<String>,
    person: Person,
    RawQuery(query): RawQuery,
) -> Outcome {
    let webhook = state.programme.webhook(person.space_id(), id_of(&id)?).await?;
    person.needs(Action::ManageWebhooks)?;
    let mut data = FormData::default().with("url", &webhook.url);
    for event in &webhook.events {
        data = data.with("events", event);
    }
    let after = FormData::read(query.unwrap_or_default().as_bytes()).parsed("after");
    show(&shown(&state, &person, &webhook, FormState::new(data), after).await?)
}

async fn change(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let webhook = found(&state, &sent, &id).await?;
    match lay(&state, &sent, webhook.id, &fields(&sent.form)).await {
        Ok(()) => Ok(see_with(&path_of(webhook.id), &Flash::new(msg("flash-saved")))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            let page = shown(&state, &sent.person, &webhook, form, None).await?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn lay(state: &PortalState, sent: &Sent, id: WebhookId, fields: &WebhookFields) -> Result<(), Error> {
    state.programme.check_destination(fields).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.update_webhook(sent.person.space_id(), id, fields).await?;
    work.commit().await
}

/// Sends a test on the same way as all others; how it went stands in the log.
async fn test(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let webhook = found(&state, &sent, &id).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.test_webhook(sent.person.space_id(), webhook.id).await?;
    work.commit().await?;
    Ok(see_with(&path_of(webhook.id), &Flash::new(msg("flash-webhook-tested"))))
}

/// Switches it off, or on again with what waited.
async fn switch(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let webhook = found(&state, &sent, &id).await?;
    let on = sent.form.has("on", "yes");
    let fields = WebhookFields { enabled: Field::Value(on), ..WebhookFields::default() };
    lay(&state, &sent, webhook.id, &fields).await?;
    let message = if on { msg("flash-webhook-on") } else { msg("flash-webhook-off") };
    Ok(see_with(&path_of(webhook.id), &Flash::new(message)))
}

async fn delete(State(state): State<PortalState>, Path(id): Path<String>, sent: Sent) -> Outcome {
    let webhook = found(&state, &sent, &id).await?;
    let mut work = state.programme.work().await?.done_by(sent.person.actor());
    work.delete_webhook(sent.person.space_id(), webhook.id).await?;
    work.commit().await?;
    Ok(see_with(PATH, &Flash::about(msg("flash-removed"), &webhook.url)))
}

/// The webhook that a form is about, if whoever sent it may change webhooks.
async fn found(state: &PortalState, sent: &Sent, id: &str) -> Result<Webhook, Failure> {
    let webhook = state.programme.webhook(sent.person.space_id(), id_of(id)?).await?;
    sent.person.needs(Action::ManageWebhooks)?;
    Ok(webhook)
}

fn path_of(id: WebhookId) -> String {
    format!("{PATH}/{id}")
}

fn id_of(text: &str) -> Result<WebhookId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}
