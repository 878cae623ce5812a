//! The frame of every page: assets, colours, errors, forms.

use axum::body::Body;
use http::Request;

use super::*;

#[tokio::test]
async fn every_role_finds_its_places_and_the_first_page_names_what_it_loads() {
    let portal = Portal::new().await;
    for role in [Role::Advocate, Role::Marketing, Role::Recruiter, Role::Admin] {
        let mut browser = portal.signed_in(role).await;
        portal.pass_ms(180_000);
        let page = browser.get("/").await;
        page.assert_page();
        assert!(page.body.contains("Acme &#38; Co") && page.body.contains("Ada Lovelace"), "{}", page.body);
        for part in
            page.body.split(['"', '\'']).filter(|part| part.starts_with("/assets/") || part.starts_with("/look/"))
        {
            let path = part.split('#').next().unwrap_or_default();
            let asset = browser.get(path).await;
            assert_eq!(asset.status, 200, "{path}");
            assert_eq!(asset.headers["cache-control"], "public, max-age=31536000, immutable");
        }
    }
}

#[tokio::test]
async fn assets_are_compressed_for_those_who_take_it_and_pages_are_not() {
    let portal = Portal::new().await;
    let mut browser = portal.browser();
    let path = parts::assets::path("htmx.js");
    let plain = browser.get(path).await;
    assert!(!plain.headers.contains_key("content-encoding"));
    let mut short = 0;
    for asked in [path, "/sign-in"] {
        let request = Request::builder().uri(asked).header("accept-encoding", "br;q=1.0, gzip;q=0.8");
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(crate::net::ClientAddress([203, 0, 113, 7].into()));
        let response = tower::ServiceExt::oneshot(portal.router.clone(), request).await.expect("an answer");
        assert_eq!(response.headers().contains_key("content-encoding"), asked == path, "{asked}");
        if asked == path {
            let body = http_body_util::BodyExt::collect(response.into_body()).await.expect("a body").to_bytes();
            short = body.len();
        }
    }
    assert!(short > 0 && short * 2 < plain.body.len(), "{short} of {}", plain.body.len());
    assert_eq!(browser.get("/assets/htmx.000000000000.js").await.status, 404);
}

#[tokio::test]
async fn a_look_is_served_under_its_own_address_only() {
    let portal = Portal::new().await;
    let mut browser = portal.browser();
    let good = parts::look::path(&crate::look::Look::default());
    let css = browser.get(&good).await;
    assert_eq!(css.status, 200);
    assert_eq!(css.headers["content-type"], "text/css; charset=utf-8");
    for bad in
        ["/look/0e6e62.css", "/look/red.00000000.css", "/look/%7D.00000000.css", &good.replace("/look/", "/look/f")]
    {
        assert_eq!(browser.get(bad).await.status, 404, "{bad}");
    }
}

#[tokio::test]
async fn errors_stand_in_the_frame_and_say_what_to_do_next() {
    let portal = Portal::new().await;
    let missing = portal.browser().get("/nowhere").await;
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("There is nothing here") && missing.body.contains("To the first page"));
    let mut browser = portal.signed_in(Role::Advocate).await;
    let unproven = browser.post("/sign-out", &[("csrf", "guessed")]).await;
    assert_eq!(unproven.status, 403);
    assert!(unproven.body.contains("class=\"who\""), "in the frame of the person: {}", unproven.body);
    let csrf = browser.get("/account").await.field("csrf");
    let malformed = browser.post("/sessions/end", &[("csrf", &csrf), ("id", "x")]).await;
    assert_eq!(malformed.status, 400);
}

#[tokio::test]
async fn whoever_is_sent_to_sign_in_comes_back_to_what_was_asked_for() {
    let portal = Portal::new().await;
    portal.invite("ada@acme.test").await;
    let mut browser = portal.browser();
    let away = browser.get("/account?from=mail").await;
    assert_eq!(away.location(), "/sign-in?next=%2Faccount%3Ffrom%3Dmail");
    let next = browser.get("/sign-in?next=%2Faccount%3Ffrom%3Dmail").await.field("next");
    browser.post("/sign-in", &[("email", "ada@acme.test"), ("next", &next)]).await;
    let code = portal.mail().await.code.shown();
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.location(), "/account?from=mail");
}

#[tokio::test]
async fn a_phone_is_told_how_to_keep_the_portal() {
    let portal = Portal::new().await;
    let answer = portal.browser().get("/manifest.webmanifest?space=acme").await;
    assert_eq!(answer.headers["content-type"], "application/manifest+json");
    let manifest: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&manifest["name"], &manifest["display"]), (&json!("Acme & Co"), &json!("standalone")));
    for icon in manifest["icons"].as_array().expect("icons") {
        let icon = icon["src"].as_str().expect("a path").to_owned();
        assert!(icon.starts_with("/assets/app"), "{icon}");
    }
}
