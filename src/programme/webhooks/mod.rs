//! Webhooks: other systems are told what happens in the programme.
//!
//! Every event is first a row, a delivery, for each webhook that wants it. The rows are written by a consumer of the
//! change feed, in the same transaction as its position in the feed ([`tell`]): an event is written once, whatever
//! is killed when, and by no way of changing the programme can it be forgotten. (Writing them beside each change was
//! turned down: each new way of changing something would have to think of it.) Clicks are not in the feed; they are
//! told from the click log, with the records that were told noted in the same transaction ([`clicks`]).
//!
//! A row is then sent until it is taken ([`deliver`]): at least once, with an id by which receivers recognise what
//! they had before.
//!
//! Deliberately absent: the sending itself (`outbound`), and who drives all this (`app::webhooks`).

pub mod clicks;
pub mod deliver;
mod events;
pub mod sign;
pub mod tell;

use serde::Deserialize;
use serde_json::json;
use url::Url;
use utoipa::ToSchema;

use super::fields::{Check, Field};
use super::{Error, Page, Programme, Work, ids};
use crate::model::{DeliveryId, SpaceId, WebhookId};
use crate::store::{DeliveryRecord, WebhookRecord};
pub use events::{EVENTS, wants};

/// Webhooks of one space, at most.
const MAX_WEBHOOKS: usize = 20;
/// Longest address, in bytes.
const MAX_URL: usize = 2_000;

/// A webhook as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookFields {
    /// Where events are posted: `https`, or `http`; a public address; must be given.
    #[serde(default)]
    #[schema(value_type = String)]
    pub url: Field<String>,
    /// Which events: `link.created`, `share.created`, `click.recorded`, `content.published`, `application.*`, or one
    /// of the latter by name; at least one.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub events: Field<Vec<String>>,
    /// Switches it off, or on again with what waited.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub enabled: Field<bool>,
}

/// A webhook as people see it: the record without its secret.
pub type Webhook = WebhookRecord;
/// One event on its way.
pub type Delivery = DeliveryRecord;

impl WebhookFields {
    /// The address that was given, for a look at where it leads.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no address.
    pub fn address(&self) -> Result<Option<Url>, Error> {
        let Field::Value(text) = &self.url else { return Ok(None) };
        let mut check = Check::default();
        let url = url(&mut check, text);
        check.finish()?;
        Ok(url)
    }
}

impl Programme {
    /// A webhook.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn webhook(&self, space: SpaceId, id: WebhookId) -> Result<Webhook, Error> {
        self.store.read().await?.webhook(space, id).await?.ok_or(MISSING)
    }

    /// Webhooks in the order of their creation.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is no webhook of the space.
    pub async fn webhooks(&self, space: SpaceId, page: Page<WebhookId>) -> Result<Vec<Webhook>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.webhook(space, after).await?.ok_or(Error::NotFound { what: "webhook", field: Some("after") })?;
        }
        Ok(reading.list_webhooks(space, page).await?)
    }

    /// The deliveries of a webhook, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the webhook, or with the field `after` for the page's start.
    pub async fn deliveries(
        &self,
        space: SpaceId,
        webhook: WebhookId,
        page: Page<DeliveryId>,
    ) -> Result<Vec<Delivery>, Error> {
        let mut reading = self.store.read().await?;
        reading.webhook(space, webhook).await?.ok_or(MISSING)?;
        if let Some(after) = page.after {
            let missing = Error::NotFound { what: "delivery", field: Some("after") };
            let first = reading.delivery(space, after).await?;
            first.filter(|first| first.webhook == webhook).ok_or(missing)?;
        }
        Ok(reading.list_deliveries(space, webhook, page).await?)
    }
}

impl Programme {
    /// Looks where the address that was given leads: one that is not public is refused here, and again whenever
    /// something is sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the field `url`.
    pub async fn check_destination(&self, fields: &WebhookFields) -> Result<(), Error> {
        let Some(url) = fields.address()? else { return Ok(()) };
        self.web.may_post(&url).await.map_err(|refused| Error::field("url", refused.code, refused.message))
    }
}

