//! Contents as those who publish look for them, the groups of people that audiences choose among, and objectives.

use super::error::StoreError;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{AdvocateKind, CampaignId, Content, ContentKind, ContentState, Quarter, SpaceId, TeamId};

/// Which contents are looked for; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct LibraryFilter {
    /// Part of the title, the summary or the address; small and capital letters, and those with an accent of French and
    /// without, are the same.
    pub text: Option<String>,
    /// Of this kind.
    pub kind: Option<ContentKind>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// In this state at an instant, in milliseconds since 1970.
    pub state: Option<(ContentState, i64)>,
}

/// People whom no audience tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleGroup {
    /// Their team, or none.
    pub team: TeamId,
    /// Where they work.
    pub location: Option<String>,
    /// What they read.
    pub language: Option<String>,
    /// What they are.
    pub kind: AdvocateKind,
    /// What they know about.
    pub skills: Vec<String>,
    /// How many they are.
    pub people: u64,
}

/// What is aimed at in a quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectiveRecord {
    /// By whom: a team, or none for the whole programme.
    pub team: TeamId,
    /// The KPI.
    pub kpi: String,
    /// The figure to reach, in the KPI's unit.
    pub target: serde_json::Number,
}

impl Reading {
    /// Contents, latest first, `limit` of them after the first `offset`, and how many fit in all.
    pub async fn search_contents(
        &mut self,
        space: SpaceId,
        filter: &LibraryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<Content>, u64), StoreError> {
        on_engine!(self.transaction, search_contents(space, filter, offset, limit))
    }

    /// How many contents each campaign has; those without any are not named.
    pub async fn contents_of_campaigns(&mut self, space: SpaceId) -> Result<Vec<(CampaignId, u64)>, StoreError> {
        on_engine!(self.transaction, contents_of_campaigns(space))
    }

    /// People who have not left by the local date `today`, in groups.
    pub async fn people_groups(&mut self, space: SpaceId, today: &str) -> Result<Vec<PeopleGroup>, StoreError> {
        on_engine!(self.transaction, people_groups(space, today))
    }

    /// What is aimed at in a quarter, by the whole programme and by teams.
    pub async fn objectives(&mut self, space: SpaceId, quarter: Quarter) -> Result<Vec<ObjectiveRecord>, StoreError> {
        on_engine!(self.transaction, objectives(space, quarter))
    }
}

impl Writing {
    /// Sets what is aimed at, or changes it.
    pub async fn put_objective(
        &mut self,
        space: SpaceId,
        quarter: Quarter,
        objective: &ObjectiveRecord,
    ) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.reading.transaction, put_objective(space, quarter, objective, at_ms))
    }

    /// Takes an objective back.
    pub async fn remove_objective(
        &mut self,
        space: SpaceId,
        quarter: Quarter,
        team: TeamId,
        kpi: &str,
    ) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, remove_objective(space, quarter, team, kpi))
    }
}
