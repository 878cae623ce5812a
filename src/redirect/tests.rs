//! The port as its users see it: real sockets, one worker, a log in memory or a real spool.

mod contract;
mod limits;
mod recording;

use std::collections::{BTreeMap, HashMap};
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::fixtures::changes;
use super::*;
use crate::model::address::utc_day;
use crate::model::{Click, DayKey, DayKeys, Entity};
use crate::net::{Drained, Limits, LimitsConfig, Port, TrustedProxies, bind};
use crate::spool::{Acknowledge, AppendError, RecordId, SyncError, Unrecorded, WhenFull};
use crate::telemetry::Metrics;

/// What a test may choose of a port.
struct Options {
    limits: LimitsConfig,
    trusted: Vec<&'static str>,
    policy: Policy,
    complete: bool,
    report_url: Option<String>,
    pictures_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: LimitsConfig::OFF,
            trusted: Vec::new(),
            policy: Policy { acknowledge: Acknowledge::Os, when_full: WhenFull::Redirect },
            complete: true,
            report_url: None,
            pictures_url: None,
        }
    }
}

/// A log in memory that can be told to fail.
#[derive(Clone, Default)]
struct MemoryLog {
    records: Arc<Mutex<Vec<Vec<u8>>>>,
    refuses: Arc<Mutex<Option<AppendError>>>,
    fails_to_sync: bool,
    unrecorded: Arc<Mutex<Vec<Unrecorded>>>,
}

impl ClickLog for MemoryLog {
    type Ticket = ();
    type Durable = Ready<Result<(), SyncError>>;

    fn append(&mut self, at_most: usize, fill: impl FnOnce(RecordId, &mut [u8]) -> usize) -> Result<(), AppendError> {
        if let Some(error) = *self.refuses.lock() {
            return Err(error);
        }
        let mut records = self.records.lock();
        let mut room = vec![0xaa; at_most];
        let record = u32::try_from(records.len()).expect("few records");
        let len = fill(RecordId { spool_id: 7, lane: 1, segment: 2, record }, &mut room);
        room.truncate(len);
        records.push(room);
        Ok(())
    }

    fn durable(&self, (): ()) -> Self::Durable {
        ready(if self.fails_to_sync { Err(SyncError::Closed) } else { Ok(()) })
    }

    fn unrecorded(&mut self, reason: Unrecorded) {
        self.unrecorded.lock().push(reason);
    }
}

struct Node {
    address: SocketAddr,
    table: Arc<LinkTable>,
    keys: Arc<DayKeys>,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    task: JoinHandle<std::io::Result<Drained>>,
}

const SECRET: [u8; 32] = [7; 32];

fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("a time")
}

/// A node that knows `programme` and writes to `log`.
fn node<L: ClickLog>(programme: Vec<Entity>, log: L, options: Options) -> Node {
    let table = Arc::new(LinkTable::new());
    table.apply(&changes(1, programme));
    let metrics = Arc::new(Metrics::new());
    let today = utc_day(now_ms());
    // Tomorrow's too: a test may run over midnight.
    let keys: BTreeMap<_, _> = [today, today + 1].map(|day| (day, DayKey::from_secret(&SECRET))).into();
    let keys = Arc::new(DayKeys::new(keys));
    let port = Arc::new(Port {
        name: "redirect",
        limits: Arc::new(Limits::new(options.limits)),
        trusted: Arc::new(TrustedProxies::new(
            options.trusted.iter().map(|network| network.parse().expect("a network")).collect(),
        )),
        metrics: Arc::clone(&metrics),
        malformed: Some(metrics.redirects.with_label_values(&["malformed"])),
        lean: true,
        head_timeout: Port::HEAD_TIMEOUT,
        grace: Duration::from_secs(60),
    });
    let setup = Setup {
        config: Config::default(),
        policy: options.policy,
        port,
        table: Arc::clone(&table),
        keys: Arc::clone(&keys),
        complete: watch::channel(options.complete).1,
        is_preview_agent: |agent| agent.starts_with(b"LinkedInBot"),
        report_url: options.report_url,
        pictures_url: options.pictures_url,
    };
    let listener = bind("127.0.0.1:0".parse().expect("an address"), true, Config::LISTEN_KEY).expect("a free port");
    let address = listener.local_addr().expect("its address");
    let shutdown = CancellationToken::new();
    let task = tokio::spawn(serve(listener, Arc::new(Shared::new(setup)), log, shutdown.clone()));
    Node { address, table, keys, metrics, shutdown, task }
}

/// An answer, its names in lower case.
#[derive(Debug, PartialEq)]
struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }
}

impl Node {
    /// Everything answered to these bytes.
    async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        // The port may have answered and closed before it has read everything.
        let _cut_off = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer).await;
        answer
    }

    async fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str("Host: localhost\r\n");
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        parse(&self.raw(request.as_bytes()).await)
    }

    async fn get(&self, target: &str) -> Reply {
        self.ask("GET", target, &[]).await
    }

    /// Stops the node; its counters are complete then.
    async fn drain(self) -> Arc<Metrics> {
        self.shutdown.cancel();
        self.task.await.expect("no panic").expect("served");
        self.metrics
    }
}

fn parse(answer: &[u8]) -> Reply {
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or_else(|| {
        panic!("no answer: {}", answer.escape_ascii());
    });
    let head = std::str::from_utf8(&answer[..end]).expect("an ASCII head");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    Reply { status: status.expect("a status"), headers: headers.collect(), body: answer[end + 4..].to_vec() }
}

impl MemoryLog {
    fn len(&self) -> usize {
        self.records.lock().len()
    }

    /// Looks at the clicks in their order.
    fn clicks<T>(&self, mut visit: impl FnMut(usize, Click<'_>) -> T) -> Vec<T> {
        let records = self.records.lock();
        records.iter().enumerate().map(|(index, bytes)| visit(index, Click::decode(bytes).expect("a click"))).collect()
    }
}
