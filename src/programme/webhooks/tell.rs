//! From the change feed to deliveries.
//!
//! A change carries an entity as it stands, not what became of it. What was told of contents and applications is kept
//! (`webhook_told`), so that only what is new is told: a publication once, when its instant comes; each stage once;
//! a credit when it is given to somebody else.

use super::events::{self, Event, wants};
use super::{Programme, Webhook, Work};
use crate::model::{Application, Change, Content, ContentId, Entity, ShareSource, SpaceId};
use crate::programme::Error;
use crate::programme::referrals::Reason;
use crate::store::StoreError;

/// The name under which the position in the feed is kept.
const CONSUMER: &str = "webhooks";
/// Changes that are read at once, at most; those that concern nobody are passed over.
const CHANGES_AT_ONCE: u32 = 10_000;
/// Changes that concern somebody, of one transaction, at most.
const TOLD_AT_ONCE: usize = 500;
/// Publications of one transaction, at most.
const PUBLICATIONS_AT_ONCE: u32 = 100;
/// What is noted of a content that was told.
const PUBLISHED: &str = "published";

impl Programme {
    /// Writes the deliveries of the next changes of all spaces; false when there are none.
    ///
    /// # Errors
    /// [`Error::Store`]; nothing is told then, and nothing is lost.
    pub async fn tell_changes(&self) -> Result<bool, Error> {
        let position = self.store.consumer_position(CONSUMER).await?;
        let changes = match self.store.changes_since(position, CHANGES_AT_ONCE).await {
            Ok(changes) => changes,
            Err(StoreError::SnapshotNeeded { .. }) => {
                tracing::warn!(position, "changes were pruned before webhooks were told of them; going on from now");
                self.take_stock().await?;
                return Ok(true);
            }
            Err(error) => return Err(error.into()),
        };
        let Some(last) = changes.last().map(|change| change.seq) else { return Ok(false) };
        // Asked after the changes were read: a webhook that comes later wants none of them.
        let webhooks = self.store.read().await?.webhooks_on().await?;
        let concerning: Vec<_> = changes.iter().filter(|change| concerns(change, &webhooks)).collect();
        // The next piece begins where this one would grow too long.
        let last = concerning.get(TOLD_AT_ONCE).map_or(last, |change| change.seq - 1);
        let mut work = self.work_patiently().await?;
        // Another process of this installation may have been faster.
        if work.writing.position_of(CONSUMER).await?.unwrap_or(0) != position {
            return Ok(true);
        }
        if !concerning.is_empty() {
            let webhooks = work.writing.webhooks_on().await?;
            for change in concerning.into_iter().take(TOLD_AT_ONCE) {
                work.tell_change(change, &webhooks).await?;
            }
        }
        work.writing.set_position_of(CONSUMER, last).await?;
        work.commit().await?;
        Ok(true)
    }

    /// Writes the deliveries of contents of all spaces whose publication has come; false when there are none.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn tell_publications(&self) -> Result<bool, Error> {
        let now_ms = self.now_ms();
        if self.store.read().await?.told_due(now_ms, 1).await?.is_empty() {
            return Ok(false);
        }
        let mut work = self.work().await?;
        let due = work.writing.told_due(now_ms, PUBLICATIONS_AT_ONCE).await?;
        let webhooks = work.writing.webhooks_on().await?;
        for (space, entity) in &due {
            match work.writing.content(*space, ContentId::from_bits(*entity)).await? {
                Some(content) => work.tell_content(&content, now_ms, &webhooks).await?,
                None => work.writing.set_told(*space, *entity, &[], None).await?,
            }
        }
        work.commit().await?;
        Ok(!due.is_empty())
    }

    /// Takes everything that stands now as told, and goes on with the feed from there.
    async fn take_stock(&self) -> Result<(), Error> {
        let mut snapshot = self.store.snapshot().await?;
        loop {
            let page = snapshot.next_page().await?;
            let mut work = self.work().await?;
            if page.is_empty() {
                work.writing.set_position_of(CONSUMER, snapshot.seq()).await?;
                return work.commit().await;
            }
            let now_ms = work.writing.at_ms();
            for entity in &page {
                match entity {
                    Entity::Content(content) => work.tell_content(content, now_ms, &[]).await?,
                    Entity::Application(application) => work.tell_application(application, now_ms, &[]).await?,
                    _ => {}
                }
            }
            work.commit().await?;
        }
    }
}

