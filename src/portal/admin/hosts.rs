//! Hosts of short links, and domains whose addresses may join.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;

use super::super::PortalState;
use super::super::parts::{Failure, Flash, FormData, FormState, Outcome, Page, Person, Sent, answer, see_with, show};
use super::super::texts::msg;
use super::{Tab, change_space, may_set_up, space_tabs};
use crate::programme::hosts::HostState;
use crate::programme::{Field, SpaceFields};

pub(super) const PATH: &str = "/admin/hosts";
pub(super) const DOMAINS: &str = "/admin/domains";

pub(super) fn routes() -> Router<PortalState> {
    Router::new()
        .route(PATH, get(show_hosts).post(add_host))
        .route("/admin/hosts/check", post(check_host))
        .route("/admin/hosts/remove", post(remove_host))
        .route(DOMAINS, get(show_domains).post(add_domain))
        .route("/admin/domains/remove", post(remove_domain))
}

#[derive(Template)]
#[template(path = "admin/hosts.html")]
struct Hosts {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    hosts: Vec<Row>,
}

/// A host on the page.
struct Row {
    host: String,
    /// The word of its state; `open` while nobody asked.
    state: &'static str,
    /// How good that is: `good`, `warn`, `bad`, or nothing.
    grade: &'static str,
    checked_at_ms: Option<i64>,
}

async fn show_hosts(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    show(&hosts(&state, &person, FormState::default()).await?)
}

async fn hosts(state: &PortalState, person: &Person, form: FormState) -> Result<Hosts, Failure> {
    let page = super::page(person, super::identity::PATH);
    let hosts = state.programme.hosts(person.space_id()).await?;
    let rows = hosts.into_iter().map(|checked| Row {
        state: checked.check.map_or("open", |(state, _)| state.as_str()),
        grade: match checked.check.map(|(state, _)| state) {
            None => "",
            Some(HostState::Secure) => "good",
            Some(HostState::Plain | HostState::Private) => "warn",
            Some(HostState::Elsewhere | HostState::Unknown | HostState::Silent) => "bad",
        },
        checked_at_ms: checked.check.map(|(_, at_ms)| at_ms),
        host: checked.host,
    });
    Ok(Hosts { tabs: space_tabs(&page, PATH), form, hosts: rows.collect(), page })
}

async fn add_host(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let host = sent.form.text("hosts").trim().to_owned();
    let mut all = sent.person.space.hosts.clone();
    all.push(host.clone());
    let fields = SpaceFields { hosts: Field::Value(all), ..SpaceFields::default() };
    match change_space(&state, &sent, &fields).await {
        Ok(space) => {
            // As the programme writes it.
            let added = space.hosts.iter().find(|host| !sent.person.space.hosts.contains(host));
            if let Some(added) = added {
                state.programme.check_host(space.id, added).await?;
            }
            Ok(see_with(PATH, &Flash::about(msg("flash-host-added"), added.unwrap_or(&host))))
        }
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &hosts(&state, &sent.person, form).await?))
        }
    }
}

async fn check_host(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let host = sent.form.text("host");
    state.programme.check_host(sent.person.space_id(), host).await?;
    Ok(see_with(PATH, &Flash::about(msg("flash-host-checked"), host)))
}

async fn remove_host(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let host = sent.form.text("host");
    let rest = without(&sent.person.space.hosts, host)?;
    change_space(&state, &sent, &SpaceFields { hosts: Field::Value(rest), ..SpaceFields::default() }).await?;
    Ok(see_with(PATH, &Flash::about(msg("flash-removed"), host)))
}

#[derive(Template)]
#[template(path = "admin/domains.html")]
struct Domains {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    domains: Vec<String>,
    /// Domains of people who are here already, and how many have an address there.
    proposed: Vec<(String, u64)>,
}

async fn show_domains(State(state): State<PortalState>, person: Person) -> Outcome {
    may_set_up(&person)?;
    show(&domains(&state, &person, FormState::default()).await?)
}

async fn domains(state: &PortalState, person: &Person, form: FormState) -> Result<Domains, Failure> {
    let page = super::page(person, super::identity::PATH);
    let proposed = state.programme.proposed_domains(person.space_id()).await?;
    let domains = person.space.email_domains.clone();
    Ok(Domains { tabs: space_tabs(&page, DOMAINS), form, domains, proposed, page })
}

async fn add_domain(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let domain = sent.form.text("email_domains").trim().to_owned();
    if !sent.form.has("confirmed", "yes") {
        let mut form = FormState::new(FormData::default().with("email_domains", &domain));
        form.refuse("confirmed", sent.person.texts.say("domain-confirm-first"));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &domains(&state, &sent.person, form).await?));
    }
    let mut all = sent.person.space.email_domains.clone();
    all.push(domain.trim_start_matches('@').to_owned());
    let fields = SpaceFields { email_domains: Field::Value(all), ..SpaceFields::default() };
    match change_space(&state, &sent, &fields).await {
        Ok(_) => Ok(see_with(DOMAINS, &Flash::about(msg("flash-domain-added"), &domain))),
        Err(error) => {
            let form = FormState::refused(sent.form, error, sent.person.texts)?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &domains(&state, &sent.person, form).await?))
        }
    }
}

async fn remove_domain(State(state): State<PortalState>, sent: Sent) -> Outcome {
    may_set_up(&sent.person)?;
    let domain = sent.form.text("domain");
    let rest = without(&sent.person.space.email_domains, domain)?;
    change_space(&state, &sent, &SpaceFields { email_domains: Field::Value(rest), ..SpaceFields::default() }).await?;
    Ok(see_with(DOMAINS, &Flash::about(msg("flash-removed"), domain)))
}

/// A list without one of its entries, which must be there.
fn without(all: &[String], entry: &str) -> Result<Vec<String>, Failure> {
    let rest: Vec<_> = all.iter().filter(|one| *one != entry).cloned().collect();
    if rest.len() < all.len() { Ok(rest) } else { Err(Failure::Missing) }
}
