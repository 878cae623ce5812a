//! Applications, their facts, and webhooks.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Application, ApplicationId, DeliveryId, Entity, EventId, Evidence, FactId, FactSource, ReferralFact, Stage,
    WebhookId,
};

fn application(n: u64) -> Application {
    Application {
        id: ApplicationId::from_bits(n),
        space: SpaceId::from_bits(n),
        external_id: "ats-1".to_owned(),
        content: ContentId::from_bits(n),
        advocate: AdvocateId::from_bits(n),
        channel: Some("linkedin".parse().expect("a channel")),
        link: LinkId::from_bits(n),
        click: Some(uuid::Uuid::from_u128(n.into())),
        clicked_at_ms: Some(5),
        reason: "pending".to_owned(),
        window_days: Some(180),
        stage: Stage::Hired,
        reached: BTreeMap::from([(Stage::Applied, 6), (Stage::Hired, 7)]),
    }
}

fn fact(n: u64, id: u64, occurred_at_ms: i64) -> ReferralFact {
    ReferralFact {
        id: FactId::from_bits(id),
        space: SpaceId::from_bits(n),
        application: ApplicationId::from_bits(n),
        external_id: "ats-1".to_owned(),
        stage: Stage::Applied,
        occurred_at_ms,
        received_at_ms: 9,
        source: FactSource::Page,
        told_by: Some("adv_0000000000001".to_owned()),
        evidence: Evidence::Link,
        click: Some(uuid::Uuid::from_u128(3)),
        link: LinkId::from_bits(n),
        content: ContentId::from_bits(n),
        advocate: AdvocateId::NONE,
        channel: None,
    }
}

fn webhook(n: u64) -> WebhookRecord {
    WebhookRecord {
        id: WebhookId::from_bits(n),
        space: SpaceId::from_bits(n),
        url: "https://example.com/hook".to_owned(),
        events: vec!["link.created".to_owned()],
        secret: "secret".to_owned(),
        on: true,
        off_reason: None,
        failures: 2,
        failing_since_ms: Some(4),
        created_at_ms: 5,
    }
}

fn delivery(n: u64, id: u64) -> DeliveryRecord {
    DeliveryRecord {
        id: DeliveryId::from_bits(id),
        webhook: WebhookId::from_bits(n),
        space: SpaceId::from_bits(n),
        event_id: EventId::from_bits(id),
        event: "link.created".to_owned(),
        body: "{}".to_owned(),
        state: "waiting".to_owned(),
        due_at_ms: Some(10),
        attempts: 1,
        status: Some(500),
        error: Some("why".to_owned()),
        duration_ms: Some(3),
        finished_at_ms: None,
        created_at_ms: 8,
    }
}

#[tokio::test]
async fn an_application_reads_back_is_told_and_is_in_the_snapshot() {
    let (_home, store) = store(Clock::system()).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut writing = store.write().await.expect("a transaction");
    for n in [1, 2] {
        writing.put_application(&application(n)).await.expect("written");
        for fact in [fact(n, 10 * n + 2, 8), fact(n, 10 * n + 1, 6)] {
            writing.insert_fact(&fact).await.expect("written");
        }
    }
    writing.commit().await.expect("a commit");
    let mut reading = store.read().await.expect("a transaction");
    let id = ApplicationId::from_bits(1);
    assert_eq!(reading.application(one, id).await.expect("reads"), Some(application(1)));
    assert_eq!(reading.application(two, id).await.expect("reads"), None);
    assert_eq!(reading.facts_of(one, id).await.expect("reads"), [fact(1, 11, 6), fact(1, 12, 8)]);
    assert!(reading.facts_of(two, id).await.expect("reads").is_empty());
    let pending = reading.pending_applications(id, 10).await.expect("reads");
    assert_eq!(pending, [application(2)]);
    drop(reading);
    let changes = store.changes_since(10, 10).await.expect("changes");
    assert_eq!(changes[0].entity, Entity::Application(application(1)));
    let mut snapshot = store.snapshot().await.expect("a snapshot");
    let mut last = Vec::new();
    loop {
        let page = snapshot.next_page().await.expect("a page");
        if page.is_empty() {
            break;
        }
        last = page;
    }
    assert_eq!(last, [Entity::Application(application(1)), Entity::Application(application(2))]);
}

#[tokio::test]
async fn the_same_key_is_one_application_in_a_space_and_another_elsewhere() {
    let (_home, store) = store(Clock::system()).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut writing = store.write().await.expect("a transaction");
    writing.put_application(&application(1)).await.expect("written");
    writing.put_application(&application(2)).await.expect("written");
    for (space, n) in [(one, 1), (two, 2)] {
        let found = writing.application_of_external_id(space, "ats-1").await.expect("reads");
        assert_eq!(found, Some(application(n)));
    }
    let twin = Application { id: ApplicationId::from_bits(3), ..application(1) };
    assert!(matches!(writing.put_application(&twin).await, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn a_webhook_has_one_delivery_of_an_event_and_takes_all_along() {
    let (_home, store) = store(Clock::system()).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut writing = store.write().await.expect("a transaction");
    writing.put_webhook(&webhook(1)).await.expect("written");
    writing.put_webhook(&webhook(2)).await.expect("written");
    assert!(writing.insert_delivery(&delivery(1, 7)).await.expect("written"));
    let twin = DeliveryRecord { id: DeliveryId::from_bits(8), ..delivery(1, 7) };
    assert!(!writing.insert_delivery(&twin).await.expect("left out"));
    let crossing = DeliveryRecord { space: two, ..delivery(1, 9) };
    assert!(writing.insert_delivery(&crossing).await.is_err(), "the engine itself refuses it");
    drop(writing);

    let mut writing = store.write().await.expect("a transaction");
    writing.put_webhook(&webhook(1)).await.expect("written");
    writing.insert_delivery(&delivery(1, 7)).await.expect("written");
    let id = webhook(1).id;
    assert_eq!(writing.webhook(one, id).await.expect("reads"), Some(webhook(1)));
    assert_eq!(writing.webhook(two, id).await.expect("reads"), None);
    let page = Page { after: None, limit: 10 };
    assert_eq!(writing.list_deliveries(one, id, page).await.expect("reads"), [delivery(1, 7)]);
    assert!(writing.list_deliveries(two, id, page).await.expect("reads").is_empty());
    assert_eq!(writing.due_deliveries(one, id, 10, 4).await.expect("reads"), [delivery(1, 7)]);
    assert!(writing.due_deliveries(two, id, 10, 4).await.expect("reads").is_empty());
    assert!(writing.due_deliveries(one, id, 9, 4).await.expect("reads").is_empty());
    assert_eq!(writing.webhooks_due(10).await.expect("reads"), [(one, id)]);
    assert!(writing.webhooks_due(9).await.expect("reads").is_empty());
    assert!(!writing.remove_webhook(two, id).await.expect("not theirs"));
    assert!(writing.remove_webhook(one, id).await.expect("removed"));
    assert_eq!(writing.delivery(one, delivery(1, 7).id).await.expect("reads"), None);
    assert!(!format!("{:?}", webhook(1)).contains("secret"));
}
