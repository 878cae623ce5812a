//! Who asks for a page: language, browser, session, space.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::super::PortalState;
use super::super::texts::TEXTS;
use super::Notice;
use crate::auth::Secret;
use crate::auth::session::{BROWSER_COOKIE, SESSION_COOKIE, cookie};
use crate::model::programme::Language;
use crate::model::{Space, SpaceId, language::preferred};
use crate::net::ClientAddress;
use crate::programme::Error;
use crate::texts::Texts;

/// What a request tells about its sender before anything is looked up.
pub(in crate::portal) struct Visit {
    pub(in crate::portal) texts: &'static Texts,
    pub(in crate::portal) client: IpAddr,
    pub(in crate::portal) browser: Option<Secret>,
    /// The session's secret, whether or not it still opens anything.
    pub(in crate::portal) session: Option<Secret>,
    pub(in crate::portal) headers: HeaderMap,
}

/// The language that a browser prefers.
pub(in crate::portal) fn language(headers: &HeaderMap, space: Option<&Space>) -> Language {
    let otherwise = space.map_or(Language::English, |space| space.language);
    preferred(headers.get(header::ACCEPT_LANGUAGE).map(http::HeaderValue::as_bytes), otherwise)
}

impl FromRequestParts<PortalState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &PortalState) -> Result<Self, Infallible> {
        let headers = parts.headers.clone();
        let texts = TEXTS.of(language(&headers, None));
        // Every port gives it; a router that is called directly has no client.
        let client = parts.extensions.get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientAddress(client)| *client);
        let browser = cookie(&headers, BROWSER_COOKIE).and_then(Secret::read);
        let session = cookie(&headers, SESSION_COOKIE).and_then(Secret::read);
        Ok(Self { texts, client, browser, session, headers })
    }
}

impl Visit {
    /// Counts an attempt of the client's network: the page to answer when there were too many.
    pub(in crate::portal) fn slowed(&self, state: &PortalState) -> Option<Response> {
        let now = Instant::now();
        let client = state.limits.client(self.client, now);
        let Err(early) = state.limits.request(&client, now) else {
            state.limits.miss(&client, now);
            return None;
        };
        let mut response = Notice::SLOW.answer(StatusCode::TOO_MANY_REQUESTS, self.texts);
        response.headers_mut().insert(header::RETRY_AFTER, early.retry_after_s.into());
        Some(response)
    }

    /// The space of this slug, else of the request's host, else the only one that there is.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub(in crate::portal) async fn space(
        &self,
        state: &PortalState,
        slug: Option<&str>,
    ) -> Result<Option<Space>, Error> {
        if let Some(slug) = slug.map(str::trim).filter(|slug| !slug.is_empty()) {
            return found(state.programme.space_of_slug(&slug.to_lowercase()).await);
        }
        let host = self.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name).to_lowercase();
        if let Some(space) = found(state.programme.space_of_host(&host).await)? {
            return Ok(Some(space));
        }
        let mut spaces = state.programme.spaces(SpaceId::NONE, 2).await?;
        Ok(if spaces.len() == 1 { spaces.pop() } else { None })
    }

    /// The answer to a failure that is not the person's.
    pub(in crate::portal) fn failed(&self, error: &dyn std::error::Error) -> Response {
        tracing::error!(%error, "a page could not be answered");
        Notice::FAILED.answer(StatusCode::INTERNAL_SERVER_ERROR, self.texts)
    }
}

fn found(looked_up: Result<Space, Error>) -> Result<Option<Space>, Error> {
    match looked_up {
        Ok(space) => Ok(Some(space)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The fields of a POST: a form's, or JSON.
pub(in crate::portal) struct Fields<T>(pub(in crate::portal) T);

impl<T: DeserializeOwned> FromRequest<PortalState> for Fields<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("application/json") {
            let read = Json::<T>::from_request(request, state).await;
            return read.map(|Json(fields)| Self(fields)).map_err(|rejection| rejection.into_response());
        }
        let read = Form::<T>::from_request(request, state).await;
        read.map(|Form(fields)| Self(fields)).map_err(|rejection| rejection.into_response())
    }
}
