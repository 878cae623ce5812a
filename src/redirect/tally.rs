//! One worker's counters, added to the shared ones at intervals.

use std::time::Duration;

use prometheus::local::LocalHistogram;

use crate::spool::Unrecorded;
use crate::telemetry::Metrics;

/// What became of a request; the label of `relais_redirects_total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Content,
    Fallback,
    Card,
    Gone,
    Unknown,
    Page,
    Refused,
    Limited,
    Method,
    Malformed,
}

/// In the order of the enum.
const NAMES: [&str; 10] =
    ["content", "fallback", "card", "gone", "unknown", "page", "refused", "limited", "method", "malformed"];

/// Plain numbers: an atomic that all workers add to would travel between cores at every request.
pub(super) struct Tally {
    outcomes: [u64; NAMES.len()],
    unrecorded: [u64; Unrecorded::ALL.len()],
    durations: LocalHistogram,
}

impl Tally {
    pub(super) fn new(metrics: &Metrics) -> Self {
        Self {
            outcomes: [0; NAMES.len()],
            unrecorded: [0; Unrecorded::ALL.len()],
            durations: metrics.redirect_duration.local(),
        }
    }

    pub(super) fn answered(&mut self, outcome: Outcome, took: Duration) {
        self.outcomes[outcome as usize] += 1;
        self.durations.observe(took.as_secs_f64());
    }

    pub(super) fn unrecorded(&mut self, reason: Unrecorded) {
        self.unrecorded[reason as usize] += 1;
    }

    pub(super) fn flush(&mut self, metrics: &Metrics) {
        for (name, count) in NAMES.iter().zip(&mut self.outcomes).filter(|(_, count)| **count > 0) {
            metrics.redirects.with_label_values(&[name]).inc_by(std::mem::take(count));
        }
        for (reason, count) in Unrecorded::ALL.iter().zip(&mut self.unrecorded).filter(|(_, count)| **count > 0) {
            metrics.clicks_unrecorded.with_label_values(&[reason.as_str()]).inc_by(std::mem::take(count));
        }
        self.durations.flush();
    }
}
