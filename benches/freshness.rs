//! From an answer to a row that ClickHouse shows: how fresh figures are while 5,000 clicks a second come in.
//!
//! ```text
//! cargo bench --bench freshness -- [--rate 5000] [--seconds 30] [--json]
//! ```
//! Starts the real program on free ports, opens links over keep-alive connections at fixed times, each with a number in
//! `utm_content`, and asks ClickHouse every 20 ms which numbers it shows. A click counts as readable when the answer
//! that shows it has arrived, so a figure is at most one question too high. The 99th percentile is to be within 1 s.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use reqwest::blocking::Client;
use serde_json::json;
use support::{argument, flag, print};

#[path = "support/harness.rs"]
mod harness;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

use harness::Installation;

/// Connections that stay open.
const CONNECTIONS: u64 = 8;
/// Pause between two questions.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// How long the last clicks may take.
const PATIENCE: Duration = Duration::from_secs(30);
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/17.5 Mobile/15E148 Safari/604.1";
/// Time of a click that was not answered yet.
const NEVER: u64 = u64::MAX;

/// When each click was answered, nanoseconds since the start.
type Answered = Arc<Vec<AtomicU64>>;

fn main() {
    if !flag("--bench") {
        return;
    }
    let (rate, seconds): (u64, u64) = (argument("--rate", 5_000), argument("--seconds", 30));
    let mut installation = Installation::start(&[]);
    let codes = Arc::new(installation.links(20, 10).codes);
    let mut eyes = Eyes::open(&installation);
    let total = rate * seconds;
    let answered: Answered = Arc::new((0..total).map(|_| AtomicU64::new(NEVER)).collect());
    let start = Instant::now();
    let threads: Vec<_> = (0..CONNECTIONS)
        .map(|lane| {
            let (codes, answered, target) = (codes.clone(), answered.clone(), installation.redirect);
            std::thread::spawn(move || click(lane, rate, start, target, &codes, &answered))
        })
        .collect();

    let mut ages = Histogram::<u64>::new_with_max(3_600_000_000, 3).expect("three digits of an hour");
    let mut seen = 0;
    let end = start + Duration::from_secs(seconds) + PATIENCE;
    while seen < total && Instant::now() < end {
        let asked = Instant::now();
        let batches = eyes.new_batches();
        let now = nanoseconds(start);
        for number in batches.iter().flat_map(|batch| eyes.clicks(batch)) {
            let at = answered[number].load(Ordering::Acquire);
            // Seen before the client had read its answer: as fresh as can be.
            ages.saturating_record(now.saturating_sub(at) / 1_000);
            seen += 1;
        }
        std::thread::sleep(ASK_EVERY.saturating_sub(asked.elapsed()));
    }
    let late_us = threads.into_iter().map(|thread| thread.join().expect("every click is answered")).max();
    installation.stop();
    let ms = |us: u64| json!(us as f64 / 1e3);
    print(
        "from the answer to a readable row",
        &[
            ("clicks_per_second", json!(rate)),
            ("clicks_answered", json!(total)),
            ("clicks_seen", json!(seen)),
            ("p50_ms", ms(ages.value_at_quantile(0.5))),
            ("p99_ms", ms(ages.value_at_quantile(0.99))),
            ("max_ms", ms(ages.max())),
            ("questions", json!(eyes.questions)),
            // Above some milliseconds the clients were too slow, and the rate was not what it says.
            ("client_late_max_ms", ms(late_us.unwrap_or_default())),
        ],
    );
    assert_eq!(seen, total, "every answered click is readable in the end");
}

fn nanoseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).expect("some centuries")
}

/// Sends every `CONNECTIONS`th click at its time, notes when it was answered, and returns by how many microseconds the
/// latest one was late.
fn click(lane: u64, rate: u64, start: Instant, target: SocketAddr, codes: &[String], answered: &[AtomicU64]) -> u64 {
    let mut connection = TcpStream::connect(target).expect("the program listens");
    connection.set_nodelay(true).expect("a TCP socket");
    let mut answer = [0; 4096];
    let mut latest = Duration::ZERO;
    for number in (lane..answered.len() as u64).step_by(CONNECTIONS as usize) {
        let due = start + Duration::from_nanos(number * 1_000_000_000 / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        latest = latest.max(due.elapsed());
        // Popular links first, as anywhere.
        let code = &codes[(number * number % codes.len() as u64) as usize];
        let request =
            format!("GET /{code}?utm_content={number} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {PHONE}\r\n\r\n");
        connection.write_all(request.as_bytes()).expect("the program reads");
        let mut length = 0;
        while !answer[..length].ends_with(b"\r\n\r\n") {
            let read = connection.read(&mut answer[length..]).expect("the program answers");
            assert!(read > 0, "the connection was closed");
            length += read;
        }
        answered[number as usize].store(nanoseconds(start), Ordering::Release);
        assert!(answer.starts_with(b"HTTP/1.1 302"), "{}", answer[..length].escape_ascii());
    }
    u64::try_from(latest.as_micros()).expect("some centuries")
}

/// Asks ClickHouse for what is new.
struct Eyes {
    client: Client,
    url: String,
    password: String,
    /// Batches that were seen already.
    known: HashSet<String>,
    questions: u64,
}

impl Eyes {
    fn open(installation: &Installation) -> Self {
        // Once the schema is there.
        installation.wait_for_sql("SELECT count() FROM clicks", "0");
        let read = |file: &str| harness::process::read(&installation.data_dir, file).expect("the engine runs");
        let ports = read("clickhouse/ports");
        let port = ports.lines().find_map(|line| line.strip_prefix("http ")).expect("its HTTP port").to_owned();
        Self {
            client: Client::new(),
            url: format!("http://127.0.0.1:{port}/?database=relais"),
            password: read("clickhouse/password"),
            known: HashSet::new(),
            questions: 0,
        }
    }

    /// Batches that became readable since the last look. A batch is one part, so it is readable as a whole; merged
    /// parts are old, and the bound on the time leaves them out.
    fn new_batches(&mut self) -> Vec<String> {
        self.questions += 1;
        let batches = self.ask("SELECT DISTINCT toString(batch) FROM clicks WHERE clicked_at > now64() - 10");
        batches.lines().filter(|batch| self.known.insert((*batch).to_owned())).map(str::to_owned).collect()
    }

    /// The numbers of a batch's clicks.
    fn clicks(&self, batch: &str) -> Vec<usize> {
        let clicks = self.ask(&format!("SELECT utm_content FROM clicks WHERE batch = toUInt128('{batch}')"));
        clicks.lines().map(|number| number.parse().expect("a number")).collect()
    }

    fn ask(&self, sql: &str) -> String {
        let request = self.client.post(&self.url).basic_auth("relais", Some(&self.password)).body(sql.to_owned());
        let answer = request.send().and_then(|answer| answer.error_for_status()?.text());
        answer.expect("ClickHouse answers")
    }
}
