//! People as their administrator looks for them.

use std::collections::HashMap;

use super::Reading;
use super::error::StoreError;
use super::records::{AdvocateRecord, Left};
use super::transaction::on_engine;
use crate::model::{AdvocateId, AdvocateKind, Role, SpaceId, TeamId};

/// Which people are looked for; every filter that is set must fit.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// Part of the name, the address or the company's key; small and capital letters, and those with an accent of
    /// French and without, are the same.
    pub text: Option<String>,
    /// Of this team itself, not of those below it.
    pub team: Option<TeamId>,
    /// Of this kind.
    pub kind: Option<AdvocateKind>,
    /// Who are this; `advocate`: nothing more.
    pub role: Option<Role>,
    /// Gone, or still there.
    pub left: Option<Left>,
    /// Signed in at least once, or never.
    pub joined: Option<bool>,
    /// Only those who have an address and were never invited.
    pub invitable: bool,
}

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub record: AdvocateRecord,
    /// What it is beside being an advocate.
    pub role: Option<Role>,
}

impl Reading {
    /// People in the order of their names, `limit` of them after the first `offset`, and how many fit in all.
    pub async fn search_people(
        &mut self,
        space: SpaceId,
        filter: &PeopleFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<Found>, u64), StoreError> {
        on_engine!(self.transaction, search_people(space, filter, offset, limit))
    }

    /// How many people who have not left by the local date `today` each team has itself; teams without any are not
    /// named.
    pub async fn team_sizes(&mut self, space: SpaceId, today: &str) -> Result<HashMap<TeamId, u64>, StoreError> {
        on_engine!(self.transaction, team_sizes(space, today))
    }

    /// Whether somebody manages a team.
    pub async fn manages(&mut self, space: SpaceId, id: AdvocateId) -> Result<bool, StoreError> {
        on_engine!(self.transaction, manages(space, id))
    }

    /// What to call people of the space: the name, else the address, else the company's key.
    pub async fn names_of(
        &mut self,
        space: SpaceId,
        ids: &[AdvocateId],
    ) -> Result<HashMap<AdvocateId, String>, StoreError> {
        on_engine!(self.transaction, names_of(space, ids))
    }

    /// The names of all people of the space who have one.
    pub async fn names(&mut self, space: SpaceId) -> Result<HashMap<AdvocateId, String>, StoreError> {
        on_engine!(self.transaction, names(space))
    }

    /// Domains of the space's addresses with how many people have one, the most frequent first.
    pub async fn email_domains_in_use(&mut self, space: SpaceId, limit: u32) -> Result<Vec<(String, u64)>, StoreError> {
        on_engine!(self.transaction, email_domains_in_use(space, limit))
    }
}
