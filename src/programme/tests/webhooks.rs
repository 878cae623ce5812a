//! Who is told of what, how often, and until when.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use super::*;
use crate::model::{DeliveryId, WebhookId};
use crate::programme::referrals::{ApplicationFields, StageFields};
use crate::programme::webhooks::clicks::{SegmentKey, TellableClick};
use crate::programme::webhooks::deliver::{Attempt, Claimed};
use crate::programme::webhooks::{Delivery, Webhook, WebhookFields};

const HOUR_MS: i64 = 3_600_000;
const PLACE: SegmentKey = SegmentKey { spool_id: 7, lane: 1, segment: 3 };

struct Hooks {
    fixture: Fixture,
    clock: Arc<AtomicI64>,
}

impl Hooks {
    async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let told = Arc::clone(&clock);
        let fixture = Fixture::with_clock(Clock::from_fn(move || told.load(Ordering::SeqCst))).await;
        Self { fixture, clock }
    }

    async fn hook(&self, events: &[&str]) -> Webhook {
        self.hook_of(self.fixture.space.id, events).await
    }

    async fn hook_of(&self, space: SpaceId, events: &[&str]) -> Webhook {
        let fields = WebhookFields {
            url: text("https://example.com/hook"),
            events: Field::Value(events.iter().map(|event| (*event).to_owned()).collect()),
            enabled: Field::Absent,
        };
        let mut work = self.fixture.programme.work().await.expect("work");
        let webhook = work.create_webhook(space, &fields).await.expect("a webhook");
        work.commit().await.expect("a commit");
        webhook
    }

    fn later(&self, by_ms: i64) {
        self.clock.fetch_add(by_ms, Ordering::SeqCst);
    }

    async fn tell(&self) {
        while self.fixture.programme.tell_changes().await.expect("tells") {}
        while self.fixture.programme.tell_publications().await.expect("tells") {}
    }

    /// Deliveries in the order of their creation.
    async fn deliveries(&self, webhook: &Webhook) -> Vec<Delivery> {
        let page = Page { after: None, limit: 200 };
        let programme = &self.fixture.programme;
        let mut found = programme.deliveries(webhook.space, webhook.id, page).await.expect("reads");
        found.reverse();
        found
    }

    async fn events(&self, webhook: &Webhook) -> Vec<String> {
        let mut events: Vec<_> = self.deliveries(webhook).await.into_iter().map(|one| one.event).collect();
        events.sort();
        events
    }

    async fn claim(&self) -> Vec<Claimed> {
        self.fixture.programme.claim_deliveries(100, &[]).await.expect("claims")
    }

    async fn note(&self, claimed: &Claimed, status: u16) {
        let attempt = Attempt { status: Some(status), error: None, duration_ms: 5 };
        self.fixture.programme.note_attempt(claimed, &attempt).await.expect("notes");
    }

    async fn webhook(&self, id: WebhookId) -> Webhook {
        self.fixture.programme.webhook(self.fixture.space.id, id).await.expect("reads")
    }
}

async fn test_event(hooks: &Hooks, webhook: &Webhook) -> Delivery {
    let mut work = hooks.fixture.programme.work().await.expect("work");
    let delivery = work.test_webhook(webhook.space, webhook.id).await.expect("an event");
    work.commit().await.expect("a commit");
    delivery
}

fn job(published_at: &str) -> ContentFields {
    ContentFields { kind: text("job"), published_at: text(published_at), ..content("https://example.com/job") }
}

