//! A request from its parsed head to its ready answer: everything but sockets, HTTP and the disk.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::Request;
use http::request::Parts;
use relais::model::{Click, DayKey, DayKeys};
use relais::net::{Limits, LimitsConfig, Port, TrustedProxies};
use relais::redirect::{ClickLog, Config, Policy, Responder, Setup, Shared};
use relais::spool::{Acknowledge, AppendError, RecordId, SyncError, Unrecorded, WhenFull};
use relais::telemetry::Metrics;
use tokio::sync::watch;

mod programme;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Encodes every click into the same memory.
struct Nowhere(Vec<u8>, u32);

impl ClickLog for Nowhere {
    type Ticket = ();
    type Durable = Ready<Result<(), SyncError>>;

    fn append(&mut self, at_most: usize, fill: impl FnOnce(RecordId, &mut [u8]) -> usize) -> Result<(), AppendError> {
        self.1 = self.1.wrapping_add(1);
        let len = fill(RecordId { spool_id: 7, lane: 0, segment: 1, record: self.1 }, &mut self.0[..at_most]);
        black_box(&self.0[..len]);
        Ok(())
    }

    fn durable(&self, (): ()) -> Self::Durable {
        ready(Ok(()))
    }

    fn unrecorded(&mut self, _: Unrecorded) {}
}

/// What a browser sends when somebody follows a link on LinkedIn.
fn browser(code: &str, query: &str) -> Parts {
    let request = Request::get(format!("/{code}{query}"))
        .header("host", "localhost:8080")
        .header("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15")
        .header("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .header("accept-language", "fr-FR,fr;q=0.9,en;q=0.8")
        .header("accept-encoding", "gzip, deflate, br")
        .header("referer", "https://www.linkedin.com/")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-mode", "navigate");
    request.body(()).expect("a request").into_parts().0
}

fn answers(c: &mut Criterion) {
    let metrics = Arc::new(Metrics::new());
    let port = Port {
        name: "redirect",
        // On, and never reached.
        limits: Arc::new(Limits::new(LimitsConfig {
            connections_per_address: 1000,
            requests_per_second_per_address: 100_000_000,
            misses_per_minute_per_network: 100_000_000,
            max_connections: 1000,
        })),
        trusted: Arc::new(TrustedProxies::default()),
        malformed: None,
        metrics,
        lean: true,
        head_timeout: Port::HEAD_TIMEOUT,
        grace: Duration::from_secs(5),
    };
    let today = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let today = i32::try_from(today / 86_400).expect("a day");
    let keys: BTreeMap<_, _> = [today, today + 1].map(|day| (day, DayKey::from_secret(&[7; 32]))).into();
    let shared = Shared::new(Setup {
        config: Config::default(),
        policy: Policy { acknowledge: Acknowledge::Os, when_full: WhenFull::Redirect },
        port: Arc::new(port),
        table: programme::table(100_000),
        keys: Arc::new(DayKeys::new(keys)),
        complete: watch::channel(true).1,
        is_preview_agent: |agent| agent.starts_with(b"facebookexternalhit"),
        report_url: None,
        pictures_url: None,
    });
    let mut responder = Responder::new(Arc::new(shared), Nowhere(vec![0; Click::MAX_ENCODED], 0));
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut measure = |name: &str, parts: Parts| {
        c.bench_function(name, |b| {
            b.iter_batched(|| parts.clone(), |parts| responder.answer(peer, parts), BatchSize::SmallInput);
        });
    };
    measure("a redirect, recorded in full", browser("aaaaaaaaa", ""));
    measure("the same with campaign parameters", browser("aaaaaaaaa", "?utm_source=linkedin&utm_content=n%C2%B0+1"));
    measure("an unknown code", browser("ZZZZZZZZZ", ""));
    measure("a page behind the plus", browser("aaaaaaaaa+", ""));
}

criterion_group!(benches, answers);
criterion_main!(benches);
