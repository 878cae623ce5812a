//! Webhooks and deliveries as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::describe;
use crate::programme::times::format_instant;
use crate::programme::webhooks::{Delivery, Webhook, WebhookFields};

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookView {
    id: String,
    url: String,
    events: Vec<String>,
    /// `on`; `failing`, on as well; `off`, nothing is sent.
    state: &'static str,
    /// `by_hand`, or `failing` when it was switched off because it did nothing else.
    off_reason: Option<String>,
    /// Attempts that failed since the last one that succeeded.
    failures: i64,
    /// When the first of them was.
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// The key of the signature, when the webhook is made and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        let state = match (webhook.on, webhook.failures) {
            (false, _) => "off",
            (true, 0) => "on",
            (true, _) => "failing",
        };
        Self {
            id: webhook.id.to_string(),
            url: webhook.url,
            events: webhook.events,
            state,
            off_reason: webhook.off_reason,
            failures: webhook.failures,
            failing_since: webhook.failing_since_ms.map(format_instant),
            created_at: format_instant(webhook.created_at_ms),
            secret: None,
        }
    }
}

impl WebhookView {
    /// With its secret, which nobody can read again.
    pub(super) fn new(webhook: Webhook) -> Self {
        let secret = Some(webhook.secret.clone());
        Self { secret, ..webhook.into() }
    }
}

/// One event on its way to a webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryView {
    id: String,
    /// What the receiver knows the event by; the same at every attempt.
    event_id: String,
    event: String,
    /// `waiting`, `done` or `failed`.
    state: String,
    attempts: i64,
    /// The HTTP status of the last attempt.
    status: Option<i64>,
    /// Why the last attempt had no answer.
    error: Option<String>,
    /// How long the last attempt took, in milliseconds.
    duration_ms: Option<i64>,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it is tried next.
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            event_id: delivery.event_id.to_string(),
            event: delivery.event,
            state: delivery.state,
            attempts: delivery.attempts,
            status: delivery.status,
            error: delivery.error,
            duration_ms: delivery.duration_ms,
            created_at: format_instant(delivery.created_at_ms),
            next_attempt_at: delivery.due_at_ms.map(format_instant),
            finished_at: delivery.finished_at_ms.map(format_instant),
        }
    }
}

describe::new_body! {
    /// [`WebhookFields`] of a new webhook.
    NewWebhook: WebhookFields, &[&["url", "events"]]
}
