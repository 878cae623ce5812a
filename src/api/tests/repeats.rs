//! Requests that are sent again.

use super::*;

pub(super) fn keyed(path: &str, token: &str, key: &str, body: impl Into<Option<Value>>) -> Request<Body> {
    headed(request(Method::POST, path, token, body.into()), "idempotency-key", key)
}

fn person(email: &str) -> Value {
    json!({"email": email})
}

#[tokio::test]
async fn a_request_with_a_key_has_its_effect_once() {
    let api = Api::new().await;
    let first = api.send(keyed("/advocates", &api.admin, "k-1", person("ada@example.com"))).await;
    let again = api.send(keyed("/advocates", &api.admin, "k-1", person("ada@example.com"))).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(again.headers["content-type"], "application/json");
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert!(!first.headers.contains_key("idempotent-replayed"));
    assert_eq!(api.get("/advocates").await.body["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_token() {
    let api = Api::new().await;
    // A body that another route takes too.
    let body = json!({"external_id": "hr-1"});
    assert_eq!(api.send(keyed("/advocates", &api.admin, "k-1", body.clone())).await.status, 201);
    let other_body = api.send(keyed("/advocates", &api.admin, "k-1", person("eve@example.com"))).await;
    assert_eq!(other_body.problem(), (409, "idempotency_key_reused", vec![]));
    let other_path = api.send(keyed("/contents", &api.admin, "k-1", body)).await;
    assert_eq!(other_path.problem().1, "idempotency_key_reused");
    let other_token = api.token(api.fixture.space.id, Role::Admin, None).await;
    let other = api.send(keyed("/advocates", &other_token, "k-1", person("eve@example.com"))).await;
    assert_eq!(other.status, 201);
}

#[tokio::test]
async fn a_refused_request_may_be_corrected_under_its_key() {
    let api = Api::new().await;
    let refused = api.send(keyed("/advocates", &api.admin, "k-1", person("nonsense"))).await;
    assert_eq!(refused.status, 422);
    let corrected = api.send(keyed("/advocates", &api.admin, "k-1", person("ada@example.com"))).await;
    assert_eq!(corrected.status, 201);
}

#[tokio::test]
async fn a_pause_that_is_sent_again_does_not_undo_what_came_after_it() {
    let api = Api::new().await;
    let campaign = api.post("/campaigns", json!({"name": "Summer"})).await;
    let path = format!("/campaigns/{}", campaign.id());
    let ask = async |verb: &str, key: &str| {
        let answer = api.send(keyed(&format!("{path}/{verb}"), &api.admin, key, None)).await;
        (answer.status.as_u16(), answer.body["paused"].clone(), answer.headers.contains_key("idempotent-replayed"))
    };
    assert_eq!(ask("pause", "k-1").await, (200, json!(true), false));
    assert_eq!(ask("resume", "k-2").await, (200, json!(false), false));
    assert_eq!(ask("pause", "k-1").await, (200, json!(true), true));
    assert_eq!(api.get(&path).await.body["paused"], false, "the answer is given again, and nothing done");
    assert_eq!(ask("pause", "k-3").await, (200, json!(true), false));
    assert_eq!(ask("resume", "k-2").await, (200, json!(false), true));
    assert_eq!(api.get(&path).await.body["paused"], true);
    let other = api.send(keyed(&format!("{path}/resume"), &api.admin, "k-1", None)).await;
    assert_eq!(other.problem(), (409, "idempotency_key_reused", vec![]));
    assert_eq!(api.get(&path).await.body["paused"], true);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    use std::sync::atomic::{AtomicI64, Ordering};

    let now = Arc::new(AtomicI64::new(crate::programme::tests::NOW_MS));
    let clock = crate::programme::tests::clock({
        let now = Arc::clone(&now);
        move || now.load(Ordering::SeqCst)
    });
    let api = Api::on(Fixture::with_clock(clock).await).await;
    let bulk = |channel: &str| json!({"items": [link("adv_0000000000001", "cnt_0000000000001", channel)]});
    api.send(keyed("/links/bulk", &api.admin, "k-1", bulk("x"))).await;
    now.fetch_add(24 * 3_600_000, Ordering::SeqCst);
    assert_eq!(api.send(keyed("/links/bulk", &api.admin, "k-1", bulk("email"))).await.status, 409);
    now.fetch_add(1, Ordering::SeqCst);
    assert_eq!(api.send(keyed("/links/bulk", &api.admin, "k-1", bulk("email"))).await.status, 200);
}

#[tokio::test]
async fn a_key_has_a_form() {
    let api = Api::new().await;
    for key in ["", &"k".repeat(256)] {
        let answer = api.send(keyed("/advocates", &api.admin, key, person("ada@example.com"))).await;
        assert_eq!(answer.problem(), (400, "invalid_idempotency_key", vec![]));
    }
}
