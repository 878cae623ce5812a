//! Webhooks, their deliveries, and what was told already.

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::{DeliveryId, EventId, SpaceId, WebhookId};

/// Somebody else's address that is told of events.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Its id.
    pub id: WebhookId,
    /// The only space whose events it is told.
    pub space: SpaceId,
    /// Where they are posted.
    pub url: String,
    /// Which: exact names, or `application.*`.
    pub events: Vec<String>,
    /// The key of the signature; shown to people once.
    pub secret: String,
    /// False while nothing is sent.
    pub on: bool,
    /// Why it is off.
    pub off_reason: Option<String>,
    /// Attempts that failed since the last one that succeeded.
    pub failures: i64,
    /// When the first of them was.
    pub failing_since_ms: Option<i64>,
    /// Nothing that happened before is told.
    pub created_at_ms: i64,
}

impl std::fmt::Debug for WebhookRecord {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, url, on, failures, .. } = self;
        write!(f, "WebhookRecord({id}, {url}, on: {on}, failures: {failures})")
    }
}

/// One event on its way to one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub webhook: WebhookId,
    /// Of which space.
    pub space: SpaceId,
    /// What receivers know the event by; the same at every attempt.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
    /// What is posted.
    pub body: String,
    /// `waiting`, `done` or `failed`.
    pub state: String,
    /// When it is tried next, or, while it is being sent, when it counts as lost; none once it is over.
    pub due_at_ms: Option<i64>,
    /// How often it was tried.
    pub attempts: i64,
    /// The HTTP status of the last attempt, if there was an answer.
    pub status: Option<i64>,
    /// What went wrong at the last attempt.
    pub error: Option<String>,
    /// How long the last attempt took.
    pub duration_ms: Option<i64>,
    /// When it was over.
    pub finished_at_ms: Option<i64>,
    /// When it was made.
    pub created_at_ms: i64,
}

/// A segment of a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentKey {
    /// The spool.
    pub spool_id: u128,
    /// The lane.
    pub lane: u8,
    /// The segment.
    pub segment: u64,
}

impl Reading {
    /// A webhook.
    pub async fn webhook(&mut self, space: SpaceId, id: WebhookId) -> Result<Option<WebhookRecord>, StoreError> {
        on_engine!(self.transaction, webhook(space, id))
    }

    /// Webhooks in the order of their creation.
    pub async fn list_webhooks(
        &mut self,
        space: SpaceId,
        page: Page<WebhookId>,
    ) -> Result<Vec<WebhookRecord>, StoreError> {
        on_engine!(self.transaction, list_webhooks(space, page))
    }

    /// The webhooks of all spaces that are on.
    pub async fn webhooks_on(&mut self) -> Result<Vec<WebhookRecord>, StoreError> {
        on_engine!(self.transaction, webhooks_on())
    }

    /// A delivery.
    pub async fn delivery(&mut self, space: SpaceId, id: DeliveryId) -> Result<Option<DeliveryRecord>, StoreError> {
        on_engine!(self.transaction, delivery(space, id))
    }

    /// The deliveries of a webhook, newest first.
    pub async fn list_deliveries(
        &mut self,
        space: SpaceId,
        webhook: WebhookId,
        page: Page<DeliveryId>,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        on_engine!(self.transaction, list_deliveries(space, webhook, page))
    }

    /// The webhooks of all spaces that are on and have something due at `now_ms`.
    pub async fn webhooks_due(&mut self, now_ms: i64) -> Result<Vec<(SpaceId, WebhookId)>, StoreError> {
        on_engine!(self.transaction, webhooks_due(now_ms))
    }

    /// At most `limit` deliveries of a webhook that are due at `now_ms`.
    pub async fn due_deliveries(
        &mut self,
        space: SpaceId,
        webhook: WebhookId,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        on_engine!(self.transaction, due_deliveries(space, webhook, now_ms, limit))
    }

    /// The words that were told of a content or an application, and when its next event is due.
    pub async fn told(&mut self, space: SpaceId, entity: u64) -> Result<(Vec<String>, Option<i64>), StoreError> {
        on_engine!(self.transaction, told(space, entity))
    }

    /// The entities of all spaces with an event that is due at `now_ms`.
    pub async fn told_due(&mut self, now_ms: i64, limit: u32) -> Result<Vec<(SpaceId, u64)>, StoreError> {
        on_engine!(self.transaction, told_due(now_ms, limit))
    }

    /// The records of a segment that were told, as `[first, end)` pairs in order.
    pub async fn told_clicks(&mut self, place: SegmentKey) -> Result<Vec<(u32, u32)>, StoreError> {
        on_engine!(self.transaction, told_clicks(place))
    }
}

impl Writing {
    /// Inserts or replaces a webhook.
    pub async fn put_webhook(&mut self, webhook: &WebhookRecord) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, put_webhook(webhook, at_ms))
    }

    /// Removes a webhook with its deliveries; false when the space has none of this id.
    pub async fn remove_webhook(&mut self, space: SpaceId, id: WebhookId) -> Result<bool, StoreError> {
        on_engine!(self.transaction, remove_webhook(space, id))
    }

    /// Adds a delivery; false when the webhook has one of this event already.
    pub async fn insert_delivery(&mut self, delivery: &DeliveryRecord) -> Result<bool, StoreError> {
        on_engine!(self.transaction, insert_delivery(delivery))
    }

    /// Writes what an attempt changed.
    pub async fn update_delivery(&mut self, delivery: &DeliveryRecord) -> Result<(), StoreError> {
        on_engine!(self.transaction, update_delivery(delivery))
    }

    /// Makes everything that waits for this webhook due now.
    pub async fn wake_deliveries(&mut self, space: SpaceId, webhook: WebhookId) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, wake_deliveries(space, webhook, at_ms))
    }

    /// Gives up the deliveries of all spaces that were made before `before_ms` and wait still.
    pub async fn give_up_deliveries(&mut self, before_ms: i64) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, give_up_deliveries(before_ms, at_ms))
    }

    /// Removes deliveries of all spaces made before `before_ms`, and notes of clicks told before `clicks_ms`; answers
    /// how many deliveries.
    pub async fn prune_deliveries(&mut self, before_ms: i64, clicks_ms: i64) -> Result<u64, StoreError> {
        on_engine!(self.transaction, prune_deliveries(before_ms, clicks_ms))
    }

    /// Notes what was told of an entity, and when its next event is due.
    pub async fn set_told(
        &mut self,
        space: SpaceId,
        entity: u64,
        told: &[String],
        due_at_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        on_engine!(self.transaction, set_told(space, entity, told, due_at_ms))
    }

    /// Notes which records of a segment were told.
    pub async fn set_told_clicks(&mut self, place: SegmentKey, told: &[(u32, u32)]) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, set_told_clicks(place, told, at_ms))
    }

    /// How far the consumer of this name is, as this transaction sees it; none for one that never reported.
    pub async fn position_of(&mut self, consumer: &str) -> Result<Option<u64>, StoreError> {
        on_engine!(self.transaction, consumer_seq(consumer))
    }

    /// Notes, with what else this transaction does, that the consumer has dealt with all changes through `seq`.
    pub async fn set_position_of(&mut self, consumer: &str, seq: u64) -> Result<(), StoreError> {
        let at_ms = self.at_ms();
        on_engine!(self.transaction, set_consumer_seq(consumer, seq, at_ms))
    }
}
