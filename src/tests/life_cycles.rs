//! Campaigns pause, jobs close, people leave and spaces close: what links answer then, and what is
//! recorded with the click.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Installation, eventually};

/// What the contract promises.
const PROMISED: Duration = Duration::from_secs(2);
const BROWSER: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

struct Case {
    installation: Installation,
    token: String,
}

impl Case {
    fn start() -> Self {
        let installation = Installation::start(&[]);
        let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
        Self { installation, token }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.installation.post(&self.token, path, body)
    }

    fn patch(&self, path: &str, body: &Value) {
        let (status, answer) = self.installation.api(Method::PATCH, &self.token, path, body).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
    }

    /// An advocate with team and cohort.
    fn advocate(&self) -> String {
        text(&self.post("/advocates", &json!({"email": "ada@example.com", "team": "Ovens", "cohort": "spring"}))["id"])
    }

    fn code(&self, content: &Value, advocate: &str) -> String {
        let body = json!({"content_id": content["id"], "advocate_id": advocate, "channel": "x"});
        text(&self.post("/links", &body)["code"])
    }

    /// Where a code leads; `410` when nowhere.
    fn leads(&self, code: &str) -> String {
        let answer = self.installation.get(&format!("/{code}"), &[BROWSER]);
        match answer.headers().get("location") {
            Some(location) => location.to_str().unwrap().to_owned(),
            None => answer.status().as_str().to_owned(),
        }
    }

    /// Waits until a code leads to an address that begins so, within what is promised, and then
    /// sends one click that is found by its mark.
    fn led(&self, code: &str, to: &str, mark: &str) {
        let since = Instant::now();
        eventually(&format!("{code} to lead to {to}"), || self.leads(code).starts_with(to));
        let took = since.elapsed();
        assert!(took < PROMISED, "{mark}: {took:?}");
        let answer = self.installation.get(&format!("/{code}?utm_content={mark}"), &[BROWSER]);
        assert!(answer.headers()["location"].to_str().unwrap().starts_with(to), "{mark}");
        println!("{mark}: {took:?}");
    }

    fn recorded(&self, columns: &str, mark: &str, expected: &str) {
        let query = format!("SELECT {columns} FROM clicks FINAL WHERE utm_content = '{mark}'");
        self.installation.wait_for_sql(&query, expected);
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn published(kind: &str, n: u32) -> Value {
    json!({"kind": kind, "title": format!("Number {n}"), "url": format!("https://www.example.com/{n}"),
        "published_at": format!("2026-01-05T08:00:0{n}Z"), "fallback_url": "https://www.example.com/next"})
}

#[test]
fn a_paused_campaign_answers_the_fallback_within_two_seconds_and_clicks_say_so() {
    let case = Case::start();
    let campaign = case.post("/campaigns", &json!({"name": "Summer"}));
    let mut content = published("article", 1);
    content["campaign_id"] = campaign["id"].clone();
    let content = case.post("/contents", &content);
    let code = case.code(&content, &case.advocate());
    case.led(&code, "https://www.example.com/1?utm_campaign=summer", "running");
    let verb = |verb: &str| format!("/campaigns/{}/{verb}", text(&campaign["id"]));
    case.post(&verb("pause"), &Value::Null);
    case.led(&code, "https://www.example.com/next", "paused");
    case.post(&verb("resume"), &Value::Null);
    case.led(&code, "https://www.example.com/1?", "resumed");
    let columns = "answer, status, startsWith(campaign_id, 'cmp_')";
    case.recorded(columns, "running", "content\t302\t1");
    case.recorded(columns, "paused", "fallback\t302\t1");
    case.recorded(columns, "resumed", "content\t302\t1");
}

#[test]
fn a_leaver_s_links_go_on_without_the_person_until_it_comes_back_or_is_erased() {
    let case = Case::start();
    let advocate = case.advocate();
    let content = case.post("/contents", &published("article", 1));
    let code = case.code(&content, &advocate);
    let columns = "answer, startsWith(advocate_id, 'adv_'), startsWith(team_id, 'tem_'), cohort";
    let (with, without) = ("content\t1\t1\tspring", "content\t0\t0\t");
    let path = format!("/advocates/{advocate}");
    case.led(&code, "https://www.example.com/1?", "member");
    case.recorded(columns, "member", with);
    // A change of the content after that of the person: once it is live, so is the other.
    let leave = |left_on: Value, mark: &str, n: u32, expected: &str| {
        case.patch(&path, &json!({"left_on": left_on}));
        let url = format!("https://www.example.com/after-{n}");
        case.patch(&format!("/contents/{}", text(&content["id"])), &json!({"url": url}));
        case.led(&code, &url, mark);
        case.recorded(columns, mark, expected);
    };
    leave(json!("2026-01-31"), "left", 1, without.trim_end());
    leave(Value::Null, "back", 2, with);
    leave(json!("2199-01-01"), "leaving", 3, with);

    let erase = format!("http://{}/api/v1{path}", case.installation.portal);
    let client = reqwest::blocking::Client::new();
    assert_eq!(client.delete(&erase).bearer_auth(&case.token).send().unwrap().status(), 204);
    assert_eq!(client.delete(&erase).bearer_auth(&case.token).send().unwrap().status(), 404);
    case.patch(&format!("/contents/{}", text(&content["id"])), &json!({"url": "https://www.example.com/after-4"}));
    case.led(&code, "https://www.example.com/after-4", "erased");
    case.recorded(columns, "erased", without.trim_end());
}

#[test]
fn a_closed_job_leads_to_a_similar_one_and_a_closed_space_to_its_fallback() {
    let case = Case::start();
    case.installation.run_ok(&["space", "create", "default", "--similar-jobs", "true"]);
    let advocate = case.advocate();
    let job = case.post("/contents", &published("job", 1));
    let code = case.code(&job, &advocate);
    let other = case.post("/contents", &published("job", 2));
    let path = |content: &Value| format!("/contents/{}", text(&content["id"]));
    case.led(&code, "https://www.example.com/1?", "open");
    case.patch(&path(&job), &json!({"closed_at": "2026-01-06T08:00:00Z"}));
    case.led(&code, "https://www.example.com/2?", "similar");
    case.patch(&path(&other), &json!({"closed_at": "2026-01-06T08:00:00Z"}));
    case.led(&code, "https://www.example.com/next", "none");
    let columns = "answer, content_id";
    let first = text(&job["id"]);
    case.recorded(columns, "open", &format!("content\t{first}"));
    case.recorded(columns, "similar", &format!("fallback\t{first}"));
    case.recorded(columns, "none", &format!("fallback\t{first}"));

    let article = case.post("/contents", &published("article", 3));
    let code = case.code(&article, &advocate);
    case.led(&code, "https://www.example.com/3?", "before");
    case.installation.run_ok(&["space", "create", "default", "--closed", "true"]);
    case.led(&code, "https://www.example.com/next", "closed");
    let (status, answer) =
        case.installation.api(Method::POST, &case.token, "/contents", &published("article", 4)).unwrap();
    assert_eq!((status, &answer["code"]), (403, &json!("space_closed")));
    case.installation.run_ok(&["space", "create", "default", "--closed", "false"]);
    case.led(&code, "https://www.example.com/3?", "reopened");
    case.recorded("answer", "closed", "fallback");
}
