//! A clock that stands still until everybody waits, and an executor that can stop at any step.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use parking_lot::Mutex;

use crate::ingest::Clock;

/// Time that moves only when [`drive`] moves it.
#[derive(Clone)]
pub(super) struct SimulatedClock(Arc<Mutex<State>>);

struct State {
    now_ms: i64,
    timers: BTreeMap<(i64, u64), Waker>,
    next: u64,
    seed: u64,
}

impl SimulatedClock {
    pub(super) fn new(now_ms: i64, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State { now_ms, timers: BTreeMap::new(), next: 0, seed })))
    }

    /// Moves on to the next timer; false when nobody waits for a time.
    fn advance(&self) -> bool {
        let mut state = self.0.lock();
        let Some(((at_ms, _), waker)) = state.timers.pop_first() else { return false };
        state.now_ms = state.now_ms.max(at_ms);
        drop(state);
        waker.wake();
        true
    }

    pub(super) fn skip(&self, time: Duration) {
        self.0.lock().now_ms += time.as_millis() as i64;
    }
}

impl Clock for SimulatedClock {
    fn now_ms(&self) -> i64 {
        self.0.lock().now_ms
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let at_ms = self.now_ms() + time.as_millis() as i64;
        Box::pin(Sleep { clock: self.clone(), at_ms, key: None })
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same run.
    fn random(&self) -> u64 {
        let mut state = self.0.lock();
        state.seed = state.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state.seed ^ state.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

struct Sleep {
    clock: SimulatedClock,
    at_ms: i64,
    key: Option<(i64, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.0.lock();
        if state.now_ms >= self.at_ms {
            return Poll::Ready(());
        }
        let at_ms = self.at_ms;
        let key = *self.key.get_or_insert_with(|| {
            state.next += 1;
            (at_ms, state.next)
        });
        state.timers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.0.lock().timers.remove(&key);
        }
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Polls to the end, or for so many steps and then drops what is left, as a kill would. Time passes only while
/// everybody waits for it.
///
/// # Panics
/// When nothing can ever wake the future, or after a number of steps that no honest run needs.
pub(super) fn drive<T>(clock: &SimulatedClock, future: impl Future<Output = T>, steps: Option<usize>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Waker::from(flag.clone());
    for _ in 0..steps.unwrap_or(2_000_000) {
        if !flag.0.swap(false, Ordering::SeqCst) {
            assert!(clock.advance(), "everybody waits for somebody else");
            continue;
        }
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(result);
        }
    }
    assert!(steps.is_some(), "it never ends");
    None
}
