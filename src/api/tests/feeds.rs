//! Feeds, proposals, previews and pictures.

use super::repeats::keyed;
use super::*;
use crate::model::{Draft, Picture, PictureKey};
use crate::programme::tests::web::{ScriptedWeb, away};
use crate::programme::{Programme, Web};

/// The API with a web that says what a test wrote down.
async fn connected() -> (Api, Arc<ScriptedWeb>) {
    let mut fixture = Fixture::new().await;
    let web = Arc::new(ScriptedWeb::default());
    fixture.programme = fixture.programme.clone().with_web(Arc::clone(&web) as Arc<dyn Web>);
    (Api::on(fixture).await, web)
}

fn draft(key: &str) -> Draft {
    Draft {
        key: key.to_owned(),
        url: format!("https://news.example/{key}"),
        title: format!("Title of {key}"),
        ..Draft::default()
    }
}

#[tokio::test]
async fn a_feed_is_added_fetched_read_changed_and_removed() {
    let (api, web) = connected().await;
    let created =
        api.post("/feeds", json!({"url": "https://news.example/feed", "audience": {"teams": ["Ovens"]}})).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert!(created.id().starts_with("fed_"));
    let mut body = created.body.clone();
    body.as_object_mut().expect("an object").remove("id");
    let empty = json!({"proposed": 0, "accepted": 0, "published": 0, "rejected": 0, "known": 0, "refused": 0});
    let expected = json!({
        "url": "https://news.example/feed", "kind": "auto", "content_kind": "article", "campaign_id": null,
        "publish": "review", "audience": {"teams": ["Ovens"], "locations": [], "languages": [], "kinds": [], "skills": []},
        "interval_minutes": 60, "close_missing": false, "paused": false, "title": null, "found_at": null, "status": "new", "error": null,
        "failures": 0, "found": 0, "fetched_at": null, "succeeded_at": null, "next_fetch_at": "2026-03-02T10:00:00Z",
        "counts": empty
    });
    assert_eq!(body, expected);
    let path = format!("/feeds/{}", created.id());
    assert_eq!(api.get(&path).await.body, created.body);

    web.says(vec![draft("a"), draft("b")]);
    let fetched = api.send(request(Method::POST, &format!("{path}/fetch"), &api.admin, None)).await;
    assert_eq!((fetched.status.as_u16(), &fetched.body["status"]), (200, &json!("read")), "{fetched:?}");
    assert_eq!((&fetched.body["found"], &fetched.body["counts"]["proposed"]), (&json!(2), &json!(2)));
    web.feeds.lock().push_back(Err(away()));
    let failing = api.send(request(Method::POST, &format!("{path}/fetch"), &api.admin, None)).await;
    assert_eq!(
        (&failing.body["status"], &failing.body["error"]),
        (&json!("failing"), &json!("the site does not answer"))
    );

    let changed = api.patch(&path, json!({"publish": "automatic", "paused": true})).await;
    assert_eq!((&changed.body["publish"], &changed.body["next_fetch_at"]), (&json!("automatic"), &Value::Null));
    assert_eq!(changed.body["counts"]["proposed"], 2);
    assert_eq!(api.get("/feeds").await.body["items"], json!([api.get(&path).await.body]));
    let removed = api.send(request(Method::DELETE, &path, &api.admin, None)).await;
    assert_eq!(removed.status, 204);
    assert_eq!(api.get(&path).await.problem().1, "feed_not_found");
    assert_eq!(api.get("/proposals").await.body["items"], json!([]));
}

