//! Bytes of a client, through hyper and everything that answers a request to a link, without sockets: hyper speaks
//! over a pipe in memory with the settings of `net::serve`, and [`Responder`] is a worker's handler.
//!
//! The first byte says how the client's bytes arrive (at once or in two pieces), the rest is what it sends, as many
//! requests as it likes.
//!
//! Promises: nothing panics; every status is one of the contract's; `Location` is printable ASCII and leads to a
//! destination of the programme; the click's id comes from Relais alone; each answer to a link, and nothing else, has
//! a click in the log, and each reads back within its bounds, without control characters; what leaves on the wire is
//! exactly the answers that were made, header by header, and at most one refusal of hyper's own behind them.

#![no_main]

mod log;
mod programme;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::LOCATION;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use libfuzzer_sys::fuzz_target;
use relais::enrich::is_preview_agent;
use relais::model::{DayKey, DayKeys};
use relais::net::{Limits, LimitsConfig, Port, TrustedProxies};
use relais::redirect::{Config, Policy, Responder, Setup, Shared};
use relais::spool::{Acknowledge, WhenFull};
use relais::telemetry::Metrics;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use log::Log;
use wire::Sent;

/// As in `net::serve`.
const MAX_HEADERS: usize = 64;
/// As in `net::serve`.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// The statuses of the contract, and 204 for the icon that there is none of.
const STATUSES: [u16; 11] = [200, 204, 302, 400, 404, 405, 410, 414, 429, 431, 503];
/// Of those, the ones with which hyper refuses what it cannot read.
const REFUSALS: [u16; 3] = [400, 414, 431];
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct Worker {
    responder: RefCell<Responder<Log>>,
    trusted: Arc<TrustedProxies>,
    log: Log,
    runtime: Runtime,
}

thread_local! {
    static WORKER: Worker = Worker::new();
}

fuzz_target!(|input: &[u8]| {
    let Some((cut, bytes)) = input.split_first() else { return };
    let cut = usize::from(*cut) * bytes.len() / 256;
    WORKER.with(|worker| {
        worker.log.clear();
        let (sent, received) = worker.runtime.block_on(worker.converse(bytes, cut));
        wire::check(&sent, &received);
        let to_links = sent.iter().filter(|sent| sent.is_click).count();
        assert_eq!(worker.log.check(), to_links, "one click for each answer to a link");
    });
});

impl Worker {
    fn new() -> Self {
        let trusted = Arc::new(TrustedProxies::new(vec!["127.0.0.0/8".parse().expect("a network")]));
        let port = Port {
            name: "redirect",
            limits: Arc::new(Limits::new(LimitsConfig::OFF)),
            trusted: trusted.clone(),
            metrics: Arc::new(Metrics::new()),
            malformed: None,
            head_timeout: Port::HEAD_TIMEOUT,
            grace: Duration::from_secs(5),
        };
        let today = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() / 86_400;
        let today = i32::try_from(today).expect("a day");
        let keys: BTreeMap<_, _> = [today, today + 1].map(|day| (day, DayKey::from_secret(&[7; 32]))).into();
        let shared = Shared::new(Setup {
            config: Config::default(),
            policy: Policy { acknowledge: Acknowledge::Os, when_full: WhenFull::Redirect },
            port: Arc::new(port),
            table: programme::table(),
            keys: Arc::new(DayKeys::new(keys)),
            complete: watch::channel(true).1,
            is_preview_agent,
            report_url: Some("https://portal.example/report".into()),
            pictures_url: Some("https://portal.example/pictures".into()),
        });
        let log = Log::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { responder: Responder::new(Arc::new(shared), log.clone()).into(), trusted, log, runtime }
    }

    /// Everything that a client who sends `bytes` in two pieces gets to see, and what was meant to be sent.
    async fn converse(&self, bytes: &[u8], cut: usize) -> (Vec<Sent>, Vec<u8>) {
        let sent = RefCell::new(Vec::new());
        let (client, server) = tokio::io::duplex(64 * 1024);
        let (mut receiver, mut sender) = tokio::io::split(client);
        let service = service_fn(|request: Request<Incoming>| ready(Ok::<_, Infallible>(self.answer(request, &sent))));
        let serving = http1::Builder::new()
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(server), service);
        let sending = async {
            // Fails when the server has closed the connection already.
            let _refused = async {
                sender.write_all(&bytes[..cut]).await?;
                sender.flush().await?;
                tokio::task::yield_now().await;
                sender.write_all(&bytes[cut..]).await?;
                sender.shutdown().await
            }
            .await;
        };
        let mut received = Vec::new();
        let receiving = receiver.read_to_end(&mut received);
        // An error is how hyper says that the client spoke no HTTP.
        let (_outcome, (), read) = tokio::join!(async { serving.await.is_ok() }, sending, receiving);
        read.expect("a pipe in memory");
        (sent.into_inner(), received)
    }

    fn answer(&self, request: Request<Incoming>, sent: &RefCell<Vec<Sent>>) -> Response<Full<Bytes>> {
        let (parts, _body) = request.into_parts();
        let client = self.trusted.client(PROXY, &parts.headers);
        let (is_head, version) = (parts.method == http::Method::HEAD, parts.version);
        let before = self.log.len();
        let answer = self.responder.borrow_mut().answer(client, parts);
        let is_click = self.log.len() > before;
        let status = answer.status();
        assert!(STATUSES.contains(&status.as_u16()), "{status} is not of the contract");
        assert_eq!(answer.headers().contains_key(LOCATION), status == StatusCode::FOUND);
        if let Some(location) = answer.headers().get(LOCATION) {
            programme::check_location(location.as_bytes());
        }
        if matches!(status, StatusCode::FOUND | StatusCode::GONE) {
            assert!(is_click, "an answer to a link without a click");
        }
        let body_bytes = answer.body().size_hint().exact().expect("a body of known length");
        let headers = answer.headers().clone();
        sent.borrow_mut().push(Sent { status, headers, body_bytes, is_head, is_click, version });
        answer
    }
}
