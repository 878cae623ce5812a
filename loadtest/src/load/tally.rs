//! Counts and latencies, of one thread and of all together.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// What became of the requests of a thread, or of several added up.
#[derive(Debug)]
pub(super) struct Tally {
    /// Requests of which at least one byte left.
    pub(super) sent: u64,
    /// Answers by status; the index is the status.
    pub(super) answered: Vec<u64>,
    /// Sent and never answered.
    pub(super) unknown: u64,
    /// Due, and no byte could leave.
    pub(super) not_sent: u64,
    /// Connections that were opened.
    pub(super) connections: u64,
    /// Nanoseconds from the instant when a request was due to the end of its answer.
    pub(super) latency: Histogram<u64>,
    /// Nanoseconds from the instant when a request was due to its sending.
    pub(super) delay: Histogram<u64>,
}

/// Quantiles in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Quantiles {
    p50: f64,
    p90: f64,
    p99: f64,
    #[serde(rename = "p99.9")]
    p99_9: f64,
    max: f64,
}

impl Tally {
    pub(super) fn new() -> Self {
        // a minute at most, to three digits: what lasts longer counts as a minute
        let histogram = || Histogram::new_with_bounds(100, 60_000_000_000, 3).expect("sound bounds");
        Self {
            sent: 0,
            answered: vec![0; 1000],
            unknown: 0,
            not_sent: 0,
            connections: 0,
            latency: histogram(),
            delay: histogram(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.unknown += other.unknown;
        self.not_sent += other.not_sent;
        self.connections += other.connections;
        for (sum, count) in self.answered.iter_mut().zip(&other.answered) {
            *sum += count;
        }
        self.latency.add(&other.latency).expect("all have the same bounds");
        self.delay.add(&other.delay).expect("all have the same bounds");
    }

    /// Answers of any status.
    pub(super) fn answers(&self) -> u64 {
        self.answered.iter().sum()
    }

    /// Answers by status, only those that came.
    pub(super) fn by_status(&self) -> BTreeMap<u16, u64> {
        (0..).zip(&self.answered).filter(|(_, count)| **count > 0).map(|(status, count)| (status, *count)).collect()
    }
}

impl Quantiles {
    pub(super) fn of(histogram: &Histogram<u64>) -> Self {
        let at = |quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99), p99_9: at(0.999), max: histogram.max() as f64 / 1000.0 }
    }
}

impl fmt::Display for Quantiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |micros: f64| format!("{:.1?}", Duration::from_nanos((micros * 1000.0) as u64));
        let Self { p50, p90, p99, p99_9, max } = *self;
        write!(f, "p50 {}  p90 {}  p99 {}  p99.9 {}  max {}", time(p50), time(p90), time(p99), time(p99_9), time(max))
    }
}
