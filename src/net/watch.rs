//! Timeouts of a connection, without a timer of its own.
//!
//! hyper drops its header timer after every request head and asks for a new one after every
//! answer. With `hyper_util`'s `TokioTimer` that is a boxed `Sleep` per request that enters and
//! leaves the runtime's timer wheel under a lock. Here a deadline is a number beside the
//! connection, and the accept loop looks at all numbers ten times a second: a timeout may fire a
//! tenth of a second late, and a request pays two stores.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use parking_lot::Mutex;

use super::clock::Clock;

const NONE: u64 = 0;

/// What one connection shares with the accept loop that watches it.
#[derive(Debug)]
pub(super) struct Watch {
    clock: Arc<Clock>,
    /// By when the request head must be complete; [`NONE`] while no head is awaited.
    head_by_ms: AtomicU64,
    /// By when a blocked write must move; [`NONE`] while none is blocked.
    write_by_ms: AtomicU64,
    task: Mutex<Option<Waker>>,
}

impl Watch {
    pub(super) fn new(clock: Arc<Clock>) -> Arc<Self> {
        let none = || AtomicU64::new(NONE);
        Arc::new(Self { clock, head_by_ms: none(), write_by_ms: none(), task: Mutex::new(None) })
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
        if self.passed(&self.head_by_ms) || self.passed(&self.write_by_ms) {
            self.wake();
        }
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

/// hyper's timer for one connection. hyper's HTTP/1 server asks it for one thing, the deadline of
/// a request head: it adds its timeout to [`Timer::now`] and hands the sum back. So "now" may be
/// any instant, and the sum tells nothing that is not known here: both are left alone.
pub(super) struct HeadTimer {
    pub(super) watch: Arc<Watch>,
    /// The same as hyper's `header_read_timeout`, in milliseconds.
    pub(super) timeout_ms: u64,
}

impl Timer for HeadTimer {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Sleep>> {
        let deadline = self.watch.clock.now_ms().saturating_add(self.timeout_ms);
        self.watch.head_by_ms.store(deadline, Ordering::Relaxed);
        Box::pin(HeadDeadline(Arc::clone(&self.watch)))
    }

    fn sleep_until(&self, _: Instant) -> Pin<Box<dyn Sleep>> {
        self.sleep(Duration::ZERO)
    }

    fn now(&self) -> Instant {
        self.watch.clock.start()
    }
}

struct HeadDeadline(Arc<Watch>);

impl Sleep for HeadDeadline {}

impl Future for HeadDeadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        // No waker is kept here: the connection's task has left its own in the watch.
        if self.0.passed(&self.0.head_by_ms) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for HeadDeadline {
    fn drop(&mut self) {
        self.0.head_by_ms.store(NONE, Ordering::Relaxed);
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
