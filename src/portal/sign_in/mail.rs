//! Signing in by mail.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{StatusCode, header};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Fields, Notice, Page, Visit, answer, cookies, see};
use super::super::texts::msg;
use super::pages;
use crate::auth::Secret;
use crate::auth::sign_in::{Ask, Refused, SignedIn};
use crate::model::Space;
use crate::programme::advocates;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct FormQuery {
    space: Option<String>,
    next: String,
    /// Somebody has just left the programme.
    left: Option<String>,
}

/// The form. Somebody who is signed in may have come to sign in as somebody else.
pub(in crate::portal) async fn form(
    State(state): State<PortalState>,
    visit: Visit,
    Query(asked): Query<FormQuery>,
) -> Response {
    match visit.space(&state, asked.space.as_deref()).await {
        Ok(space) => {
            let left = asked.left.is_some().then_some(msg("left"));
            form_page(&state, &visit, space.as_ref(), &asked.next, left, StatusCode::OK)
        }
        Err(error) => visit.failed(&error),
    }
}

fn form_page(
    state: &PortalState,
    visit: &Visit,
    space: Option<&Space>,
    next: &str,
    problem: Option<&'static str>,
    status: StatusCode,
) -> Response {
    let provider = state.oidc.as_ref().map(crate::auth::oidc::Oidc::name);
    let page = Page::of_nobody(visit.texts, space);
    answer(status, &pages::SignIn { page, next, provider, problem })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::portal) struct AskFields {
    email: String,
    #[serde(default)]
    space: Option<String>,
    #[serde(default)]
    next: String,
}

/// Somebody asks for a mail. The answer is the same for every address.
pub(in crate::portal) async fn ask(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<AskFields>,
) -> Response {
    if let Some(slow) = visit.slowed(&state) {
        return slow;
    }
    let space = match visit.space(&state, given.space.as_deref()).await {
        Ok(space) => space,
        Err(error) => return visit.failed(&error),
    };
    let wrong = |problem| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        form_page(&state, &visit, space.as_ref(), &given.next, Some(problem), status)
    };
    let Some(space) = &space else { return wrong(msg("sign-in-bad-space")) };
    let Ok(email) = advocates::email(&given.email) else { return wrong(msg("sign-in-bad-email")) };
    let browser = visit.browser.clone().unwrap_or_else(Secret::draw);
    let ask = Ask {
        space: space.id,
        email: &email,
        browser: &browser,
        next: &given.next,
        language: super::super::parts::language(&visit.headers, Some(space)),
        client: visit.client,
    };
    if let Err(error) = state.auth.ask(ask).await {
        return visit.failed(&error);
    }
    let mut response =
        answer(StatusCode::OK, &pages::Code { page: Page::of_nobody(visit.texts, Some(space)), wrong: false });
    response.headers_mut().append(header::SET_COOKIE, cookies::browser(&browser));
    response
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::portal) struct CodeFields {
    code: String,
}

/// Somebody types the code.
pub(in crate::portal) async fn code(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<CodeFields>,
) -> Response {
    if let Some(slow) = visit.slowed(&state) {
        return slow;
    }
    // A browser that never asked waits as long for its refusal.
    let browser = visit.browser.clone().unwrap_or_else(Secret::draw);
    match state.auth.sign_in_by_code(&browser, &given.code, visit.session.as_ref()).await {
        Ok(signed_in) => signed_in_answer(&state, &signed_in),
        Err(Refused::Store(error)) => visit.failed(&error),
        Err(Refused::Invalid | Refused::OtherBrowser) => {
            let page = Page::of_nobody(visit.texts, None);
            answer(StatusCode::UNPROCESSABLE_ENTITY, &pages::Code { page, wrong: true })
        }
    }
}

/// Somebody, or a scanner of mails, follows the link.
pub(in crate::portal) async fn show_link(
    State(state): State<PortalState>,
    visit: Visit,
    Path(link): Path<String>,
) -> Response {
    let Some(secret) = Secret::read(&link) else { return refused(&visit, &Refused::Invalid) };
    let space = match state.auth.look_at_link(&secret, visit.browser.as_ref()).await {
        Ok(space) => space,
        Err(error) => return refused(&visit, &error),
    };
    match state.programme.space(space).await {
        Ok(space) => {
            let page = Page::of_nobody(visit.texts, Some(&space));
            answer(StatusCode::OK, &pages::Link { page, link: &link })
        }
        Err(error) => visit.failed(&error),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::portal) struct LinkFields {
    link: String,
}

/// Somebody presses the button of the link's page.
pub(in crate::portal) async fn use_link(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<LinkFields>,
) -> Response {
    if let Some(slow) = visit.slowed(&state) {
        return slow;
    }
    let Some(secret) = Secret::read(&given.link) else { return refused(&visit, &Refused::Invalid) };
    match state.auth.sign_in_by_link(&secret, visit.browser.as_ref(), visit.session.as_ref()).await {
        Ok(signed_in) => signed_in_answer(&state, &signed_in),
        Err(error) => refused(&visit, &error),
    }
}

fn refused(visit: &Visit, error: &Refused) -> Response {
    match error {
        Refused::Store(error) => visit.failed(error),
        Refused::OtherBrowser => Notice::ELSEWHERE.answer(StatusCode::FORBIDDEN, visit.texts),
        Refused::Invalid => Notice::OVER.answer(StatusCode::GONE, visit.texts),
    }
}

/// Sets the new session's cookie, and goes where the person wanted to.
pub(in crate::portal) fn signed_in_answer(state: &PortalState, signed_in: &SignedIn) -> Response {
    tracing::info!(space = %signed_in.space, advocate = %signed_in.advocate, "somebody signed in");
    let mut response = see(&signed_in.next);
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookies::session(&signed_in.session, state.auth.config().max_ms()));
    headers.append(header::SET_COOKIE, cookies::no_browser());
    response
}
