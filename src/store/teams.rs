//! Teams and their managers.

use super::error::StoreError;
use super::reading::Reading;
use super::records::{Page, TeamRecord};
use super::transaction::on_engine;
use super::writing::Writing;
use crate::model::{Entity, SpaceId, Team, TeamId};

impl Reading {
    /// A team with its managers.
    pub async fn team(&mut self, space: SpaceId, id: TeamId) -> Result<Option<TeamRecord>, StoreError> {
        let team = on_engine!(self.transaction, team(space, id))?;
        Ok(self.managed(space, team.into_iter().collect()).await?.pop())
    }

    /// Every team of a space, in any order.
    pub async fn all_teams(&mut self, space: SpaceId) -> Result<Vec<Team>, StoreError> {
        on_engine!(self.transaction, all_teams(space))
    }

    /// Teams in the order of their creation; with `parent`, those right below it.
    pub async fn list_teams(
        &mut self,
        space: SpaceId,
        parent: Option<TeamId>,
        page: Page<TeamId>,
    ) -> Result<Vec<TeamRecord>, StoreError> {
        let teams = on_engine!(self.transaction, list_teams(space, parent, page))?;
        self.managed(space, teams).await
    }

    /// Teams of all spaces in the order of their ids, from the first after `after`.
    pub async fn scan_teams(&mut self, after: TeamId, limit: u32) -> Result<Vec<Team>, StoreError> {
        on_engine!(self.transaction, scan_teams(after, limit))
    }

    async fn managed(&mut self, space: SpaceId, teams: Vec<Team>) -> Result<Vec<TeamRecord>, StoreError> {
        let ids: Vec<_> = teams.iter().map(|team| team.id).collect();
        let mut managers = on_engine!(self.transaction, managers_of(space, &ids))?;
        let with_managers = |team: Team| TeamRecord { managers: managers.remove(&team.id).unwrap_or_default(), team };
        Ok(teams.into_iter().map(with_managers).collect())
    }
}

impl Writing {
    /// Inserts or replaces a team; its managers stay.
    pub async fn put_team(&mut self, team: &Team) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_team(team, at_ms))?;
        self.tell(team.space, &[(team.id.bits(), Entity::Team(team.clone()))]).await
    }

    /// Makes the advocates that `record` names the managers of its team, and nobody else. The feed
    /// is not told: no answer and no figure depends on it.
    pub async fn set_managers(&mut self, record: &TeamRecord) -> Result<(), StoreError> {
        on_engine!(self.transaction, set_managers(record.team.space, record.team.id, &record.managers))
    }
}
