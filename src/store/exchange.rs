//! What a bundle needs of the store: many rows at once, and how values were written.

use std::collections::HashSet;

use super::error::StoreError;
use super::transaction::on_engine;
use super::{Reading, Store, Writing};
use crate::model::{
    AdvocateId, Application, ApplicationId, Campaign, Channel, ContentId, Entity, FactId, Link, ReferralFact, Share,
    ShareId, SignIn, SpaceId, Team,
};

/// Where a page begins: after the row with these two numbers in its order.
pub type Cursor = (i64, i64);

/// Before every row.
pub const START: Cursor = (i64::MIN, i64::MIN);

/// A share with what a bundle called its advocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledShare {
    /// The share.
    pub share: Share,
    /// What the bundle called somebody whom the space does not have.
    pub advocate_key: Option<String>,
}

/// A fact with what a bundle called its advocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledFact {
    /// The fact.
    pub fact: ReferralFact,
    /// What the bundle called somebody whom the space does not have.
    pub advocate_key: Option<String>,
}

/// How a value was written that is kept otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAs {
    /// The bits of the entity's id.
    pub entity: u64,
    /// The column, with the file in front: `shares.shared_at`.
    pub field: String,
    /// What is kept, as text; instants as milliseconds since 1970.
    pub kept: String,
    /// What the bundle said.
    pub written: String,
}

impl Store {
    /// Takes or renews the lease of a space's imports for `for_ms`; false while another holder has it.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails.
    pub async fn take_import_lease(&self, space: SpaceId, holder: u64, for_ms: i64) -> Result<bool, StoreError> {
        let mut writing = self.write().await?;
        let at_ms = writing.at_ms();
        let taken = on_engine!(writing.transaction, take_lease(space, holder, at_ms, at_ms + for_ms))?;
        Writing::commit(writing).await?;
        Ok(taken)
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// [`StoreError`] when the engine fails; the lease ends by itself then.
    pub async fn end_import_lease(&self, space: SpaceId, holder: u64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        on_engine!(writing.transaction, end_lease(space, holder))?;
        Writing::commit(writing).await
    }
}

/// Each fails with [`StoreError`] when the engine does.
impl Reading {
    /// All teams of a space.
    pub async fn teams_of_space(&mut self, space: SpaceId) -> Result<Vec<Team>, StoreError> {
        on_engine!(self.transaction, teams_of_space(space))
    }

    /// All campaigns of a space, in the order of their creation.
    pub async fn campaigns_of_space(&mut self, space: SpaceId) -> Result<Vec<Campaign>, StoreError> {
        on_engine!(self.transaction, campaigns_of_space(space))
    }

    /// The links with one of these codes, whatever their space: codes are unique in the installation.
    pub async fn links_of_codes(&mut self, codes: &[String]) -> Result<Vec<Link>, StoreError> {
        on_engine!(self.transaction, links_of_codes(codes))
    }

    /// The links that these threes have; a three without one is left out.
    pub async fn links_of_threes(
        &mut self,
        space: SpaceId,
        threes: &[(ContentId, AdvocateId, Channel)],
    ) -> Result<Vec<Link>, StoreError> {
        on_engine!(self.transaction, links_of_threes(space, threes))
    }

    /// The shares with one of these keys or ids.
    pub async fn shares_of(
        &mut self,
        space: SpaceId,
        external_ids: &[String],
        ids: &[ShareId],
    ) -> Result<Vec<BundledShare>, StoreError> {
        on_engine!(self.transaction, shares_of(space, external_ids, ids))
    }

    /// Shares in the order of their creation, each with where the next page begins.
    pub async fn page_of_shares(
        &mut self,
        space: SpaceId,
        after: Cursor,
        limit: u32,
    ) -> Result<Vec<(Cursor, BundledShare)>, StoreError> {
        on_engine!(self.transaction, page_of_shares(space, after, limit))
    }

    /// Sign-ins by advocate and time; `after` is the last one's advocate and instant.
    pub async fn page_of_sign_ins(
        &mut self,
        space: SpaceId,
        after: Cursor,
        limit: u32,
    ) -> Result<Vec<SignIn>, StoreError> {
        on_engine!(self.transaction, page_of_sign_ins(space, after, limit))
    }

