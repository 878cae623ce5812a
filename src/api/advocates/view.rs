//! An advocate as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::describe;
use crate::model::{AdvocateId, AdvocateKind, TeamId};
use crate::programme::shapes::{Date, Email, Instant, LanguageTag};
use crate::programme::times::format_instant;
use crate::programme::{AdvocateFields, AdvocateRecord};

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Advocate)]
pub(super) struct AdvocateView {
    id: AdvocateId,
    #[schema(value_type = Option<Email>)]
    email: Option<String>,
    name: Option<String>,
    kind: AdvocateKind,
    team: Option<String>,
    team_id: Option<TeamId>,
    location: Option<String>,
    #[schema(value_type = Option<LanguageTag>)]
    language: Option<String>,
    skills: Vec<String>,
    cohort: Option<String>,
    external_id: Option<String>,
    #[schema(value_type = Option<Date>)]
    invited_on: Option<String>,
    #[schema(value_type = Option<Instant>)]
    registered_at: Option<String>,
    #[schema(value_type = Option<Date>)]
    left_on: Option<String>,
}

impl From<AdvocateRecord> for AdvocateView {
    fn from(record: AdvocateRecord) -> Self {
        let advocate = record.advocate;
        Self {
            id: advocate.id,
            email: record.email,
            name: record.name,
            kind: advocate.kind,
            team: record.team_name,
            team_id: advocate.team.known(),
            location: advocate.location,
            language: advocate.language,
            skills: advocate.skills,
            cohort: advocate.cohort,
            external_id: advocate.external_id,
            invited_on: advocate.invited_on,
            registered_at: advocate.registered_at_ms.map(format_instant),
            left_on: advocate.left_on,
        }
    }
}

describe::new_body! {
    /// [`AdvocateFields`] of a new advocate: somebody who can be recognised.
    NewAdvocate: AdvocateFields, &[&["email"], &["external_id"]]
}
