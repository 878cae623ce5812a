//! One worker: a listener, a runtime, a lane of the spool.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::Service;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::click_log::ClickLog;
use super::config::Config;
use super::handler::query::Observed;
use super::handler::{Answer, Handler, Waiting, WallClock};
use super::link_table::LinkTable;
use super::pages::Pages;
use super::preview::PreviewAgents;
use super::recorder::Recorder;
use super::tally::Tally;
use crate::model::DayKeys;
use crate::net::limits::Client;
use crate::net::{self, Arrival, Drained, Port};
use crate::priority;
use crate::spool::{Acknowledge, WhenFull};

/// How often a worker adds its counters to the shared ones, reads the wall clock again and lets go
/// of the day's key.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// What the spool's configuration means for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether an answer waits for the disk.
    pub acknowledge: Acknowledge,
    /// What becomes of a request whose click cannot be recorded.
    pub when_full: WhenFull,
}

/// What all workers share, as `app` gives it.
pub struct Setup {
    /// The `[redirect]` section.
    pub config: Config,
    /// What the `[spool]` section says of answers.
    pub policy: Policy,
    /// Limits, proxies, metrics and patience of the port; [`Port::malformed`] is to be the
    /// `malformed` outcome.
    pub port: Arc<Port>,
    /// Every link.
    pub table: Arc<LinkTable>,
    /// Keys that addresses are sealed with.
    pub keys: Arc<DayKeys>,
    /// Whether the table has had every change once; until then unknown codes are answered 503.
    pub complete: watch::Receiver<bool>,
    /// Whether a user agent unfurls links and wants a card instead of a redirect.
    pub is_preview_agent: fn(&[u8]) -> bool,
    /// The portal's page that takes reports of bad links, if there is one; gets `?code=…`.
    pub report_url: Option<String>,
    /// Where contents' pictures are served by Relais itself: `{pictures_url}/{key}`, with the key
    /// that [`crate::model::PictureKey`] makes. None: cards name the content's own picture.
    pub pictures_url: Option<String>,
}

/// What all workers share.
pub struct Shared {
    pub(super) config: Config,
    pub(super) policy: Policy,
    pub(super) port: Arc<Port>,
    pub(super) keys: Arc<DayKeys>,
    pub(super) complete: watch::Receiver<bool>,
    pub(super) pages: Pages,
    pub(super) pictures_url: Option<String>,
    table: Arc<LinkTable>,
    is_preview_agent: fn(&[u8]) -> bool,
}

impl Shared {
    /// Renders the standing pages; everything else is kept as it comes.
    pub fn new(setup: Setup) -> Self {
        let Setup { config, policy, port, table, keys, complete, is_preview_agent, report_url, pictures_url } = setup;
        let pages = Pages::new(report_url);
        Self { config, policy, port, keys, complete, pages, pictures_url, table, is_preview_agent }
    }

    pub(super) fn handler<L: ClickLog>(&self, log: L) -> Handler<L> {
        Handler {
            reader: self.table.reader(),
            recorder: Recorder::new(log),
            tally: Tally::new(&self.port.metrics),
            previews: PreviewAgents::new(self.is_preview_agent),
            observed: Observed::default(),
            clock: WallClock::now(),
        }
    }
}

/// Serves `listener` until `shutdown` and drains; see [`net::serve`]. To be run on a runtime of
/// this worker's own: its connections share one lock that must never be waited for.
///
/// # Errors
/// Those of [`net::serve`].
pub async fn serve<L: ClickLog>(
    listener: TcpListener,
    shared: Arc<Shared>,
    log: L,
    shutdown: CancellationToken,
) -> io::Result<Drained> {
    let handler = Arc::new(Mutex::new(shared.handler(log)));
    let housekeeping = tokio::spawn(keep_house(Arc::clone(&handler), Arc::clone(&shared)));
    let service_of = |arrival| Connection::new(arrival, Arc::clone(&shared), Arc::clone(&handler));
    let drained = net::serve(listener, Arc::clone(&shared.port), service_of, shutdown).await;
    housekeeping.abort();
    handler.lock().tally.flush(&shared.port.metrics);
    drained
}

