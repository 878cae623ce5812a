//! A whole programme's links at once: how long a million takes, and what everybody else notices of it.
//!
//! ```text
//! cargo bench --bench bulk -- [--links 1000000] [--advocates 50000] [--clients 4] [--json]
//! ```
//! Starts the real program on SQLite with that many advocates, and issues their links through `POST /links/bulk`, 1,000
//! with a request. Meanwhile somebody else creates single links one after the other, and redirects are asked for at a
//! fixed rate, both also measured before, in peace. A million links are to take at most 60 s, a single one at most 10 ms
//! (p99), and redirects' p99 is to stay what it was. At the end the link that was issued last must be live within 2 s.
//!
//! Who asks for redirects and single links stands for other machines, and runs in real time where that is granted: what
//! they wait for is the server, and not a core that the clients of the bulk have just then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use relais::app::{Folder, programme};
use relais::programme::{AdvocateFields, ContentFields, Field};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use support::{argument, flag, print};

#[path = "support/harness.rs"]
mod harness;
#[path = "support/machine.rs"]
#[allow(dead_code, reason = "each bench takes what it needs")]
mod machine;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

use harness::{Installation, Load};

/// Links of one request.
const BULK: usize = 1_000;
/// Redirects a second beside.
const REDIRECTS: u64 = 2_000;
/// Pause between two single links.
const PAUSE: Duration = Duration::from_millis(20);
/// Seconds of the measurement in peace.
const PEACE: u64 = 10;

fn main() {
    if !flag("--bench") {
        return;
    }
    let (links, people, clients) =
        (argument("--links", 1_000_000usize), argument("--advocates", 50_000usize), argument("--clients", 4usize));
    let folder = tempfile::tempdir().expect("a folder");
    let contents = links.div_ceil(people);
    let programme = fill(folder.path(), people, contents + 1);
    let installation = Installation::start_in(folder.path(), &[]);
    let token = installation.run_ok(&["token", "create", "--space", "default", "--role", "admin"]);
    let api = Arc::new(Api { base: format!("http://{}/api/v1", installation.portal), token, client: Client::new() });
    let (last_content, contents) = programme.contents.split_last().expect("one more than for the bulk");
    let known = installation.links(10, 10);

    let redirects = |seconds| Load::start_with(&installation, &known.codes, REDIRECTS, seconds, &["--real-time"]);
    let somebody = |channel: &'static str, enough: Box<dyn Fn() -> bool + Send>| {
        let (api, people, content) = (Api::clone(&api), programme.people.clone(), last_content.clone());
        std::thread::spawn(move || {
            let real_time = machine::run_before_everybody();
            // A client's threads are children of the thread that makes it, and go where that goes.
            let api = Api { client: Client::new(), ..api };
            (singles(&api, &people, &content, channel, enough), real_time)
        })
    };

    let peace = redirects(PEACE);
    let end = Instant::now() + Duration::from_secs(PEACE);
    let (calm, _) = somebody("linkedin", Box::new(move || Instant::now() >= end)).join().expect("it creates");
    let peace = peace.finish();

    let asked: Vec<Value> = contents
        .iter()
        .flat_map(|content| programme.people.iter().map(move |person| (content, person)))
        .take(links)
        .map(|(content, person)| json!({"content_id": content, "advocate_id": person, "channel": "linkedin"}))
        .collect();
    let bodies: Arc<Vec<Value>> = Arc::new(asked.chunks(BULK).map(|items| json!({ "items": items })).collect());
    let load = redirects(600);
    let done = Arc::new(AtomicBool::new(false));
    let beside = {
        let done = Arc::clone(&done);
        somebody("x", Box::new(move || done.load(Ordering::Relaxed)))
    };
    let start = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..clients)
        .map(|_| {
            let (api, bodies, next) = (Arc::clone(&api), Arc::clone(&bodies), Arc::clone(&next));
            std::thread::spawn(move || send(&api, &bodies, &next))
        })
        .collect();
    let codes: Vec<String> = senders.into_iter().map(|sender| sender.join().expect("it sends")).collect();
    let seconds = start.elapsed().as_secs_f64();
    for code in &codes {
        installation.wait_for_link(code);
    }
    let live_after = start.elapsed().as_secs_f64() - seconds;
    done.store(true, Ordering::Relaxed);
    let (busy, real_time) = beside.join().expect("it creates");
    let load = load.stop();
    print(
        "a programme's links through /links/bulk",
        &[
            ("links", json!(links)),
            ("clients_in_real_time", json!(real_time && load.report["real_time"] == true)),
            ("seconds", json!(seconds)),
            ("links_per_second", json!(links as f64 / seconds)),
            ("last_live_after_seconds", json!(live_after)),
            ("single_p50_ms_in_peace", ms(&calm, 0.5)),
            ("single_p99_ms_in_peace", ms(&calm, 0.99)),
            ("single_p50_ms_meanwhile", ms(&busy, 0.5)),
            ("single_p99_ms_meanwhile", ms(&busy, 0.99)),
            ("singles_meanwhile", json!(busy.len())),
            ("redirect_p99_ms_in_peace", json!(peace.number("/latency_us/p99") / 1e3)),
            ("redirect_p99_ms_meanwhile", json!(load.number("/latency_us/p99") / 1e3)),
        ],
    );
}

