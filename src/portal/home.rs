//! Who is signed in here, and signing out.

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, header};
use serde::Deserialize;

use super::pages::{self, Notice, Row, answer, see};
use super::visit::{Fields, Visit};
use super::{PortalState, cookies};
use crate::auth::Visitor;
use crate::model::Role;
use crate::programme::Error;
use crate::programme::times::format_instant;

/// Who is signed in here; everybody else is asked to.
pub(super) async fn show(State(state): State<PortalState>, visit: Visit) -> Response {
    let visitor = match state.auth.visitor(&visit.headers).await {
        Ok(Some(visitor)) => visitor,
        Ok(None) => return see("/sign-in"),
        Err(error) => return visit.failed(&error),
    };
    page(&state, &visit, &visitor).await.unwrap_or_else(|error| visit.failed(&error))
}

async fn page(state: &PortalState, visit: &Visit, visitor: &Visitor) -> Result<Response, Error> {
    let space = state.programme.space(visitor.principal.space).await?;
    let person = state.programme.advocate(space.id, visitor.advocate).await?;
    let sessions = state.auth.sessions(space.id, visitor.advocate).await?;
    let row = |session: crate::auth::session::SessionRecord| Row {
        id: session.id.to_string(),
        since: format_instant(session.created_at_ms),
        seen: format_instant(session.seen_at_ms),
        current: session.id == visitor.session,
    };
    let who = person.name.or(person.email).unwrap_or_default();
    let role = match visitor.principal.role {
        Role::Marketing => "home-role-marketing",
        Role::Recruiter => "home-role-recruiter",
        Role::Admin => "home-role-admin",
        // No person is an operator.
        Role::Advocate | Role::Operator => "home-role-advocate",
    };
    let sessions = sessions.into_iter().map(row).collect();
    let (t, csrf) = (visit.texts, visitor.csrf.as_str());
    Ok(answer(StatusCode::OK, &pages::Home { t, space: &space.name, who: &who, role, csrf, sessions }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutFields {
    csrf: String,
}

/// Ends this browser's session.
pub(super) async fn sign_out(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<OutFields>,
) -> Response {
    let visitor = match proven(&state, &visit, &given.csrf).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match state.auth.sign_out(visitor.principal.space, visitor.advocate, visitor.session).await {
        Ok(_) => out(),
        Err(error) => visit.failed(&error),
    }
}

/// Ends every session of this person.
pub(super) async fn sign_out_everywhere(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<OutFields>,
) -> Response {
    let visitor = match proven(&state, &visit, &given.csrf).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let actor = visitor.principal.actor();
    match state.auth.sign_out_everywhere(&actor, visitor.principal.space, visitor.advocate).await {
        Ok(_) => out(),
        Err(error) => visit.failed(&error),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndFields {
    csrf: String,
    id: String,
}

/// Ends one session of this person.
pub(super) async fn end_session(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<EndFields>,
) -> Response {
    let visitor = match proven(&state, &visit, &given.csrf).await {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let Ok(id) = given.id.parse() else { return see("/") };
    match state.auth.sign_out(visitor.principal.space, visitor.advocate, id).await {
        Ok(_) => see("/"),
        Err(error) => visit.failed(&error),
    }
}

/// The person whose page made this request.
async fn proven(state: &PortalState, visit: &Visit, csrf: &str) -> Result<Visitor, Response> {
    match state.auth.visitor(&visit.headers).await {
        Ok(Some(visitor)) if visitor.is_csrf(csrf) => Ok(visitor),
        Ok(Some(_)) => Err(Notice::REFUSED.answer(StatusCode::FORBIDDEN, visit.texts)),
        Ok(None) => Err(out()),
        Err(error) => Err(visit.failed(&error)),
    }
}

fn out() -> Response {
    let mut response = see("/sign-in");
    response.headers_mut().append(header::SET_COOKIE, cookies::no_session());
    response
}
