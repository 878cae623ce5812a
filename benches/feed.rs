//! The first page of an employee, asked for by many at fixed times.
//!
//! ```text
//! cargo bench --bench feed -- [--advocates 10000] [--contents 2000] [--signed-in 2000] [--rate 100] [--seconds 60] [--json]
//! ```
//! Starts the real program on SQLite with that many people in 40 teams and contents with audiences; everybody who is
//! signed in has shared some of them. Each request is another person's, at its time whether or not the one before was
//! answered, and what it waited counts. The 99th percentile is to be at most 100 ms. Bytes are those of the page itself,
//! as sent; `browser/walk.mjs` weighs it with all that it loads.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use relais::app::{Folder, programme};
use relais::auth::session::SESSION_COOKIE;
use relais::model::{AdvocateId, SpaceId};
use relais::programme::{AdvocateFields, ContentFields, Field, LinkFields, ShareFields};
use reqwest::blocking::Client;
use serde_json::json;
use support::{argument, flag, print};

#[path = "support/harness.rs"]
mod harness;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

use harness::Installation;

/// Teams of the space.
const TEAMS: usize = 40;
/// Contents that each of those who are signed in has shared.
const SHARED: usize = 5;
/// Clients that ask in turn; enough that none is late while answers take less than 80 ms.
const CLIENTS: usize = 8;
/// Longest answer that is told apart, in microseconds.
const LONGEST_US: u64 = 60_000_000;

fn main() {
    if !flag("--bench") {
        return;
    }
    let (advocates, contents) = (argument("--advocates", 10_000usize), argument("--contents", 2_000usize));
    let signed_in = argument("--signed-in", 2_000usize).min(advocates);
    let (rate, seconds) = (argument("--rate", 100u64), argument("--seconds", 60u64));
    let folder = tempfile::tempdir().expect("a folder");
    let cookies = Arc::new(fill(folder.path(), advocates, contents, signed_in));
    let installation = Installation::start_in(folder.path(), &[]);
    let page = format!("http://{}/", installation.portal);
    let (bytes, first_ms) = ask(&Client::new(), &page, &cookies[0]);

    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|lane| {
            let (cookies, page) = (Arc::clone(&cookies), page.clone());
            std::thread::spawn(move || {
                let client = Client::new();
                let mut waits = Histogram::<u64>::new_with_max(LONGEST_US, 3).expect("three digits of a minute");
                for number in (0..rate * seconds).skip(lane).step_by(CLIENTS) {
                    let due = Duration::from_nanos(number * 1_000_000_000 / rate);
                    std::thread::sleep(due.saturating_sub(start.elapsed()));
                    ask(&client, &page, &cookies[usize::try_from(number).expect("a number") % cookies.len()]);
                    let waited = start.elapsed().saturating_sub(due);
                    waits.saturating_record(u64::try_from(waited.as_micros()).unwrap_or(LONGEST_US));
                }
                waits
            })
        })
        .collect();
    let mut waits = Histogram::<u64>::new_with_max(LONGEST_US, 3).expect("three digits of a minute");
    for client in clients {
        waits.add(client.join().expect("it asks")).expect("of one form");
    }
    let ms = |quantile| json!(waits.value_at_quantile(quantile) as f64 / 1e3);
    print(
        "the first page of an employee",
        &[
            ("advocates", json!(advocates)),
            ("contents", json!(contents)),
            ("requests", json!(waits.len())),
            ("requests_per_second", json!(waits.len() as f64 / start.elapsed().as_secs_f64())),
            ("p50_ms", ms(0.5)),
            ("p99_ms", ms(0.99)),
            ("p99_9_ms", ms(0.999)),
            ("max_ms", json!(waits.max() as f64 / 1e3)),
            ("very_first_ms", json!(first_ms)),
            ("page_bytes", json!(bytes)),
        ],
    );
}

/// Asks for the page as somebody; its bytes, and how long it took in milliseconds.
fn ask(client: &Client, page: &str, cookie: &str) -> (usize, f64) {
    let begun = Instant::now();
    let answer = client.get(page).header("cookie", cookie).header("accept-language", "fr").send().expect("an answer");
    assert_eq!(answer.status(), 200);
    let body = answer.text().expect("a page");
    assert_eq!(body.matches("<article").count(), 12, "a full page");
    (body.len(), begun.elapsed().as_secs_f64() * 1e3)
}

