//! Signing in through the identity provider.

use axum::extract::{Query, State};
use axum::response::Response;
use http::{StatusCode, header};
use serde::Deserialize;

use super::super::PortalState;
use super::super::parts::{Fields, Notice, Page, Visit, answer, cookies};
use super::mail::signed_in_answer;
use super::pages::Away;
use crate::auth::Secret;
use crate::auth::oidc::{Callback, OidcError};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::portal) struct BeginFields {
    space: String,
    #[serde(default)]
    next: String,
}

/// Sends the browser to the provider.
pub(in crate::portal) async fn begin(
    State(state): State<PortalState>,
    visit: Visit,
    Fields(given): Fields<BeginFields>,
) -> Response {
    if let Some(slow) = visit.slowed(&state) {
        return slow;
    }
    let missing = || Notice::MISSING.answer(StatusCode::NOT_FOUND, visit.texts);
    let Some(oidc) = &state.oidc else { return missing() };
    let space = match visit.space(&state, Some(&given.space)).await {
        Ok(Some(space)) => space,
        Ok(None) => return missing(),
        Err(error) => return visit.failed(&error),
    };
    let browser = visit.browser.clone().unwrap_or_else(Secret::draw);
    let address = match oidc.begin(space.id, &browser, &given.next).await {
        Ok(address) => address,
        Err(error) => return refused(&visit, &error),
    };
    let mut response =
        answer(StatusCode::OK, &Away { page: Page::of_nobody(visit.texts, Some(&space)), address: &address });
    response.headers_mut().append(header::SET_COOKIE, cookies::browser(&browser));
    response
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct CallbackQuery {
    code: String,
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

/// Where the provider sends people back to. A GET, because the provider makes it one; what proves
/// that this browser began it is the state, together with the browser's own cookie.
pub(in crate::portal) async fn complete(
    State(state): State<PortalState>,
    visit: Visit,
    Query(given): Query<CallbackQuery>,
) -> Response {
    if let Some(slow) = visit.slowed(&state) {
        return slow;
    }
    let Some(oidc) = &state.oidc else { return Notice::MISSING.answer(StatusCode::NOT_FOUND, visit.texts) };
    if let Some(error) = &given.error {
        // A word of OAuth's list, or whatever somebody wrote into the address: no more than that.
        let error: String = error.chars().filter(char::is_ascii_graphic).take(64).collect();
        return refused(&visit, &OidcError::Provider(error));
    }
    let callback = Callback { code: &given.code, state: &given.state, issuer: given.iss.as_deref() };
    match oidc.complete(&callback, visit.browser.as_ref(), visit.session.as_ref()).await {
        Ok(signed_in) => signed_in_answer(&state, &signed_in),
        Err(error) => refused(&visit, &error),
    }
}

fn refused(visit: &Visit, error: &OidcError) -> Response {
    match error {
        OidcError::Store(error) => visit.failed(error),
        OidcError::State => Notice::OVER.answer(StatusCode::GONE, visit.texts),
        OidcError::Provider(_) | OidcError::Token(_) | OidcError::Stranger => {
            tracing::warn!(%error, "somebody was not signed in through the identity provider");
            Notice::PROVIDER.answer(StatusCode::FORBIDDEN, visit.texts)
        }
    }
}
