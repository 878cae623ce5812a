//! From the answer to a change until the redirect path answers as it says, at 1,000 changes a second.
//!
//! ```text
//! cargo bench --bench live -- [--rate 1000] [--seconds 20] [--clients 16] [--json]
//! ```
//! Starts the real program. Each client switches links of its own off and on at fixed times and then asks for each link
//! until the answer is the new one. The 99th percentile is to be within 2 s. `changes_per_second` below the rate means
//! that the program did not take them as fast.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use support::{argument, flag, print};

#[path = "support/harness.rs"]
mod harness;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

use harness::Installation;

/// Links that a client switches in turn.
const LINKS: usize = 20;

fn main() {
    if !flag("--bench") {
        return;
    }
    let (rate, seconds, clients) =
        (argument("--rate", 1_000u64), argument("--seconds", 20u64), argument("--clients", 16usize));
    let installation = Installation::start(&[]);
    let issued = installation.links(clients, LINKS);
    let site = Arc::new(Site {
        api: format!("http://{}/api/v1/links", installation.portal),
        redirect: format!("http://{}/", installation.redirect),
        token: issued.token,
    });
    let links: Vec<Switched> = issued.codes.iter().map(|code| site.link(code)).collect();
    let start = Instant::now();
    let switchers: Vec<_> = links
        .chunks(LINKS)
        .enumerate()
        .map(|(lane, own)| {
            let (site, own) = (Arc::clone(&site), own.to_vec());
            let times = (0..rate * seconds).skip(lane).step_by(clients);
            let due: Vec<Duration> = times.map(|number| Duration::from_nanos(number * 1_000_000_000 / rate)).collect();
            std::thread::spawn(move || switch(&site, &own, start, &due))
        })
        .collect();
    let mut ages = Histogram::<u64>::new_with_max(60_000_000, 3).expect("three digits of a minute");
    for switcher in switchers {
        ages.add(switcher.join().expect("it switches")).expect("of one form");
    }
    let taken = start.elapsed().as_secs_f64();
    let ms = |quantile| json!(ages.value_at_quantile(quantile) as f64 / 1e3);
    print(
        "from the answer to a change until links answer so",
        &[
            ("changes", json!(ages.len())),
            ("changes_per_second", json!(ages.len() as f64 / taken)),
            ("p50_ms", ms(0.5)),
            ("p99_ms", ms(0.99)),
            ("max_ms", json!(ages.max() as f64 / 1e3)),
        ],
    );
}

struct Site {
    api: String,
    redirect: String,
    token: String,
}

/// A link that is switched.
#[derive(Clone)]
struct Switched {
    id: String,
    code: String,
}

impl Site {
    fn link(&self, code: &str) -> Switched {
        let asked = Client::new().get(format!("{}?code={code}", self.api)).bearer_auth(&self.token).send();
        let listed: Value = asked.and_then(|answer| answer.json()).expect("a list");
        Switched { id: listed["items"][0]["id"].as_str().expect("an id").to_owned(), code: code.to_owned() }
    }
}

/// Switches its links at their times; microseconds until each answers so.
fn switch(site: &Site, links: &[Switched], start: Instant, due: &[Duration]) -> Histogram<u64> {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut ages = Histogram::new_with_max(60_000_000, 3).expect("three digits of a minute");
    for (number, due) in due.iter().enumerate() {
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        let link = &links[number % links.len()];
        let disabled = (number / links.len()).is_multiple_of(2);
        let url = format!("{}/{}", site.api, link.id);
        let change = client.patch(url).bearer_auth(&site.token).json(&json!({ "disabled": disabled })).send();
        assert!(change.expect("an answer").status().is_success(), "the change is made");
        let answered = Instant::now();
        let wanted = if disabled { 410 } else { 302 };
        let url = format!("{}{}", site.redirect, link.code);
        while client.get(&url).send().expect("an answer").status().as_u16() != wanted {}
        ages.saturating_record(u64::try_from(answered.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    ages
}
