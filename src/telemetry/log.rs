//! Log lines: JSON on standard error, or text for people at a terminal.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging to standard error: JSON lines, or plain text when `pretty`.
///
/// `RELAIS_LOG` narrows or widens it in the syntax of `tracing`'s `EnvFilter` (default `info`).
/// Calling it twice keeps the first.
pub fn init(pretty: bool) {
    let filter = EnvFilter::try_from_env("RELAIS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(true);
    let _already_started = if pretty {
        registry.with(layer.compact()).try_init()
    } else {
        registry.with(layer.json().flatten_event(true).with_current_span(false)).try_init()
    };
}