#[tokio::test]
async fn what_was_told_of_an_erased_persons_links_goes_with_it_and_applications_stay() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created", "application.*"]).await;
    let content = hooks.fixture.content_with(job("2026-03-02T09:00:00Z")).await;
    let (ada, eve) = (hooks.fixture.advocate().await, hooks.fixture.advocate().await);
    let (space, programme) = (hooks.fixture.space.id, &hooks.fixture.programme);
    let mut work = programme.work().await.expect("work");
    for advocate in [ada, eve] {
        let fields = LinkFields {
            content_id: text(&content.to_string()),
            advocate_id: text(&advocate.to_string()),
            channel: text("x"),
            ..LinkFields::default()
        };
        work.issue_link(space, fields, None).await.expect("a link");
    }
    let fields = ApplicationFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&ada.to_string()),
        stage: text("applied"),
        external_id: text("a-1"),
        occurred_at: text("2026-03-02T09:30:00Z"),
        ..ApplicationFields::default()
    };
    work.record_referral(space, &fields.message(NOW_MS).expect("a message"), &[]).await.expect("recorded");
    work.commit().await.expect("a commit");
    hooks.tell().await;
    assert_eq!(hooks.events(&webhook).await.iter().filter(|event| *event == "link.created").count(), 2);

    let mut work = programme.work().await.expect("work");
    work.erase_advocate(space, ada).await.expect("erased");
    work.commit().await.expect("a commit");
    hooks.tell().await;
    let left = hooks.deliveries(&webhook).await;
    let links: Vec<_> = left.iter().filter(|one| one.event == "link.created").collect();
    assert!(matches!(links[..], [one] if one.body.contains(&eve.to_string())), "{links:?}");
    assert!(left.iter().any(|one| one.event == "application.applied"), "{left:?}");
}

#[tokio::test]
async fn each_event_is_told_once_to_those_who_want_it() {
    let hooks = Hooks::new().await;
    let everything = hooks.hook(&["link.created", "content.published", "application.*"]).await;
    let hires = hooks.hook(&["application.hired"]).await;
    let elsewhere = hooks.hook_of(hooks.fixture.other_space().await, &["link.created"]).await;
    let content = hooks.fixture.content_with(job("2026-03-02T09:00:00Z")).await;
    let advocate = hooks.fixture.advocate().await;
    let (space, programme) = (hooks.fixture.space.id, &hooks.fixture.programme);
    let mut work = programme.work().await.expect("work");
    let fields = LinkFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        channel: text("x"),
        ..LinkFields::default()
    };
    let link = work.issue_link(space, fields, None).await.expect("a link").shown.link;
    work.commit().await.expect("a commit");
    hooks.later(1);
    let mut work = programme.work().await.expect("work");
    work.set_link_disabled(space, link.id, true, None).await.expect("off");
    work.set_link_disabled(space, link.id, false, None).await.expect("on");
    let fields = ApplicationFields {
        content_id: text(&content.to_string()),
        advocate_id: text(&advocate.to_string()),
        stage: text("applied"),
        external_id: text("a-1"),
        occurred_at: text("2026-03-02T09:30:00Z"),
        ..ApplicationFields::default()
    };
    let message = fields.message(NOW_MS).expect("a message");
    let application = work.record_referral(space, &message, &[]).await.expect("recorded").application;
    let fields = StageFields { stage: text("hired"), occurred_at: text("2026-03-02T09:40:00Z") };
    let message = fields.message(application.id, NOW_MS).expect("a message");
    work.record_referral(space, &message, &[]).await.expect("recorded");
    let title = ContentFields { title: text("Another title"), ..ContentFields::default() };
    work.update_content(space, content, &title).await.expect("changed");
    work.commit().await.expect("a commit");

    hooks.tell().await;
    let expected =
        ["application.applied", "application.credited", "application.hired", "content.published", "link.created"];
    assert_eq!(hooks.events(&everything).await, expected);
    assert_eq!(hooks.events(&hires).await, ["application.hired"]);
    assert!(hooks.events(&elsewhere).await.is_empty());
    // One event has one id, whoever is told.
    let (all, one) = (hooks.deliveries(&everything).await, hooks.deliveries(&hires).await);
    let hired = all.iter().find(|delivery| delivery.event == "application.hired").expect("told");
    assert_eq!((hired.event_id, &hired.body), (one[0].event_id, &one[0].body));
    assert_ne!(hired.id, one[0].id);
    let body: Value = serde_json::from_str(&hired.body).expect("JSON");
    assert_eq!((&body["id"], &body["event"]), (&json!(hired.event_id), &json!("application.hired")));
    assert_eq!(body["data"]["external_id"], "a-1");
    // What stood before is not told again, also when it is changed again.
    hooks.later(1);
    let mut work = programme.work().await.expect("work");
    let fields = StageFields { stage: text("hired"), occurred_at: text("2026-03-02T09:39:00Z") };
    let message = fields.message(application.id, NOW_MS).expect("a message");
    work.record_referral(space, &message, &[]).await.expect("recorded");
    work.commit().await.expect("a commit");
    hooks.tell().await;
    assert_eq!(hooks.events(&everything).await.len(), expected.len());
}

