//! `/links`.

use super::*;

#[tokio::test]
async fn a_link_is_issued_once_and_shown_with_its_destination() {
    let api = Api::new().await;
    let (advocate, content, id) = api.three().await;
    let again = api.post("/links", link(&advocate, &content, "linkedin")).await;
    assert_eq!(again.status, 200);
    let code = again.body["code"].as_str().expect("a code");
    assert_eq!(code.len(), 9);
    let expected = json!({
        "id": id, "code": code, "short_url": format!("https://go.acme.test/{code}"),
        "destination": format!(
            "https://example.com/a?utm_content={content}&utm_medium=employee-advocacy&utm_source=linkedin"
        ),
        "content_id": content, "advocate_id": advocate, "channel": "linkedin", "disabled": false,
        "created_at": "2026-03-02T10:00:00Z"
    });
    assert_eq!(again.body, expected);
    assert_eq!(api.get(&format!("/links/{id}")).await.body, expected);
    for filter in [
        String::new(),
        format!("?advocate_id={advocate}"),
        format!("?content_id={content}&channel=linkedin"),
        format!("?code={code}"),
    ] {
        assert_eq!(api.get(&format!("/links{filter}")).await.body["items"], json!([expected]), "{filter}");
    }
    assert_eq!(api.get("/links?channel=x").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_link_is_switched_off_and_on() {
    let api = Api::new().await;
    let (.., id) = api.three().await;
    let path = format!("/links/{id}");
    for disabled in [true, true, false] {
        let answer = api.patch(&path, json!({"disabled": disabled})).await;
        assert_eq!((answer.status.as_u16(), &answer.body["disabled"]), (200, &json!(disabled)));
    }
}

#[tokio::test]
async fn a_bulk_answers_each_item_in_order() {
    let api = Api::new().await;
    let (advocate, content, id) = api.three().await;
    let unknown = json!({"advocate_id": advocate, "content_id": content, "channel": "x", "colour": "red"});
    let items = json!({"items": [
        link(&advocate, &content, "email"),
        unknown,
        link(&advocate, &content, "linkedin"),
        link("adv_0000000000001", &content, "email"),
        "not even an object",
    ]});
    let answer = api.post("/links/bulk", items).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let items = answer.body["items"].as_array().expect("items");
    assert_eq!(items.len(), 5);
    assert_eq!(items[0]["link"]["channel"], "email");
    assert_eq!(items[1]["error"]["code"], "invalid_fields");
    assert_eq!(items[1]["error"]["errors"][0]["field"], "colour");
    assert_eq!(items[1]["error"]["status"], 422);
    assert_eq!(items[2]["link"]["id"], *id);
    assert_eq!(items[3]["error"]["code"], "advocate_not_found");
    assert_eq!(items[4]["error"]["code"], "invalid_fields");
}

#[tokio::test]
async fn a_bulk_takes_a_thousand_and_no_more() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let items = |count: usize| {
        let items: Vec<_> = (0..count).map(|n| link(&advocate, &content, &format!("c{n}"))).collect();
        json!({"items": items})
    };
    let answer = api.post("/links/bulk", items(1000)).await;
    let issued = answer.body["items"].as_array().expect("items");
    assert!(issued.iter().all(|item| item["link"]["code"].is_string()));
    assert_eq!(issued.len(), 1000);
    assert_eq!(
        api.post("/links/bulk", items(1001)).await.problem(),
        (422, "invalid_fields", vec![("items", "too_long")])
    );
}

#[tokio::test]
async fn an_advocate_sees_and_issues_its_own_alone() {
    let api = Api::new().await;
    let (ada, content, adas_link) = api.three().await;
    let eve = api.post("/advocates", json!({"email": "eve@example.com"})).await.id().to_owned();
    let token = api.token(api.fixture.space.id, Role::Advocate, Some(eve.parse().expect("an id"))).await;
    let send = |method, path: &str, body| api.send(request(method, path, &token, body));

    let own = send(Method::POST, "/links", Some(json!({"content_id": content, "channel": "x"}))).await;
    assert_eq!((own.status.as_u16(), &own.body["advocate_id"]), (201, &json!(eve)));
    let other = send(Method::POST, "/links", Some(link(&ada, &content, "x"))).await;
    assert_eq!(other.problem(), (404, "advocate_not_found", vec![("advocate_id", "advocate_not_found")]));
    let bulk = send(Method::POST, "/links/bulk", Some(json!({"items": [link(&ada, &content, "x")]}))).await;
    assert_eq!(bulk.body["items"][0]["error"]["code"], "advocate_not_found");

    assert_eq!(send(Method::GET, "/links", None).await.body["items"], json!([own.body]));
    assert_eq!(send(Method::GET, &format!("/links?advocate_id={ada}"), None).await.status, 404);
    assert_eq!(send(Method::GET, &format!("/links/{adas_link}"), None).await.status, 404);
    let patch = send(Method::PATCH, &format!("/links/{adas_link}"), Some(json!({"disabled": true}))).await;
    assert_eq!(patch.problem().1, "link_not_found");
    let patch = send(Method::PATCH, &format!("/links/{}", own.id()), Some(json!({"disabled": true}))).await;
    assert_eq!(patch.body["disabled"], true);

    let people = send(Method::GET, "/advocates", None).await;
    assert_eq!(people.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(send(Method::GET, &format!("/advocates/{ada}"), None).await.status, 404);
    assert_eq!(send(Method::GET, &format!("/advocates/{eve}"), None).await.status, 200);
    assert_eq!(send(Method::GET, &format!("/contents/{content}"), None).await.status, 404, "a draft");
    assert_eq!(send(Method::GET, "/contents", None).await.body["items"], json!([]));
    let published = json!({"published_at": "2026-03-02T10:00:00Z"});
    api.patch(&format!("/contents/{content}"), published).await;
    assert_eq!(send(Method::GET, &format!("/contents/{content}"), None).await.status, 200);
}
