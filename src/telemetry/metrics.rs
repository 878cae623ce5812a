//! The metrics catalogue: every name, unit and label value that Relais exports.
//!
//! Names carry the base unit (seconds, bytes); labels have few, fixed values. Hot paths keep
//! local counters and add them up here at intervals.

use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

use crate::model::Class;

/// All metrics of a process. Cheap to share behind an `Arc`; made once by whoever composes it.
pub struct Metrics {
    registry: Registry,
    /// Requests answered by the redirect port, by outcome: `content`, `fallback`, `card`, `gone`, `unknown`,
    /// `page`, `refused` (503, the spool would not take it), `limited`, `method`, `malformed`.
    pub redirects: IntCounterVec,
    /// From a parsed request to a ready answer, seconds.
    pub redirect_duration: Histogram,
    /// Clicks stored in ClickHouse and verified, by class.
    pub clicks_recorded: IntCounterVec,
    /// Answered clicks that no spool holds, by reason: `full`, `io`.
    pub clicks_unrecorded: IntCounterVec,
    /// Bytes that segments take on disk.
    pub spool_bytes: IntGauge,
    /// Bytes of segments that hold a record which is not stored and verified: what cannot be given up for room.
    pub spool_unshipped_bytes: IntGauge,
    /// Bytes that the spool may take (`spool.max_bytes`).
    pub spool_max_bytes: IntGauge,
    /// Age of the oldest record that is not stored and verified, seconds.
    pub spool_oldest: Gauge,
    /// Batches by result: `stored`, `healed`, `retried`, `bisected`, `parked`.
    pub ship_batches: IntCounterVec,
    /// Rows stored and verified.
    pub ship_rows: IntCounter,
    /// From a record's append to its verification, seconds (the newest batch's oldest record).
    pub ship_lag: Gauge,
    /// Rows that went to quarantine.
    pub quarantined: IntCounter,
    /// One insert statement, seconds.
    pub clickhouse_insert: Histogram,
    /// 1 while ClickHouse answers.
    pub clickhouse_up: IntGauge,
    /// Starts of the embedded engine beyond the first.
    pub clickhouse_restarts: IntCounter,
    /// Since a pass began after which every roll-up was what stood behind it at that moment, seconds.
    pub rollup_lag: Gauge,
    /// One pass of the roll-ups that computed something, seconds.
    pub rollup_duration: Histogram,
    /// Local days and months that were computed anew.
    pub rollup_days: IntCounter,
    /// Passes of the roll-ups that ClickHouse broke off.
    pub rollup_failures: IntCounter,
    /// Links in the table.
    pub links: IntGauge,
    /// Since the link table last knew that it had every change, seconds.
    pub link_staleness: Gauge,
    /// Number of the change that the link table's last snapshot stands at.
    pub link_snapshot_seq: IntGauge,
    /// Open connections by port: `redirect`, `portal`, `ops`.
    pub connections: IntGaugeVec,
    /// Connections that were closed at once, by reason: `address`, `total`.
    pub connections_refused: IntCounterVec,
    /// Fetches of pages, feeds and pictures of others, by result: `found`, `unchanged`, or why not.
    pub outbound_fetches: IntCounterVec,
    /// Mails by result: `sent`, `put_off` (tried again later), `given_up`.
    pub mails: IntCounterVec,
    /// API requests by route pattern and status.
    pub api_requests: IntCounterVec,
    /// API requests by route pattern, seconds.
    pub api_duration: HistogramVec,
}

