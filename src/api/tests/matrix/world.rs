//! Two spaces with one thing of each kind.

use std::collections::BTreeMap;

use super::sample::Id;
use super::transfers::upload;
use super::*;

/// Ids by their prefix.
pub(super) struct Ids(BTreeMap<&'static str, String>);

impl Ids {
    pub(super) fn of(&self, id: Id) -> &str {
        let prefix = id.prefix();
        self.0.get(prefix).unwrap_or_else(|| panic!("make a thing with an id {prefix}_… in {}", file!()))
    }
}

/// The callers' space with its things, and another space with the same.
pub(super) struct World {
    pub(super) api: Api,
    pub(super) own: Ids,
    pub(super) foreign: Ids,
    tokens: Vec<(Role, String)>,
    owner: String,
    before: Vec<Value>,
}

impl World {
    pub(super) async fn new() -> Self {
        let api = Api::new().await;
        let owner = api.admin.clone();
        let foreign = things(&api, api.fixture.space.id, &owner).await;
        let space = api.fixture.other_space().await;
        let admin = api.token(space, Role::Admin, None).await;
        let own = things(&api, space, &admin).await;
        let advocate: AdvocateId = own.0["adv"].parse().expect("an id");
        let mut tokens = Vec::new();
        for role in Role::ALL.iter().copied() {
            tokens.push((role, api.token(space, role, (role == Role::Advocate).then_some(advocate)).await));
        }
        let mut world = Self { api, own, foreign, tokens, owner, before: Vec::new() };
        world.before = world.foreign_things().await;
        world
    }

    pub(super) fn request(&self, role: Role, method: &Method, path: &str, body: Option<Value>) -> Request<Body> {
        let (_, token) = self.tokens.iter().find(|(of, _)| *of == role).expect("each role has a token");
        request(method.clone(), path, token, body)
    }

    pub(super) async fn send(&self, role: Role, method: &Method, path: &str, body: Option<Value>) -> Answer {
        self.api.send(self.request(role, method, path, body)).await
    }

    async fn foreign_things(&self) -> Vec<Value> {
        let mut things = Vec::new();
        let document = description();
        for operation in operations().into_iter().filter(|operation| operation.method == Method::GET) {
            let path = operation.path_with(&document, &self.foreign);
            let mut body = self.api.send(request(Method::GET, &path, &self.owner, None)).await.body;
            // A problem's own, other each time.
            if let Some(fields) = body.as_object_mut() {
                fields.remove("request_id");
            }
            // Lines of the audit log about this very reading.
            if let Some(items) = body["items"].as_array_mut() {
                items
                    .retain(|item| item["action"].as_str().is_none_or(|action| !action.ends_with(".read_by_advocate")));
            }
            things.push(body);
        }
        things
    }

    /// Asserts that everything of the other space is as it was.
    pub(super) async fn is_untouched(&self) {
        assert_eq!(self.foreign_things().await, self.before);
    }
}

async fn things(api: &Api, space: SpaceId, admin: &str) -> Ids {
    let post = async |path: &str, body: Value| {
        let answer = api.send(request(Method::POST, path, admin, Some(body))).await;
        assert_eq!(answer.status, 201, "{path}: {answer:?}");
        answer.body
    };
    let advocate = post("/advocates", json!({"email": "ada@example.com", "team": "Ovens"})).await;
    let content = post("/contents", article()).await;
    let made = link(text(&advocate["id"]), text(&content["id"]), "linkedin");
    let link = post("/links", made).await;
    let campaign = api.fixture.campaign_of(space).await.to_string();
    let token = json!({"role": "marketing", "name": "Reports", "expires_at": "2026-09-01T00:00:00Z"});
    let token = post("/tokens", token).await;
    let feed = post("/feeds", json!({"url": "https://example.com/feed.xml"})).await;
    let webhook = post("/webhooks", json!({"url": "http://127.0.0.1:9/hook", "events": ["link.created"]})).await;
    let application = json!({"content_id": content["id"], "advocate_id": advocate["id"], "stage": "started",
        "external_id": format!("ats-{space}"), "occurred_at": "2026-03-02T09:00:00Z"});
    let application = post("/applications", application).await;
    let share = post("/shares", json!({"link_id": link["id"], "source": "copy"})).await;
    let test = format!("/webhooks/{}/test", text(&webhook["id"]));
    let test = api.send(request(Method::POST, &test, admin, None)).await;
    let audit = api.send(request(Method::GET, "/audit", admin, None)).await;
    let export = api.send(request(Method::POST, "/exports", admin, Some(json!({})))).await;
    assert_eq!(export.status, 202, "{export:?}");
    let import = api.send(upload("", admin, "application/zip", "PK")).await;
    assert_eq!(import.status, 202, "{import:?}");
    Ids(BTreeMap::from([
        ("spc", space.to_string()),
        ("adv", text(&advocate["id"]).to_owned()),
        ("tem", text(&advocate["team_id"]).to_owned()),
        ("cnt", text(&content["id"]).to_owned()),
        ("cmp", campaign),
        ("lnk", text(&link["id"]).to_owned()),
        ("tok", text(&token["id"]).to_owned()),
        ("fed", text(&feed["id"]).to_owned()),
        ("whk", text(&webhook["id"]).to_owned()),
        ("app", text(&application["id"]).to_owned()),
        ("shr", text(&share["id"]).to_owned()),
        ("dlv", test.id().to_owned()),
        ("aud", text(&audit.body["items"][0]["id"]).to_owned()),
        ("exp", export.id().to_owned()),
        ("imp", import.id().to_owned()),
        // Nobody has these: an entry needs a fetch, a session a browser. Their own tests have both.
        ("itm", "itm_0000000000001".to_owned()),
        ("ses", "ses_0000000000001".to_owned()),
    ]))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
