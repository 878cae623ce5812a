//! A change is live on the redirect at once, whoever made it.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::harness::{Installation, eventually};

/// What the contract promises.
const PROMISED: Duration = Duration::from_secs(2);

/// The longest time that something took, and when it began to be measured.
struct Slowest(Duration);

impl Slowest {
    /// Waits until `live`, which counts from now.
    fn wait(&mut self, what: &str, live: impl FnMut() -> bool) {
        let since = Instant::now();
        eventually(what, live);
        self.0 = self.0.max(since.elapsed());
    }
}

fn status_on(client: &Client, installation: &Installation, host: &str, path: &str) -> u16 {
    let request = client.get(format!("http://{}{path}", installation.redirect)).header("host", host);
    request.send().unwrap().status().as_u16()
}

fn client() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[test]
fn two_hundred_links_are_live_and_dead_within_two_seconds_of_the_answer() {
    let installation = Installation::start(&[]);
    let links = installation.links(100, 1);
    let client = client();
    let list = |after: &str| {
        let (_, answer) = installation.api(Method::GET, &links.token, after, &Value::Null).unwrap();
        answer
    };
    let content = list("/contents")["items"][0]["id"].clone();
    let advocates = list("/advocates?limit=200");
    let mut slowest = Slowest(Duration::ZERO);
    for advocate in advocates["items"].as_array().unwrap() {
        let link = json!({"advocate_id": advocate["id"], "content_id": content, "channel": "email"});
        let link = installation.post(&links.token, "/links", &link);
        let path = format!("/{}", link["code"].as_str().unwrap());
        slowest.wait("the link to be live", || status_on(&client, &installation, "localhost", &path) == 302);
        let patch = format!("/links/{}", link["id"].as_str().unwrap());
        let (status, _) = installation.api(Method::PATCH, &links.token, &patch, &json!({"disabled": true})).unwrap();
        assert_eq!(status, 200);
        slowest.wait("the link to be gone", || status_on(&client, &installation, "localhost", &path) == 410);
    }
    println!("slowest of 200 changes: {:?}", slowest.0);
    assert!(slowest.0 < PROMISED, "{:?}", slowest.0);
}

#[test]
fn a_disabled_link_leads_to_the_content_s_fallback() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let (_, listed) = installation.api(Method::GET, &links.token, "/links", &Value::Null).unwrap();
    let link = &listed["items"][0];
    let fallback = json!({"fallback_url": "https://www.example.com/jobs"});
    let path = format!("/contents/{}", link["content_id"].as_str().unwrap());
    assert_eq!(installation.api(Method::PATCH, &links.token, &path, &fallback).unwrap().0, 200);
    let path = format!("/links/{}", link["id"].as_str().unwrap());
    assert_eq!(installation.api(Method::PATCH, &links.token, &path, &json!({"disabled": true})).unwrap().0, 200);
    let mut slowest = Slowest(Duration::ZERO);
    slowest.wait("the fallback", || {
        let answer = installation.get(&format!("/{}", links.codes[0]), &[]);
        answer.status() == 302
            && answer.headers()["location"].to_str().unwrap().starts_with("https://www.example.com/jobs")
    });
    assert!(slowest.0 < PROMISED, "{:?}", slowest.0);
}

#[test]
fn a_host_that_another_process_gives_to_a_space_is_live_within_two_seconds_and_its_alone() {
    let installation = Installation::start(&[]);
    let links = installation.links(1, 1);
    let client = client();
    let ours = format!("/{}", links.codes[0]);
    let mut slowest = Slowest(Duration::ZERO);
    installation.run_ok(&["space", "create", "acme", "--host", "go.acme.example"]);
    // A host that is no space's own serves every link: ours is unknown there from when the host is acme's.
    slowest.wait("the host to be acme's", || status_on(&client, &installation, "go.acme.example", &ours) == 404);
    assert_eq!(status_on(&client, &installation, "localhost", &ours), 302);

    let token = installation.run_ok(&["token", "create", "--space", "acme", "--role", "admin"]);
    let advocate = json!({"email": "a@acme.example", "name": "A", "kind": "employee"});
    let advocate = installation.post(&token, "/advocates", &advocate);
    let content = json!({"kind": "article", "title": "T", "url": "https://www.example.com/a",
        "published_at": "2026-01-05T08:00:00Z"});
    let content = installation.post(&token, "/contents", &content);
    let link = json!({"advocate_id": advocate["id"], "content_id": content["id"], "channel": "email"});
    let link = installation.post(&token, "/links", &link);
    assert!(link["short_url"].as_str().unwrap().contains("go.acme.example"), "{link}");
    let theirs = format!("/{}", link["code"].as_str().unwrap());
    slowest.wait("acme's link", || status_on(&client, &installation, "go.acme.example", &theirs) == 302);
    installation.run_ok(&["space", "create", "default", "--host", "go.other.example"]);
    slowest.wait("a host of ours", || status_on(&client, &installation, "go.other.example", &theirs) == 404);
    assert_eq!(status_on(&client, &installation, "go.other.example", &ours), 302);
    println!("slowest: {:?}", slowest.0);
    assert!(slowest.0 < PROMISED, "{:?}", slowest.0);
}
