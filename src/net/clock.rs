//! A clock that costs one load to read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Time as of the last tick of the accept loop that owns it. Timeouts of seconds need no better,
/// and a request then pays no system clock for them.
#[derive(Debug)]
pub(super) struct Clock {
    base: Instant,
    elapsed_ms: AtomicU64,
}

impl Clock {
    pub(super) fn new() -> Self {
        // Begins at 1: a deadline of 0 stands for "none".
        Self { base: Instant::now(), elapsed_ms: AtomicU64::new(1) }
    }

    /// Moves to the present.
    pub(super) fn tick(&self) {
        let elapsed = u64::try_from(self.base.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.elapsed_ms.store(elapsed.max(1), Ordering::Relaxed);
    }

    /// Milliseconds from the start to the last tick, at least 1.
    pub(super) fn now_ms(&self) -> u64 {
        self.elapsed_ms.load(Ordering::Relaxed)
    }
}
