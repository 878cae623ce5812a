//! The pages as browsers see them: requests through the whole router, on a real store.

mod admin;
mod admin_data;
mod browser;
mod employee;
mod employee_referrals;
mod frame;
mod hostile;
mod kpis;
mod marketing;
mod marketing_steering;
mod outside;
mod problems;
mod provider;
mod recruiting;
mod said;
mod signing_in;
mod signing_out;
mod states;
mod strangers;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use serde_json::json;

use super::*;
use crate::auth::sign_in::Letter;
use crate::auth::{Config, Site};
use crate::model::{AdvocateId, ImportId, Role, SpaceId, WebhookId};
use crate::programme::tests::web::ScriptedWeb;
use crate::programme::tests::{Clock, Fixture, NOW_MS};
use crate::programme::webhooks::WebhookFields;
use crate::programme::{AdvocateFields, Field, MemberFields, SpaceFields, Web};
use browser::{Answer, Browser};

/// Those of the pages, as browsers ask for them.
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// The portal of the space `acme` of the domain `acme.test`, and a clock to turn.
struct Portal {
    fixture: Fixture,
    auth: Auth,
    router: Router,
    now: Arc<AtomicI64>,
    /// The world outside, once it reaches out.
    web: Arc<ScriptedWeb>,
}

/// Figures whose ClickHouse is not there.
fn kpis(fixture: &Fixture) -> crate::kpi::Kpis {
    crate::kpi::Kpis::new(tokio::sync::watch::channel(None).1, fixture.store.clone())
}

impl Portal {
    async fn new() -> Self {
        Self::at("http://localhost:8081", Config::default()).await
    }

    async fn at(base_url: &str, config: Config) -> Self {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let clock = {
            let now = Arc::clone(&now);
            Clock::from_fn(move || now.load(Ordering::SeqCst))
        };
        let fixture = Fixture::with_clock(clock).await;
        let fields = SpaceFields {
            name: Field::Value("Acme & Co".to_owned()),
            email_domains: Field::Value(vec!["acme.test".to_owned()]),
            ..SpaceFields::default()
        };
        fixture.programme.create_or_update_space("acme", &fields).await.expect("a space");
        let site = Site::new(base_url).expect("an address");
        let auth = Auth::configured(fixture.store.clone(), config, site);
        let state = PortalState::new(auth.clone(), fixture.programme.clone(), kpis(&fixture), None);
        let router = router(state);
        Self { fixture, auth, router, now, web: Arc::default() }
    }

    /// The same pages with a world outside that says what the test writes down.
    fn reaching_out(mut self) -> Self {
        let programme = self.fixture.programme.clone().with_web(Arc::clone(&self.web) as Arc<dyn Web>);
        self.router = router(PortalState::new(self.auth.clone(), programme, kpis(&self.fixture), None));
        self
    }

    fn web(&self) -> &ScriptedWeb {
        &self.web
    }

    /// The same pages with an identity provider.
    fn with_provider(&mut self, config: crate::auth::oidc::Config) {
        let oidc = Oidc::new(self.auth.clone(), config).expect("it works");
        let (auth, programme) = (self.auth.clone(), self.fixture.programme.clone());
        self.router = router(PortalState::new(auth, programme, kpis(&self.fixture), oidc));
    }

    fn pass_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody's browser, somewhere.
    fn browser(&self) -> Browser {
        self.browser_at("203.0.113.7")
    }

    fn browser_at(&self, client: &str) -> Browser {
        Browser::new(self.router.clone(), client.parse().expect("an address"))
    }

    /// Somebody who was invited.
    async fn invite(&self, email: &str) -> AdvocateId {
        let fields = AdvocateFields {
            email: Field::Value(email.to_owned()),
            name: Field::Value("Ada Lovelace".to_owned()),
            invited_on: Field::Value("2026-02-01".to_owned()),
            ..AdvocateFields::default()
        };
        let mut work = self.fixture.programme.work().await.expect("work");
        let record = work.create_advocate(self.fixture.space.id, &fields).await.expect("an advocate");
        work.commit().await.expect("a commit");
        record.advocate.id
    }

    /// The browser of somebody of this role, signed in; the person's address is `<role>@acme.test`.
    async fn signed_in(&self, role: Role) -> Browser {
        let email = format!("{role}@acme.test");
        let id = self.invite(&email).await;
        let mut work = self.fixture.programme.work().await.expect("work");
        let fields = MemberFields { role: Field::Value(role.to_string()) };
        work.put_member(self.fixture.space.id, id, &fields).await.expect("a member");
        work.commit().await.expect("a commit");
        let mut browser = self.browser();
        self.sign_in(&mut browser, &email).await.location();
        browser
    }

    /// A webhook of a space, for one kind of event.
    async fn webhook(&self, space: SpaceId, event: &str) -> WebhookId {
        let url = Field::Value("https://example.com/hook".to_owned());
        let fields = WebhookFields { url, events: Field::Value(vec![event.to_owned()]), ..WebhookFields::default() };
        let mut work = self.fixture.programme.work().await.expect("work");
        let webhook = work.create_webhook(space, &fields).await.expect("a webhook");
        work.commit().await.expect("a commit");
        webhook.id
    }

    /// Changes somebody.
    async fn change(&self, id: AdvocateId, fields: AdvocateFields) {
        let mut work = self.fixture.programme.work().await.expect("work");
        work.update_advocate(self.fixture.space.id, id, &fields).await.expect("a change");
        work.commit().await.expect("a commit");
    }

    /// Every mail that is due now, as it would leave.
    async fn mails(&self) -> Vec<Letter> {
        let mut letters = Vec::new();
        for due in self.auth.due_mails(100).await.expect("the store works") {
            if let Some(letter) = self.auth.letter(&due).await.expect("the store works") {
                self.auth.sent(letter.id).await.expect("the store works");
                letters.push(letter);
            }
        }
        letters
    }

    /// The one mail that is due now.
    async fn mail(&self) -> Letter {
        let mut mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.remove(0)
    }

    /// Signs somebody in with a code.
    async fn sign_in(&self, browser: &mut Browser, email: &str) -> Answer {
        browser.ask(email).await;
        let letter = self.mail().await;
        browser.post("/sign-in/code", &[("code", &letter.code.shown())]).await
    }
}
