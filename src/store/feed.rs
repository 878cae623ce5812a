//! The change feed, for those who follow the programme: link tables of redirect nodes, and the
//! outbox that ships facts to ClickHouse.
//!
//! A follower reads [`Store::changes_since`] its last number, again whenever [`Store::latest`]
//! moves. It moves at every commit of this process; a program that follows calls
//! [`Store::refresh`] at intervals, which finds what other processes wrote. A follower that starts
//! from nothing, or comes too late, takes a [`Snapshot`] and goes on from the number that it
//! stands at. A consumer of this installation stores its position here, and pruning waits for it.
//! Links and shares that this process wrote a moment ago are answered without the engine ([`super::recent`]).

use tokio::sync::watch;

use super::error::StoreError;
use super::reading::Reading;
use super::transaction::on_engine;
use super::{Store, Writing};
use crate::model::{
    AdvocateId, ApplicationId, CampaignId, Change, ContentId, Entity, LinkId, ShareId, SpaceId, TeamId,
};

/// Entities of one [`Snapshot`] page, at most.
const PAGE: u32 = 2000;
/// Changes that one transaction prunes, at most, so that writers wait for milliseconds only.
const PRUNE_AT_ONCE: u32 = 10_000;

impl Store {
    /// At most `limit` changes with numbers above `seq`, in the order of commits and without gaps.
    /// Empty when `seq` is the newest.
    ///
    /// # Errors
    /// [`StoreError::SnapshotNeeded`] when the change after `seq` is pruned, or `seq` is ahead of
    /// the feed.
    pub async fn changes_since(&self, seq: u64, limit: u32) -> Result<Vec<Change>, StoreError> {
        let mut reading = self.read().await?;
        let latest = reading.latest_seq().await?;
        // All of them, or as many as were asked for: other processes may have written more.
        let recent = self.recent.after(seq, limit);
        let is_all =
            |told: &Vec<Change>| told.len() == limit as usize || told.last().is_some_and(|last| last.seq >= latest);
        if let Some(changes) = recent.filter(is_all) {
            return Ok(changes);
        }
        let changes = on_engine!(reading.transaction, changes_after(seq, limit))?;
        let next_is_there = match changes.first() {
            Some(first) => first.seq == seq + 1,
            None => seq == latest || limit == 0,
        };
        if next_is_there { Ok(changes) } else { Err(StoreError::SnapshotNeeded { asked: seq, latest }) }
    }

    /// The number of the newest change, whichever process made it; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn latest_seq(&self) -> Result<u64, StoreError> {
        self.read().await?.latest_seq().await
    }

    /// The newest number that this process knows: moves at each of its commits and each
    /// [`Self::refresh`].
    pub fn latest(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    /// Looks whether other processes changed something, and moves [`Self::latest`] then. Meant to
    /// be called at an interval by a program that follows the feed.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn refresh(&self) -> Result<u64, StoreError> {
        let seq = self.latest_seq().await?;
        self.latest.send_if_modified(|known| std::mem::replace(known, seq.max(*known)) < seq);
        Ok(seq)
    }

    /// Everything as it stands now.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut reading = self.read().await?;
        let seq = reading.latest_seq().await?;
        Ok(Snapshot { reading, seq, next: Stage::Spaces(SpaceId::NONE) })
    }

    /// How far the consumer of this name is; 0 for one that never reported.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn consumer_position(&self, name: &str) -> Result<u64, StoreError> {
        let mut reading = self.read().await?;
        Ok(on_engine!(reading.transaction, consumer_seq(name))?.unwrap_or(0))
    }

    /// Notes that the consumer has dealt with all changes through `seq`. From its first report on
    /// pruning waits for it.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn advance_consumer(&self, name: &str, seq: u64) -> Result<(), StoreError> {
        // Nobody waits for it: single changes go first.
        let mut writing = self.write_patiently().await?;
        let at_ms = writing.at_ms();
        on_engine!(writing.transaction, set_consumer_seq(name, seq, at_ms))?;
        writing.commit().await
    }

    /// Removes changes older than `before_ms` that every consumer has dealt with; answers how many.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails; what was pruned before stays pruned.
    pub async fn prune_changes(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut pruned = 0;
        loop {
            let mut writing = self.write().await?;
            let through = match on_engine!(writing.transaction, slowest_consumer())? {
                Some(slowest) => slowest,
                None => writing.latest_seq().await?,
            };
            let removed = on_engine!(writing.transaction, prune_changes(through, before_ms, PRUNE_AT_ONCE))?;
            Writing::commit(writing).await?;
            if removed == 0 {
                return Ok(pruned);
            }
            pruned += removed;
        }
    }
}

impl Reading {
    /// The number of the newest change in this state of the store.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn latest_seq(&mut self) -> Result<u64, StoreError> {
        on_engine!(self.transaction, latest_seq())
    }
}

/// All entities of all spaces at one moment, page by page: spaces, campaigns, contents, teams,
/// advocates, links, shares, applications, so that none comes before what it refers to (but for a
/// team, whose parent may follow).
#[derive(Debug)]
pub struct Snapshot {
    reading: Reading,
    seq: u64,
    next: Stage,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Spaces(SpaceId),
    Campaigns(CampaignId),
    Contents(ContentId),
    Teams(TeamId),
    Advocates(AdvocateId),
    Links(LinkId),
    Shares(ShareId),
    Applications(ApplicationId),
    Done,
}

/// One page of a kind, and where the next one begins.
macro_rules! page {
    ($self:ident, $scan:ident($after:expr), $entity:ident, $stage:ident, then $following:expr) => {{
        let found = $self.reading.$scan($after, PAGE).await?;
        $self.next = match found.last() {
            Some(last) => Stage::$stage(last.id),
            None => $following,
        };
        found.into_iter().map(Entity::$entity).collect::<Vec<_>>()
    }};
}

impl Snapshot {
    /// The number of the last change that it contains: follow the feed from here.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The next 1 to 2000 entities; empty at the end.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn next_page(&mut self) -> Result<Vec<Entity>, StoreError> {
        loop {
            let page = match self.next {
                Stage::Spaces(after) => {
                    page!(self, scan_spaces(after), Space, Spaces, then Stage::Campaigns(CampaignId::NONE))
                }
                Stage::Campaigns(after) => {
                    page!(self, scan_campaigns(after), Campaign, Campaigns, then Stage::Contents(ContentId::NONE))
                }
                Stage::Contents(after) => {
                    page!(self, scan_contents(after), Content, Contents, then Stage::Teams(TeamId::NONE))
                }
                Stage::Teams(after) => {
                    page!(self, scan_teams(after), Team, Teams, then Stage::Advocates(AdvocateId::NONE))
                }
                Stage::Advocates(after) => {
                    page!(self, scan_advocates(after), Advocate, Advocates, then Stage::Links(LinkId::NONE))
                }
                Stage::Links(after) => page!(self, scan_links(after), Link, Links, then Stage::Shares(ShareId::NONE)),
                Stage::Shares(after) => {
                    page!(self, scan_shares(after), Share, Shares, then Stage::Applications(ApplicationId::NONE))
                }
                Stage::Applications(after) => {
                    page!(self, scan_applications(after), Application, Applications, then Stage::Done)
                }
                Stage::Done => return Ok(Vec::new()),
            };
            if !page.is_empty() {
                return Ok(page);
            }
        }
    }
}
