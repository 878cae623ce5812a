//! The programme's refusals as a program reads them: each a problem document with its code and its
//! field.

use std::sync::atomic::{AtomicI64, Ordering};

use super::*;

#[tokio::test]
async fn a_closed_space_refuses_every_change_but_its_reopening() {
    let api = Api::new().await;
    let (advocate, content, link_id) = api.three().await;
    let team = api.post("/teams", json!({"name": "Ovens"})).await.id().to_owned();
    let campaign = api.post("/campaigns", json!({"name": "Summer"})).await.id().to_owned();
    let new_token = json!({"role": "marketing", "name": "t", "expires_at": "2026-09-01T00:00:00Z"});
    let token = api.post("/tokens", new_token.clone()).await.id().to_owned();
    let space = format!("/spaces/{}", api.fixture.space.id);
    assert_eq!(api.patch(&space, json!({"closed": true})).await.body["closed"], true);
    let bulk = json!({"items": [link(&advocate, &content, "email")]});
    let changes = [
        (Method::PATCH, space.clone(), Some(json!({"name": "Acme"}))),
        (Method::POST, "/advocates".to_owned(), Some(json!({"email": "eve@example.com"}))),
        (Method::PATCH, format!("/advocates/{advocate}"), Some(json!({"name": "Eve"}))),
        (Method::DELETE, format!("/advocates/{advocate}"), None),
        (Method::POST, "/teams".to_owned(), Some(json!({"name": "Sales"}))),
        (Method::PATCH, format!("/teams/{team}"), Some(json!({"name": "Sales"}))),
        (Method::POST, "/campaigns".to_owned(), Some(json!({"name": "Winter"}))),
        (Method::PATCH, format!("/campaigns/{campaign}"), Some(json!({"name": "Winter"}))),
        (Method::POST, format!("/campaigns/{campaign}/pause"), None),
        (Method::POST, format!("/campaigns/{campaign}/resume"), None),
        (Method::POST, "/contents".to_owned(), Some(article())),
        (Method::PATCH, format!("/contents/{content}"), Some(json!({"title": "x"}))),
        (Method::POST, "/links".to_owned(), Some(link(&advocate, &content, "email"))),
        (Method::POST, "/links/bulk".to_owned(), Some(bulk)),
        (Method::PATCH, format!("/links/{link_id}"), Some(json!({"disabled": true}))),
        (Method::POST, "/shares".to_owned(), Some(json!({"link_id": link_id, "source": "copy"}))),
        (Method::POST, "/tokens".to_owned(), Some(new_token)),
        (Method::DELETE, format!("/tokens/{token}"), None),
    ];
    let before = api.fixture.store.latest_seq().await.expect("reads");
    for (method, path, body) in changes {
        let answer = api.send(request(method.clone(), &path, &api.admin, body)).await;
        assert_eq!(answer.problem(), (403, "space_closed", vec![]), "{method} {path}");
    }
    assert_eq!(api.fixture.store.latest_seq().await.expect("reads"), before);
    assert_eq!(api.get(&format!("/links/{link_id}")).await.status, 200, "it is read as before");
    let marketing = api.token(api.fixture.space.id, Role::Marketing, None).await;
    let reopen = || Some(json!({"closed": false}));
    assert_eq!(api.send(request(Method::PATCH, &space, &marketing, reopen())).await.problem().1, "forbidden");
    let operator = api.token(api.fixture.space.id, Role::Operator, None).await;
    assert_eq!(api.send(request(Method::PATCH, &space, &operator, reopen())).await.status, 200);
    assert_eq!(api.post("/teams", json!({"name": "Sales"})).await.status, 201);
}

