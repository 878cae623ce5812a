//! `/conversions` and `/applications`.

use super::repeats::keyed;
use super::*;
use crate::kpi::tests::{BARE, ClickRow, Log, id};
use crate::programme::tests::NOW_MS;

/// The id of a click that nobody made.
const CLICK: &str = "019cadfd-8900-7000-ac52-e82af3f1ea4a";

fn conversion(what: Value, stage: &str) -> Value {
    let mut body = json!({"stage": stage, "external_id": "ats-1", "occurred_at": "2026-03-02T09:00:00Z"});
    for (name, value) in what.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// A click on the link of [`Api::three`], an hour before the application.
async fn click(api: &Api, log: &Log, link: &str) -> String {
    let shown = api.get(&format!("/links/{link}")).await.body;
    let bits = |name: &str| shown[name].as_str().expect("an id").to_owned();
    let row = ClickRow {
        clicked_at_ms: NOW_MS - 2 * 3_600_000,
        space_id: api.fixture.space.id,
        link_id: bits("id").parse().expect("an id"),
        content_id: bits("content_id").parse().expect("an id"),
        advocate_id: bits("advocate_id").parse().expect("an id"),
        channel: "linkedin",
        ..BARE
    };
    log.store(NOW_MS, std::slice::from_ref(&row)).await;
    id(&row).to_string()
}

#[tokio::test]
async fn a_conversion_credits_the_advocate_of_its_click_and_says_why() {
    let log = Log::new().await;
    let api = Api::with_clicks(Fixture::new().await, log.log.clone()).await;
    let (ada, content, link) = api.three().await;
    let click = click(&api, &log, &link).await;
    let body = conversion(json!({ "click_id": click }), "applied");
    let first = api.post("/conversions", body.clone()).await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(first.body["reason"], "last_click");
    assert_eq!(first.body["advocate_id"], *ada);
    assert_eq!((&first.body["click_id"], &first.body["link_id"]), (&json!(click), &json!(link)));
    assert_eq!(
        (&first.body["clicked_at"], &first.body["content_id"]),
        (&json!("2026-03-02T08:00:00Z"), &json!(content))
    );
    assert!(first.body["why"].as_str().is_some_and(|why| why.contains("attribution window")));
    assert_eq!(first.body["reached"], json!({"applied": "2026-03-02T09:00:00Z"}));
    let again = api.post("/conversions", body).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));

    let code = api.get(&format!("/links/{link}")).await.body["code"].clone();
    let other =
        json!({"code": code, "stage": "applied", "external_id": "ats-2", "occurred_at": "2026-03-02T09:30:00Z"});
    let by_code = api.post("/conversions", other).await;
    assert_eq!((&by_code.body["reason"], &by_code.body["click_id"]), (&json!("last_click"), &json!(click)));

    let path = format!("/applications/{}", first.id());
    let hired = api.patch(&path, json!({"stage": "hired", "occurred_at": "2026-03-02T09:50:00Z"})).await;
    assert_eq!((hired.status.as_u16(), &hired.body["stage"]), (201, &json!("hired")));
    assert_eq!(api.get(&path).await.body, hired.body);
    let receipt = api.get(&format!("{path}/receipt")).await.body;
    assert_eq!(receipt["application"], hired.body);
    assert_eq!(receipt["rule"]["name"], "last_click@1");
    assert_eq!(receipt["rule"]["decided_for"], "2026-03-02T09:00:00Z");
    let facts: Vec<_> = receipt["facts"].as_array().expect("facts").iter().map(|fact| &fact["evidence"]).collect();
    assert_eq!(facts, ["click", "none"]);
    let listed = api.get("/applications?stage=hired").await;
    assert_eq!(listed.body["items"], json!([hired.body]));
    assert_eq!(api.get("/applications?external_id=ats-2").await.body["items"][0]["id"], by_code.body["id"]);
}

#[tokio::test]
async fn without_clickhouse_a_conversion_is_pending_and_a_declared_one_is_not() {
    let api = Api::new().await;
    let (ada, content, link) = api.three().await;
    let code = api.get(&format!("/links/{link}")).await.body["code"].clone();
    let pending = api.post("/conversions", conversion(json!({ "code": code }), "applied")).await;
    assert_eq!((pending.status.as_u16(), &pending.body["reason"]), (201, &json!("pending")));
    let body = json!({"content_id": content, "advocate_id": ada, "stage": "applied", "external_id": "ats-3",
        "occurred_at": "2026-03-02T09:00:00Z"});
    let declared = api.post("/applications", body).await;
    assert_eq!((&declared.body["reason"], &declared.body["advocate_id"]), (&json!("declared"), &json!(ada)));
}

#[tokio::test]
async fn nothing_that_describes_a_candidate_is_taken() {
    let api = Api::new().await;
    let (.., link) = api.three().await;
    for (field, value) in [("candidate_name", "Ada"), ("email", "ada@example.com"), ("phone", "+33 1"), ("name", "A")] {
        let body = conversion(json!({"link_id": link, field: value}), "applied");
        let answer = api.post("/applications", body).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![(field, "personal_data")]));
        assert!(!answer.body.to_string().contains("ada@"), "{answer:?}");
    }
    let body = conversion(json!({"link_id": link, "external_id": "ada@example.com"}), "applied");
    let answer = api.post("/applications", body).await;
    assert_eq!(answer.problem(), (422, "invalid_fields", vec![("external_id", "personal_data")]));
    let answer = api.post("/applications", conversion(json!({"link_id": link, "colour": "red"}), "applied")).await;
    assert_eq!(answer.problem(), (422, "invalid_fields", vec![("colour", "unknown_field")]));
    assert_eq!(api.get("/applications").await.body["items"], json!([]));
}

