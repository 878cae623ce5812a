//! Every refusal is a problem document that says what to do.

use super::*;

fn raw(method: Method, path: &str, token: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", kind);
    request.body(body.into()).expect("a request")
}

#[tokio::test]
async fn a_request_without_a_good_token_is_answered_with_401() {
    let api = Api::new().await;
    let (rest, last) = api.admin.split_at(api.admin.len() - 1);
    let mistyped = format!("{rest}{}", if last == "x" { "y" } else { "x" });
    let cases = [
        (None, "token_missing"),
        (Some("Basic YTpi".to_owned()), "token_missing"),
        (Some("Bearer ".to_owned()), "token_malformed"),
        (Some(format!("Bearer {mistyped}")), "token_malformed"),
        (Some("Bearer rls_".to_owned()), "token_malformed"),
    ];
    for (header, code) in cases {
        for path in ["/spaces", "/advocates", "/contents", "/links", "/links/lnk_0000000000001"] {
            let mut request = Request::builder().uri(format!("/api/v1{path}"));
            if let Some(header) = &header {
                request = request.header("authorization", header);
            }
            let answer = api.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.problem(), (401, code, vec![]), "{path} {header:?}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
    let in_query = Request::builder().uri(format!("/api/v1/links?access_token={}", api.admin));
    let answer = api.send(in_query.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, 401, "a token in an address is no token");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let api = Api::new().await;
    for path in ["/nowhere", "/links/bulk/x", "/", ""] {
        assert_eq!(api.get(path).await.problem(), (404, "no_such_route", vec![]), "{path:?}");
    }
    for path in ["/links/%ff", "/links/%zz", "/links/%00", "/links/lnk_0000000000001%2f..", "/spaces/%2e%2e"] {
        let answer = api.get(path).await;
        let (status, code, _) = answer.problem();
        assert!(status == 404 && code.ends_with("_not_found"), "{path}: {status} {code}");
    }
    for path in ["/%ff%fe", "/links//", "//links", "/../links"] {
        assert_eq!(api.get(path).await.problem(), (404, "no_such_route", vec![]), "{path:?}");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/links", "GET,HEAD,POST"),
        (Method::PUT, "/links/lnk_0000000000001", "GET,HEAD,PATCH"),
        (Method::GET, "/links/bulk", "POST"),
    ] {
        let answer = api.send(request(method, path, &api.admin, None)).await;
        assert_eq!(answer.problem(), (405, "method_not_allowed", vec![]), "{path}");
        assert_eq!(answer.headers["allow"], allow);
    }
}

#[tokio::test]
async fn bodies_are_typed_bounded_json() {
    let api = Api::new().await;
    let post = |kind: &str, body: &str| api.send(raw(Method::POST, "/advocates", &api.admin, kind, body.to_owned()));
    let kind = "application/json";
    assert_eq!(post("text/plain", "{}").await.problem(), (415, "not_json", vec![]));
    for broken in ["", "{", "{}x", "[1,", "\u{0}"] {
        assert_eq!(post(kind, broken).await.problem(), (400, "malformed_json", vec![]), "{broken}");
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(matches!(post(kind, &deep).await.problem().0, 400 | 422));
    let deep = format!("{{\"skills\": {}}}", "[".repeat(100_000));
    assert!(matches!(post(kind, &deep).await.problem().0, 400 | 422));
    for (body, field, code) in [
        (r#"{"emial": "a@b.c"}"#, "emial", "unknown_field"),
        (r#"{"email": 7}"#, "email", "invalid"),
        (r#"{"skills": ["a", 7]}"#, "skills[1]", "invalid"),
        (r#"{"email": "a@b.cc", "email": "d@e.ff"}"#, "email", "duplicate_field"),
        ("[]", "", "invalid"),
        ("null", "", "invalid"),
    ] {
        let answer = post(kind, body).await;
        let (status, problem, fields) = answer.problem();
        assert_eq!((status, problem, fields), (422, "invalid_fields", vec![(field, code)]), "{body}");
    }
    let change = r#"{"audience": {"towns": []}}"#;
    let answer = api.send(raw(Method::POST, "/contents", &api.admin, kind, change)).await;
    assert_eq!(answer.problem(), (422, "invalid_fields", vec![("audience.towns", "unknown_field")]));
    let (.., link) = api.three().await;
    let answer = api.patch(&format!("/links/{link}"), json!({})).await;
    assert_eq!(answer.problem(), (422, "invalid_fields", vec![("disabled", "required")]));
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let api = Api::new().await;
    let sized = |bytes: usize| format!("{{\"name\": \"{}\"}}", "x".repeat(bytes));
    let kind = "application/json";
    let large = api.send(raw(Method::POST, "/advocates", &api.admin, kind, sized(MAX_BODY_BYTES))).await;
    assert_eq!(large.problem(), (413, "body_too_large", vec![]));
    let fits = api.send(raw(Method::POST, "/advocates", &api.admin, kind, sized(MAX_BODY_BYTES - 100))).await;
    assert_eq!(fits.status, 422);
    let bulk = api.send(raw(Method::POST, "/links/bulk", &api.admin, kind, sized(MAX_BODY_BYTES))).await;
    assert_eq!(bulk.status, 422, "a bulk may be larger");
    let bulk = api.send(raw(Method::POST, "/links/bulk", &api.admin, kind, sized(MAX_BULK_BYTES))).await;
    assert_eq!(bulk.problem(), (413, "body_too_large", vec![]));
}

#[tokio::test]
async fn queries_are_checked() {
    let api = Api::new().await;
    for (query, field, code) in [
        ("limit=0", "limit", "invalid"),
        ("limit=201", "limit", "invalid"),
        ("limit=many", "limit", "invalid"),
        ("after=nobody", "after", "invalid"),
        ("colour=red", "colour", "unknown_field"),
        ("channel=A%20B", "channel", "invalid"),
        ("channel=%ff", "channel", "invalid"),
        ("channel=%", "channel", "invalid"),
        ("limit=1&limit=2", "limit", "duplicate_field"),
    ] {
        let answer = api.get(&format!("/links?{query}")).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![(field, code)]), "{query}");
    }
    let (.., id) = api.three().await;
    let path = format!("/links/{id}");
    let disable = json!({"disabled": true});
    for answer in [
        api.get(&format!("{path}?colour=red")).await,
        api.patch(&format!("{path}?colour=red"), disable.clone()).await,
        api.post("/links/bulk?colour=red", json!({"items": []})).await,
    ] {
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![("colour", "unknown_field")]));
    }
    assert_eq!(api.get(&format!("{path}?")).await.body["disabled"], false);
    let answer = api.get("/links?after=lnk_0000000000001").await;
    assert_eq!(answer.problem(), (404, "link_not_found", vec![("after", "link_not_found")]));
}

#[tokio::test]
async fn security_1_hostile_addresses_are_refused_with_their_field() {
    let api = Api::new().await;
    for url in [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//example.com/",
        "https://user:pw@example.com/",
        "https://example.com\\@evil.test/",
        "https://example.com/\r\nX: y",
        "https:example.com",
        " https://example.com",
        "https://\u{202e}example.com@x/",
    ] {
        let answer = api.post("/contents", json!({"kind": "article", "title": "t", "url": url})).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![("url", "invalid_url")]), "{url:?}");
    }
    let own = json!({"kind": "article", "title": "t", "url": "https://relais.test/abc"});
    assert_eq!(api.post("/contents", own).await.problem().2, [("url", "own_host")]);
}

#[tokio::test]
async fn what_is_taken_is_a_conflict_with_its_field() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let double = api.post("/advocates", json!({"email": "ada@example.com"})).await;
    assert_eq!(double.problem(), (409, "email_taken", vec![("email", "email_taken")]));
    let vain =
        |channel: &str| json!({"advocate_id": advocate, "content_id": content, "channel": channel, "vanity": "spring"});
    assert_eq!(api.post("/links", vain("x")).await.status, 201);
    assert_eq!(api.post("/links", vain("email")).await.problem().1, "code_taken");
    assert_eq!(api.post("/links", vain("linkedin")).await.problem().1, "link_exists");
}

