//! When each request is due.
//!
//! An open loop: request `n` of a run is due `n / rate` seconds after the start and nothing that
//! the server does moves it. Latency counted from that instant includes the time in which a
//! stalled server kept requests waiting; a loop that waits for answers before it asks again would
//! leave exactly those out (coordinated omission).

use std::time::{Duration, Instant};

/// One thread's share of a run: every `lanes`-th request, beginning with number `lane`.
///
/// Evenly spaced, not Poisson: the bursts of the operating system are random enough, and an even
/// schedule makes two runs comparable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    origin: Instant,
    rate: u64,
    lane: u64,
    lanes: u64,
}

impl Schedule {
    /// `rate` is of the whole run, in requests per second, at least 1.
    pub(crate) fn new(origin: Instant, rate: u64, lane: u64, lanes: u64) -> Self {
        debug_assert!(rate > 0 && lane < lanes, "the command line bounds both");
        Self { origin, rate, lane, lanes }
    }

    /// The instant of this lane's request `index`, counted from 0.
    pub(crate) fn due(&self, index: u64) -> Instant {
        let number = u128::from(index) * u128::from(self.lanes) + u128::from(self.lane);
        let nanos = number * 1_000_000_000 / u128::from(self.rate);
        self.origin + Duration::from_nanos(u64::try_from(nanos).expect("a run is shorter than 584 years"))
    }
}

/// Requests in a whole run.
pub(crate) fn requests(rate: u64, duration: Duration) -> u64 {
    u64::try_from(u128::from(rate) * duration.as_nanos() / 1_000_000_000).unwrap_or(u64::MAX)
}

/// How many of `requests` fall to `lane`.
pub(crate) fn share(requests: u64, lane: u64, lanes: u64) -> u64 {
    requests / lanes + u64::from(lane < requests % lanes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_next_due_time_never_depends_on_when_anything_was_asked() {
        let origin = Instant::now();
        let schedule = Schedule::new(origin, 10_000, 0, 1);
        assert_eq!(schedule.due(0), origin);
        assert_eq!(schedule.due(1), origin + Duration::from_micros(100));
        assert_eq!(schedule.due(10_000 * 3600), origin + Duration::from_secs(3600));
    }

    proptest! {
        #[test]
        fn the_lanes_together_keep_the_schedule_of_one(rate in 1u64..200_000, lanes in 1u64..9, total in 0u64..500) {
            let origin = Instant::now();
            let whole = Schedule::new(origin, rate, 0, 1);
            let mut due: Vec<_> = (0..lanes)
                .flat_map(|lane| {
                    let part = Schedule::new(origin, rate, lane, lanes);
                    (0..share(total, lane, lanes)).map(move |index| part.due(index))
                })
                .collect();
            due.sort();
            prop_assert_eq!(due, (0..total).map(|index| whole.due(index)).collect::<Vec<_>>());
        }

        #[test]
        fn a_run_holds_rate_times_duration_requests(rate in 1u64..200_000, seconds in 0u64..100_000) {
            prop_assert_eq!(requests(rate, Duration::from_secs(seconds)), rate * seconds);
        }
    }
}
