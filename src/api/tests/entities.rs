//! Tags of entities, and requests that depend on them.

use super::*;

async fn with(api: &Api, method: Method, path: &str, header: &'static str, value: &str, body: Option<Value>) -> Answer {
    api.send(headed(request(method, path, &api.admin, body), header, value)).await
}

#[tokio::test]
async fn an_entity_has_one_tag_wherever_it_is_answered() {
    let api = Api::new().await;
    let person = json!({"email": "ada@example.com", "team": "Ovens", "skills": ["rust"]});
    let made = api.post("/advocates", person).await;
    let path = format!("/advocates/{}", made.id());
    let shown = api.get(&path).await;
    assert_eq!(made.headers["etag"], shown.headers["etag"]);
    let changed = api.patch(&path, json!({"name": "Ada"})).await;
    assert_ne!(changed.headers["etag"], shown.headers["etag"]);
    assert_eq!(changed.headers["etag"], api.get(&path).await.headers["etag"]);
    let content = api.post("/contents", article()).await;
    let link = api.post("/links", link(made.id(), content.id(), "x")).await;
    let (content_path, link_path) = (format!("/contents/{}", content.id()), format!("/links/{}", link.id()));
    assert_eq!(content.headers["etag"], api.get(&content_path).await.headers["etag"]);
    assert_eq!(link.headers["etag"], api.get(&link_path).await.headers["etag"]);
    for path in [content_path, link_path, format!("/spaces/{}", api.fixture.space.id)] {
        let tag = api.get(&path).await.headers["etag"].clone();
        let text = tag.to_str().expect("text");
        assert!(text.len() == 34 && text.starts_with('"') && text.ends_with('"'), "{path}: {text}");
        assert_eq!(api.get(&path).await.headers["etag"], tag, "{path}");
    }
}

#[tokio::test]
async fn what_the_client_holds_is_not_sent_again() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let path = format!("/advocates/{advocate}");
    let tag = api.get(&path).await.headers["etag"].to_str().expect("text").to_owned();
    for known in [tag.clone(), format!("\"old\", W/{tag}"), "*".to_owned()] {
        let answer = with(&api, Method::GET, &path, "if-none-match", &known, None).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (304, &Value::Null), "{known}");
        assert_eq!(answer.headers["etag"], tag);
        assert!(!answer.headers.contains_key("content-type"));
    }
    let other = with(&api, Method::GET, &path, "if-none-match", "\"old\"", None).await;
    assert_eq!((other.status.as_u16(), other.body["name"].as_str()), (200, Some("Ada")));
    let missing = with(&api, Method::GET, "/advocates/adv_0000000000001", "if-none-match", "*", None).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_change_happens_to_the_state_that_it_names_or_not_at_all() {
    let api = Api::new().await;
    let (_, content, _) = api.three().await;
    let path = format!("/contents/{content}");
    let old = api.get(&path).await.headers["etag"].to_str().expect("text").to_owned();
    let patch = async |tag: &str, title: &str| {
        with(&api, Method::PATCH, &path, "if-match", tag, Some(json!({"title": title}))).await
    };
    assert_eq!(patch(&old, "Second").await.status, 200);
    let late = patch(&old, "Third").await;
    assert_eq!(late.problem(), (412, "precondition_failed", vec![]));
    assert_eq!(patch(&format!("W/{old}"), "Third").await.status, 412);
    assert_eq!(patch("nonsense", "Third").await.status, 412);
    assert_eq!(api.get(&path).await.body["title"], "Second");
    assert_eq!(patch("*", "Third").await.status, 200);
    let missing = "/contents/cnt_0000000000001";
    let answer = with(&api, Method::PATCH, missing, "if-match", "*", Some(json!({"title": "x"}))).await;
    assert_eq!(answer.status, 404);
}
