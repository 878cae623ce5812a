//! People as their administrator looks for them, and teams as the tree that they form.

use std::collections::HashMap;

use super::{Error, Found, Page, PeopleFilter, Programme, TeamRecord};
use crate::model::{AdvocateId, SpaceId, TeamId};

/// People of a page.
pub const PEOPLE_PER_PAGE: u32 = 50;
/// Domains that are proposed for signing up, at most.
const PROPOSED_DOMAINS: u32 = 10;

/// One page of the people who were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeoplePage {
    /// In the order of their names.
    pub people: Vec<Found>,
    /// How many fit in all.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are, at least 1.
    pub pages: u32,
}

/// A team in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The team.
    pub record: TeamRecord,
    /// Teams above it.
    pub depth: usize,
    /// People of it itself who have not left.
    pub people: u64,
    /// The same with all teams below it.
    pub people_below: u64,
}

impl Programme {
    /// A page of those who fit, by name; past the last page comes the last.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn search_people(&self, space: SpaceId, filter: &PeopleFilter, page: u32) -> Result<PeoplePage, Error> {
        let mut reading = self.store.read().await?;
        let mut page = page.max(1);
        loop {
            let offset = (page - 1).saturating_mul(PEOPLE_PER_PAGE);
            let (people, total) = reading.search_people(space, filter, offset, PEOPLE_PER_PAGE).await?;
            let pages = u32::try_from(total.div_ceil(u64::from(PEOPLE_PER_PAGE))).unwrap_or(u32::MAX).max(1);
            if page <= pages {
                return Ok(PeoplePage { people, total, page, pages });
            }
            page = pages;
        }
    }

    /// What to call people of the space: the name, else the address, else the company's key. Those of other spaces
    /// are not named.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn names_of(&self, space: SpaceId, ids: &[AdvocateId]) -> Result<HashMap<AdvocateId, String>, Error> {
        Ok(self.store.read().await?.names_of(space, ids).await?)
    }

    /// Domains of the space's addresses that may not sign up yet, with how many people have one.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn proposed_domains(&self, space: SpaceId) -> Result<Vec<(String, u64)>, Error> {
        let space = self.space(space).await?;
        let mut found = self.store.read().await?.email_domains_in_use(space.id, PROPOSED_DOMAINS).await?;
        found.retain(|(domain, _)| !space.email_domains.contains(domain) && !super::spaces::is_public_mailbox(domain));
        Ok(found)
    }

    /// All teams, each below the team that it belongs to, and by name beside each other.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn team_tree(&self, space: SpaceId) -> Result<Vec<Branch>, Error> {
        let today = self.today(space).await?;
        let mut reading = self.store.read().await?;
        let sizes = reading.team_sizes(space, &today).await?;
        let (mut teams, mut after) = (Vec::new(), None);
        loop {
            let page = reading.list_teams(space, None, Page { after, limit: 200 }).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.team.id);
            teams.extend(page);
        }
        Ok(tree(teams, &sizes))
    }

    /// Whether somebody manages a team.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn manages(&self, space: SpaceId, id: AdvocateId) -> Result<bool, Error> {
        Ok(self.store.read().await?.manages(space, id).await?)
    }

    /// The teams that somebody manages, with all below them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn managed_teams(&self, space: SpaceId, manager: AdvocateId) -> Result<Vec<Branch>, Error> {
        let tree = self.team_tree(space).await?;
        let (mut managed, mut within) = (Vec::new(), None);
        for branch in tree {
            if within.is_some_and(|depth| branch.depth <= depth) {
                within = None;
            }
            if within.is_none() && branch.record.managers.contains(&manager) {
                within = Some(branch.depth);
            }
            if within.is_some() {
                managed.push(branch);
            }
        }
        Ok(managed)
    }
}

fn tree(teams: Vec<TeamRecord>, sizes: &HashMap<TeamId, u64>) -> Vec<Branch> {
    let mut below: HashMap<TeamId, Vec<TeamRecord>> = HashMap::new();
    for record in teams {
        below.entry(record.team.parent).or_default().push(record);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_cached_key(|record| record.team.name.to_lowercase());
    }
    let mut branches = Vec::new();
    grow(&mut branches, &mut below, sizes, TeamId::NONE, 0);
    branches
}

/// Puts the teams right below `parent` into `branches`, each with what is below it; answers how many people these are.
fn grow(
    branches: &mut Vec<Branch>,
    below: &mut HashMap<TeamId, Vec<TeamRecord>>,
    sizes: &HashMap<TeamId, u64>,
    parent: TeamId,
    depth: usize,
) -> u64 {
    // Taken out: a tree ends, whatever its rows say.
    let mut total = 0;
    for record in below.remove(&parent).unwrap_or_default() {
        let (id, place) = (record.team.id, branches.len());
        let people = sizes.get(&id).copied().unwrap_or(0);
        branches.push(Branch { record, depth, people, people_below: people });
        let all = people + grow(branches, below, sizes, id, depth + 1);
        branches[place].people_below = all;
        total += all;
    }
    total
}
