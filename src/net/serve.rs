//! The accept loop of every port.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::task::{Poll, Waker};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioTimer;
use prometheus::IntCounter;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::client::TrustedProxies;
use super::clock::Clock;
use super::limits::{Admission, Limits, Refused};
use super::stream::Stream;
use super::watch::{Punctual, Watch, Watches};
use crate::telemetry::Metrics;

/// Most header lines of a request; more are answered 431.
pub const MAX_HEADERS: usize = 64;
/// Most bytes of a request head; more are answered 431.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// How often deadlines are looked at, and the rest after running out of descriptors.
const TICK: Duration = Duration::from_millis(100);

/// What the accept loops of one port share.
pub struct Port {
    /// Label of the `connections` metric: `redirect`, `portal` or `ops`.
    pub name: &'static str,
    /// How much clients may ask for.
    pub limits: Arc<Limits>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted: Arc<TrustedProxies>,
    /// Where connections are counted.
    pub metrics: Arc<Metrics>,
    /// Counts requests that could not be read; hyper answers them with 400 or 431 by itself.
    pub malformed: Option<IntCounter>,
    /// For a port whose requests cost so little that hyper's precautions would show: each answer is whole when it
    /// begins, and the service itself answers 431 to more than [`MAX_HEADERS`] lines. Hyper, told of another number than
    /// its own 100, prepares as many places anew for each request; and its timer for heads is made, looked at once
    /// more and dropped for each, where a number beside the connection does.
    pub lean: bool,
    /// By when a request head must be complete, counted from the connection or the last answer;
    /// [`Port::HEAD_TIMEOUT`] outside of tests.
    pub head_timeout: Duration,
    /// How long a drain waits for requests in flight before it closes their connections.
    pub grace: Duration,
}

impl Port {
    /// What a person's browser needs milliseconds for.
    pub const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
}

/// A connection that was accepted.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The address at the other end of the connection, IPv4 as such.
    pub peer: IpAddr,
    /// It is a proxy of ours: the client is named in each request.
    pub trusted: bool,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy after the grace period and were closed.
    pub cut: usize,
}

/// Serves `listener` until `shutdown`, then drains: what waits in the kernel's queue is accepted,
/// idle connections are closed, requests in flight are answered with `Connection: close`, and
/// after [`Port::grace`] whatever is left is cut.
///
/// Runs on the runtime that calls it, one task a connection; `service_of` makes the service of a
/// connection.
///
/// # Errors
/// Only when the listener cannot be registered with the runtime. Failures to accept are survived.
pub async fn serve<M, S, B>(
    listener: std::net::TcpListener,
    port: Arc<Port>,
    mut service_of: M,
    shutdown: CancellationToken,
) -> io::Result<Drained>
where
    M: FnMut(Arrival) -> S,
    S: Service<Request<Incoming>, Response = Response<B>> + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let listener = TcpListener::from_std(listener)?;
    let house = Arc::new(House::new());
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resting = false;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = tick.tick() => {
                house.tick();
                resting = false;
            }
            accepted = listener.accept(), if !resting => match accepted {
                Ok((stream, peer)) => welcome(stream, peer, &port, &house, &mut service_of),
                Err(error) => resting = must_rest(&error, port.name),
            },
        }
    }
    // Connections in the queue were already told by the kernel that they are welcome.
    while let Some(Ok((stream, peer))) = ready_now(&listener).await {
        welcome(stream, peer, &port, &house, &mut service_of);
    }
    drop(listener);
    house.enter(DRAINING);
    let patience = tokio::time::sleep(port.grace);
    let mut patience = pin!(patience);
    loop {
        tokio::select! {
            () = house.empty() => return Ok(Drained { cut: 0 }),
            _ = tick.tick() => house.tick(),
            () = &mut patience => break,
        }
    }
    let cut = house.open.load(Ordering::Acquire);
    house.enter(CLOSING);
    house.empty().await;
    Ok(Drained { cut })
}

const SERVING: u8 = 0;
const DRAINING: u8 = 1;
const CLOSING: u8 = 2;

/// What an accept loop and its connections share.
struct House {
    clock: Arc<Clock>,
    watches: Watches,
    phase: AtomicU8,
    open: AtomicUsize,
    emptied: Notify,
}

impl House {
    fn new() -> Self {
        Self {
            clock: Arc::new(Clock::new()),
            watches: Watches::default(),
            phase: AtomicU8::new(SERVING),
            open: AtomicUsize::new(0),
            emptied: Notify::new(),
        }
    }