/// Buckets of a redirect: a microsecond to a second, in seconds.
const REDIRECT_BUCKETS: &[f64] = &[1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 1.0];
/// Buckets of a call to another process, in seconds.
const CALL_BUCKETS: &[f64] = &[1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Registers every metric; `relais_build_info` is set to this version.
    pub fn new() -> Self {
        let registry = Registry::new();
        let build = family(&registry, "build_info", "Version of the running program", &["version"]);
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Self {
            redirects: counted(
                &registry,
                "redirects_total",
                "Requests answered on the redirect port",
                "outcome",
                &[
                    "content",
                    "fallback",
                    "card",
                    "gone",
                    "unknown",
                    "page",
                    "refused",
                    "limited",
                    "method",
                    "malformed",
                ],
            ),
            redirect_duration: histogram(
                &registry,
                "redirect_duration_seconds",
                "From a parsed request to a ready answer",
                REDIRECT_BUCKETS,
            ),
            clicks_recorded: counted(
                &registry,
                "clicks_recorded_total",
                "Clicks stored and verified",
                "class",
                &Class::ALL.iter().map(|class| class.as_str()).collect::<Vec<_>>(),
            ),
            clicks_unrecorded: counted(
                &registry,
                "clicks_unrecorded_total",
                "Answered clicks that no spool holds",
                "reason",
                &["full", "io"],
            ),
            spool_bytes: gauge(&registry, "spool_bytes", "Bytes that segments take on disk"),
            spool_unshipped_bytes: gauge(
                &registry,
                "spool_unshipped_bytes",
                "Bytes of segments with a record not yet stored",
            ),
            spool_max_bytes: gauge(&registry, "spool_max_bytes", "Bytes that the spool may take"),
            spool_oldest: float(&registry, "spool_oldest_seconds", "Age of the oldest record not yet stored"),
            ship_batches: counted(
                &registry,
                "ship_batches_total",
                "Batches by result",
                "result",
                &["stored", "healed", "retried", "bisected", "parked"],
            ),
            ship_rows: counter(&registry, "ship_rows_total", "Rows stored and verified"),
            ship_lag: float(&registry, "ship_lag_seconds", "From append to verification, newest batch"),
            quarantined: counter(&registry, "quarantined_total", "Rows that ClickHouse refused and quarantine holds"),
            clickhouse_insert: histogram(
                &registry,
                "clickhouse_insert_seconds",
                "Duration of one insert statement",
                CALL_BUCKETS,
            ),
            clickhouse_up: gauge(&registry, "clickhouse_up", "1 while ClickHouse answers"),
            clickhouse_restarts: counter(&registry, "clickhouse_restarts_total", "Restarts of the embedded engine"),
            rollup_lag: float(&registry, "rollup_lag_seconds", "Since the roll-ups were last known complete"),
            rollup_duration: histogram(
                &registry,
                "rollup_seconds",
                "Duration of one pass of the roll-ups",
                CALL_BUCKETS,
            ),
            rollup_days: counter(&registry, "rollup_days_total", "Local days and months computed anew"),
            rollup_failures: counter(&registry, "rollup_failures_total", "Passes of the roll-ups that were broken off"),
            links: gauge(&registry, "links", "Links in the table"),
            link_staleness: float(&registry, "link_staleness_seconds", "Since the link table was last known complete"),
            link_snapshot_seq: gauge(
                &registry,
                "link_snapshot_seq",
                "Change that the last snapshot of links stands at",
            ),
            connections: family(&registry, "connections", "Open connections", &["port"]),
            connections_refused: counted(
                &registry,
                "connections_refused_total",
                "Connections closed at once",
                "reason",
                &["address", "total"],
            ),
            outbound_fetches: counters(
                &registry,
                "outbound_fetches_total",
                "Fetches of pages, feeds and pictures of others",
                &["result"],
            ),
            mails: counted(
                &registry,
                "mails_total",
                "Mails by what became of them",
                "result",
                &["sent", "put_off", "given_up"],
            ),
            api_requests: counters(&registry, "api_requests_total", "API requests", &["route", "status"]),
            api_duration: {
                let options = HistogramOpts::new("relais_api_request_duration_seconds", "Duration of API requests")
                    .buckets(CALL_BUCKETS.to_vec());
                register(&registry, HistogramVec::new(options, &["route"]).expect("a valid name"))
            },
            registry,
        }
    }

    /// Everything in Prometheus's text format.
    pub fn render(&self) -> String {
        prometheus::TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

fn register<C: prometheus::core::Collector + Clone + 'static>(registry: &Registry, collector: C) -> C {
    registry.register(Box::new(collector.clone())).expect("each metric is registered once");
    collector
}

fn named(name: &str, help: &str) -> Opts {
    Opts::new(format!("relais_{name}"), help)
}

fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    register(registry, IntCounter::with_opts(named(name, help)).expect("a valid name"))
}

fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    register(registry, IntCounterVec::new(named(name, help), labels).expect("a valid name"))
}

/// Counters whose label values are known, each there from 0 on: `increase` sees nothing of a series that begins with
/// its first count, and the first unrecorded click is the one to be woken for.
fn counted(registry: &Registry, name: &str, help: &str, label: &str, values: &[&str]) -> IntCounterVec {
    let family = counters(registry, name, help, &[label]);
    for value in values {
        family.with_label_values(&[value]);
    }
    family
}

fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    register(registry, IntGauge::with_opts(named(name, help)).expect("a valid name"))
}

fn family(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    register(registry, IntGaugeVec::new(named(name, help), labels).expect("a valid name"))
}

fn float(registry: &Registry, name: &str, help: &str) -> Gauge {
    register(registry, Gauge::with_opts(named(name, help)).expect("a valid name"))
}

fn histogram(registry: &Registry, name: &str, help: &str, buckets: &[f64]) -> Histogram {
    let options = HistogramOpts::new(format!("relais_{name}"), help).buckets(buckets.to_vec());
    register(registry, Histogram::with_opts(options).expect("a valid name"))
}
