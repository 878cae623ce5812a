//! Signing in through an identity provider.

use super::provider::{Account, CLIENT, Flaw, Provider, SECRET};
use super::*;
use crate::auth::oidc::{Callback, Config as OidcConfig, Oidc, OidcError};
use crate::auth::sign_in::{LIFE_MS, SignedIn};
use crate::store::AdvocateRecord;

const ADA: Account = Account { subject: "ada-1", email: "Ada@Example.com", verified: true };

struct Scene {
    case: Case,
    provider: Provider,
    oidc: Oidc,
}

impl Scene {
    async fn new(with_rsa: bool) -> Self {
        Self::with(with_rsa, Vec::new()).await
    }

    async fn with(with_rsa: bool, domains: Vec<String>) -> Self {
        let case = Case::new().await;
        let provider = Provider::start(with_rsa, NOW_MS).await;
        let config = OidcConfig {
            issuer: provider.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.into(),
            name: String::new(),
            domains,
        };
        let oidc = Oidc::new(case.auth.clone(), config).expect("it works").expect("a provider");
        Self { case, provider, oidc }
    }

    async fn begin(&self, browser: &Secret) -> String {
        self.oidc.begin(self.case.space, browser, "/contents").await.expect("an address")
    }

    async fn complete(&self, browser: &Secret, code: &str, state: &str) -> Result<SignedIn, OidcError> {
        self.oidc.complete(&Callback { code, state, issuer: None }, Some(browser), None).await
    }

    async fn sign_in(&self, account: Account) -> Result<SignedIn, OidcError> {
        let browser = Secret::draw();
        let (code, state) = self.provider.approve(&self.begin(&browser).await, account);
        self.complete(&browser, &code, &state).await
    }

    /// Writes an advocate of the space, changed.
    async fn advocate(&self, n: u64, change: impl FnOnce(&mut AdvocateRecord)) -> AdvocateId {
        let mut record = samples::advocate(n);
        record.advocate.space = self.case.space;
        record.advocate.external_id = None;
        change(&mut record);
        let mut writing = self.case.store.write().await.expect("a transaction");
        writing.put_advocate(&record).await.expect("an advocate");
        writing.commit().await.expect("a commit");
        record.advocate.id
    }
}

#[tokio::test]
async fn security_16_a_verified_address_joins_once_and_the_subject_counts_from_then_on() {
    for with_rsa in [true, false] {
        let scene = Scene::new(with_rsa).await;
        let first = scene.sign_in(ADA).await.expect("signed in");
        assert_eq!((first.advocate, first.next.as_str()), (AdvocateId::from_bits(1), "/contents"));
        let renamed = Account { email: "ada.king@elsewhere.test", verified: false, ..ADA };
        assert_eq!(scene.sign_in(renamed).await.expect("signed in").advocate, first.advocate);
        let impostor = Account { subject: "eve-9", ..ADA };
        assert!(matches!(scene.sign_in(impostor).await, Err(OidcError::Stranger)), "the place is taken");
    }
}

#[tokio::test]
async fn security_16_somebody_new_of_the_spaces_domains_joins_and_nobody_else() {
    let scene = Scene::new(false).await;
    let new = Account { subject: "new-1", email: "new@example.com", verified: true };
    let signed_in = scene.sign_in(new.clone()).await.expect("signed in");
    let mut reading = scene.case.store.read().await.expect("a transaction");
    let record = reading.advocate(scene.case.space, signed_in.advocate).await.expect("reads").expect("an advocate");
    assert_eq!((record.email.as_deref(), record.name.as_deref()), (Some("new@example.com"), Some("AdaLovelace")));
    assert_eq!(record.advocate.registered_at_ms, Some(NOW_MS));
    drop(reading);

    scene.advocate(20, |record| record.email = Some("partner@elsewhere.test".to_owned())).await;
    scene
        .advocate(21, |record| {
            record.email = Some("gone@example.com".to_owned());
            record.advocate.left_on = Some("2026-03-01".to_owned());
        })
        .await;
    for (subject, email, verified) in [
        ("s1", "other@example.com", false),
        ("s2", "partner@elsewhere.test", true),
        ("s3", "gone@example.com", true),
        ("s4", "eve@sub.example.com", true),
    ] {
        let refused = scene.sign_in(Account { subject, email, verified }).await;
        assert!(matches!(refused, Err(OidcError::Stranger)), "{email}: {refused:?}");
        let said = refused.expect_err("a stranger").to_string();
        assert!(!said.contains(subject) && !said.contains(email), "what is logged names nobody: {said}");
    }
    scene
        .advocate(signed_in.advocate.bits(), |record| {
            record.email = Some("new@example.com".to_owned());
            record.advocate.left_on = Some("2026-03-01".to_owned());
        })
        .await;
    assert!(matches!(scene.sign_in(new).await, Err(OidcError::Stranger)), "a leaver's identity opens nothing");
}

