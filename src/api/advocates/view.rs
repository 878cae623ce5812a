//! An advocate as the API shows it.

use serde::Serialize;

use crate::model::{AdvocateId, AdvocateKind, TeamId};
use crate::programme::AdvocateRecord;
use crate::programme::times::format_instant;

#[derive(Debug, Serialize)]
pub(super) struct AdvocateView {
    id: AdvocateId,
    email: Option<String>,
    name: Option<String>,
    kind: AdvocateKind,
    team: Option<String>,
    team_id: Option<TeamId>,
    location: Option<String>,
    language: Option<String>,
    skills: Vec<String>,
    cohort: Option<String>,
    external_id: Option<String>,
    invited_on: Option<String>,
    registered_at: Option<String>,
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
