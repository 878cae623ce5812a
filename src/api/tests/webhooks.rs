//! `/webhooks`.

use super::*;

fn hook() -> Value {
    json!({"url": "http://127.0.0.1:9/hook", "events": ["link.created", "application.*"]})
}

#[tokio::test]
async fn a_webhook_shows_its_secret_once() {
    let api = Api::new().await;
    let made = api.post("/webhooks", hook()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let secret = made.body["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.len() > 40);
    assert_eq!((&made.body["state"], &made.body["url"]), (&json!("on"), &json!("http://127.0.0.1:9/hook")));
    let path = format!("/webhooks/{}", made.id());
    let shown = api.get(&path).await;
    assert!(shown.body.get("secret").is_none());
    assert_eq!(api.get("/webhooks").await.body["items"], json!([shown.body]));
    let off = api.patch(&path, json!({"enabled": false})).await;
    assert_eq!((&off.body["state"], &off.body["off_reason"]), (&json!("off"), &json!("by_hand")));
    assert_eq!(api.post(&format!("{path}/test"), json!({})).await.problem().1, "webhook_off");
    api.patch(&path, json!({"enabled": true, "events": ["click.recorded"]})).await;
    let test = api.post(&format!("{path}/test"), json!({})).await;
    assert_eq!((test.status.as_u16(), &test.body["event"]), (202, &json!("webhook.test")));
    let deliveries = api.get(&format!("{path}/deliveries")).await;
    assert_eq!(deliveries.body["items"], json!([test.body]));
    assert_eq!(deliveries.body["items"][0]["state"], "waiting");
    let gone = api.send(request(Method::DELETE, &path, &api.admin, None)).await;
    assert_eq!(gone.status, 204);
    assert_eq!(api.get(&path).await.status, 404);
}

#[tokio::test]
async fn security_27_a_webhook_to_a_private_address_is_refused() {
    let api = Api::new().await;
    for url in ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://127.0.0.2/"] {
        let body = json!({"url": url, "events": ["link.created"]});
        assert_eq!(
            api.post("/webhooks", body).await.problem(),
            (422, "invalid_fields", vec![("url", "address_not_public")]),
            "{url}"
        );
    }
    let made = api.post("/webhooks", hook()).await;
    let path = format!("/webhooks/{}", made.id());
    let moved = api.patch(&path, json!({"url": "http://192.168.1.1/"})).await;
    assert_eq!(moved.problem().2, [("url", "address_not_public")]);
    let port = json!({"url": "https://1.1.1.1:8443/", "events": ["link.created"]});
    assert_eq!(api.post("/webhooks", port).await.problem().2, [("url", "port_not_allowed")]);
    let unknown = json!({"url": "https://example.com/", "events": ["everything"]});
    assert_eq!(api.post("/webhooks", unknown).await.status, 422);
}

#[tokio::test]
async fn security_19_another_spaces_webhook_answers_404_and_only_admins_have_any() {
    let api = Api::new().await;
    let made = api.post("/webhooks", hook()).await;
    let elsewhere = api.fixture.other_space().await;
    let routes = |id: &str| {
        let path = format!("/webhooks/{id}");
        [
            (Method::GET, path.clone(), None),
            (Method::PATCH, path.clone(), Some(json!({"enabled": false}))),
            (Method::DELETE, path.clone(), None),
            (Method::GET, format!("{path}/deliveries"), None),
            (Method::POST, format!("{path}/test"), Some(json!({}))),
        ]
    };
    for role in [Role::Marketing, Role::Recruiter, Role::Admin, Role::Operator] {
        let token = api.token(elsewhere, role, None).await;
        for (method, path, body) in routes(made.id()) {
            let answer = api.send(request(method.clone(), &path, &token, body)).await;
            assert_eq!(answer.status, 404, "{role} {method} {path}: {answer:?}");
        }
        let token = api.token(api.fixture.space.id, role, None).await;
        if role != Role::Admin {
            for (method, path, body) in routes(made.id()) {
                assert_eq!(api.send(request(method, &path, &token, body)).await.status, 403, "{role} {path}");
            }
            assert_eq!(api.send(request(Method::GET, "/webhooks", &token, None)).await.status, 403);
        }
    }
}
