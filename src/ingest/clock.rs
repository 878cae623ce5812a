//! Time and chance, passed in: a simulation runs the pipeline through a day of outage in a moment.

use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What shipping knows of the outside: the time, waiting, and random bits.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970. May jump; only differences shown in metrics depend on it.
    fn now_ms(&self) -> i64;

    /// Ends after `time`.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// 64 random bits, for the jitter of waits and the ids of batches.
    fn random(&self) -> u64;
}

/// The machine's clock and tokio's timers; to be used on a tokio runtime with time enabled.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }

    fn random(&self) -> u64 {
        rand::random()
    }
}

/// A batch's id, a UUIDv7 as a number: later batches have higher ids, which lets ClickHouse's index on
/// `batch` exclude old parts, and its 74 random bits keep two shippers from choosing the same.
pub(super) fn new_batch_id(clock: &dyn Clock) -> u128 {
    let (high, low) = (clock.random().to_le_bytes(), clock.random().to_le_bytes());
    let mut bits = [0; 10];
    bits[..8].copy_from_slice(&high);
    bits[8..].copy_from_slice(&low[..2]);
    uuid::Builder::from_unix_timestamp_millis(clock.now_ms().max(0).unsigned_abs(), &bits).into_uuid().as_u128()
}

/// Jittered exponential waits: 100 ms, doubled each time up to 30 s, each cut to a random half to whole of itself
/// so that nodes that failed together do not return together.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    const FIRST_MS: u64 = 100;
    const LONGEST_MS: u64 = 30_000;

    /// Forgets earlier failures: the next wait is the shortest.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Nothing has failed yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.failures == 0
    }

    /// Waits longer than the time before.
    pub(super) fn wait(&mut self, clock: &dyn Clock) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let whole = (Self::FIRST_MS << self.failures.min(16)).min(Self::LONGEST_MS);
        self.failures += 1;
        clock.sleep(jittered(whole, clock))
    }
}

/// A random time from half of `whole_ms` to all of it.
pub(super) fn jittered(whole_ms: u64, clock: &dyn Clock) -> Duration {
    let half = whole_ms / 2;
    Duration::from_millis(half + clock.random() % (whole_ms - half + 1))
}
