//! People at a browser: their roles and sessions, and who changed what.

use super::*;
use crate::auth::Secret;
use crate::auth::session::{CSRF_HEADER, SESSION_COOKIE};

/// A session's cookie, and what a page of it sends along.
struct Session {
    cookie: String,
    csrf: String,
}

impl Api {
    async fn signed_in(&self, advocate: &str) -> Session {
        let advocate: AdvocateId = advocate.parse().expect("an id");
        let link = self.auth.printed_link(self.fixture.space.id, advocate, 1_000).await.expect("a link");
        let signed_in = self.auth.sign_in_by_link(&link, None, None).await.expect("signed in");
        let secret: Secret = signed_in.session;
        Session { cookie: format!("a=b; {SESSION_COOKIE}={}", secret.expose()), csrf: secret.derive("csrf") }
    }

    /// A request as a page of this site makes it, or without some of its proof.
    async fn by_page(&self, session: &Session, method: Method, path: &str, body: Value, proof: Proof) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("cookie", &session.cookie)
            .header("content-type", "application/json")
            .header("sec-fetch-site", if proof == Proof::OtherSite { "same-site" } else { "same-origin" });
        match proof {
            Proof::NoToken => {}
            Proof::WrongToken => request = request.header(CSRF_HEADER, Secret::draw().derive("csrf")),
            Proof::Whole | Proof::OtherSite => request = request.header(CSRF_HEADER, &session.csrf),
        }
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Whole,
    NoToken,
    WrongToken,
    OtherSite,
}

#[tokio::test]
async fn a_session_works_like_a_token_of_its_persons_role() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let other = api.post("/advocates", json!({"email": "bob@example.com"})).await;
    let session = api.signed_in(&advocate).await;
    let list = api.by_page(&session, Method::GET, "/advocates", Value::Null, Proof::NoToken).await;
    assert_eq!(list.body["items"].as_array().map(Vec::len), Some(1), "an advocate sees itself: {list:?}");
    let answer = api.by_page(&session, Method::POST, "/links", link(&advocate, &content, "x"), Proof::Whole).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let answer = api.by_page(&session, Method::POST, "/links", link(other.id(), &content, "x"), Proof::Whole).await;
    assert_eq!(answer.status, 404, "{answer:?}");

    let put = api
        .send(request(Method::PUT, &format!("/members/{advocate}"), &api.admin, Some(json!({"role": "marketing"}))))
        .await;
    assert_eq!((put.status.as_u16(), &put.body["role"]), (200, &json!("marketing")));
    let list = api.by_page(&session, Method::GET, "/advocates", Value::Null, Proof::NoToken).await;
    assert_eq!(list.body["items"].as_array().map(Vec::len), Some(2), "at once in open sessions");
    let keyed = Request::builder().method(Method::POST).uri("/api/v1/contents").header("cookie", &session.cookie);
    let keyed = keyed.header("content-type", "application/json").header("sec-fetch-site", "same-origin");
    let keyed = keyed.header(CSRF_HEADER, &session.csrf).header("idempotency-key", "k");
    let answer = api.send(keyed.body(Body::from(article().to_string())).expect("a request")).await;
    assert_eq!(answer.status, 201, "sessions have idempotency keys too: {answer:?}");
}

#[tokio::test]
async fn security_11_a_change_with_a_session_needs_the_whole_proof() {
    let api = Api::new().await;
    let (advocate, content, _) = api.three().await;
    let session = api.signed_in(&advocate).await;
    for proof in [Proof::NoToken, Proof::WrongToken, Proof::OtherSite] {
        let answer = api.by_page(&session, Method::POST, "/links", link(&advocate, &content, "x"), proof).await;
        assert_eq!(answer.problem(), (403, "same_origin_proof_missing", vec![]), "{proof:?}");
    }
    let gone = Session { cookie: format!("{SESSION_COOKIE}={}", Secret::draw().expose()), ..session };
    let answer = api.by_page(&gone, Method::GET, "/links", Value::Null, Proof::Whole).await;
    assert_eq!(answer.problem(), (401, "signed_out", vec![]));
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_and_admins_everybodys() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let other = api.post("/advocates", json!({"email": "bob@example.com"})).await;
    let (here, there) = (api.signed_in(&advocate).await, api.signed_in(&advocate).await);
    let strange = api.signed_in(other.id()).await;
    let list = api.by_page(&here, Method::GET, "/sessions", Value::Null, Proof::NoToken).await;
    let items = list.body["items"].as_array().expect("a list").clone();
    assert_eq!(items.len(), 2);
    let (current, foreign): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item["current"] == true);
    assert_eq!((current.len(), foreign.len()), (1, 1));
    let path = format!("/sessions/{}", foreign[0]["id"].as_str().expect("an id"));
    let answer = api.by_page(&strange, Method::DELETE, &path, Value::Null, Proof::Whole).await;
    assert_eq!(answer.status, 404, "somebody else's session does not exist");
    assert_eq!(api.by_page(&here, Method::DELETE, &path, Value::Null, Proof::Whole).await.status, 204);
    assert_eq!(api.by_page(&there, Method::GET, "/sessions", Value::Null, Proof::NoToken).await.status, 401);
    assert_eq!(api.get("/sessions").await.body, json!({"items": [], "next": null}), "a token of no person has none");

    let path = format!("/members/{advocate}/sessions");
    assert_eq!(api.by_page(&strange, Method::DELETE, &path, Value::Null, Proof::Whole).await.status, 403);
    assert_eq!(api.send(request(Method::DELETE, &path, &api.admin, None)).await.status, 204);
    assert_eq!(api.by_page(&here, Method::GET, "/sessions", Value::Null, Proof::NoToken).await.status, 401);
}