impl Work {
    async fn tell_change(&mut self, change: &Change, webhooks: &[Webhook]) -> Result<(), Error> {
        let at_ms = change.at_ms;
        let old_enough: Vec<_> = webhooks.iter().filter(|webhook| webhook.created_at_ms <= at_ms).cloned().collect();
        match &change.entity {
            // A link is told of once, when it was made; later changes of it switch it off and on.
            Entity::Link(link) if link.created_at_ms == at_ms && !link.disabled => {
                self.deliver(&events::link_created(link), &old_enough).await
            }
            // What a bundle brings happened long ago; what has no advocate was erased.
            Entity::Share(share) if share.source != ShareSource::Import && !share.advocate.is_none() => {
                self.deliver(&events::share_created(share), &old_enough).await
            }
            Entity::Content(content) => self.tell_content(content, at_ms, &old_enough).await,
            Entity::Application(application) => self.tell_application(application, at_ms, &old_enough).await,
            _ => Ok(()),
        }
    }

    /// Tells of a publication, or notes when it will be due.
    async fn tell_content(&mut self, content: &Content, now_ms: i64, webhooks: &[Webhook]) -> Result<(), Error> {
        let (space, entity) = (content.space, content.id.bits());
        let (told, due) = self.writing.told(space, entity).await?;
        if told.iter().any(|word| word == PUBLISHED) {
            return Ok(());
        }
        match content.published_at_ms {
            Some(at_ms) if at_ms <= now_ms => {
                self.deliver(&events::content_published(content, at_ms), webhooks).await?;
                Ok(self.writing.set_told(space, entity, &[PUBLISHED.to_owned()], None).await?)
            }
            coming if coming != due => Ok(self.writing.set_told(space, entity, &[], coming).await?),
            _ => Ok(()),
        }
    }

    async fn tell_application(
        &mut self,
        application: &Application,
        at_ms: i64,
        webhooks: &[Webhook],
    ) -> Result<(), Error> {
        let (space, entity) = (application.space, application.id.bits());
        let (mut told, _) = self.writing.told(space, entity).await?;
        let known = told.len();
        for (stage, reached_ms) in &application.reached {
            if !told.iter().any(|word| word == stage.as_str()) {
                told.push(stage.to_string());
                let event = events::application_event(application, stage.as_str(), "", *reached_ms);
                self.deliver(&event, webhooks).await?;
            }
        }
        if let Some(credit) = credit(application)
            && !told.contains(&credit)
        {
            let event = events::application_event(application, "credited", &credit, at_ms);
            self.deliver(&event, webhooks).await?;
            told.push(credit);
        }
        if told.len() > known {
            self.writing.set_told(space, entity, &told, None).await?;
        }
        Ok(())
    }

    /// A row for each webhook of the event's space that wants it.
    pub(super) async fn deliver(&mut self, event: &Event, webhooks: &[Webhook]) -> Result<(), Error> {
        let now_ms = self.writing.at_ms();
        for webhook in webhooks {
            if webhook.space == event.space && wants(&webhook.events, &event.name) {
                self.writing.insert_delivery(&events::delivery(webhook, event, now_ms)).await?;
            }
        }
        Ok(())
    }

    /// The webhooks of a space that are on and want clicks.
    pub(super) async fn click_webhooks(&mut self, space: SpaceId) -> Result<Vec<Webhook>, Error> {
        let on = self.writing.webhooks_on().await?;
        Ok(on.into_iter().filter(|one| one.space == space && wants(&one.events, super::clicks::EVENT)).collect())
    }
}

/// Whether a change has to be looked at: something is noted of each content and application; of links and shares
/// nothing is, so they concern the webhooks of their space alone.
fn concerns(change: &Change, webhooks: &[Webhook]) -> bool {
    let somebody = |space: SpaceId, event: &str| {
        webhooks.iter().any(|webhook| webhook.space == space && wants(&webhook.events, event))
    };
    match &change.entity {
        Entity::Content(_) | Entity::Application(_) => true,
        Entity::Link(link) => somebody(link.space, events::LINK_CREATED),
        Entity::Share(share) => somebody(share.space, events::SHARE_CREATED),
        _ => false,
    }
}

/// A decided credit as a word; none while there is none.
fn credit(application: &Application) -> Option<String> {
    let advocate = application.advocate.known()?;
    (application.reason != Reason::Pending.as_str()).then(|| format!("credited {advocate}"))
}
