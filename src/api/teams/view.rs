//! A team as the API shows it.

use serde::Serialize;

use crate::model::{AdvocateId, TeamId};
use crate::programme::TeamRecord;

/// A team with its managers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TeamView {
    #[schema(value_type = String)]
    id: TeamId,
    name: String,
    /// The team above it; null at the top.
    #[schema(value_type = Option<String>)]
    parent_id: Option<TeamId>,
    /// Advocates of the space.
    #[schema(value_type = Vec<String>)]
    manager_ids: Vec<AdvocateId>,
}

impl From<TeamRecord> for TeamView {
    fn from(TeamRecord { team, managers }: TeamRecord) -> Self {
        Self { id: team.id, name: team.name, parent_id: team.parent.known(), manager_ids: managers }
    }
}