#[tokio::test]
async fn nothing_is_told_that_happened_before_the_webhook_was_made() {
    let hooks = Hooks::new().await;
    hooks.fixture.content_with(job("2026-03-02T09:00:00Z")).await;
    hooks.later(1);
    let webhook = hooks.hook(&["content.published"]).await;
    hooks.tell().await;
    assert!(hooks.events(&webhook).await.is_empty());
}

#[tokio::test]
async fn a_planned_publication_is_told_when_its_instant_comes() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["content.published"]).await;
    let planned = hooks.fixture.content_with(job("2026-03-02T11:00:00Z")).await;
    let withdrawn = hooks.fixture.content_with(job("2026-03-02T11:00:00Z")).await;
    hooks.fixture.content().await;
    hooks.tell().await;
    assert!(hooks.events(&webhook).await.is_empty());
    let mut work = hooks.fixture.programme.work().await.expect("work");
    let never = ContentFields { published_at: Field::Null, ..ContentFields::default() };
    work.update_content(hooks.fixture.space.id, withdrawn, &never).await.expect("withdrawn");
    work.commit().await.expect("a commit");
    hooks.later(HOUR_MS);
    hooks.tell().await;
    let told = hooks.deliveries(&webhook).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains(&planned.to_string()), "{}", told[0].body);
    hooks.tell().await;
    assert_eq!(hooks.deliveries(&webhook).await.len(), 1);
}

#[tokio::test]
async fn a_consumer_that_comes_too_late_goes_on_from_now() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["content.published"]).await;
    hooks.fixture.content_with(job("2026-03-02T09:00:00Z")).await;
    hooks.fixture.store.prune_changes(NOW_MS + 1).await.expect("prunes");
    hooks.tell().await;
    assert!(hooks.events(&webhook).await.is_empty());
    hooks.fixture.content_with(job("2026-03-02T09:00:00Z")).await;
    hooks.tell().await;
    assert_eq!(hooks.events(&webhook).await, ["content.published"]);
}

