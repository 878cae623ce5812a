//! Sessions and their end, proofs and headers.

use super::*;
use crate::auth::session::SESSION_COOKIE;

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn security_10_a_session_is_drawn_anew_at_each_sign_in_and_the_former_one_ends() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    let fixed = "A".repeat(43);
    browser.cookies.insert(SESSION_COOKIE.to_owned(), fixed.clone());
    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    let first = browser.session();
    assert_ne!(first, fixed, "nobody chooses another's session");
    portal.pass_ms(60_000);
    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    assert_ne!(browser.session(), first);
    assert_eq!(browser.get("/").await.status, 200);
    browser.cookies.insert(SESSION_COOKIE.to_owned(), first);
    assert_eq!(browser.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn security_10_a_session_ends_when_idle_when_old_and_when_its_person_leaves() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    for _ in 0..6 {
        portal.pass_ms(14 * DAY_MS - 1);
        assert_eq!(browser.get("/").await.status, 200, "used within two weeks");
    }
    portal.pass_ms(6 * DAY_MS + 6);
    assert_eq!(browser.get("/").await.location(), "/sign-in", "90 days are over");

    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    portal.pass_ms(14 * DAY_MS);
    assert_eq!(browser.get("/").await.location(), "/sign-in", "two weeks without use");

    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    let left = AdvocateFields { left_on: Field::Value("2026-03-02".to_owned()), ..AdvocateFields::default() };
    portal.change(ada, left).await;
    assert_eq!(browser.get("/").await.location(), "/sign-in", "who has left is out");
    portal.browser().ask("ada@acme.test").await;
    assert!(portal.mails().await.is_empty(), "and does not come in again");
}

#[tokio::test]
async fn security_10_people_and_admins_end_sessions_at_once() {
    let portal = Portal::new().await;
    let ada = portal.invite("ada@acme.test").await;
    let (mut here, mut there) = (portal.browser(), portal.browser());
    portal.sign_in(&mut here, "ada@acme.test").await.location();
    portal.sign_in(&mut there, "ada@acme.test").await.location();
    let home = here.get("/account").await;
    let (csrf, other) = (home.field("csrf"), home.field("id"));
    assert_eq!(here.post("/sessions/end", &[("csrf", &csrf), ("id", &other)]).await.location(), "/account");
    assert_eq!(there.get("/").await.location(), "/sign-in");

    let former = here.session();
    assert_eq!(here.post("/sign-out", &[("csrf", &csrf)]).await.location(), "/sign-in");
    assert!(!here.is_signed_in());
    here.cookies.insert(SESSION_COOKIE.to_owned(), former);
    assert_eq!(here.get("/").await.location(), "/sign-in", "a copied cookie opens nothing");

    portal.pass_ms(180_000);
    portal.sign_in(&mut here, "ada@acme.test").await.location();
    portal.pass_ms(180_000);
    portal.sign_in(&mut there, "ada@acme.test").await.location();
    let csrf = here.get("/account").await.field("csrf");
    here.post("/sign-out/everywhere", &[("csrf", &csrf)]).await.location();
    assert_eq!(there.get("/").await.location(), "/sign-in");

    portal.pass_ms(180_000);
    portal.sign_in(&mut here, "ada@acme.test").await.location();
    let space = portal.fixture.space.id;
    assert_eq!(portal.auth.sign_out_everywhere("adv_admin", space, ada).await.expect("the store works"), 1);
    assert_eq!(here.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn security_11_no_change_without_a_proof_and_none_by_get() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    portal.sign_in(&mut browser, "ada@acme.test").await.location();
    let csrf = browser.get("/account").await.field("csrf");
    let posts: [(&str, &[(&str, &str)]); 7] = [
        ("/sign-in", &[("email", "ada@acme.test")]),
        ("/sign-in/code", &[("code", "22222222")]),
        ("/sign-in/link", &[("link", "x")]),
        ("/sign-in/oidc", &[("space", "acme")]),
        ("/sign-out", &[("csrf", &csrf)]),
        ("/sign-out/everywhere", &[("csrf", &csrf)]),
        ("/sessions/end", &[("csrf", &csrf), ("id", "ses_0000000000001")]),
    ];
    for (path, fields) in posts {
        for site in ["cross-site", "same-site", "none", ""] {
            assert_eq!(browser.post_from(site, path, fields).await.status, 403, "{path} {site}");
        }
        let bare = http::Request::builder().method("POST").uri(path);
        assert_eq!(browser.send(bare, axum::body::Body::empty()).await.status, 403, "{path}");
        if path != "/sign-in" {
            assert!(matches!(browser.get(path).await.status.as_u16(), 404 | 405), "{path}");
        }
    }
    for path in ["/sign-out", "/sign-out/everywhere"] {
        assert_eq!(browser.post(path, &[("csrf", "guessed")]).await.status, 403, "{path}");
    }
    assert_eq!(browser.get("/").await.status, 200, "still signed in");
    assert!(portal.mails().await.is_empty());
}

#[tokio::test]
async fn security_12_every_page_keeps_to_itself() {
    let portal = Portal::at("https://share.acme.test", Config::default()).await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    let mut answers = vec![
        browser.get("/").await,
        browser.get("/sign-in").await,
        browser.get("/nowhere").await,
        browser.get(parts::assets::path("portal.css")).await,
        browser.get("/sign-in/link/x").await,
        browser.post_from("cross-site", "/sign-out", &[]).await,
        browser.post("/sign-in", &[]).await,
        browser.ask("ada@acme.test").await,
        browser.post("/sign-in/code", &[("code", "x")]).await,
    ];
    let code = portal.mail().await.code.shown();
    answers.push(browser.post("/sign-in/code", &[("code", &code)]).await);
    answers.push(browser.get("/").await);
    for answer in &answers {
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
        let is_page = answer.headers.get("content-type").is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
        assert!(!is_page || answer.headers["cache-control"] == "no-store", "{answer:?}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains(" style="), "{}", answer.body);
    }
    let plain = Portal::new().await;
    assert!(!plain.browser().get("/sign-in").await.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn pages_speak_the_browsers_language_else_the_spaces() {
    let portal = Portal::new().await;
    let ask = |language: &'static str| {
        let portal = &portal;
        async move {
            let request = http::Request::builder().uri("/sign-in").header("accept-language", language);
            portal.browser().send(request, axum::body::Body::empty()).await.body
        }
    };
    assert!(ask("fr-FR, en;q=0.5").await.contains("<html lang=\"fr\">"));
    assert!(ask("de").await.contains("<html lang=\"en\">"));
}