#[tokio::test]
async fn what_a_request_names_must_be_there_and_fit() {
    let api = Api::new().await;
    let (advocate, content, link_id) = api.three().await;
    let team = api.post("/teams", json!({"name": "Ovens"})).await.id().to_owned();
    let below = api.post("/teams", json!({"name": "Rolls", "parent_id": team})).await.id().to_owned();
    let nobody = "adv_0000000000009";
    let no_team = "tem_0000000000009";
    let audience = |audience: Value| {
        let mut body = article();
        body["audience"] = audience;
        body
    };
    let person = |team: &str| json!({"email": "eve@example.com", "team": team});
    let new_token = |advocate: &str| json!({"role": "advocate", "advocate_id": advocate, "name": "t", "expires_at": "2026-09-01T00:00:00Z"});
    let team_path = format!("/teams/{team}");
    let cases = [
        (Method::POST, "/advocates", person(no_team), 404, "team_not_found", vec![("team", "team_not_found")]),
        (Method::PATCH, &team_path, json!({"parent_id": below}), 409, "team_cycle", vec![("parent_id", "team_cycle")]),
        (
            Method::PATCH,
            &team_path,
            json!({"parent_id": no_team}),
            404,
            "team_not_found",
            vec![("parent_id", "team_not_found")],
        ),
        (Method::PATCH, &team_path, json!({"name": "Rolls"}), 409, "name_taken", vec![("name", "name_taken")]),
        (
            Method::PATCH,
            &team_path,
            json!({"manager_ids": [nobody]}),
            404,
            "advocate_not_found",
            vec![("manager_ids", "advocate_not_found")],
        ),
        (
            Method::POST,
            "/campaigns",
            json!({"name": "x", "objective": {"kpi": "likes", "target": 1}}),
            422,
            "invalid_fields",
            vec![("objective.kpi", "invalid")],
        ),
        (
            Method::POST,
            "/campaigns",
            json!({"name": "x", "objective": {"kpi": "clicks"}}),
            422,
            "invalid_fields",
            vec![("objective.target", "required")],
        ),
        (
            Method::POST,
            "/campaigns",
            json!({"name": "x", "starts_on": "2026-02-30"}),
            422,
            "invalid_fields",
            vec![("starts_on", "invalid")],
        ),
        (
            Method::POST,
            "/contents",
            audience(json!({"teams": [no_team]})),
            404,
            "team_not_found",
            vec![("audience.teams", "team_not_found")],
        ),
        (
            Method::POST,
            "/contents",
            audience(json!({"languages": ["french!"], "kinds": ["robot"]})),
            422,
            "invalid_fields",
            vec![("audience.languages[0]", "invalid"), ("audience.kinds[0]", "invalid")],
        ),
        (
            Method::POST,
            "/shares",
            json!({"link_id": "lnk_0000000000009", "source": "copy"}),
            404,
            "link_not_found",
            vec![("link_id", "link_not_found")],
        ),
        (
            Method::POST,
            "/shares",
            json!({"link_id": link_id, "source": "import"}),
            422,
            "invalid_fields",
            vec![("source", "invalid")],
        ),
        (
            Method::POST,
            "/shares",
            json!({"link_id": link_id, "source": "copy", "shared_at": "2026-03-02T10:05:01Z"}),
            422,
            "invalid_fields",
            vec![("shared_at", "invalid")],
        ),
        (
            Method::POST,
            "/shares",
            json!({"link_id": link_id, "source": "copy", "colour": "red"}),
            422,
            "invalid_fields",
            vec![("colour", "unknown_field")],
        ),
        (
            Method::POST,
            "/tokens",
            new_token(nobody),
            404,
            "advocate_not_found",
            vec![("advocate_id", "advocate_not_found")],
        ),
    ];
    for (method, path, body, status, code, fields) in cases {
        let answer = api.send(request(method.clone(), path, &api.admin, Some(body.clone()))).await;
        assert_eq!(answer.problem(), (status, code, fields), "{method} {path} {body}");
    }
    for path in ["/shares?after=shr_0000000000009", "/tokens?after=tok_0000000000009", "/teams?after=tem_0000000000009"]
    {
        assert!(api.get(path).await.problem().1.ends_with("_not_found"), "{path}");
    }
    let left = json!({"left_on": "2026-03-01"});
    assert_eq!(api.patch(&format!("/advocates/{advocate}"), left).await.status, 200);
    let share = api.post("/shares", json!({"link_id": link_id, "source": "copy"})).await;
    assert_eq!(share.problem(), (409, "advocate_left", vec![("link_id", "advocate_left")]));
    let issued = api.post("/links", link(&advocate, &content, "email")).await;
    assert_eq!(issued.problem(), (409, "advocate_left", vec![("advocate_id", "advocate_left")]));
    let token = api.post("/tokens", new_token(&advocate)).await;
    assert_eq!(token.problem(), (409, "advocate_left", vec![("advocate_id", "advocate_left")]));
}

