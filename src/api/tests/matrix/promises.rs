//! What the description promises of every operation of a form: tags, conditions and keys, asked of each.

use super::*;

/// Some other state of an entity.
const OTHER: &str = "\"00000000000000000000000000000000\"";

#[tokio::test]
async fn a_tag_that_is_promised_is_sent_and_spares_the_answer() {
    let (document, world) = (description(), World::new().await);
    let mut tagged = 0;
    for operation in operations().into_iter().filter(|operation| operation.method == Method::GET) {
        let path = operation.path_with(&document, &world.own);
        let ask = || world.request(Role::Admin, &Method::GET, &path, None);
        let shown = world.api.send(ask()).await;
        let promised = operation.takes("If-None-Match");
        assert_eq!(shown.headers.contains_key("etag"), promised, "{path}: {shown:?}");
        if promised {
            let known = world.api.send(headed(ask(), "if-none-match", shown.tag())).await;
            assert_eq!((known.status.as_u16(), &known.body, known.tag()), (304, &Value::Null, shown.tag()), "{path}");
            let other = world.api.send(headed(ask(), "if-none-match", OTHER)).await;
            assert_eq!((other.status.as_u16(), &other.body), (200, &shown.body), "{path}");
            tagged += 1;
        }
    }
    assert!(tagged >= 12, "{tagged}");
}

/// A change that shows in the entity.
fn change(path: &str) -> Value {
    match path {
        "/api/v1/spaces/{id}" | "/api/v1/advocates/{id}" | "/api/v1/teams/{id}" | "/api/v1/campaigns/{id}" => {
            json!({"name": "Changed"})
        }
        "/api/v1/contents/{id}" => json!({"title": "Changed"}),
        "/api/v1/links/{id}" => json!({"disabled": true}),
        "/api/v1/feeds/{id}" => json!({"paused": true}),
        "/api/v1/webhooks/{id}" => json!({"enabled": false}),
        "/api/v1/applications/{id}" => json!({"stage": "hired", "occurred_at": "2026-03-02T09:30:00Z"}),
        _ => panic!("say in {} what changes at {path}", file!()),
    }
}

#[tokio::test]
async fn every_change_happens_to_the_state_that_it_names_or_not_at_all() {
    let (document, world) = (description(), World::new().await);
    for operation in operations().into_iter().filter(|operation| operation.method == Method::PATCH) {
        assert!(operation.takes("If-Match"), "{}", operation.path);
        let path = operation.path_with(&document, &world.own);
        let show = async || world.send(Role::Admin, &Method::GET, &path, None).await;
        let patch = async |tag: &str| {
            let request = world.request(Role::Admin, &Method::PATCH, &path, Some(change(&operation.path)));
            world.api.send(headed(request, "if-match", tag)).await
        };
        let before = show().await;
        assert_eq!(patch(OTHER).await.problem(), (412, "precondition_failed", vec![]), "{path}");
        assert_eq!(show().await.body, before.body, "{path}");
        let changed = patch(before.tag()).await;
        assert!(changed.status.is_success(), "{path}: {changed:?}");
        assert_ne!(changed.body, before.body, "{path}");
        assert_eq!(patch(before.tag()).await.problem(), (412, "precondition_failed", vec![]), "{path}");
        let after = show().await;
        assert_eq!((&after.body, after.tag()), (&changed.body, changed.tag()), "{path}");
        assert!(patch("*").await.status.is_success(), "{path}");
    }
}

/// POSTs that this world cannot ask for, because nobody has what they need. Their own tests do.
const OUT_OF_REACH: &[&str] = &[
    "/api/v1/contents/preview",
    "/api/v1/conversions",
    "/api/v1/imports",
    "/api/v1/imports/{id}/confirm",
    "/api/v1/proposals/{id}/accept",
    "/api/v1/proposals/{id}/reject",
];

#[tokio::test]
async fn every_post_has_its_effect_once_under_its_key() {
    let (document, world) = (description(), World::new().await);
    let ask = async |path: &str, key: &str, body: Option<Value>| {
        let request = world.request(Role::Admin, &Method::POST, path, body);
        world.api.send(headed(request, "idempotency-key", key)).await
    };
    assert_eq!(ask("/teams", "of another", Some(json!({"name": "Another"}))).await.status, 201);
    let mut out_of_reach = Vec::new();
    for operation in operations().into_iter().filter(|operation| operation.method == Method::POST) {
        assert!(operation.takes("Idempotency-Key"), "{}", operation.path);
        let path = operation.path_with(&document, &world.own);
        let body = operation.body().map(|schema| sample(&document, schema, &world.own));
        let reused = ask(&path, "of another", body.clone()).await;
        let first = ask(&path, &path, body.clone()).await;
        if !first.status.is_success() {
            out_of_reach.push(operation.path);
            continue;
        }
        assert_eq!(reused.problem(), (409, "idempotency_key_reused", vec![]), "{path}");
        assert!(!first.headers.contains_key("idempotent-replayed"), "{path}: {first:?}");
        assert!(first.headers.contains_key("etag"), "{path}: {first:?}");
        let again = ask(&path, &path, body).await;
        assert_eq!((again.status, again.body.get("id")), (first.status, first.body.get("id")), "{path}: {again:?}");
        assert_eq!(again.headers["idempotent-replayed"], "true", "{path}");
    }
    assert_eq!(out_of_reach, OUT_OF_REACH);
}
