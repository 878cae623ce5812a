//! A transaction that writes.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tokio::sync::{OwnedMutexGuard, watch};

use super::error::StoreError;
use super::reading::Reading;
use super::recent::{CAPACITY, Recent};
use super::records::{AdvocateRecord, KeptAnswer, TokenRecord};
use super::transaction::{Transaction, on_engine};
use crate::model::{Campaign, Change, Content, Entity, Link, LinkId, Space, SpaceId, TokenId};

/// The only transaction that writes at its time; it reads too, what it has written included.
///
/// Methods named `put_` insert the entity or replace the one with its id, and append to the change
/// feed. All fail with [`StoreError`] when the engine does; the transaction should be dropped then.
#[derive(Debug)]
pub struct Writing {
    pub(super) reading: Reading,
    at_ms: i64,
    seq: Option<u64>,
    latest: Arc<watch::Sender<u64>>,
    recent: Arc<Recent>,
    /// What was told so far; none once something may not be kept.
    told: Option<Vec<Change>>,
    /// Of a patient writer, until its end.
    patience: Option<OwnedMutexGuard<()>>,
}

impl Writing {
    pub(super) fn new(
        transaction: Transaction,
        at_ms: i64,
        latest: Arc<watch::Sender<u64>>,
        recent: Arc<Recent>,
        patience: Option<OwnedMutexGuard<()>>,
    ) -> Self {
        let told = Some(Vec::new());
        Self { reading: Reading::new(transaction), at_ms, seq: None, latest, recent, told, patience }
    }

    /// The instant that everything in this transaction is dated with.
    pub fn at_ms(&self) -> i64 {
        self.at_ms
    }

    /// Makes all of it durable and visible, and tells those who wait on [`super::Store::latest`].
    ///
    /// Runs to its end even when the caller goes away, so that no commit is left untold.
    ///
    /// # Errors
    /// Nothing is kept then, unless the disk failed at the very end.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self { reading, seq, latest, recent, told, patience, .. } = self;
        let committing = tokio::spawn(async move {
            reading.transaction.commit().await?;
            drop(patience);
            if let Some(seq) = seq {
                recent.committed(told.unwrap_or_default());
                latest.send_if_modified(|known| std::mem::replace(known, seq.max(*known)) < seq);
            }
            Ok(())
        });
        match committing.await {
            Ok(outcome) => outcome,
            Err(stopped) => Err(StoreError::Failed(sqlx::Error::Protocol(stopped.to_string()))),
        }
    }

    /// Inserts or replaces a space with its hosts.
    pub async fn put_space(&mut self, space: &Space) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_space(space, self.at_ms))?;
        self.tell(space.id, &[(space.id.bits(), Entity::Space(space.clone()))]).await
    }

    /// Inserts or replaces an advocate. The feed is told its facts, neither name nor address.
    pub async fn put_advocate(&mut self, record: &AdvocateRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_advocate(record, self.at_ms))?;
        let advocate = &record.advocate;
        self.tell(advocate.space, &[(advocate.id.bits(), Entity::Advocate(advocate.clone()))]).await
    }

    /// Inserts or replaces a campaign.
    pub async fn put_campaign(&mut self, campaign: &Campaign) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_campaign(campaign, self.at_ms))?;
        self.tell(campaign.space, &[(campaign.id.bits(), Entity::Campaign(campaign.clone()))]).await
    }

    /// Inserts or replaces a content.
    pub async fn put_content(&mut self, content: &Content) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_content(content, self.at_ms))?;
        self.tell(content.space, &[(content.id.bits(), Entity::Content(content.clone()))]).await
    }

    /// Inserts those links of one space whose three and whose code are free, in order, and says
    /// which they were.
    pub async fn insert_links(&mut self, space: SpaceId, links: &[Link]) -> Result<HashSet<LinkId>, StoreError> {
        debug_assert!(links.iter().all(|link| link.space == space), "links of one space");
        let inserted = on_engine!(self.reading.transaction, insert_links(links))?;
        let told: Vec<_> = links
            .iter()
            .filter(|link| inserted.contains(&link.id))
            .map(|link| (link.id.bits(), Entity::Link(link.clone())))
            .collect();
        self.tell(space, &told).await?;
        Ok(inserted)
    }

    /// Writes whether a link that was read in this transaction is disabled.
    pub async fn set_link_disabled(&mut self, link: &Link) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, set_link_disabled(link.space, link.id, link.disabled))?;
        self.tell(link.space, &[(link.id.bits(), Entity::Link(link.clone()))]).await
    }

    /// Inserts a token.
    pub async fn insert_token(&mut self, token: &TokenRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, insert_token(token))
    }

    /// Dates the token's last use with this transaction's instant.
    pub async fn note_token_use(&mut self, space: SpaceId, id: TokenId) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, note_token_use(space, id, self.at_ms))
    }

    /// Takes a token back; false when the space has none of this id, or somebody has taken it back.
    pub async fn revoke_token(&mut self, space: SpaceId, id: TokenId) -> Result<bool, StoreError> {
        on_engine!(self.reading.transaction, revoke_token(space, id, self.at_ms))
    }

    /// Keeps the answer of an idempotency key.
    pub async fn keep_answer(
        &mut self,
        space: SpaceId,
        token: TokenId,
        key: &str,
        kept: &KeptAnswer,
    ) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, keep_answer(space, token, key, kept, self.at_ms))
    }

    /// Removes kept answers of all spaces that are older than `before_ms`.
    pub async fn forget_answers(&mut self, before_ms: i64) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, forget_answers(before_ms))
    }

    /// Appends to the change feed what stands now, each entity with its id's bits.
    pub(super) async fn tell(&mut self, space: SpaceId, changes: &[(u64, Entity)]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let last = on_engine!(self.reading.transaction, append_changes(space, changes, self.at_ms))?;
        self.seq = Some(last);
        let may_be_kept = changes.iter().all(|(_, entity)| Recent::keeps(entity));
        self.told = self.told.take().filter(|told| may_be_kept && told.len() + changes.len() <= CAPACITY);
        if let Some(told) = &mut self.told {
            let numbers = last + 1 - changes.len() as u64..;
            let (at_ms, entities) = (self.at_ms, changes.iter().map(|(_, entity)| entity.clone()));
            told.extend(numbers.zip(entities).map(|(seq, entity)| Change { seq, at_ms, entity }));
        }
        Ok(())
    }
}

impl Deref for Writing {
    type Target = Reading;

    fn deref(&self) -> &Reading {
        &self.reading
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Reading {
        &mut self.reading
    }
}
