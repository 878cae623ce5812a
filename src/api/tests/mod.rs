//! The API as a program sees it: requests through the whole router, on a real store.

mod applications;
mod busy;
mod clicks;
mod description;
mod entities;
mod everyday;
mod feeds;
mod kpis;
mod links;
mod matrix;
mod members;
mod races;
mod refusals;
mod repeats;
mod resources;
mod rules;
mod tenants;
mod transfers;
mod webhooks;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;
use crate::kpi::tests as kpi_tests;
use crate::model::{AdvocateId, Role, SpaceId};
use crate::outbound;
use crate::programme::tests::Fixture;

/// The API on a store with the space `acme`, and an admin's token.
pub(super) struct Api {
    pub(super) fixture: Fixture,
    pub(super) metrics: Arc<Metrics>,
    pub(super) auth: Auth,
    pub(super) state: ApiState,
    router: Router,
    pub(super) admin: String,
    /// Where uploads wait.
    scratch: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) async fn of(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// Asserts that it is a problem document, and gives its code and its fields with theirs.
    pub(super) fn problem(&self) -> (u16, &str, Vec<(&str, &str)>) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status.as_u16());
        assert_eq!(self.body["title"], self.status.canonical_reason().expect("a known status"));
        assert!(self.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{self:?}");
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        let fields = errors.iter().map(|error| {
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{self:?}");
            (error["field"].as_str().expect("a field"), error["code"].as_str().expect("a code"))
        });
        (self.status.as_u16(), self.body["code"].as_str().expect("a code"), fields.collect())
    }

    /// The tag of the entity that was answered.
    pub(super) fn tag(&self) -> &str {
        let tag = self.headers.get("etag").unwrap_or_else(|| panic!("no tag: {self:?}"));
        tag.to_str().expect("text")
    }

    pub(super) fn id(&self) -> &str {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id: {self:?}"))
    }
}

impl Api {
    pub(super) async fn new() -> Self {
        Self::on(Fixture::new().await).await
    }

    pub(super) async fn on(fixture: Fixture) -> Self {
        Self::with(fixture, &Self::unhurried()).await
    }

    pub(super) async fn with_clicks(fixture: Fixture, clicks: ClickLog) -> Self {
        Self::with_both(fixture, &Self::unhurried(), clicks).await
    }

    /// Tests ask more in a second than anybody.
    fn unhurried() -> Config {
        Config {
            requests_per_second_per_address: 0,
            requests_per_second_per_token: 0,
            refused_tokens_per_minute_per_network: 0,
            ..Config::default()
        }
    }

    pub(super) async fn with(fixture: Fixture, config: &Config) -> Self {
        Self::with_both(fixture, config, kpi_tests::nowhere()).await
    }

    pub(super) async fn with_kpis(fixture: Fixture, kpis: Kpis) -> Self {
        let mut api = Self::on(fixture).await;
        api.state.kpis = kpis;
        api.router = router(api.state.clone());
        api
    }

    async fn with_both(fixture: Fixture, config: &Config, clicks: ClickLog) -> Self {
        let metrics = Arc::new(Metrics::new());
        let auth = Auth::new(fixture.store.clone());
        let scratch = tempfile::tempdir().expect("a folder");
        let state = ApiState {
            programme: fixture.programme.clone(),
            auth: auth.clone(),
            metrics: Arc::clone(&metrics),
            limits: Arc::new(RateLimits::new(config)),
            patience: Patience::default(),
            clicks,
            kpis: Kpis::new(tokio::sync::watch::channel(None).1, fixture.store.clone()),
            destinations: Destinations::new(&outbound::Config { allow: vec!["127.0.0.1/32".parse().expect("it is")] }),
            depot: Depot::open(scratch.path()).expect("a folder"),
        };
        let mut api =
            Self { router: router(state.clone()), state, fixture, metrics, auth, admin: String::new(), scratch };
        api.admin = api.token(api.fixture.space.id, Role::Admin, None).await;
        api
    }

    /// The same API as another process would serve it, on the same database.
    pub(super) async fn in_another_process(&self) -> Self {
        let fixture = self.fixture.in_another_process().await;
        let mut api = Self::on(fixture).await;
        api.admin.clone_from(&self.admin);
        api
    }

    pub(super) async fn token(&self, space: SpaceId, role: Role, advocate: Option<AdvocateId>) -> String {
        let new = self.auth.create_token(space, role, advocate, None).await.expect("a token");
        new.token.expose().to_owned()
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router.clone().oneshot(request).await.expect("a router never fails")).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &self.admin, None)).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(request(Method::POST, path, &self.admin, Some(body))).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(request(Method::PATCH, path, &self.admin, Some(body))).await
    }

    /// An advocate, a content, and a link of theirs on `linkedin`; their ids in this order.
    pub(super) async fn three(&self) -> (String, String, String) {
        let advocate = self.post("/advocates", json!({"email": "ada@example.com", "name": "Ada"})).await;
        let content = self.post("/contents", article()).await;
        let body = link(advocate.id(), content.id(), "linkedin");
        let link = self.post("/links", body).await;
        assert_eq!(link.status, 201, "{link:?}");
        (advocate.id().to_owned(), content.id().to_owned(), link.id().to_owned())
    }
}

pub(super) fn request(method: Method, path: &str, token: &str, body: Option<Value>) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {token}"));
    match body {
        Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    }
    .expect("a request")
}

/// The request with one more header.
pub(super) fn headed(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().expect("a header value"));
    request
}

pub(super) fn article() -> Value {
    json!({"kind": "article", "title": "A title", "url": "https://example.com/a"})
}

pub(super) fn link(advocate: &str, content: &str, channel: &str) -> Value {
    json!({"advocate_id": advocate, "content_id": content, "channel": channel})
}
