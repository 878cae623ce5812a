//! A team as the API shows it.

use serde::Serialize;

use crate::api::describe;
use crate::model::{AdvocateId, TeamId};
use crate::programme::{TeamFields, TeamRecord};

/// A team with its managers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TeamView {
    id: TeamId,
    name: String,
    /// The team above it; null at the top.
    parent_id: Option<TeamId>,
    /// Advocates of the space.
    manager_ids: Vec<AdvocateId>,
}

impl From<TeamRecord> for TeamView {
    fn from(TeamRecord { team, managers }: TeamRecord) -> Self {
        Self { id: team.id, name: team.name, parent_id: team.parent.known(), manager_ids: managers }
    }
}

describe::new_body! {
    /// [`TeamFields`] of a new team.
    NewTeam: TeamFields, &[&["name"]]
}