#[tokio::test]
async fn proposals_are_listed_accepted_and_rejected() {
    let (api, web) = connected().await;
    let feed = api.post("/feeds", json!({"url": "https://news.example/feed"})).await.id().to_owned();
    web.says(vec![draft("a"), draft("b"), draft("c")]);
    api.send(request(Method::POST, &format!("/feeds/{feed}/fetch"), &api.admin, None)).await;
    let first = api.get("/proposals?limit=2").await;
    let next = first.body["next"].as_str().expect("a second page").to_owned();
    let second = api.get(&format!("/proposals?limit=2&after={next}")).await;
    let mut waiting: Vec<Value> =
        [first, second].iter().flat_map(|page| page.body["items"].as_array().expect("items").clone()).collect();
    waiting.sort_by_key(|item| item["key"].as_str().map(str::to_owned));
    assert_eq!(waiting.len(), 3);
    assert_eq!((&waiting[0]["title"], &waiting[0]["feed_id"]), (&json!("Title of a"), &json!(feed)));

    let id = |index: usize| waiting[index]["id"].as_str().expect("an id").to_owned();
    let accepted = api.post(&format!("/proposals/{}/accept", id(0)), json!({"title": "Better"})).await;
    assert_eq!((accepted.status.as_u16(), &accepted.body["state"]), (201, &json!("accepted")), "{accepted:?}");
    let content = api.get(&format!("/contents/{}", accepted.body["content_id"].as_str().expect("a content"))).await;
    assert_eq!((&content.body["title"], &content.body["url"]), (&json!("Better"), &json!("https://news.example/a")));
    let twice = api.post(&format!("/proposals/{}/accept", id(0)), json!({})).await;
    assert_eq!((twice.status.as_u16(), twice.problem().1), (409, "already_a_content"));
    let wrong = api.post(&format!("/proposals/{}/accept", id(1)), json!({"titel": "x"})).await;
    assert_eq!(wrong.problem(), (422, "invalid_fields", vec![("titel", "unknown_field")]));
    let rejected = api.send(request(Method::POST, &format!("/proposals/{}/reject", id(1)), &api.admin, None)).await;
    assert_eq!((rejected.status.as_u16(), &rejected.body["state"]), (200, &json!("rejected")));

    let states = |answer: Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["state"].as_str().expect("a state").to_owned()).collect()
    };
    assert_eq!(states(api.get("/proposals").await), ["proposed"]);
    assert_eq!(states(api.get("/proposals?state=rejected").await), ["rejected"]);
    assert_eq!(states(api.get(&format!("/feeds/{feed}/items")).await).len(), 3);
    assert_eq!(states(api.get(&format!("/feeds/{feed}/items?state=accepted")).await), ["accepted"]);
    assert_eq!(api.get("/proposals?state=lost").await.problem().0, 422);
}