    /// The applications with one of these keys.
    pub async fn applications_of_keys(
        &mut self,
        space: SpaceId,
        external_ids: &[String],
    ) -> Result<Vec<Application>, StoreError> {
        on_engine!(self.transaction, applications_of_keys(space, external_ids))
    }

    /// All facts of these applications, by application and time.
    pub async fn bundled_facts_of(
        &mut self,
        space: SpaceId,
        applications: &[ApplicationId],
    ) -> Result<Vec<BundledFact>, StoreError> {
        on_engine!(self.transaction, bundled_facts_of(space, applications))
    }

    /// Facts in the order of their ids, from the first after `after`.
    pub async fn page_of_bundled_facts(
        &mut self,
        space: SpaceId,
        after: FactId,
        limit: u32,
    ) -> Result<Vec<BundledFact>, StoreError> {
        on_engine!(self.transaction, page_of_bundled_facts(space, after, limit))
    }

    /// How values of these entities were written, in any order.
    pub async fn written_of(&mut self, space: SpaceId, entities: &[u64]) -> Result<Vec<WrittenAs>, StoreError> {
        on_engine!(self.transaction, written_of(space, entities))
    }
}

/// Each fails with [`StoreError`] when the engine does; the transaction should be dropped then.
impl Writing {
    /// Inserts teams, and tells the feed.
    pub async fn insert_teams(&mut self, space: SpaceId, teams: &[Team]) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, insert_teams(teams, at_ms))?;
        let told: Vec<_> = teams.iter().map(|team| (team.id.bits(), Entity::Team(team.clone()))).collect();
        self.tell(space, &told).await
    }

    /// Makes the lease that `holder` has last until `until_ms`, in this transaction.
    pub async fn renew_import_lease(&mut self, space: SpaceId, holder: u64, until_ms: i64) -> Result<bool, StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, take_lease(space, holder, at_ms, until_ms))
    }

    /// Frees the addresses of advocates that get another one in this transaction; the feed is not told,
    /// because it never sees addresses.
    pub async fn clear_emails(&mut self, space: SpaceId, ids: &[AdvocateId]) -> Result<(), StoreError> {
        on_engine!(self.transaction, clear_emails(space, ids))
    }

    /// Inserts or replaces shares, and tells the feed.
    pub async fn put_bundled_shares(&mut self, space: SpaceId, shares: &[BundledShare]) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_bundled_shares(shares, at_ms))?;
        let told: Vec<_> = shares.iter().map(|one| (one.share.id.bits(), Entity::Share(one.share.clone()))).collect();
        self.tell(space, &told).await
    }

    /// Inserts those sign-ins that are new, tells the feed of them, and says how many they were.
    pub async fn insert_sign_ins(&mut self, space: SpaceId, sign_ins: &[SignIn]) -> Result<u64, StoreError> {
        let mut new: HashSet<_> = on_engine!(self.transaction, insert_sign_ins(sign_ins))?;
        let told: Vec<_> = sign_ins
            .iter()
            .filter(|one| new.remove(&(one.advocate, one.signed_in_at_ms)))
            .map(|one| (one.advocate.bits(), Entity::SignIn(one.clone())))
            .collect();
        self.tell(space, &told).await?;
        Ok(told.len() as u64)
    }

    /// Inserts or replaces applications, and tells the feed.
    pub async fn put_applications(&mut self, space: SpaceId, applications: &[Application]) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_applications(applications, at_ms))?;
        let told: Vec<_> = applications.iter().map(|one| (one.id.bits(), Entity::Application(one.clone()))).collect();
        self.tell(space, &told).await
    }

    /// Adds facts to applications that are there.
    pub async fn insert_bundled_facts(&mut self, facts: &[BundledFact]) -> Result<(), StoreError> {
        on_engine!(self.transaction, insert_bundled_facts(facts))
    }

    /// Remembers how values were written.
    pub async fn put_written(&mut self, space: SpaceId, written: &[WrittenAs]) -> Result<(), StoreError> {
        on_engine!(self.transaction, put_written(space, written))
    }

    /// Forgets how values were written.
    pub async fn forget_written(&mut self, space: SpaceId, gone: &[WrittenAs]) -> Result<(), StoreError> {
        on_engine!(self.transaction, forget_written(space, gone))
    }
}
