//! Lists and bulks hold the caller's space alone; single entities: `matrix`.

use super::*;

#[tokio::test]
async fn lists_hold_the_callers_space_alone() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let elsewhere = api.fixture.other_space().await;
    let token = api.token(elsewhere, Role::Admin, None).await;
    api.post("/teams", json!({"name": "Ovens"})).await;
    api.post("/campaigns", json!({"name": "Summer"})).await;
    for path in
        ["/advocates", "/contents", "/links", "/advocates?email=ada@example.com", "/teams", "/campaigns", "/shares"]
    {
        let answer = api.send(request(Method::GET, path, &token, None)).await;
        assert_eq!(answer.body, json!({"items": [], "next": null}), "{path}");
    }
    let tokens = api.send(request(Method::GET, "/tokens", &token, None)).await;
    assert_eq!(tokens.body["items"].as_array().map(Vec::len), Some(1), "its own");
    for path in [format!("/links?advocate_id={advocate}"), format!("/links?content_id={content}")] {
        let answer = api.send(request(Method::GET, &path, &token, None)).await;
        assert_eq!(answer.body["items"], json!([]), "{path}");
    }
    let spaces = api.send(request(Method::GET, "/spaces", &token, None)).await;
    assert_eq!(spaces.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(spaces.body["items"][0]["slug"], "other");
    let operator = api.token(elsewhere, Role::Operator, None).await;
    let spaces = api.send(request(Method::GET, "/spaces?limit=1", &operator, None)).await;
    let next = spaces.body["next"].as_str().expect("a second page");
    let rest = api.send(request(Method::GET, &format!("/spaces?after={next}"), &operator, None)).await;
    assert_eq!(rest.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest.body["next"], Value::Null);
}