#[tokio::test]
async fn accepting_twice_with_one_key_makes_one_content() {
    let (api, web) = connected().await;
    let feed = api.post("/feeds", json!({"url": "https://news.example/feed"})).await.id().to_owned();
    web.says(vec![draft("a")]);
    api.send(request(Method::POST, &format!("/feeds/{feed}/fetch"), &api.admin, None)).await;
    let id = api.get("/proposals").await.body["items"][0]["id"].as_str().expect("an id").to_owned();
    let again = || {
        let mut request = request(Method::POST, &format!("/proposals/{id}/accept"), &api.admin, Some(json!({})));
        request.headers_mut().insert("idempotency-key", "k-1".parse().expect("a value"));
        request
    };
    let first = api.send(again()).await;
    let second = api.send(again()).await;
    assert_eq!((first.status, first.body), (second.status, second.body));
    assert_eq!(api.get("/contents").await.body["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_waits_for_the_web_is_not_asked_of_it_again_under_its_key() {
    let (api, web) = connected().await;
    let feed = api.post("/feeds", json!({"url": "https://news.example/feed"})).await.id().to_owned();
    let path = format!("/feeds/{feed}/fetch");
    web.says(vec![draft("a")]);
    let first = api.send(keyed(&path, &api.admin, "k-1", None)).await;
    let again = api.send(keyed(&path, &api.admin, "k-1", None)).await;
    assert_eq!((again.status, &again.body, again.tag()), (first.status, &first.body, first.tag()));
    assert_eq!((again.headers["idempotent-replayed"].as_bytes(), web.asked.lock().len()), (&b"true"[..], 1));
    assert_eq!(first.tag(), api.get(&format!("/feeds/{feed}")).await.tag());

    let item = api.get("/proposals").await.body["items"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/proposals/{item}/reject");
    let rejected = api.send(keyed(&path, &api.admin, "k-2", None)).await;
    assert_eq!((rejected.status.as_u16(), &rejected.body["state"]), (200, &json!("rejected")));
    let accepted = api.post(&format!("/proposals/{item}/accept"), json!({})).await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
    let again = api.send(keyed(&path, &api.admin, "k-2", None)).await;
    assert_eq!((again.status, &again.body), (rejected.status, &rejected.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");

    let page = Draft { title: "A title".to_owned(), ..Draft::default() };
    web.pages.lock().insert("https://example.com/a".to_owned(), Ok(page));
    let preview = |url: &str, key| api.send(keyed("/contents/preview", &api.admin, key, json!({"url": url})));
    let first = preview("https://example.com/a", "k-3").await;
    assert_eq!(first.status, 200, "{first:?}");
    web.pages.lock().clear();
    let again = preview("https://example.com/a", "k-3").await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(preview("https://example.com/b", "k-3").await.problem(), (409, "idempotency_key_reused", vec![]));
    assert_eq!(preview("https://example.com/a", "k-1").await.problem(), (409, "idempotency_key_reused", vec![]));
    // What was refused is asked again.
    assert_eq!(preview("https://example.com/a", "k-4").await.status, 422);
    web.pages.lock().insert("https://example.com/a".to_owned(), Ok(Draft::default()));
    assert_eq!(preview("https://example.com/a", "k-4").await.status, 200);
}

#[tokio::test]
async fn recruiters_deal_with_jobs_and_others_with_nothing() {
    let (api, web) = connected().await;
    let space = api.fixture.space.id;
    let news = api.post("/feeds", json!({"url": "https://news.example/feed"})).await.id().to_owned();
    let jobs =
        api.post("/feeds", json!({"url": "https://jobs.example/feed", "kind": "jobs_xml"})).await.id().to_owned();
    web.says(vec![draft("a")]);
    api.send(request(Method::POST, &format!("/feeds/{news}/fetch"), &api.admin, None)).await;
    let proposal = api.get("/proposals").await.body["items"][0]["id"].as_str().expect("an id").to_owned();
    web.says(vec![draft("j")]);
    api.send(request(Method::POST, &format!("/feeds/{jobs}/fetch"), &api.admin, None)).await;

    let recruiter = api.token(space, Role::Recruiter, None).await;
    let ask = async |method: Method, path: &str, token: &str, body: Option<Value>| {
        api.send(request(method, path, token, body)).await
    };
    let listed = ask(Method::GET, "/feeds", &recruiter, None).await;
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed.body["items"][0]["id"], json!(jobs));
    let waiting = ask(Method::GET, "/proposals", &recruiter, None).await;
    assert_eq!(waiting.body["items"].as_array().map(Vec::len), Some(1));
    let job = waiting.body["items"][0]["id"].as_str().expect("an id").to_owned();
    for (method, path, body) in [
        (Method::GET, format!("/feeds/{news}"), None),
        (Method::PATCH, format!("/feeds/{news}"), Some(json!({"paused": true}))),
        (Method::PATCH, format!("/feeds/{jobs}"), Some(json!({"content_kind": "article"}))),
        (Method::DELETE, format!("/feeds/{news}"), None),
        (Method::POST, format!("/feeds/{news}/fetch"), None),
        (Method::GET, format!("/feeds/{news}/items"), None),
        (Method::POST, "/feeds".to_owned(), Some(json!({"url": "https://other.example/"}))),
        (Method::POST, format!("/proposals/{proposal}/accept"), Some(json!({}))),
        (Method::POST, format!("/proposals/{proposal}/reject"), None),
        (Method::POST, format!("/proposals/{job}/accept"), Some(json!({"kind": "article"}))),
    ] {
        let answer = ask(method.clone(), &path, &recruiter, body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {answer:?}");
    }
    let accepted = ask(Method::POST, &format!("/proposals/{job}/accept"), &recruiter, Some(json!({}))).await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
    let own = json!({"url": "https://other.example/", "content_kind": "job"});
    assert_eq!(ask(Method::POST, "/feeds", &recruiter, Some(own)).await.status, 201);

    let (advocate, ..) = api.three().await;
    let person = api.token(space, Role::Advocate, Some(advocate.parse().expect("an id"))).await;
    let operator = api.token(space, Role::Operator, None).await;
    for token in [&person, &operator] {
        for (method, path, body) in [
            (Method::GET, "/feeds", None),
            (Method::POST, "/feeds", Some(json!({"url": "https://x.example/"}))),
            (Method::GET, "/proposals", None),
            (Method::POST, "/contents/preview", Some(json!({"url": "https://x.example/"}))),
        ] {
            assert_eq!(ask(method, path, token, body).await.status, 403, "{path}");
        }
    }
    let marketing = api.token(space, Role::Marketing, None).await;
    assert_eq!(ask(Method::GET, "/feeds", &marketing, None).await.body["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn security_19_feeds_and_proposals_of_another_space_do_not_exist() {
    let (api, web) = connected().await;
    let feed = api.post("/feeds", json!({"url": "https://news.example/feed"})).await.id().to_owned();
    web.says(vec![draft("a")]);
    api.send(request(Method::POST, &format!("/feeds/{feed}/fetch"), &api.admin, None)).await;
    let item = api.get("/proposals").await.body["items"][0]["id"].as_str().expect("an id").to_owned();
    let elsewhere = api.fixture.other_space().await;
    for role in [Role::Marketing, Role::Recruiter, Role::Admin, Role::Operator] {
        let token = api.token(elsewhere, role, None).await;
        for (method, path, body) in [
            (Method::GET, format!("/feeds/{feed}"), None),
            (Method::PATCH, format!("/feeds/{feed}"), Some(json!({"paused": true}))),
            (Method::DELETE, format!("/feeds/{feed}"), None),
            (Method::POST, format!("/feeds/{feed}/fetch"), None),
            (Method::GET, format!("/feeds/{feed}/items"), None),
            (Method::POST, format!("/proposals/{item}/accept"), Some(json!({}))),
            (Method::POST, format!("/proposals/{item}/reject"), None),
        ] {
            let answer = api.send(request(method.clone(), &path, &token, body)).await;
            assert_eq!(answer.status, 404, "{role} {method} {path}: {answer:?}");
            assert!(answer.problem().1.ends_with("_not_found"), "{answer:?}");
        }
        if role != Role::Operator {
            for path in ["/feeds", "/proposals"] {
                let answer = api.send(request(Method::GET, path, &token, None)).await;
                assert_eq!(answer.body, json!({"items": [], "next": null}), "{role} {path}");
            }
            let answer = api.send(request(Method::GET, &format!("/proposals?feed_id={feed}"), &token, None)).await;
            assert_eq!(answer.status, 404);
        }
    }
}

#[tokio::test]
async fn a_pasted_address_is_previewed() {
    let (api, web) = connected().await;
    let page = Draft { title: "A title".to_owned(), summary: Some("Short".to_owned()), ..Draft::default() };
    web.pages.lock().insert("https://example.com/a".to_owned(), Ok(page));
    let preview = api.post("/contents/preview", json!({"url": "https://example.com/a"})).await;
    assert_eq!(preview.status, 200, "{preview:?}");
    let expected = json!({
        "url": "https://example.com/a", "kind": "article", "title": "A title", "summary": "Short", "image_url": null,
        "expires_at": null, "external_id": null, "site": null, "place": null, "dated": null, "content_id": null
    });
    assert_eq!(preview.body, expected);
    for (url, code) in [("https://example.com/b", "unreachable"), ("javascript:alert(1)", "invalid_url")] {
        let refused = api.post("/contents/preview", json!({"url": url})).await;
        assert_eq!(refused.problem(), (422, "invalid_fields", vec![("url", code)]));
    }
}

#[tokio::test]
async fn pictures_are_given_out_as_pictures_and_nothing_else() {
    let (api, web) = connected().await;
    let programme: Programme = api.fixture.programme.clone();
    let shown =
        json!({"kind": "article", "title": "A", "url": "https://a.example/", "image_url": "https://a.example/a.png"});
    api.post("/contents", shown).await;
    let picture = Picture::new(b"\x89PNG\r\n\x1a\n and more".to_vec()).expect("a picture");
    let key = PictureKey::new(api.fixture.space.id, "https://a.example/a.png");
    let routes = pictures(programme.clone());
    let ask = async |path: String, tag: Option<&str>| {
        let mut request = Request::get(path).body(Body::empty()).expect("a request");
        if let Some(tag) = tag {
            request.headers_mut().insert("if-none-match", tag.parse().expect("a value"));
        }
        let (parts, body) = routes.clone().oneshot(request).await.expect("a router never fails").into_parts();
        (parts.status.as_u16(), parts.headers, body.collect().await.expect("a body").to_bytes())
    };
    let (status, headers, _) = ask(format!("/pictures/{key}"), None).await;
    assert_eq!((status, headers["cache-control"].as_bytes()), (404, &b"no-store"[..]), "not fetched yet");
    web.pictures.lock().push_back(Ok(picture.clone()));
    assert!(programme.fetch_due_picture().await.expect("fetched"));

    let (status, headers, body) = ask(format!("/pictures/{key}"), None).await;
    assert_eq!((status, body.as_ref()), (200, picture.bytes.as_slice()));
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(headers[name], value);
    }
    let tag = headers["etag"].to_str().expect("text").to_owned();
    let (status, _, body) = ask(format!("/pictures/{key}"), Some(&tag)).await;
    assert_eq!((status, body.len()), (304, 0));
    for other in ["nothing".to_owned(), key.to_string().to_uppercase(), "0".repeat(32), "%2e%2e%2fetc".to_owned()] {
        assert_eq!(ask(format!("/pictures/{other}"), None).await.0, 404, "{other}");
    }
}
