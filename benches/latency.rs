//! How long readers wait while clicks are shipped: open loop, one redirect worker, the real program and engine.
//!
//! ```text
//! cargo bench --bench latency -- [--rate 50000] [--seconds 20] [--json]
//! ```
//! Requests leave on schedule whatever the answers do, and a wait counts from the instant at which a request was due.
//! At half of what one worker can do, p99.9 is to be at most 3 ms. Afterwards the run is reconciled with ClickHouse:
//! it ends with a failure when a click was lost, doubled or invented. The program is the release build.
//!
//! `machine_p999_ms` is what a request would wait on this machine if nothing ran on it but a loop on each core: a shared
//! host takes cores away for milliseconds, and no program is faster than that.

use serde_json::json;
use support::{argument, print};

#[path = "support/harness.rs"]
mod harness;
#[path = "support/machine.rs"]
#[allow(dead_code, reason = "each bench takes what it needs")]
mod machine;
#[allow(dead_code, reason = "each bench takes what it needs")]
mod support;

use harness::{Installation, Load};
use machine::Stalls;

/// Seconds for which the machine is watched before the load.
const WATCH: u64 = 10;

fn main() {
    let (rate, seconds) = (argument("--rate", 50_000u64), argument("--seconds", 20u64));
    let installation = Installation::start(&[("RELAIS_REDIRECT__WORKERS", "1")]);
    let links = installation.links(100, 100);
    let machine = Stalls::watch(WATCH);
    let sent = Load::start(&installation, &links.codes, rate, seconds).finish();
    let verdict = sent.assert_exact(&installation);
    let ms = |quantile: &str| json!(sent.number(&format!("/latency_us/{quantile}")) / 1000.0);
    print(
        "one worker under an open loop, clicks being shipped",
        &[
            ("requests_per_second", json!(sent.number("/achieved"))),
            ("p50_ms", ms("p50")),
            ("p99_ms", ms("p99")),
            ("p999_ms", ms("p99.9")),
            ("max_ms", ms("max")),
            ("machine_p999_ms", json!(machine.exceeded_by(0.001))),
            ("stored", verdict["stored"].clone()),
            ("lost", verdict["lost"]["count"].clone()),
            ("doubled", verdict["doubled"]["count"].clone()),
            ("invented", verdict["invented"]["count"].clone()),
        ],
    );
}