#[tokio::test]
async fn security_16_the_installations_own_list_of_domains_narrows_the_spaces() {
    let scene = Scene::with(false, vec!["other.test".to_owned()]).await;
    assert!(matches!(scene.sign_in(ADA).await, Err(OidcError::Stranger)));
}

#[tokio::test]
async fn security_16_a_token_that_is_wrong_in_anything_is_refused() {
    for with_rsa in [true, false] {
        let scene = Scene::new(with_rsa).await;
        for flaw in [
            Flaw::NoNonce,
            Flaw::Nonce,
            Flaw::Audience,
            Flaw::AnotherAudienceToo,
            Flaw::Issuer,
            Flaw::Expired,
            Flaw::NoSignature,
            Flaw::SharedSecret,
            Flaw::StrangersKey,
            Flaw::Changed,
        ] {
            scene.provider.is_flawed(flaw);
            let refused = scene.sign_in(ADA).await;
            assert!(matches!(refused, Err(OidcError::Token(_))), "{flaw:?}: {refused:?}");
        }
        scene.provider.is_flawed(Flaw::Nothing);
        scene.sign_in(ADA).await.expect("nothing of that stayed");
    }
}

#[tokio::test]
async fn security_16_a_state_is_good_once_for_ten_minutes_in_the_browser_that_began() {
    let scene = Scene::new(false).await;
    let (browser, other) = (Secret::draw(), Secret::draw());
    let (code, state) = scene.provider.approve(&scene.begin(&browser).await, ADA);
    assert!(matches!(scene.complete(&other, &code, &state).await, Err(OidcError::State)));
    let callback = Callback { code: &code, state: &state, issuer: None };
    assert!(matches!(scene.oidc.complete(&callback, None, None).await, Err(OidcError::State)));
    for wrong in ["", "short", Secret::draw().expose()] {
        assert!(matches!(scene.complete(&browser, &code, wrong).await, Err(OidcError::State)));
    }
    scene.complete(&browser, &code, &state).await.expect("signed in");
    assert!(matches!(scene.complete(&browser, &code, &state).await, Err(OidcError::State)), "a replayed state");

    let (_, fresh) = scene.provider.approve(&scene.begin(&browser).await, ADA);
    let replayed = scene.complete(&browser, &code, &fresh).await;
    assert!(matches!(replayed, Err(OidcError::Provider(_))), "a replayed code: {replayed:?}");

    // Another sign-in's code: its PKCE verifier and nonce are not this one's.
    let (foreign, _) = scene.provider.approve(&scene.begin(&other).await, ADA);
    let (_, own) = scene.provider.approve(&scene.begin(&browser).await, ADA);
    let injected = scene.complete(&browser, &foreign, &own).await;
    assert!(matches!(injected, Err(OidcError::Provider(_))), "{injected:?}");

    let (code, state) = scene.provider.approve(&scene.begin(&browser).await, ADA);
    let mixed = Callback { code: &code, state: &state, issuer: Some("https://evil.test") };
    assert!(matches!(scene.oidc.complete(&mixed, Some(&browser), None).await, Err(OidcError::Provider(_))));

    let (code, state) = scene.provider.approve(&scene.begin(&browser).await, ADA);
    scene.case.now.fetch_add(LIFE_MS, Ordering::SeqCst);
    scene.provider.is_at(NOW_MS + LIFE_MS);
    assert!(matches!(scene.complete(&browser, &code, &state).await, Err(OidcError::State)), "too late");
}

#[tokio::test]
async fn a_provider_may_change_its_keys_at_any_time() {
    let scene = Scene::new(true).await;
    scene.sign_in(ADA).await.expect("signed in");
    scene.provider.changes_its_keys();
    scene.sign_in(ADA).await.expect("signed in with the new key");
}

#[tokio::test]
async fn a_provider_that_answers_too_much_or_not_at_all_is_refused() {
    let scene = Scene::new(false).await;
    scene.provider.is_flawed(Flaw::Large);
    let error = scene.oidc.begin(scene.case.space, &Secret::draw(), "/").await.expect_err("too much");
    assert!(matches!(error, OidcError::Provider(_)), "{error}");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let config =
        OidcConfig { issuer: format!("http://{closed}"), client_id: CLIENT.to_owned(), ..OidcConfig::default() };
    let oidc = Oidc::new(scene.case.auth.clone(), config).expect("it works").expect("a provider");
    assert!(matches!(oidc.begin(scene.case.space, &Secret::draw(), "/").await, Err(OidcError::Provider(_))));
}