/// Makes the space before the program runs; the cookies of those who are signed in.
fn fill(data_dir: &Path, advocates: usize, contents: usize, signed_in: usize) -> Vec<String> {
    let variables = [("RELAIS_DATA_DIR".to_owned(), data_dir.display().to_string())];
    let settings = relais::config::load(None, variables).expect("the defaults work").settings;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = Folder::open(data_dir).expect("a folder");
        let opened = programme::open(&settings, &folder).await.expect("a store");
        programme::ensure_a_space(&opened.programme).await.expect("a space");
        let space = opened.programme.space_of_slug("default").await.expect("it was made").id;
        let mut work = opened.programme.work().await.expect("work");
        let mut people: Vec<AdvocateId> = Vec::new();
        for number in 0..advocates {
            let created = work.create_advocate(space, &person(number)).await;
            people.push(created.expect("a person").advocate.id);
        }
        let mut ids = Vec::new();
        for number in 0..contents {
            ids.push(work.create_content(space, &content(number)).await.expect("a content").id.to_string());
        }
        for (number, person) in people.iter().enumerate().take(signed_in) {
            for id in (0..SHARED).map(|step| &ids[contents - 1 - (number + step * 3) % 60.min(contents)]) {
                share(&mut work, space, *person, id).await;
            }
        }
        work.commit().await.expect("a commit");
        let mut cookies = Vec::new();
        for person in people.iter().take(signed_in) {
            let link = opened.auth.printed_link(space, *person, 60_000_000).await.expect("a link");
            let signed_in = opened.auth.sign_in_by_link(&link, None, None).await.expect("signed in");
            cookies.push(format!("{SESSION_COOKIE}={}", signed_in.session.expose()));
        }
        opened.store.close().await;
        cookies
    })
}

async fn share(work: &mut relais::programme::Work, space: SpaceId, person: AdvocateId, content: &str) {
    let fields = LinkFields { content_id: text(content), channel: text("linkedin"), ..LinkFields::default() };
    let link = work.issue_link(space, fields, Some(person)).await.expect("a link").shown.link.id;
    let fields = ShareFields { link_id: text(link.to_string()), source: text("copy"), ..ShareFields::default() };
    work.note_share(space, &fields, Some(person)).await.expect("a share");
}

fn person(number: usize) -> AdvocateFields {
    AdvocateFields {
        email: text(format!("p{number}@example.com")),
        name: text(format!("Person {number}")),
        team: text(format!("Team {}", number % TEAMS)),
        location: text(["Paris", "Lyon", "Lille", "Berlin"][number % 4]),
        language: text(["fr", "en"][number % 2]),
        skills: Field::Value(vec![["bread", "cheese", "wine"][number % 3].to_owned()]),
        ..AdvocateFields::default()
    }
}

/// A third is for everybody, a third for a language, a third for places and skills.
fn content(number: usize) -> ContentFields {
    let language = ["fr", "en"][number % 2];
    let audience = match number % 3 {
        0 => json!({}),
        1 => json!({"languages": [language]}),
        _ => json!({"locations": ["Paris", "Berlin"], "skills": ["bread", "wine"]}),
    };
    ContentFields {
        kind: text(["article", "job", "video"][number % 3]),
        title: text(format!("Content number {number}, about bread that takes a night")),
        url: text(format!("https://www.example.com/a/{number}")),
        summary: text(
            "Two lines that say what is worth knowing of it before it is opened, and why somebody shares it.",
        ),
        captions: serde_json::from_value(json!([{"language": "fr", "text": "Une nuit pour une pâte."}]))
            .expect("texts"),
        audience: serde_json::from_value(audience).expect("an audience"),
        published_at: text(format!("2025-{:02}-{:02}T08:00:00Z", 1 + number / 28 % 10, 1 + number % 28)),
        ..ContentFields::default()
    }
}

fn text(text: impl Into<String>) -> Field<String> {
    Field::Value(text.into())
}
