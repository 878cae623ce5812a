//! Which entity a key of a bundle names.
//!
//! A bundle names things by `external_id` where there is one, else by id: so does an export, and an import
//! into the same space finds them again.

use std::collections::HashMap;
use std::hash::Hash;
use std::str::FromStr;

use super::erased::Erased;
use crate::model::{
    Advocate, AdvocateId, Campaign, CampaignId, Channel, Content, ContentId, ContentKind, LinkId, SpaceId, TeamId,
};
use crate::store::{AdvocateFilter, AdvocateRecord, ContentFilter, Page, Reading, StoreError};

/// Entities of one kind by their keys and ids.
#[derive(Debug, Clone)]
pub(super) struct Directory<Id, T> {
    entries: Vec<(Id, Box<str>, T)>,
    by_key: HashMap<Box<str>, u32>,
    by_id: HashMap<Id, u32>,
}

impl<Id: Copy + Eq + Hash + FromStr + ToString, T> Directory<Id, T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), by_key: HashMap::new(), by_id: HashMap::new() }
    }

    /// Adds an entity under its key, or under its id when it has none.
    pub(super) fn insert(&mut self, id: Id, external_id: Option<&str>, value: T) {
        let key: Box<str> = external_id.map_or_else(|| id.to_string().into(), Into::into);
        let at = u32::try_from(self.entries.len()).expect("a space has no four thousand million entities");
        self.by_key.insert(key.clone(), at);
        self.by_id.insert(id, at);
        self.entries.push((id, key, value));
    }

    /// The entity that a cell names.
    pub(super) fn find(&self, cell: &str) -> Option<(Id, &T)> {
        let at = self.by_key.get(cell).or_else(|| self.by_id.get(&cell.parse().ok()?))?;
        let (id, _, value) = &self.entries[*at as usize];
        Some((*id, value))
    }

    /// What a bundle calls the entity.
    pub(super) fn key(&self, id: Id) -> Option<&str> {
        self.by_id.get(&id).map(|at| &*self.entries[*at as usize].1)
    }

    /// All of them.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|(_, _, value)| value)
    }
}

/// What a click or a share must know of its advocate.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) team: TeamId,
    pub(super) cohort: Box<str>,
}

/// What a click must know of its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proposal {
    pub(super) kind: ContentKind,
    pub(super) campaign: CampaignId,
}

/// A link of three.
pub(super) type Three = (ContentId, AdvocateId, Channel);

/// The people and contents of a space, small enough to be held for a million of each.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) advocates: Directory<AdvocateId, Person>,
    pub(super) contents: Directory<ContentId, Proposal>,
    pub(super) erased: Erased,
}

impl Names {
    /// Reads them.
    pub(super) async fn read(reading: &mut Reading, space: SpaceId) -> Result<Self, StoreError> {
        let erased = Erased::read(reading, space).await?;
        let mut names = Self { advocates: Directory::new(), contents: Directory::new(), erased };
        for AdvocateRecord { advocate, .. } in all_advocates(reading, space).await? {
            let Advocate { id, external_id, team, cohort, .. } = advocate;
            let person = Person { team, cohort: cohort.unwrap_or_default().into() };
            names.advocates.insert(id, external_id.as_deref(), person);
        }
        for Content { id, external_id, kind, campaign, .. } in all_contents(reading, space).await? {
            names.contents.insert(id, external_id.as_deref(), Proposal { kind, campaign });
        }
        Ok(names)
    }

    /// What is kept of an advocate's cell that names nobody of the space: the cell, unless that person was erased.
    pub(super) fn unknown<'a>(&self, cell: &'a str) -> &'a str {
        if self.erased.find(cell).is_some() { "" } else { cell }
    }
}

/// Entities of one page.
const PAGE: u32 = 2000;

/// All advocates of a space in the order of their creation.
pub(super) async fn all_advocates(reading: &mut Reading, space: SpaceId) -> Result<Vec<AdvocateRecord>, StoreError> {
    let mut all: Vec<AdvocateRecord> = Vec::new();
    loop {
        let page = Page { after: all.last().map(|record| record.advocate.id), limit: PAGE };
        let found = reading.list_advocates(space, &AdvocateFilter::default(), page).await?;
        if found.is_empty() {
            return Ok(all);
        }
        all.extend(found);
    }
}

/// All contents of a space in the order of their creation.
pub(super) async fn all_contents(reading: &mut Reading, space: SpaceId) -> Result<Vec<Content>, StoreError> {
    let mut all: Vec<Content> = Vec::new();
    loop {
        let page = Page { after: all.last().map(|content| content.id), limit: PAGE };
        let found = reading.list_contents(space, &ContentFilter::default(), page).await?;
        if found.is_empty() {
            return Ok(all);
        }
        all.extend(found);
    }
}

/// All campaigns of a space by key.
pub(super) async fn campaigns(
    reading: &mut Reading,
    space: SpaceId,
) -> Result<Directory<CampaignId, Campaign>, StoreError> {
    let mut directory = Directory::new();
    for campaign in reading.campaigns_of_space(space).await? {
        directory.insert(campaign.id, campaign.external_id.clone().as_deref(), campaign);
    }
    Ok(directory)
}

/// The links of these threes.
pub(super) async fn links(
    reading: &mut Reading,
    space: SpaceId,
    threes: &[Three],
) -> Result<HashMap<Three, (LinkId, Box<str>)>, StoreError> {
    let found = reading.links_of_threes(space, threes).await?;
    Ok(found
        .into_iter()
        .map(|link| ((link.content, link.advocate, link.channel), (link.id, link.code.as_str().into())))
        .collect())
}