    fn tick(&self) {
        self.clock.tick();
        self.watches.for_each(Watch::wake_if_late);
    }

    fn enter(&self, phase: u8) {
        self.phase.store(phase, Ordering::Release);
        self.watches.for_each(Watch::wake);
    }

    async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.open.load(Ordering::Acquire) == 0 {
                return;
            }
            emptied.await;
        }
    }
}

/// One open connection; leaving the house is dropping it.
struct Guest {
    house: Arc<House>,
    port: Arc<Port>,
    slot: usize,
    _admission: Admission,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.port.metrics.connections.with_label_values(&[self.port.name]).dec();
        self.house.watches.remove(self.slot);
        if self.house.open.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.house.emptied.notify_waiters();
        }
    }
}

fn welcome<M, S, B>(stream: TcpStream, peer: SocketAddr, port: &Arc<Port>, house: &Arc<House>, service_of: &mut M)
where
    M: FnMut(Arrival) -> S,
    S: Service<Request<Incoming>, Response = Response<B>> + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let peer = peer.ip().to_canonical();
    let arrival = Arrival { peer, trusted: port.trusted.contains(peer) };
    let admission = match port.limits.admit(peer, arrival.trusted) {
        Ok(admission) => admission,
        Err(refused) => {
            let reason = match refused {
                Refused::Address => "address",
                Refused::Total => "total",
            };
            port.metrics.connections_refused.with_label_values(&[reason]).inc();
            return;
        }
    };
    // An answer is one small packet: waiting for another to join it only delays it. A socket that
    // refuses the option still works.
    let _slower = stream.set_nodelay(true);
    let watch = Watch::new(Arc::clone(&house.clock));
    let slot = house.watches.add(Arc::clone(&watch));
    house.open.fetch_add(1, Ordering::AcqRel);
    port.metrics.connections.with_label_values(&[port.name]).inc();
    let guest = Guest { house: Arc::clone(house), port: Arc::clone(port), slot, _admission: admission };
    let stream = Stream::new(stream, Arc::clone(&watch));
    let service = Punctual { service: service_of(arrival), watch: Arc::clone(&watch) };
    tokio::spawn(converse(stream, watch, guest, service));
}

async fn converse<S, B>(stream: Stream, watch: Arc<Watch>, guest: Guest, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>>,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    // `pipeline_flush` stays off: with it hyper swallows its own 431.
    let mut http = http1::Builder::new();
    if guest.port.lean {
        http.header_read_timeout(None);
        watch.await_heads_within(guest.port.head_timeout);
    } else {
        http.max_headers(MAX_HEADERS).timer(TokioTimer::new()).header_read_timeout(guest.port.head_timeout);
    }
    let connection = http.max_buf_size(MAX_HEAD_BYTES).serve_connection(stream, service);
    let mut connection = pin!(connection);
    let mut known: Option<Waker> = None;
    let mut draining = false;
    let outcome = poll_fn(|cx| {
        if !known.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            watch.set_task(cx.waker());
            known = Some(cx.waker().clone());
        }
        loop {
            if let Poll::Ready(outcome) = connection.as_mut().poll(cx) {
                return Poll::Ready(Some(outcome));
            }
            // After the poll, so that a request that has already arrived is still answered.
            match guest.house.phase.load(Ordering::Acquire) {
                DRAINING if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                CLOSING => return Poll::Ready(None),
                _ if watch.head_is_late() => return Poll::Ready(None),
                _ => return Poll::Pending,
            }
        }
    })
    .await;
    if let (Some(Err(error)), Some(malformed)) = (outcome, &guest.port.malformed)
        && error.is_parse()
    {
        malformed.inc();
    }
}

/// True when accepting again at once would only fail again.
fn must_rest(error: &io::Error, port: &'static str) -> bool {
    let exhausted = matches!(
        error.raw_os_error().map(rustix::io::Errno::from_raw_os_error),
        Some(
            rustix::io::Errno::MFILE | rustix::io::Errno::NFILE | rustix::io::Errno::NOBUFS | rustix::io::Errno::NOMEM
        )
    );
    if exhausted {
        tracing::warn!(port, %error, "cannot accept connections for now; raise the limit of open files (ulimit -n)");
    }
    exhausted
}

async fn ready_now(listener: &TcpListener) -> Option<io::Result<(TcpStream, SocketAddr)>> {
    poll_fn(|cx| match listener.poll_accept(cx) {
        Poll::Ready(accepted) => Poll::Ready(Some(accepted)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

#[cfg(test)]
mod tests;