impl Work {
    /// Adds a webhook with a new secret. Where its address leads is looked at by the caller.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] when the space has twenty.
    pub async fn create_webhook(&mut self, space: SpaceId, fields: &WebhookFields) -> Result<Webhook, Error> {
        self.open_space(space).await?;
        let page = Page { after: None, limit: MAX_WEBHOOKS as u32 };
        if self.writing.list_webhooks(space, page).await?.len() >= MAX_WEBHOOKS {
            let message = format!("a space has at most {MAX_WEBHOOKS} webhooks: delete one that is not used");
            return Err(Error::Conflict { code: "too_many_webhooks", field: None, message });
        }
        let webhook = Webhook {
            id: WebhookId::from_bits(ids::random_bits()),
            space,
            url: String::new(),
            events: Vec::new(),
            secret: sign::draw_secret(),
            on: true,
            off_reason: None,
            failures: 0,
            failing_since_ms: None,
            created_at_ms: self.writing.at_ms(),
        };
        let webhook = self.put_webhook(webhook, fields).await?;
        self.note(space, "webhook.created", &webhook.id.to_string(), json!({"events": webhook.events})).await?;
        Ok(webhook)
    }

    /// Lays `fields` over a webhook. Switched on again, it gets what waited, and its failures are forgotten.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`].
    pub async fn update_webhook(
        &mut self,
        space: SpaceId,
        id: WebhookId,
        fields: &WebhookFields,
    ) -> Result<Webhook, Error> {
        self.open_space(space).await?;
        let standing = self.writing.webhook(space, id).await?.ok_or(MISSING)?;
        let webhook = self.put_webhook(standing.clone(), fields).await?;
        if webhook != standing {
            let details = json!({"events": webhook.events, "enabled": webhook.on});
            self.note(space, "webhook.changed", &id.to_string(), details).await?;
        }
        Ok(webhook)
    }

    /// Removes a webhook with all that waits for it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_webhook(&mut self, space: SpaceId, id: WebhookId) -> Result<(), Error> {
        self.open_space(space).await?;
        if !self.writing.remove_webhook(space, id).await? {
            return Err(MISSING);
        }
        self.note(space, "webhook.deleted", &id.to_string(), json!({})).await
    }

    /// Sends an event `webhook.test` on the same way as all others.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is off.
    pub async fn test_webhook(&mut self, space: SpaceId, id: WebhookId) -> Result<Delivery, Error> {
        self.open_space(space).await?;
        let webhook = self.writing.webhook(space, id).await?.ok_or(MISSING)?;
        if !webhook.on {
            let message = "this webhook is off: switch it on with {\"enabled\": true} first".to_owned();
            return Err(Error::Conflict { code: "webhook_off", field: None, message });
        }
        let now_ms = self.writing.at_ms();
        let delivery = events::delivery(&webhook, &events::test(&webhook, now_ms), now_ms);
        self.writing.insert_delivery(&delivery).await?;
        Ok(delivery)
    }

    async fn put_webhook(&mut self, mut webhook: Webhook, fields: &WebhookFields) -> Result<Webhook, Error> {
        let mut check = Check::default();
        match &fields.url {
            Field::Value(text) => {
                webhook.url = url(&mut check, text).map(|url| url.to_string()).unwrap_or_default();
            }
            Field::Absent if !webhook.url.is_empty() => {}
            Field::Absent | Field::Null => check.refuse("url", "required", "url must be given"),
        }
        check.list("events", &fields.events, &mut webhook.events, EVENTS.len(), |check, name, event: &String| {
            if !EVENTS.contains(&event.as_str()) {
                check.refuse(name, "invalid", format!("expected one of: {}", EVENTS.join(", ")));
            }
            Some(event.clone())
        });
        if webhook.events.is_empty() {
            check.refuse("events", "required", "events must name at least one event");
        }
        check.finish()?;
        match fields.enabled {
            Field::Value(true) if !webhook.on => {
                (webhook.on, webhook.off_reason) = (true, None);
                (webhook.failures, webhook.failing_since_ms) = (0, None);
                self.writing.wake_deliveries(webhook.space, webhook.id).await?;
            }
            Field::Value(false) if webhook.on => {
                (webhook.on, webhook.off_reason) = (false, Some("by_hand".to_owned()));
            }
            Field::Absent | Field::Null | Field::Value(_) => {}
        }
        self.writing.put_webhook(&webhook).await?;
        Ok(webhook)
    }
}

const MISSING: Error = Error::NotFound { what: "webhook", field: None };

fn url(check: &mut Check, text: &str) -> Option<Url> {
    let refused = |check: &mut Check| {
        let message = "expected an http or https address with a host and without a user name";
        check.refuse("url", "invalid", message);
        None
    };
    if text.len() > MAX_URL {
        check.refuse("url", "too_long", format!("url has at most {MAX_URL} bytes"));
        return None;
    }
    let Ok(mut url) = Url::parse(text.trim()) else { return refused(check) };
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain || text.contains(['\\', '\0']) {
        return refused(check);
    }
    url.set_fragment(None);
    Some(url)
}