#[tokio::test]
async fn a_role_that_may_not_is_told_so() {
    let api = Api::new().await;
    let (advocate, content, link_id) = api.three().await;
    let space = api.fixture.space.id;
    let person = json!({"email": "eve@example.com"});
    let job = json!({"kind": "job", "title": "Baker", "url": "https://example.com/"});
    let forbidden = [
        (Role::Advocate, Method::POST, "/advocates".to_owned(), Some(person.clone())),
        (Role::Advocate, Method::POST, "/contents".to_owned(), Some(job)),
        (Role::Advocate, Method::PATCH, format!("/spaces/{space}"), Some(json!({"name": "Mine"}))),
        (Role::Marketing, Method::POST, "/advocates".to_owned(), Some(person.clone())),
        (Role::Marketing, Method::PATCH, format!("/advocates/{advocate}"), Some(json!({"name": "Eve"}))),
        (Role::Recruiter, Method::POST, "/contents".to_owned(), Some(article())),
        (Role::Recruiter, Method::PATCH, format!("/contents/{content}"), Some(json!({"title": "x"}))),
        (Role::Operator, Method::GET, "/advocates".to_owned(), None),
        (Role::Operator, Method::GET, format!("/links/{link_id}"), None),
        (Role::Operator, Method::POST, "/links".to_owned(), Some(link(&advocate, &content, "x"))),
    ];
    for (role, method, path, body) in forbidden {
        let own = (role == Role::Advocate).then(|| advocate.parse().expect("an id"));
        let token = api.token(space, role, own).await;
        let answer = api.send(request(method.clone(), &path, &token, body)).await;
        assert_eq!(answer.problem(), (403, "forbidden", vec![]), "{role} {method} {path}");
    }
}

#[tokio::test]
async fn a_store_that_fails_is_no_excuse_for_another_form() {
    let api = Api::new().await;
    api.fixture.store.close().await;
    let answer = api.get("/links").await;
    assert_eq!(answer.problem(), (500, "internal", vec![]));
    assert!(!answer.body.to_string().contains("sql"), "{answer:?}");
}
