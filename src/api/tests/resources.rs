//! Teams, campaigns, shares, tokens, and an advocate's coming and going.

use super::*;

/// A token of the space for a role that acts for nobody, narrowed to `scopes`.
async fn narrowed(api: &Api, role: &str, scopes: Value) -> String {
    let body = json!({"role": role, "name": "t", "scopes": scopes, "expires_at": "2026-09-01T00:00:00Z"});
    let made = api.post("/tokens", body).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.body["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn teams_are_added_read_changed_and_listed() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let top = api.post("/teams", json!({"name": "Europe"})).await;
    assert_eq!(top.status, 201, "{top:?}");
    let given = json!({"name": "France", "parent_id": top.id(), "manager_ids": [advocate]});
    let team = api.post("/teams", given).await;
    let expected = json!({"id": team.id(), "name": "France", "parent_id": top.id(), "manager_ids": [advocate]});
    assert_eq!(team.body, expected);
    let path = format!("/teams/{}", team.id());
    assert_eq!(api.get(&path).await.body, expected);
    let changed = api.patch(&path, json!({"parent_id": null})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["parent_id"]), (200, &Value::Null));
    assert_eq!(api.get("/teams").await.body["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(api.get(&format!("/teams?parent_id={}", top.id())).await.body["items"], json!([]));
    api.patch(&format!("/advocates/{advocate}"), json!({"team": team.id()})).await;
    assert_eq!(api.get(&format!("/advocates/{advocate}")).await.body["team"], "France");
}

#[tokio::test]
async fn campaigns_are_added_paused_resumed_and_list_their_contents() {
    let api = Api::new().await;
    let given = json!({
        "name": "Été", "starts_on": "2026-06-01", "ends_on": "2026-08-31", "external_id": "crm-1",
        "objective": {"kpi": "clicks", "target": 1000}
    });
    let campaign = api.post("/campaigns", given).await;
    let expected = json!({
        "id": campaign.id(), "name": "Été", "slug": "ete", "starts_on": "2026-06-01", "ends_on": "2026-08-31",
        "objective": {"kpi": "clicks", "target": 1000}, "external_id": "crm-1", "paused": false
    });
    assert_eq!((campaign.status.as_u16(), &campaign.body), (201, &expected));
    let path = format!("/campaigns/{}", campaign.id());
    for (verb, paused) in [("pause", true), ("pause", true), ("resume", false), ("resume", false)] {
        let answer = api.send(request(Method::POST, &format!("{path}/{verb}"), &api.admin, None)).await;
        assert_eq!((answer.status.as_u16(), &answer.body["paused"]), (200, &json!(paused)), "{verb}");
    }
    assert_eq!(api.get(&path).await.body, expected);
    let mut body = article();
    body["campaign_id"] = json!(campaign.id());
    let content = api.post("/contents", body).await;
    api.post("/contents", article()).await;
    let listed = api.get(&format!("/contents?campaign_id={}", campaign.id())).await;
    assert_eq!(listed.body["items"], json!([content.body]));
    assert_eq!(api.get("/campaigns?slug=ete&paused=false&external_id=crm-1").await.body["items"], json!([expected]));
    assert_eq!(api.get("/campaigns?paused=true").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_share_is_noted_once_in_ten_minutes() {
    let api = Api::new().await;
    let (advocate, content, link) = api.three().await;
    let first = api.post("/shares", json!({"link_id": link, "source": "intent"})).await;
    let expected = json!({
        "id": first.id(), "link_id": link, "content_id": content, "advocate_id": advocate, "channel": "linkedin",
        "source": "intent", "shared_at": "2026-03-02T10:00:00Z", "external_id": null
    });
    assert_eq!((first.status.as_u16(), &first.body), (201, &expected));
    let again = api.post("/shares", json!({"link_id": link, "source": "copy"})).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &expected));
    for filter in ["".to_owned(), format!("?link_id={link}"), format!("?advocate_id={advocate}&channel=linkedin")] {
        assert_eq!(api.get(&format!("/shares{filter}")).await.body["items"], json!([expected]), "{filter}");
    }
    assert_eq!(api.get("/shares?channel=x").await.body["items"], json!([]));
}

#[tokio::test]
async fn security_20_whose_a_share_was_is_told_to_who_may_know_and_noted() {
    let api = Api::new().await;
    let (advocate, _, link) = api.three().await;
    api.post("/shares", json!({"link_id": link, "source": "copy"})).await;
    for role in [Role::Marketing, Role::Recruiter] {
        let token = api.token(api.fixture.space.id, role, None).await;
        let send = |path: String| {
            let request = request(Method::GET, &path, &token, None);
            async { api.send(request).await }
        };
        let seen = send("/shares".to_owned()).await;
        let share = &seen.body["items"][0];
        assert_eq!((&share["advocate_id"], &share["link_id"]), (&Value::Null, &Value::Null), "{share}");
        assert_eq!(share["channel"], "linkedin");
        for filter in [format!("advocate_id={advocate}"), format!("link_id={link}")] {
            assert_eq!(send(format!("/shares?{filter}")).await.status, 403, "{filter}");
        }
    }
    assert_eq!(api.get("/shares").await.body["items"][0]["advocate_id"], json!(advocate));
    let lines = api.get("/audit").await;
    assert!(
        lines.body["items"].as_array().expect("lines").iter().any(|line| line["action"] == "shares.read_by_advocate")
    );
}

#[tokio::test]
async fn an_advocate_shares_and_sees_its_own_alone() {
    let api = Api::new().await;
    let (ada, content, adas_link) = api.three().await;
    let eve = api.post("/advocates", json!({"email": "eve@example.com"})).await.id().to_owned();
    let token = api.token(api.fixture.space.id, Role::Advocate, Some(eve.parse().expect("an id"))).await;
    let send = |method, path: &str, body| api.send(request(method, path, &token, body));
    let own = send(Method::POST, "/links", Some(json!({"content_id": content, "channel": "x"}))).await;
    let other = send(Method::POST, "/shares", Some(json!({"link_id": adas_link, "source": "copy"}))).await;
    assert_eq!(other.problem(), (404, "link_not_found", vec![("link_id", "link_not_found")]));
    let share = send(Method::POST, "/shares", Some(json!({"link_id": own.id(), "source": "copy"}))).await;
    assert_eq!(share.status, 201);
    api.post("/shares", json!({"link_id": adas_link, "source": "declared"})).await;
    assert_eq!(send(Method::GET, "/shares", None).await.body["items"], json!([share.body]));
    let other = send(Method::GET, &format!("/shares?advocate_id={ada}"), None).await;
    assert_eq!(other.problem().1, "advocate_not_found");

    let me = send(Method::GET, "/me", None).await;
    assert_eq!(
        (&me.body["advocate"]["id"], &me.body["links"], &me.body["shares"]),
        (&json!(eve), &json!(1), &json!(1))
    );
    assert_eq!(api.get("/me").await.problem(), (403, "no_advocate", vec![]));
}

#[tokio::test]
async fn advocates_are_found_by_team_kind_cohort_and_whether_they_left() {
    let api = Api::new().await;
    let add = async |email: &str, left_on: Value| {
        let body = json!({"email": email, "team": "Ovens", "kind": "partner", "cohort": "spring", "left_on": left_on});
        api.post("/advocates", body).await.body
    };
    let here = add("a@example.com", Value::Null).await;
    let last_day = add("b@example.com", json!("2026-03-02")).await;
    let gone = add("c@example.com", json!("2026-03-01")).await;
    api.post("/advocates", json!({"email": "d@example.com", "left_on": "2026-01-01"})).await;
    let found = async |query: &str| {
        let answer = api.get(&format!("/advocates?{query}")).await;
        let items = answer.body["items"].as_array().expect("items");
        let mut ids: Vec<_> = items.iter().map(|item| item["email"].as_str().expect("an email").to_owned()).collect();
        ids.sort_unstable();
        ids.join(" ")
    };
    let team = here["team_id"].as_str().expect("a team");
    assert_eq!(last_day["team_id"], team);
    assert_eq!(found(&format!("team_id={team}")).await, "a@example.com b@example.com c@example.com");
    assert_eq!(found("kind=partner&cohort=spring&left=false").await, "a@example.com b@example.com");
    assert_eq!(found(&format!("team_id={team}&left=true")).await, "c@example.com");
    assert_eq!(found("left=true").await, "c@example.com d@example.com");
    assert_eq!(found("kind=customer").await, "");
    let back =
        api.patch(&format!("/advocates/{}", gone["id"].as_str().expect("an id")), json!({"left_on": null})).await;
    assert_eq!(back.body["left_on"], Value::Null);
    assert_eq!(found(&format!("team_id={team}&left=true")).await, "");
}

#[tokio::test]
async fn an_advocate_is_erased_once() {
    let api = Api::new().await;
    let (advocate, _, link) = api.three().await;
    let token = api.token(api.fixture.space.id, Role::Advocate, Some(advocate.parse().expect("an id"))).await;
    let erase = || api.send(request(Method::DELETE, &format!("/advocates/{advocate}"), &api.admin, None));
    let answer = erase().await;
    assert_eq!((answer.status.as_u16(), answer.body), (204, Value::Null));
    assert_eq!(erase().await.problem(), (404, "advocate_not_found", vec![]));
    assert_eq!(api.get(&format!("/links/{link}")).await.body["advocate_id"], Value::Null);
    assert_eq!(api.send(request(Method::GET, "/me", &token, None)).await.problem().1, "token_unknown");
}

#[tokio::test]
async fn security_18_a_token_is_shown_once_and_narrowed_to_its_scopes() {
    let api = Api::new().await;
    let (_, content, _) = api.three().await;
    let body = json!({
        "role": "marketing", "name": "The intranet", "scopes": ["links"], "expires_at": "2026-09-01T00:00:00Z"
    });
    let keyed = || {
        let mut request = request(Method::POST, "/tokens", &api.admin, Some(body.clone()));
        request.headers_mut().insert("idempotency-key", "k-1".parse().expect("a header value"));
        request
    };
    let made = api.send(keyed()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let token = made.body["token"].as_str().expect("a token").to_owned();
    let again = api.send(keyed()).await;
    assert_eq!((again.id(), &again.body["token"]), (made.id(), &Value::Null), "kept nowhere");
    let listed = api.get("/tokens").await;
    let item = listed.body["items"].as_array().expect("items").iter().find(|item| item["id"] == made.body["id"]);
    let expected = json!({
        "id": made.id(), "name": "The intranet", "role": "marketing", "advocate_id": null, "scopes": ["links"],
        "created_at": "2026-03-02T10:00:00Z", "expires_at": "2026-09-01T00:00:00Z", "last_used_at": null
    });
    assert_eq!(item, Some(&expected));
    let secret = token.clone();
    assert!(!listed.body.to_string().contains(&secret));

    let send = |method, path: &str, body| api.send(request(method, path, &token, body));
    assert_eq!(send(Method::GET, "/links", None).await.status, 200);
    assert_eq!(send(Method::GET, &format!("/contents/{content}"), None).await.problem().1, "forbidden");
    assert_eq!(send(Method::POST, "/contents", Some(article())).await.problem().1, "forbidden");
    let reading = narrowed(&api, "admin", json!(["read"])).await;
    assert_eq!(api.send(request(Method::GET, "/advocates", &reading, None)).await.status, 200);
    let write = api.send(request(Method::POST, "/teams", &reading, Some(json!({"name": "x"})))).await;
    assert_eq!(write.problem(), (403, "forbidden", vec![]));

    let used = api.get("/tokens").await;
    let item = used.body["items"].as_array().expect("items").iter().find(|item| item["id"] == made.body["id"]);
    assert_eq!(item.expect("the token")["last_used_at"], "2026-03-02T10:00:00Z");
    let path = format!("/tokens/{}", made.id());
    assert_eq!(api.send(request(Method::DELETE, &path, &api.admin, None)).await.status, 204);
    assert_eq!(send(Method::GET, "/links", None).await.problem(), (401, "token_unknown", vec![]));
    let again = api.send(request(Method::DELETE, &path, &api.admin, None)).await;
    assert_eq!(again.problem(), (404, "token_not_found", vec![]));
}

#[tokio::test]
async fn a_token_makes_none_that_may_more_than_itself() {
    let api = Api::new().await;
    let maker = narrowed(&api, "admin", json!(["tokens", "read"])).await;
    let ask = |token: &str, role: &str, scopes: Value, until: &str| {
        let body = json!({"role": role, "name": "t", "scopes": scopes, "expires_at": until});
        api.send(request(Method::POST, "/tokens", token, Some(body)))
    };
    let until = "2026-09-01T00:00:00Z";
    for (token, role, scopes) in [
        (&api.admin, "operator", Value::Null),
        (&maker, "admin", Value::Null),
        (&maker, "marketing", json!(["read", "links"])),
    ] {
        let answer = ask(token, role, scopes, until).await;
        assert_eq!(answer.problem(), (403, "more_than_own", vec![]), "{role}");
    }
    assert_eq!(ask(&maker, "marketing", json!(["read"]), until).await.status, 201);
    let longer = ask(&maker, "marketing", json!(["read"]), "2027-01-01T00:00:00Z").await;
    assert_eq!(longer.problem(), (422, "invalid_fields", vec![("expires_at", "invalid")]));
    let count = api.get("/tokens").await.body["items"].as_array().map(Vec::len);
    assert_eq!(count, Some(3), "what is refused is not made");
    let marketing = api.token(api.fixture.space.id, Role::Marketing, None).await;
    assert_eq!(ask(&marketing, "advocate", Value::Null, until).await.problem().1, "forbidden");
    assert_eq!(api.send(request(Method::GET, "/tokens", &marketing, None)).await.problem().1, "forbidden");
}

#[tokio::test]
async fn a_space_chooses_its_window_and_whether_jobs_lead_on() {
    let api = Api::new().await;
    let path = format!("/spaces/{}", api.fixture.space.id);
    let space = api.get(&path).await.body;
    let read =
        |body: &Value| (body["attribution_window_days"].clone(), body["similar_jobs"].clone(), body["closed"].clone());
    assert_eq!(read(&space), (json!(180), json!(false), json!(false)));
    let changed = api.patch(&path, json!({"attribution_window_days": 730, "similar_jobs": true})).await;
    assert_eq!(read(&changed.body), (json!(730), json!(true), json!(false)));
    for days in [0, 731] {
        let answer = api.patch(&path, json!({"attribution_window_days": days})).await;
        assert_eq!(answer.problem().2, [("attribution_window_days", "invalid")]);
    }
    let reset = api.patch(&path, json!({"attribution_window_days": null})).await;
    assert_eq!(reset.body["attribution_window_days"], 180);
}