#[tokio::test]
async fn a_vanity_code_is_chosen_once_and_a_link_keeps_its_code() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let vain = |channel: &str, vanity: &str| {
        let mut body = link(&advocate, &content, channel);
        body["vanity"] = json!(vanity);
        body
    };
    for (vanity, code) in
        [("metrics", "reserved"), ("ab", "invalid"), ("Summer", "invalid"), (&"a".repeat(65), "invalid")]
    {
        let answer = api.post("/links", vain("x", vanity)).await;
        assert_eq!(answer.problem(), (422, "invalid_fields", vec![("vanity", code)]), "{vanity}");
    }
    let made = api.post("/links", vain("x", "summer")).await;
    assert_eq!((made.status.as_u16(), &made.body["code"]), (201, &json!("summer")));
    assert_eq!(api.post("/links", vain("x", "summer")).await.status, 200);
    let taken = api.post("/links", vain("email", "summer")).await;
    assert_eq!(taken.problem(), (409, "code_taken", vec![("vanity", "code_taken")]));
    let other = api.post("/links", vain("linkedin", "winter")).await;
    assert_eq!(other.problem(), (409, "link_exists", vec![("vanity", "link_exists")]));
    assert!(other.body["detail"].as_str().is_some_and(|detail| detail.contains("another channel")), "{other:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_25_a_vanity_code_that_twenty_want_is_ones() {
    let api = Arc::new(Api::new().await);
    let (advocate, content, _) = api.three().await;
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let mut body = link(&advocate, &content, &format!("channel-{n}"));
            body["vanity"] = json!("jobs");
            let api = Arc::clone(&api);
            tokio::spawn(async move { api.post("/links", body).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("the task ends").status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201][..], &[409; 19]].concat());
}

#[tokio::test]
async fn a_domain_at_which_anybody_has_an_address_lets_nobody_join() {
    let api = Api::new().await;
    let path = format!("/spaces/{}", api.fixture.space.id);
    let answer = api.patch(&path, json!({"email_domains": ["acme.test", "gmail.com"]})).await;
    assert_eq!(answer.problem(), (422, "invalid_fields", vec![("email_domains[1]", "public_mailbox")]));
    let words = &description()["components"]["schemas"]["FieldProblem"]["properties"]["code"]["enum"];
    assert!(words.as_array().is_some_and(|words| words.contains(&json!("public_mailbox"))), "{words}");
}

#[tokio::test]
async fn a_token_is_refused_from_its_end_on() {
    let now = Arc::new(AtomicI64::new(crate::programme::tests::NOW_MS));
    let clock = crate::programme::tests::clock({
        let now = Arc::clone(&now);
        move || now.load(Ordering::SeqCst)
    });
    let api = Api::on(Fixture::with_clock(clock).await).await;
    let body = json!({"role": "marketing", "name": "t", "expires_at": "2026-03-02T11:00:00Z"});
    let token = api.post("/tokens", body).await.body["token"].as_str().expect("a token").to_owned();
    assert_eq!(api.send(request(Method::GET, "/links", &token, None)).await.status, 200);
    now.fetch_add(3_600_000, Ordering::SeqCst);
    let answer = api.send(request(Method::GET, "/links", &token, None)).await;
    assert_eq!(answer.problem(), (401, "token_expired", vec![]));
    assert_eq!(api.get("/tokens").await.body["items"].as_array().map(Vec::len), Some(2), "shown until it is revoked");
}
