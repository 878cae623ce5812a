//! What a program does every day.

use super::*;

#[tokio::test]
async fn advocates_are_added_read_changed_and_listed() {
    let api = Api::new().await;
    let given = json!({
        "email": "Ada@Example.com", "name": "Ada", "kind": "partner", "team": "Sales", "location": "Lyon",
        "language": "fr", "skills": ["rust"], "cohort": "spring", "external_id": "hr-1", "invited_on": "2026-01-02",
        "registered_at": "2026-01-03T10:00:00+01:00", "left_on": null
    });
    let created = api.post("/advocates", given).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert!(created.id().starts_with("adv_"));
    let mut body = created.body.clone();
    body.as_object_mut().expect("an object").retain(|key, _| key != "id" && key != "team_id");
    let expected = json!({
        "email": "ada@example.com", "name": "Ada", "kind": "partner", "team": "Sales", "location": "Lyon",
        "language": "fr", "skills": ["rust"], "cohort": "spring", "external_id": "hr-1", "invited_on": "2026-01-02",
        "registered_at": "2026-01-03T09:00:00Z", "left_on": null
    });
    assert_eq!(body, expected);
    let path = format!("/advocates/{}", created.id());
    assert_eq!(api.get(&path).await.body, created.body);
    let changed = api.patch(&path, json!({"location": null, "left_on": "2026-12-31"})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["location"]), (200, &Value::Null));
    assert_eq!(changed.body["left_on"], "2026-12-31");
    for found in ["?email=ADA@example.com", "?external_id=hr-1", ""] {
        assert_eq!(api.get(&format!("/advocates{found}")).await.body["items"], json!([changed.body]), "{found}");
    }
    assert_eq!(api.get("/advocates?email=eve@example.com").await.body, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn contents_are_added_read_changed_and_listed() {
    let api = Api::new().await;
    let given = json!({
        "kind": "job", "title": "Baker", "url": "https://example.com/jobs/1", "summary": "Bread.",
        "image_url": "https://example.com/a.png", "audience": {"teams": ["Ovens"]},
        "captions": [{"language": "fr", "channel": "linkedin", "text": "Venez !"}],
        "published_at": "2026-03-01T09:00:00Z", "expires_at": "2026-06-01T00:00:00+02:00",
        "fallback_url": "https://example.com/jobs", "tracks_conversions": true, "external_id": "j-1"
    });
    let created = api.post("/contents", given).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.body["expires_at"], "2026-05-31T22:00:00Z");
    assert_eq!(created.body["audience"]["teams"], json!(["Ovens"]));
    assert_eq!(created.body["forward_query"], false);
    assert_eq!(created.body["campaign_id"], Value::Null);
    let path = format!("/contents/{}", created.id());
    assert_eq!(api.get(&path).await.body, created.body);
    let closed = api.patch(&path, json!({"closed_at": "2026-04-01T00:00:00Z"})).await;
    assert_eq!(closed.body["closed_at"], "2026-04-01T00:00:00Z");
    assert_eq!(api.get("/contents?kind=job&external_id=j-1").await.body["items"], json!([closed.body]));
    assert_eq!(api.get("/contents?kind=video").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_space_is_read_and_changed() {
    let api = Api::new().await;
    let listed = api.get("/spaces").await;
    assert_eq!(listed.body["items"][0]["slug"], "acme");
    let path = format!("/spaces/{}", api.fixture.space.id);
    let change = json!({"hosts": ["l.acme.test"], "utm_template": {"utm_source": "{channel}"}, "language": "fr"});
    let changed = api.patch(&path, change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.body["hosts"], json!(["l.acme.test"]));
    assert_eq!(api.get(&path).await.body, changed.body);
    let (_, _, link) = api.three().await;
    let link = api.get(&format!("/links/{link}")).await;
    assert_eq!(link.body["destination"], "https://example.com/a?utm_source=linkedin");
    assert!(link.body["short_url"].as_str().is_some_and(|url| url.starts_with("https://l.acme.test/")), "{link:?}");
}

#[tokio::test]
async fn lists_are_paged_in_the_order_of_creation() {
    let api = Api::new().await;
    let mut created = Vec::new();
    for n in 0..7 {
        created.push(api.post("/advocates", json!({"email": format!("a{n}@example.com")})).await.id().to_owned());
    }
    let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = api.get(&format!("/advocates?limit=3{after}")).await;
        pages += 1;
        let items = page.body["items"].as_array().expect("items");
        seen.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        match page.body["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    // One instant of the fixture's clock: ids decide within it.
    seen.sort_unstable();
    created.sort_unstable();
    assert_eq!((seen, pages), (created, 3));
}

#[tokio::test]
async fn every_answer_is_counted_by_route_and_carries_an_id() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let answer = api.get(&format!("/advocates/{advocate}")).await;
    let id = answer.headers["x-request-id"].to_str().expect("text");
    assert_eq!(id.len(), 16);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(api.get("/nowhere").await.status, 404);
    let rendered = api.metrics.render();
    for line in [
        r#"relais_api_requests_total{route="/api/v1/advocates/{id}",status="200"} 1"#,
        r#"relais_api_requests_total{route="/api/v1/links",status="201"} 1"#,
        r#"relais_api_requests_total{route="/api/{*rest}",status="404"} 1"#,
        r#"relais_api_request_duration_seconds_count{route="/api/v1/links"} 1"#,
    ] {
        assert!(rendered.contains(line), "{line} is missing in\n{rendered}");
    }
}

#[tokio::test]
async fn a_sane_request_id_is_taken_over_and_any_other_replaced() {
    let api = Api::new().await;
    let send = async |id: &str, path: &str| {
        let mut request = request(Method::GET, path, &api.admin, None);
        request.headers_mut().insert("x-request-id", id.parse().expect("a value"));
        api.send(request).await
    };
    let longest = "x".repeat(64);
    for id in ["a", "7f0c-11.A_b", &longest] {
        assert_eq!(send(id, "/spaces").await.headers["x-request-id"], id);
        let problem = send(id, "/nowhere").await;
        assert_eq!(
            (&problem.headers["x-request-id"], &problem.body["request_id"]),
            (&id.parse().expect("a value"), &json!(id))
        );
    }
    let too_long = "x".repeat(65);
    for id in ["", "two words", "line\"", "<b>", &too_long] {
        let answer = send(id, "/nowhere").await;
        assert_eq!(answer.headers["x-request-id"].len(), 16, "{id}");
        assert_eq!(answer.body["request_id"], answer.headers["x-request-id"].to_str().expect("text"));
    }
}