#[tokio::test]
async fn each_role_sees_of_an_application_what_is_its_own() {
    let api = Api::new().await;
    let (ada, content, _) = api.three().await;
    let space = api.fixture.space.id;
    let eve = api.fixture.advocate().await;
    let body = |advocate: &str, key: &str| {
        json!({"content_id": content, "advocate_id": advocate, "stage": "applied", "external_id": key,
            "occurred_at": "2026-03-02T09:00:00Z"})
    };
    let adas = api.post("/applications", body(&ada, "ats-1")).await;
    let eves = api.post("/applications", body(&eve.to_string(), "ats-2")).await;
    let path = format!("/applications/{}", adas.id());
    let get = |token: String, path: String| {
        let request = request(Method::GET, &path, &token, None);
        let api = &api;
        async move { api.send(request).await }
    };
    let advocate = api.token(space, Role::Advocate, Some(ada.parse().expect("an id"))).await;
    let own = get(advocate.clone(), path.clone()).await;
    assert_eq!((&own.body["advocate_id"], &own.body["external_id"]), (&json!(ada), &Value::Null));
    assert_eq!(get(advocate.clone(), format!("/applications/{}", eves.id())).await.status, 404);
    assert_eq!(get(advocate.clone(), format!("/applications/{}/receipt", eves.id())).await.status, 404);
    let listed = get(advocate.clone(), "/applications".to_owned()).await;
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
    let marketing = api.token(space, Role::Marketing, None).await;
    let seen = get(marketing.clone(), path.clone()).await;
    assert_eq!((&seen.body["advocate_id"], &seen.body["reason"]), (&Value::Null, &json!("declared")));
    assert_eq!(get(marketing.clone(), format!("/applications?advocate_id={ada}")).await.status, 403);
    let receipt = get(marketing.clone(), format!("{path}/receipt")).await.body;
    assert!(!receipt.to_string().contains("adv_"), "{receipt}");
    let recruiter = api.token(space, Role::Recruiter, None).await;
    assert_eq!(get(recruiter, path.clone()).await.body["advocate_id"], *ada);
    for token in [&advocate, &marketing] {
        let patch = json!({"stage": "hired", "occurred_at": "2026-03-02T09:50:00Z"});
        let refused = api.send(request(Method::PATCH, &path, token, Some(patch))).await;
        assert_eq!(refused.status, 403);
        let post = body(&ada, "ats-3");
        assert_eq!(api.send(request(Method::POST, "/applications", token, Some(post))).await.status, 403);
    }
}

#[tokio::test]
async fn a_conversion_under_its_key_is_one_message() {
    let api = Api::new().await;
    let tell = |click: &str| {
        api.send(keyed("/conversions", &api.admin, "k-1", conversion(json!({ "click_id": click }), "applied")))
    };
    let (first, again) = (tell(CLICK).await, tell(CLICK).await);
    assert_eq!((first.status.as_u16(), &first.body["reason"]), (201, &json!("pending")), "{first:?}");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = CLICK.replace("7000", "7001");
    assert_eq!(tell(&other).await.problem(), (409, "idempotency_key_reused", vec![]));
}

#[tokio::test]
async fn security_19_another_spaces_application_answers_404() {
    let api = Api::new().await;
    let (ada, content, link) = api.three().await;
    let body = conversion(json!({"content_id": content, "advocate_id": ada}), "applied");
    let application = api.post("/applications", body).await;
    let path = format!("/applications/{}", application.id());
    let code = api.get(&format!("/links/{link}")).await.body["code"].clone();
    let elsewhere = api.fixture.other_space().await;
    for role in [Role::Marketing, Role::Recruiter, Role::Admin, Role::Operator] {
        let token = api.token(elsewhere, role, None).await;
        let mut routes = vec![
            (Method::GET, path.clone(), None),
            (Method::GET, format!("{path}/receipt"), None),
            (Method::PATCH, path.clone(), Some(json!({"stage": "hired", "occurred_at": "2026-03-02T09:00:00Z"}))),
        ];
        if matches!(role, Role::Recruiter | Role::Admin) {
            routes.push((Method::GET, format!("/applications?after={}", application.id()), None));
            routes.push((Method::POST, "/conversions".to_owned(), Some(conversion(json!({"code": code}), "applied"))));
            let link = conversion(json!({"link_id": link}), "applied");
            routes.push((Method::POST, "/applications".to_owned(), Some(link)));
            let declared = conversion(json!({"content_id": content, "advocate_id": ada}), "applied");
            routes.push((Method::POST, "/applications".to_owned(), Some(declared)));
        }
        for (method, path, body) in routes {
            let answer = api.send(request(method.clone(), &path, &token, body)).await;
            assert_eq!(answer.status, 404, "{role} {method} {path}: {answer:?}");
        }
    }
}
