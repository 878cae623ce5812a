//! Somebody who is signed in.

use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;

use super::super::PortalState;
use super::super::texts::TEXTS;
use super::failure::Failure;
use super::visit::{self, Visit};
use super::{Area, Page, see};
use crate::auth::{Action, Visitor, may};
use crate::model::language::spoken;
use crate::model::{AdvocateId, Role, Space, SpaceId};
use crate::programme::{AdvocateRecord, Error};
use crate::texts::Texts;

/// Whoever makes a request, signed in; others are sent to sign in, and come back.
pub(in crate::portal) struct Person {
    /// What the request tells.
    pub(in crate::portal) visit: Visit,
    /// The session, with its rights.
    pub(in crate::portal) visitor: Visitor,
    /// The only space that the person acts in.
    pub(in crate::portal) space: Space,
    /// The person itself.
    pub(in crate::portal) record: AdvocateRecord,
    /// Whether it manages a team.
    pub(in crate::portal) manages: bool,
    /// What the person reads.
    pub(in crate::portal) texts: &'static Texts,
}

/// The frame of the request's page as far as it is known, so that what goes wrong is said inside it.
#[derive(Clone, Default)]
pub(super) struct Frame(Arc<OnceLock<Page>>);

impl Frame {
    /// Keeps it.
    pub(super) fn keep(&self, page: Page) {
        // A request has one person; a second extractor of it finds the same.
        let _ = self.0.set(page);
    }

    /// What was kept.
    pub(super) fn kept(&self) -> Option<&Page> {
        self.0.get()
    }
}

impl Person {
    /// The space's id.
    pub(in crate::portal) fn space_id(&self) -> SpaceId {
        self.space.id
    }

    /// The person's id.
    pub(in crate::portal) fn id(&self) -> AdvocateId {
        self.visitor.advocate
    }

    /// The person's role.
    pub(in crate::portal) fn role(&self) -> Role {
        self.visitor.principal.role
    }

    /// How the audit log calls the person.
    pub(in crate::portal) fn actor(&self) -> String {
        self.visitor.principal.actor()
    }

    /// Goes on if the person's role may do this.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub(in crate::portal) fn needs(&self, action: Action) -> Result<(), Failure> {
        if may(self.role(), action) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// The frame of a page at an entry of an area's navigation.
    pub(in crate::portal) fn page(&self, area: Area, here: &'static str) -> Page {
        Page::of_person(self).at(area, here)
    }
}

impl FromRequestParts<PortalState> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &PortalState) -> Result<Self, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        let visitor = match state.auth.visitor(&visit.headers).await {
            Ok(Some(visitor)) => visitor,
            Ok(None) => return Err(sign_in(parts)),
            Err(error) => return Err(Failure::from(Error::Store(error)).into()),
        };
        let presence = state.programme.presence(visitor.principal.space, visitor.advocate).await;
        let (space, record) = presence.map_err(|error| Response::from(Failure::from(error)))?;
        let manages = state.programme.manages(visitor.principal.space, visitor.advocate).await;
        let manages = manages.map_err(|error| Response::from(Failure::from(error)))?;
        let own = record.advocate.language.as_deref().and_then(spoken);
        let language = own.unwrap_or_else(|| visit::language(&visit.headers, Some(&space)));
        let person = Self { visit, visitor, space, record, manages, texts: TEXTS.of(language) };
        if let Some(frame) = parts.extensions.get::<Frame>() {
            frame.keep(Page::of_person(&person));
        }
        Ok(person)
    }
}

/// To the sign-in page, and from there back to what was asked for. What a form would have sent is
/// lost: whoever comes back sees the page of that form.
fn sign_in(parts: &Parts) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if !parts.method.is_safe() || asked == "/" {
        return see("/sign-in");
    }
    let next: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    see(&format!("/sign-in?next={next}"))
}