struct Programme {
    people: Vec<String>,
    contents: Vec<String>,
}

/// Puts people and contents into the space `default`, before the program runs.
fn fill(data_dir: &std::path::Path, people: usize, contents: usize) -> Programme {
    let variables = [("RELAIS_DATA_DIR".to_owned(), data_dir.display().to_string())];
    let settings = relais::config::load(None, variables).expect("the defaults work").settings;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = Folder::open(data_dir).expect("a folder");
        let opened = programme::open(&settings, &folder).await.expect("a store");
        programme::ensure_a_space(&opened.programme).await.expect("a space");
        let space = opened.programme.space_of_slug("default").await.expect("it was made").id;
        let mut work = opened.programme.work().await.expect("work");
        let mut made = Programme { people: Vec::new(), contents: Vec::new() };
        for number in 0..people {
            let fields = AdvocateFields {
                email: text(format!("p{number}@example.com")),
                name: text(format!("Person {number}")),
                ..AdvocateFields::default()
            };
            made.people.push(work.create_advocate(space, &fields).await.expect("a person").advocate.id.to_string());
        }
        for number in 0..contents {
            let fields = ContentFields {
                kind: text("article".to_owned()),
                title: text(format!("Article {number}")),
                url: text(format!("https://www.example.com/a/{number}")),
                ..ContentFields::default()
            };
            made.contents.push(work.create_content(space, &fields).await.expect("a content").id.to_string());
        }
        work.commit().await.expect("a commit");
        opened.store.close().await;
        made
    })
}

fn text(text: String) -> Field<String> {
    Field::Value(text)
}

#[derive(Clone)]
struct Api {
    base: String,
    token: String,
    client: Client,
}

impl Api {
    fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body);
        let answer = request.send().expect("an answer");
        let status = answer.status();
        let answer: Value = answer.json().expect("JSON");
        assert!(status.is_success(), "POST {path}: {status} {answer}");
        answer
    }
}

/// Sends bodies until there are none; returns the code of the last link it was given.
fn send(api: &Api, bodies: &[Value], next: &AtomicUsize) -> String {
    let mut last = String::new();
    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
        let answer = api.post("/links/bulk", body);
        for item in answer["items"].as_array().expect("items") {
            item["link"]["code"].as_str().expect("a code").clone_into(&mut last);
        }
    }
    last
}

/// Creates links one after the other until `enough`; microseconds of each.
fn singles(api: &Api, people: &[String], content: &str, channel: &str, enough: impl Fn() -> bool) -> Histogram<u64> {
    let mut times = Histogram::new_with_max(60_000_000, 3).expect("three digits of a minute");
    for person in people.iter().cycle() {
        if enough() {
            break;
        }
        let body = json!({"content_id": content, "advocate_id": person, "channel": channel});
        let start = Instant::now();
        api.post("/links", &body);
        times.saturating_record(u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX));
        std::thread::sleep(PAUSE);
    }
    times
}

fn ms(times: &Histogram<u64>, quantile: f64) -> Value {
    json!(times.value_at_quantile(quantile) as f64 / 1e3)
}