#[tokio::test]
async fn each_click_is_told_once_however_often_it_is_found() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["click.recorded"]).await;
    let space = hooks.fixture.space.id;
    let other = hooks.fixture.other_space().await;
    let programme = &hooks.fixture.programme;
    let audience = programme.click_audience().await.expect("reads").expect("somebody");
    assert_eq!((audience.spaces, audience.since_ms), (vec![space], NOW_MS));
    let click = |space, record, clicked_at_ms| {
        let view = json!({ "record": record });
        TellableClick { space, record, clicked_at_ms, view }
    };
    let tell = async |records: &[(u32, u32)], clicks| {
        let mut work = programme.work().await.expect("work");
        work.tell_clicks(PLACE, records, clicks).await.expect("told");
        work.commit().await.expect("a commit");
    };
    let clicks = vec![
        click(space, 0, NOW_MS),
        click(other, 1, NOW_MS),
        click(space, 2, NOW_MS - 1),
        click(space, 3, NOW_MS + 1),
    ];
    tell(&[(0, 4)], clicks.clone()).await;
    // Found again, with one that arrived late.
    tell(&[(0, 5)], [clicks, vec![click(space, 4, NOW_MS)]].concat()).await;
    assert!(programme.untold(PLACE, &[(0, 5)]).await.expect("reads").is_empty());
    assert_eq!(programme.untold(PLACE, &[(3, 9)]).await.expect("reads"), [(5, 9)]);
    // 1,200 clicks are three events.
    let many = (5..1205).map(|record| click(space, record, NOW_MS)).collect();
    tell(&[(5, 1205)], many).await;
    let mut told: Vec<u64> = Vec::new();
    let deliveries = hooks.deliveries(&webhook).await;
    assert_eq!(deliveries.len(), 2 + 3);
    for delivery in deliveries {
        let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
        let clicks = body["data"]["clicks"].as_array().expect("clicks");
        told.extend(clicks.iter().map(|click| click["record"].as_u64().expect("a number")));
    }
    told.sort_unstable();
    let expected: Vec<u64> = [0, 3].into_iter().chain(4..1205).collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_fails_is_tried_again_later_and_later_and_what_is_taken_is_over() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created"]).await;
    let delivery = test_event(&hooks, &webhook).await;
    let first = hooks.claim().await;
    assert_eq!(first.len(), 1);
    assert!(hooks.claim().await.is_empty(), "it is on its way");
    hooks.note(&first[0], 500).await;
    assert!(hooks.claim().await.is_empty(), "it waits");
    let waiting = hooks.deliveries(&webhook).await.remove(0);
    assert_eq!((waiting.state.as_str(), waiting.attempts, waiting.status), ("waiting", 1, Some(500)));
    let wait_ms = waiting.due_at_ms.expect("it is due") - NOW_MS;
    assert!((5_000..=10_000).contains(&wait_ms), "{wait_ms}");
    assert_eq!(hooks.webhook(webhook.id).await.failures, 1);
    hooks.later(10_000);
    let second = hooks.claim().await;
    assert_eq!((second[0].delivery.event_id, &second[0].delivery.body), (delivery.event_id, &delivery.body));
    hooks.note(&second[0], 204).await;
    let done = hooks.deliveries(&webhook).await.remove(0);
    assert_eq!((done.state.as_str(), done.attempts, done.due_at_ms), ("done", 2, None));
    assert_eq!((done.status, done.finished_at_ms), (Some(204), Some(NOW_MS + 10_000)));
    let webhook = hooks.webhook(webhook.id).await;
    assert_eq!((webhook.failures, webhook.failing_since_ms), (0, None));
}

#[tokio::test]
async fn a_delivery_whose_sender_was_killed_is_sent_again_with_the_same_id() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created"]).await;
    let delivery = test_event(&hooks, &webhook).await;
    drop(hooks.claim().await);
    hooks.later(60_000);
    let again = hooks.claim().await;
    assert_eq!((again[0].delivery.id, again[0].delivery.event_id), (delivery.id, delivery.event_id));
}

#[tokio::test]
async fn a_webhook_that_only_fails_is_switched_off_and_on_again_with_what_waited() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created"]).await;
    test_event(&hooks, &webhook).await;
    let mut attempts = 0;
    while hooks.webhook(webhook.id).await.on {
        for claimed in hooks.claim().await {
            hooks.note(&claimed, 500).await;
            attempts += 1;
        }
        hooks.later(HOUR_MS / 2);
        assert!(attempts < 100);
    }
    assert!(attempts >= 10 && hooks.clock.load(Ordering::SeqCst) - NOW_MS >= 24 * HOUR_MS);
    let off = hooks.webhook(webhook.id).await;
    assert_eq!((off.off_reason.as_deref(), off.failures), (Some("failing"), attempts));
    hooks.later(HOUR_MS);
    assert!(hooks.claim().await.is_empty());
    let mut work = hooks.fixture.programme.work().await.expect("work");
    let on = WebhookFields { enabled: Field::Value(true), ..WebhookFields::default() };
    let on = work.update_webhook(webhook.space, webhook.id, &on).await.expect("switched on");
    work.commit().await.expect("a commit");
    assert_eq!((on.on, on.off_reason, on.failures), (true, None, 0));
    assert_eq!(hooks.claim().await.len(), 1);
}

