//! Another space's things do not exist, whatever the route and the role.

use super::*;

#[tokio::test]
async fn security_19_each_route_and_role_answers_404_to_another_spaces_id() {
    let api = Api::new().await;
    let (advocate, content, link_id) = api.three().await;
    let home = api.fixture.space.id;
    let elsewhere = api.fixture.other_space().await;
    let stranger = api.token(elsewhere, Role::Admin, None).await;
    let person =
        api.send(request(Method::POST, "/advocates", &stranger, Some(json!({"email": "eve@example.com"})))).await;
    let own_content = api.send(request(Method::POST, "/contents", &stranger, Some(article()))).await;

    for role in Role::ALL.iter().copied() {
        let own = (role == Role::Advocate).then(|| person.id().parse().expect("an id"));
        let token = api.token(elsewhere, role, own).await;
        let mut routes = vec![
            (Method::GET, format!("/advocates/{advocate}"), None),
            (Method::PATCH, format!("/advocates/{advocate}"), Some(json!({"name": "Eve"}))),
            (Method::GET, format!("/contents/{content}"), None),
            (Method::PATCH, format!("/contents/{content}"), Some(json!({"title": "Mine"}))),
            (Method::GET, format!("/links/{link_id}"), None),
            (Method::PATCH, format!("/links/{link_id}"), Some(json!({"disabled": true}))),
        ];
        // Operators run every space's set-up; nothing else of another space is theirs.
        if role != Role::Operator {
            routes.push((Method::GET, format!("/spaces/{home}"), None));
            routes.push((Method::PATCH, format!("/spaces/{home}"), Some(json!({"name": "Mine"}))));
            routes.push((Method::POST, "/links".to_owned(), Some(link(person.id(), &content, "x"))));
            routes.push((Method::POST, "/links".to_owned(), Some(link(&advocate, own_content.id(), "x"))));
            routes.push((Method::GET, format!("/links?after={link_id}"), None));
        }
        for (method, path, body) in routes {
            let answer = api.send(request(method.clone(), &path, &token, body)).await;
            assert_eq!(answer.status, 404, "{role} {method} {path}: {answer:?}");
            assert!(answer.problem().1.ends_with("_not_found"), "{answer:?}");
        }
    }
    assert_eq!(api.get(&format!("/links/{link_id}")).await.body["disabled"], false);
}

#[tokio::test]
async fn lists_hold_the_callers_space_alone() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let elsewhere = api.fixture.other_space().await;
    let token = api.token(elsewhere, Role::Admin, None).await;
    for path in ["/advocates", "/contents", "/links", "/advocates?email=ada@example.com"] {
        let answer = api.send(request(Method::GET, path, &token, None)).await;
        assert_eq!(answer.body, json!({"items": [], "next": null}), "{path}");
    }
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
