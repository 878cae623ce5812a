//! Events: their names, their form, and who wants which.
//!
//! ```json
//! {"id": "evt_…", "event": "link.created", "occurred_at": "2026-03-02T10:00:00Z", "space_id": "spc_…", "data": {…}}
//! ```
//!
//! The id of an event is made of what happened, so it is the same at every attempt, for every webhook, and if it
//! should ever be written twice. Events hold ids; nobody's name and no address.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::model::{Application, Content, DeliveryId, EventId, Link, Share, SpaceId};
use crate::programme::{ids, times};

use super::{Delivery, Webhook};

/// A link was made.
pub(super) const LINK_CREATED: &str = "link.created";
/// A share was noted.
pub(super) const SHARE_CREATED: &str = "share.created";

/// What a webhook may ask for.
pub const EVENTS: &[&str] = &[
    LINK_CREATED,
    SHARE_CREATED,
    "click.recorded",
    "content.published",
    "application.*",
    "application.credited",
    "application.started",
    "application.applied",
    "application.screened",
    "application.interview",
    "application.offer",
    "application.hired",
    "application.probation_passed",
    "application.rejected",
    "application.withdrawn",
];

/// Whether a webhook that asked for `events` is told of this one.
pub fn wants(events: &[String], event: &str) -> bool {
    events.iter().any(|asked| asked == event || asked.strip_suffix('*').is_some_and(|start| event.starts_with(start)))
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) id: EventId,
    pub(super) name: String,
    pub(super) space: SpaceId,
    pub(super) at_ms: i64,
    pub(super) data: Value,
}

impl Event {
    /// `key` and the name say what happened, and to what.
    pub(super) fn new(name: impl Into<String>, key: &str, space: SpaceId, at_ms: i64, data: Value) -> Self {
        let name = name.into();
        Self { id: id_of(&name, key), name, space, at_ms, data }
    }
}

/// The first 63 bits of a digest of both; never 0 but once in 2⁶³.
fn id_of(name: &str, key: &str) -> EventId {
    let digest = Sha256::digest(format!("{name} {key}").as_bytes());
    let mut bits = [0; 8];
    bits.copy_from_slice(&digest[..8]);
    EventId::from_bits(u64::from_be_bytes(bits))
}

/// The row of an event that is due at once.
pub(super) fn delivery(webhook: &Webhook, event: &Event, now_ms: i64) -> Delivery {
    let body = json!({
        "id": event.id, "event": event.name, "occurred_at": times::format_instant(event.at_ms),
        "space_id": event.space, "data": event.data,
    });
    Delivery {
        id: DeliveryId::from_bits(ids::random_bits()),
        webhook: webhook.id,
        space: webhook.space,
        event_id: event.id,
        event: event.name.clone(),
        body: body.to_string(),
        state: "waiting".to_owned(),
        due_at_ms: Some(now_ms),
        attempts: 0,
        status: None,
        error: None,
        duration_ms: None,
        finished_at_ms: None,
        created_at_ms: now_ms,
    }
}

/// A test, which is a new event every time.
pub(super) fn test(webhook: &Webhook, at_ms: i64) -> Event {
    let key = ids::random_bits().to_string();
    Event::new("webhook.test", &key, webhook.space, at_ms, json!({"webhook_id": webhook.id}))
}

pub(super) fn link_created(link: &Link) -> Event {
    let data = json!({
        "link_id": link.id, "code": link.code, "content_id": link.content, "advocate_id": link.advocate.known(),
        "channel": link.channel, "created_at": times::format_instant(link.created_at_ms),
    });
    Event::new(LINK_CREATED, &link.id.to_string(), link.space, link.created_at_ms, data)
}

pub(super) fn share_created(share: &Share) -> Event {
    let data = json!({
        "share_id": share.id, "link_id": share.link.known(), "content_id": share.content,
        "advocate_id": share.advocate.known(), "channel": share.channel, "source": share.source,
        "shared_at": times::format_instant(share.shared_at_ms),
    });
    Event::new(SHARE_CREATED, &share.id.to_string(), share.space, share.shared_at_ms, data)
}

pub(super) fn content_published(content: &Content, at_ms: i64) -> Event {
    let data = json!({
        "content_id": content.id, "kind": content.kind, "title": content.title, "url": content.url,
        "campaign_id": content.campaign.known(), "external_id": content.external_id,
        "published_at": times::format_instant(at_ms),
    });
    Event::new("content.published", &content.id.to_string(), content.space, at_ms, data)
}

/// `what` is a stage, or `credited`; `key` tells one credit from another.
pub(super) fn application_event(application: &Application, what: &str, key: &str, at_ms: i64) -> Event {
    let reached: serde_json::Map<String, Value> = application
        .reached
        .iter()
        .map(|(stage, at)| (stage.to_string(), Value::String(times::format_instant(*at))))
        .collect();
    let data = json!({
        "application_id": application.id, "external_id": application.external_id,
        "content_id": application.content.known(), "advocate_id": application.advocate.known(),
        "channel": application.channel, "link_id": application.link.known(), "click_id": application.click,
        "reason": application.reason, "stage": application.stage, "reached": reached,
    });
    let name = format!("application.{what}");
    Event::new(name, &format!("{} {key}", application.id), application.space, at_ms, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_event_of_its_kind() {
        let asked = |events: &[&str]| events.iter().map(|event| (*event).to_owned()).collect::<Vec<_>>();
        assert!(wants(&asked(&["link.created", "application.*"]), "application.hired"));
        assert!(wants(&asked(&["application.hired"]), "application.hired"));
        assert!(!wants(&asked(&["application.hired"]), "application.applied"));
        assert!(!wants(&asked(&["application.*"]), "applications"));
        assert!(!wants(&[], "link.created"));
    }

    #[test]
    fn every_stage_has_its_event() {
        for stage in crate::model::Stage::ALL {
            assert!(EVENTS.contains(&format!("application.{stage}").as_str()), "{stage}");
        }
    }
}
