//! Timeouts of a connection, without a timer of its own.
//!
//! A timer of the runtime's is a boxed `Sleep` that enters and leaves its wheel under a lock, for each
//! request. Here a deadline is a number beside the connection, and the accept loop looks at all
//! numbers ten times a second: a timeout may fire a tenth of a second late, and a request pays a few
//! stores.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use parking_lot::Mutex;

use super::clock::Clock;

const NONE: u64 = 0;

/// What one connection shares with the accept loop that watches it.
#[derive(Debug)]
pub(super) struct Watch {
    clock: Arc<Clock>,
    /// How long a request head may take; [`NONE`] where hyper looks after that.
    head_within_ms: AtomicU64,
    /// By when the request head must be complete; [`NONE`] while no head is awaited.
    head_by_ms: AtomicU64,
    /// By when a blocked write must move; [`NONE`] while none is blocked.
    write_by_ms: AtomicU64,
    task: Mutex<Option<Waker>>,
}

impl Watch {
    pub(super) fn new(clock: Arc<Clock>) -> Arc<Self> {
        let none = || AtomicU64::new(NONE);
        Arc::new(Self {
            clock,
            head_within_ms: none(),
            head_by_ms: none(),
            write_by_ms: none(),
            task: Mutex::new(None),
        })
    }

    /// The task to wake when a deadline passes or the port drains.
    pub(super) fn set_task(&self, waker: &Waker) {
        *self.task.lock() = Some(waker.clone());
    }

    pub(super) fn wake(&self) {
        if let Some(waker) = &*self.task.lock() {
            waker.wake_by_ref();
        }
    }

    /// Wakes the task when one of its deadlines has passed.
    pub(super) fn wake_if_late(&self) {
        if self.head_is_late() || self.write_is_late() {
            self.wake();
        }
    }

    /// A head may take so long, from now on and after each answer.
    pub(super) fn await_heads_within(&self, timeout: Duration) {
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self.head_within_ms.store(timeout_ms.max(1), Ordering::Relaxed);
        self.start_head_deadline();
    }

    /// The next head is awaited, where nobody else looks after that.
    pub(super) fn start_head_deadline(&self) {
        let within_ms = self.head_within_ms.load(Ordering::Relaxed);
        if within_ms != NONE {
            self.head_by_ms.store(self.clock.now_ms().saturating_add(within_ms), Ordering::Relaxed);
        }
    }

    pub(super) fn end_head_deadline(&self) {
        self.head_by_ms.store(NONE, Ordering::Relaxed);
    }

    pub(super) fn head_is_late(&self) -> bool {
        self.passed(&self.head_by_ms)
    }

    pub(super) fn start_write_deadline(&self, after_ms: u64) {
        self.write_by_ms.store(self.clock.now_ms().saturating_add(after_ms), Ordering::Relaxed);
    }

    pub(super) fn end_write_deadline(&self) {
        self.write_by_ms.store(NONE, Ordering::Relaxed);
    }

    pub(super) fn write_is_late(&self) -> bool {
        self.passed(&self.write_by_ms)
    }

    fn passed(&self, deadline: &AtomicU64) -> bool {
        let deadline = deadline.load(Ordering::Relaxed);
        deadline != NONE && self.clock.now_ms() >= deadline
    }
}

/// A service whose connection awaits no head while a request is looked after.
pub(super) struct Punctual<S> {
    pub(super) service: S,
    pub(super) watch: Arc<Watch>,
}

impl<S: Service<Request<Incoming>>> Service<Request<Incoming>> for Punctual<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn call(&self, request: Request<Incoming>) -> S::Future {
        self.watch.end_head_deadline();
        self.service.call(request)
    }
}

/// All watched connections of one accept loop.
#[derive(Debug, Default)]
pub(super) struct Watches(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    slots: Vec<Option<Arc<Watch>>>,
    free: Vec<usize>,
}

impl Watches {
    /// Watches a connection until [`Self::remove`] with the returned number.
    pub(super) fn add(&self, watch: Arc<Watch>) -> usize {
        let mut all = self.0.lock();
        if let Some(slot) = all.free.pop() {
            all.slots[slot] = Some(watch);
            slot
        } else {
            all.slots.push(Some(watch));
            all.slots.len() - 1
        }
    }

    pub(super) fn remove(&self, slot: usize) {
        let mut all = self.0.lock();
        all.slots[slot] = None;
        all.free.push(slot);
    }

    pub(super) fn for_each(&self, mut visit: impl FnMut(&Watch)) {
        self.0.lock().slots.iter().flatten().for_each(|watch| visit(watch));
    }
}
