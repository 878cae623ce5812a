//! Teams: a tree, and who manages each.

use std::collections::HashMap;
use std::str::FromStr as _;

use serde::Deserialize;

use super::fields::{Check, Field, MAX_LIST};
use super::shapes::{FullLine, GivenTeamId};
use super::{Error, Page, Programme, TeamRecord, Work, ids};
use crate::model::{AdvocateId, ParseIdError, SpaceId, Team, TeamId};

/// Teams from the top of the tree to its bottom, at most.
pub const MAX_DEPTH: usize = 8;

/// A team as it is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamFields {
    /// Unique in the space; must be given.
    #[serde(default)]
    #[schema(value_type = FullLine)]
    pub name: Field<String>,
    /// The team above it; none: it stands at the top.
    #[serde(default)]
    #[schema(value_type = Option<GivenTeamId>)]
    pub parent_id: Field<String>,
    /// Advocates of the space, at most 100; the list replaces what stands.
    #[serde(default)]
    #[schema(value_type = Option<Vec<AdvocateId>>, max_items = 100)]
    pub manager_ids: Field<Vec<String>>,
}

impl Programme {
    /// A team with its managers.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn team(&self, space: SpaceId, id: TeamId) -> Result<TeamRecord, Error> {
        self.store.read().await?.team(space, id).await?.ok_or(MISSING)
    }

    /// Teams in the order of their creation; with `parent`, those right below it.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no team of the space.
    pub async fn teams(
        &self,
        space: SpaceId,
        parent: Option<TeamId>,
        page: Page<TeamId>,
    ) -> Result<Vec<TeamRecord>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.team(space, after).await?.ok_or(Error::NotFound { what: "team", field: Some("after") })?;
        }
        Ok(reading.list_teams(space, parent, page).await?)
    }
}

impl Work {
    /// Adds a team.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::NotFound`] for its parent or a manager; [`Error::Conflict`]:
    /// `name_taken`, `team_too_deep`.
    pub async fn create_team(&mut self, space: SpaceId, fields: &TeamFields) -> Result<TeamRecord, Error> {
        self.open_space(space).await?;
        let id = TeamId::from_bits(ids::random_bits());
        let team = Team { id, space, parent: TeamId::NONE, name: String::new() };
        self.lay_team(TeamRecord { team, managers: Vec::new() }, fields).await
    }

    /// Lays `fields` over a team.
    ///
    /// # Errors
    /// [`Error::NotFound`], `team_cycle` when it would stand below itself, and those of
    /// [`Self::create_team`].
    pub async fn update_team(&mut self, space: SpaceId, id: TeamId, fields: &TeamFields) -> Result<TeamRecord, Error> {
        self.open_space(space).await?;
        let record = self.writing.team(space, id).await?.ok_or(MISSING)?;
        self.lay_team(record, fields).await
    }

    async fn lay_team(&mut self, standing: TeamRecord, fields: &TeamFields) -> Result<TeamRecord, Error> {
        let mut record = standing.clone();
        let mut check = Check::default();
        check.required_text("name", &fields.name, &mut record.team.name);
        if TeamId::from_str(&record.team.name).is_ok() {
            check.refuse(
                "name",
                "invalid",
                "a name must not have the form of an id: advocates name their team by either",
            );
        }
        let mut parent = record.team.parent.known();
        check.optional("parent_id", &fields.parent_id, &mut parent, |check, text| {
            let parsed: Result<TeamId, ParseIdError> = text.parse();
            parsed.map_err(|error| check.refuse("parent_id", "invalid", error.to_string())).ok()
        });
        record.team.parent = parent.unwrap_or(TeamId::NONE);
        check.list("manager_ids", &fields.manager_ids, &mut record.managers, MAX_LIST, |check, name, text| {
            let parsed: Result<AdvocateId, ParseIdError> = text.parse();
            parsed.map_err(|error| check.refuse(name, "invalid", error.to_string())).ok()
        });
        record.managers.sort_unstable();
        check.finish()?;

        let (space, id) = (record.team.space, record.team.id);
        if self.writing.team_of_name(space, &record.team.name).await?.is_some_and(|other| other != id) {
            return Err(Error::Conflict {
                code: "name_taken",
                field: Some("name"),
                message: "another team of this space has this name: choose another one".to_owned(),
            });
        }
        if record.team.parent != standing.team.parent {
            let all = self.writing.all_teams(space).await?;
            let parents = all.into_iter().map(|team| (team.id, team.parent)).collect();
            check_place(&record.team, &parents)?;
        }
        if self.writing.advocates_of(space, &record.managers).await?.len() < record.managers.len() {
            return Err(Error::NotFound { what: "advocate", field: Some("manager_ids") });
        }
        // A new team has no name yet.
        if record.team != standing.team {
            self.writing.put_team(&record.team).await?;
        }
        if record.managers != standing.managers {
            self.writing.set_managers(&record).await?;
        }
        Ok(record)
    }
}

pub(super) const MISSING: Error = Error::NotFound { what: "team", field: None };

/// Whether a team may stand below its parent, given each team's parent as it is now.
fn check_place(team: &Team, parents: &HashMap<TeamId, TeamId>) -> Result<(), Error> {
    if team.parent.known().is_some_and(|parent| !parents.contains_key(&parent)) {
        return Err(Error::NotFound { what: "team", field: Some("parent_id") });
    }
    let above = |id: TeamId| {
        std::iter::successors(id.known(), |id| parents.get(id).copied().and_then(TeamId::known)).take(2 * MAX_DEPTH)
    };
    if above(team.parent).any(|id| id == team.id) {
        return Err(Error::Conflict {
            code: "team_cycle",
            field: Some("parent_id"),
            message: "this team would stand below itself: choose a parent that is not below it".to_owned(),
        });
    }
    // Steps from each team up to this one: its own height.
    let height = parents.keys().filter_map(|id| above(*id).position(|id| id == team.id)).max().unwrap_or(0);
    if above(team.parent).count() + 1 + height > MAX_DEPTH {
        return Err(Error::Conflict {
            code: "team_too_deep",
            field: Some("parent_id"),
            message: format!("teams stand at most {MAX_DEPTH} deep: choose a parent further up"),
        });
    }
    Ok(())
}
