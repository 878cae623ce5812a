//! A token bucket in one atomic.

use std::sync::atomic::{AtomicU64, Ordering};

/// The generic cell rate algorithm (ITU-T I.371): instead of a number of tokens and the time of
/// the last refill it keeps the instant at which the bucket will be full again, in microseconds.
/// One compare-and-swap per request, and nothing to refill.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    full_at_us: AtomicU64,
}

impl Bucket {
    /// Takes a token that comes back after `every_us`; the bucket holds `depth_us / every_us`.
    /// Otherwise answers how long to wait, in microseconds.
    pub(super) fn take(&self, now_us: u64, every_us: u64, depth_us: u64) -> Result<(), u64> {
        let mut full_at = self.full_at_us.load(Ordering::Relaxed);
        loop {
            let next = full_at.max(now_us) + every_us;
            if next - now_us > depth_us {
                return Err(next - now_us - depth_us);
            }
            match self.full_at_us.compare_exchange_weak(full_at, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(moved) => full_at = moved,
            }
        }
    }

    /// What [`Self::take`] would answer, taking nothing.
    pub(super) fn check(&self, now_us: u64, every_us: u64, depth_us: u64) -> Result<(), u64> {
        let next = self.full_at_us.load(Ordering::Relaxed).max(now_us) + every_us;
        if next - now_us > depth_us { Err(next - now_us - depth_us) } else { Ok(()) }
    }

    /// True when forgetting this bucket changes nothing.
    pub(super) fn is_full(&self, now_us: u64) -> bool {
        self.full_at_us.load(Ordering::Relaxed) <= now_us
    }
}
