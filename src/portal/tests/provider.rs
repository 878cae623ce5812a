//! Signing in through the identity provider, as a browser goes through it.

use super::*;
use crate::auth::oidc::Config as OidcConfig;
use crate::auth::tests::provider::{Account, CLIENT, Flaw, Provider, SECRET};

const ADA: Account = Account { subject: "ada-1", email: "ada@acme.test", verified: true };

/// The portal with a provider that people call "Acme login".
async fn scene() -> (Portal, Provider) {
    let mut portal = Portal::new().await;
    let provider = Provider::start(false, NOW_MS).await;
    portal.with_provider(OidcConfig {
        issuer: provider.issuer.clone(),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.into(),
        name: "Acme <login>".to_owned(),
        domains: Vec::new(),
    });
    (portal, provider)
}

/// Goes to the provider and agrees there; the path that it sends the browser back to.
async fn agree(browser: &mut Browser, provider: &Provider) -> String {
    let page = browser.post("/sign-in/oidc", &[("space", "acme"), ("next", "/contents")]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let (_, rest) = page.body.split_once("content=\"0; url=").expect("a way on");
    let address = rest.split('"').next().unwrap_or_default().replace("&#38;", "&");
    let (code, state) = provider.approve(&address, ADA);
    format!("{CALLBACK}?code={code}&state={state}")
}

#[tokio::test]
async fn security_16_a_browser_goes_to_the_provider_and_comes_back_signed_in_once() {
    let (portal, provider) = scene().await;
    let mut browser = portal.browser();
    let form = browser.get("/sign-in").await.body;
    assert!(form.contains("Acme &#60;login&#62;"), "{form}");
    let back = agree(&mut browser, &provider).await;
    let mut thief = portal.browser();
    assert_eq!(thief.get(&back).await.status, 410, "another browser's answer");
    let asked = browser.cookies.clone();
    assert_eq!(browser.get(&back).await.location(), "/contents");
    assert!(browser.get("/").await.body.contains("AdaLovelace"));
    browser.cookies = asked;
    assert_eq!(browser.get(&back).await.status, 410, "once");
}

#[tokio::test]
async fn a_refusal_is_a_page_that_says_what_to_do_and_tells_nothing() {
    let (portal, provider) = scene().await;
    let mut browser = portal.browser();
    let back = agree(&mut browser, &provider).await;
    provider.is_flawed(Flaw::Nonce);
    let refused = browser.get(&back).await;
    assert_eq!((refused.status.as_u16(), browser.is_signed_in()), (403, false));
    assert!(refused.body.contains("sign in by mail") && !refused.body.contains("nonce"), "{}", refused.body);
    let said = browser.get(&format!("{CALLBACK}?error=access_denied&state=x")).await;
    assert_eq!(said.status, 403);
    assert_eq!(browser.get(CALLBACK).await.status, 410);
    assert_eq!(browser.post("/sign-in/oidc", &[("space", "nowhere")]).await.status, 404);
    let without = Portal::new().await;
    assert_eq!(without.browser().post("/sign-in/oidc", &[("space", "acme")]).await.status, 404);
}