#[tokio::test]
async fn a_delivery_is_given_up_after_three_days_and_forgotten_after_thirty() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created"]).await;
    test_event(&hooks, &webhook).await;
    hooks.later(72 * HOUR_MS + 1);
    assert_eq!(hooks.fixture.programme.prune_deliveries().await.expect("prunes"), 0);
    assert!(hooks.claim().await.is_empty());
    let given_up = hooks.deliveries(&webhook).await.remove(0);
    assert_eq!((given_up.state.as_str(), given_up.due_at_ms), ("failed", None));
    hooks.later(30 * 24 * HOUR_MS);
    assert_eq!(hooks.fixture.programme.prune_deliveries().await.expect("prunes"), 1);
    assert!(hooks.deliveries(&webhook).await.is_empty());
}

#[tokio::test]
async fn a_slow_receiver_takes_a_few_places_and_no_more() {
    let hooks = Hooks::new().await;
    let (slow, quick) = (hooks.hook(&["link.created"]).await, hooks.hook(&["link.created"]).await);
    for _ in 0..10 {
        test_event(&hooks, &slow).await;
    }
    hooks.later(1);
    test_event(&hooks, &quick).await;
    let claimed = hooks.claim().await;
    let of = |webhook: &Webhook| claimed.iter().filter(|one| one.webhook.id == webhook.id).count();
    assert_eq!((of(&slow), of(&quick)), (4, 1));
    let rest = hooks.fixture.programme.claim_deliveries(100, &[slow.id]).await.expect("claims");
    assert!(rest.is_empty());
}

#[tokio::test]
async fn what_another_space_has_does_not_exist() {
    let hooks = Hooks::new().await;
    let webhook = hooks.hook(&["link.created"]).await;
    let delivery = test_event(&hooks, &webhook).await;
    let other = hooks.fixture.other_space().await;
    let own = hooks.hook_of(other, &["link.created"]).await;
    let programme = &hooks.fixture.programme;
    assert!(programme.webhook(other, webhook.id).await.is_err());
    let page = Page { after: None, limit: 10 };
    assert!(programme.deliveries(other, webhook.id, page).await.is_err());
    let page = Page::<DeliveryId> { after: Some(delivery.id), limit: 10 };
    assert!(programme.deliveries(other, own.id, page).await.is_err());
    let page = Page { after: Some(webhook.id), limit: 10 };
    assert!(programme.webhooks(other, page).await.is_err());
    let mut work = programme.work().await.expect("work");
    assert!(work.update_webhook(other, webhook.id, &WebhookFields::default()).await.is_err());
    assert!(work.test_webhook(other, webhook.id).await.is_err());
    assert!(work.delete_webhook(other, webhook.id).await.is_err());
    work.delete_webhook(webhook.space, webhook.id).await.expect("its own");
    work.commit().await.expect("a commit");
    assert!(hooks.claim().await.is_empty(), "its deliveries went with it");
}

#[tokio::test]
async fn a_webhook_needs_an_address_and_known_events() {
    let hooks = Hooks::new().await;
    let mut work = hooks.fixture.programme.work().await.expect("work");
    let fields = |url: &str, events: &[&str]| WebhookFields {
        url: text(url),
        events: Field::Value(events.iter().map(|event| (*event).to_owned()).collect()),
        enabled: Field::Absent,
    };
    for (fields, expected) in [
        (WebhookFields::default(), vec![("url", "required"), ("events", "required")]),
        (fields("ftp://example.com", &["link.created"]), vec![("url", "invalid")]),
        (fields("https://me@example.com", &["link.created"]), vec![("url", "invalid")]),
        (fields("https://example.com", &["link.deleted"]), vec![("events[0]", "invalid")]),
    ] {
        let error = work.create_webhook(hooks.fixture.space.id, &fields).await.expect_err("refused");
        assert_eq!(super::problems(&error), expected);
    }
}