/// Starts a thread named `name` with a single-threaded runtime that runs [`serve`].
///
/// # Errors
/// When the system refuses another thread.
pub fn spawn_worker<L: ClickLog>(
    name: String,
    listener: TcpListener,
    shared: Arc<Shared>,
    log: L,
    shutdown: CancellationToken,
) -> io::Result<thread::JoinHandle<io::Result<Drained>>> {
    thread::Builder::new().name(name).spawn(move || {
        priority::ask_for_slices(priority::WORKER_SLICE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(serve(listener, shared, log, shutdown))
    })
}

async fn keep_house<L: ClickLog>(handler: Arc<Mutex<Handler<L>>>, shared: Arc<Shared>) {
    let mut tick = tokio::time::interval(HOUSEKEEPING);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let mut handler = handler.lock();
        handler.tally.flush(&shared.port.metrics);
        handler.recorder.forget_key();
        handler.clock = WallClock::now();
    }
}

/// A worker's answers without its sockets: for measuring, and for asking a table what it would do.
pub struct Responder<L: ClickLog> {
    shared: Arc<Shared>,
    handler: Handler<L>,
    /// Of the peer that asked last.
    known: Option<(IpAddr, Client)>,
}

impl<L: ClickLog> Responder<L> {
    /// Answers as a worker of `shared` does, recording to `log`.
    pub fn new(shared: Arc<Shared>, log: L) -> Self {
        Self { handler: shared.handler(log), shared, known: None }
    }

    /// The answer to a request of `peer`. Does not wait for the disk.
    pub fn answer(&mut self, peer: IpAddr, parts: Parts) -> Response<Full<Bytes>> {
        let started = Instant::now();
        if self.known.as_ref().is_none_or(|(known, _)| *known != peer) {
            self.known = Some((peer, self.shared.port.limits.client(peer, started)));
        }
        let (_, buckets) = self.known.as_ref().expect("looked up just now");
        self.handler.answer(&self.shared, parts, peer, buckets, started).answer
    }
}

/// One connection's service.
struct Connection<L> {
    shared: Arc<Shared>,
    handler: Arc<Mutex<Handler<L>>>,
    arrival: Arrival,
    /// The buckets of a client that speaks for itself, looked up once; a proxy's clients are looked
    /// up one by one.
    buckets: Option<Client>,
}

impl<L: ClickLog> Connection<L> {
    fn new(arrival: Arrival, shared: Arc<Shared>, handler: Arc<Mutex<Handler<L>>>) -> Self {
        let buckets = (!arrival.trusted).then(|| shared.port.limits.client(arrival.peer, Instant::now()));
        Self { shared, handler, arrival, buckets }
    }
}

impl<L: ClickLog> Service<Request<Incoming>> for Connection<L> {
    type Response = Answer;
    type Error = Infallible;
    type Future = Answering<L>;

    fn call(&self, request: Request<Incoming>) -> Answering<L> {
        let started = Instant::now();
        // No request to a link has a body that means anything.
        let (parts, _body) = request.into_parts();
        let shared = &*self.shared;
        let ready = match &self.buckets {
            Some(buckets) => self.handler.lock().answer(shared, parts, self.arrival.peer, buckets, started),
            None => {
                let client: IpAddr = shared.port.trusted.client(self.arrival.peer, &parts.headers);
                let buckets = shared.port.limits.client(client, started);
                self.handler.lock().answer(shared, parts, client, &buckets, started)
            }
        };
        Answering { answer: Some(ready.answer), waiting: ready.waiting, yielded: false }
    }
}

/// An answer that may have to wait for the disk.
struct Answering<L: ClickLog> {
    answer: Option<Answer>,
    waiting: Option<Waiting<L>>,
    /// It has let the other connections of the worker go first, once. What arrived together is read and
    /// recorded together, and the answers leave one behind the other. Under load that keeps each half's code and data
    /// at hand, and the reader awake: waking it anew for each answer costs a virtual machine more than the answer.
    yielded: bool,
}

impl<L: ClickLog> Future for Answering<L> {
    type Output = Result<Answer, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.yielded {
            self.yielded = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(waiting) = &mut self.waiting {
            let synced = ready!(Pin::new(&mut waiting.synced).poll(cx));
            if let (Err(_), Some(otherwise)) = (synced, waiting.otherwise.take()) {
                return Poll::Ready(Ok(otherwise));
            }
        }
        Poll::Ready(Ok(self.answer.take().expect("a future is not polled after its end")))
    }
}