#[tokio::test]
async fn roles_are_given_and_taken_by_admins() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let path = format!("/members/{advocate}");
    let put = |role: &str| api.send(request(Method::PUT, &path, &api.admin, Some(json!({"role": role}))));
    assert_eq!(api.get(&path).await.body["role"], "advocate");
    assert_eq!(put("recruiter").await.status, 200);
    let list = api.get("/members").await;
    assert_eq!(list.body["items"][0]["advocate_id"], json!(advocate));
    assert_eq!(list.body["items"][0]["email"], "ada@example.com");
    assert_eq!(put("operator").await.problem(), (422, "invalid_fields", vec![("role", "invalid")]));
    assert_eq!(put("king").await.problem(), (422, "invalid_fields", vec![("role", "invalid")]));
    assert_eq!(put("advocate").await.status, 200);
    assert_eq!(api.get("/members").await.body["items"], json!([]));
    for role in [Role::Advocate, Role::Marketing, Role::Recruiter, Role::Operator] {
        let own = (role == Role::Advocate).then(|| advocate.parse().expect("an id"));
        let token = api.token(api.fixture.space.id, role, own).await;
        let given = Some(json!({"role": "admin"}));
        assert_eq!(api.send(request(Method::PUT, &path, &token, given)).await.status, 403, "{role}");
        for path in ["/members", "/audit"] {
            assert_eq!(api.send(request(Method::GET, path, &token, None)).await.status, 403, "{role} {path}");
        }
    }
}

#[tokio::test]
async fn the_audit_log_says_who_changed_what_without_names_and_secrets() {
    let api = Api::new().await;
    let (advocate, ..) = api.three().await;
    let space = api.fixture.space.id;
    let session = {
        api.send(request(Method::PUT, &format!("/members/{advocate}"), &api.admin, Some(json!({"role": "admin"}))))
            .await;
        api.signed_in(&advocate).await
    };
    let change = json!({"name": "New name", "email_domains": ["secret-project.test"]});
    api.by_page(&session, Method::PATCH, &format!("/spaces/{space}"), change, Proof::Whole).await;
    api.by_page(&session, Method::DELETE, &format!("/members/{advocate}/sessions"), Value::Null, Proof::Whole).await;
    let token = api.auth.create_token_by(&advocate, space, Role::Marketing, None, None).await.expect("a token");
    api.auth.revoke_token_by(&advocate, space, token.id).await.expect("revoked");

    let mut lines = Vec::new();
    let mut after = String::new();
    loop {
        let page = api.get(&format!("/audit?limit=3{after}")).await;
        lines.extend(page.body["items"].as_array().expect("a list").iter().cloned());
        let Some(next) = page.body["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let said = |action: &str| lines.iter().filter(|line| line["action"] == action).collect::<Vec<_>>();
    let changed = said("space.changed");
    assert_eq!(changed[0]["details"], json!({"fields": ["email_domains", "name"]}));
    assert_eq!((&changed[0]["actor"], &changed[0]["target"]), (&json!(advocate), &json!(space.to_string())));
    assert_eq!(said("member.role_changed")[0]["details"], json!({"from": "advocate", "to": "admin"}));
    assert!(said("member.role_changed")[0]["actor"].as_str().is_some_and(|actor| actor.starts_with("tok_")));
    assert_eq!(said("member.signed_out")[0]["details"], json!({"sessions": 1}));
    let actors: Vec<_> = said("token.created").iter().map(|line| line["actor"].clone()).collect();
    assert!(actors.contains(&json!("operator")) && actors.contains(&json!(advocate)), "{actors:?}");
    assert_eq!(said("token.revoked")[0]["target"], json!(token.id.to_string()));
    let all = json!(lines).to_string();
    for secret in ["Ada", "example.com", "secret-project", "rls_", token.token.expose()] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    let elsewhere = api.fixture.other_space().await;
    let stranger = api.token(elsewhere, Role::Admin, None).await;
    let theirs = api.send(request(Method::GET, "/audit", &stranger, None)).await.body["items"].to_string();
    assert!(!theirs.contains(&advocate), "{theirs}");
}
