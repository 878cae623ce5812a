//! The ports of a process and what is bounded on each.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::net::{self, Limits, LimitsConfig, Port, TrustedProxies};
use crate::ops;
use crate::telemetry::Metrics;

/// How long requests in flight may take once the process is told to end.
const REQUEST_GRACE: Duration = Duration::from_secs(5);
/// Connections of the operations' port, at most.
const OPERATIONS_CONNECTIONS: u32 = 256;

/// The port of short links.
pub(super) fn redirect(settings: &Settings, metrics: &Arc<Metrics>) -> Port {
    let malformed = metrics.redirects.with_label_values(&["malformed"]);
    let pages = pages("redirect", settings.redirect.limits(), settings, metrics);
    Port { malformed: Some(malformed), lean: true, ..pages }
}

/// A port of pages or calls.
pub(super) fn pages(name: &'static str, limits: LimitsConfig, settings: &Settings, metrics: &Arc<Metrics>) -> Port {
    Port {
        name,
        limits: Arc::new(Limits::new(limits)),
        trusted: Arc::new(TrustedProxies::new(settings.redirect.trusted_proxies.clone())),
        metrics: Arc::clone(metrics),
        malformed: None,
        lean: false,
        head_timeout: Port::HEAD_TIMEOUT,
        grace: REQUEST_GRACE,
    }
}

/// Serves `router` until `shutdown`.
pub(super) fn serve(listener: TcpListener, port: Arc<Port>, router: Router, shutdown: &CancellationToken) {
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        let name = port.name;
        if let Err(error) = net::serve_router(listener, port, router, shutdown).await {
            tracing::error!(%error, name, "the port is not served any more");
        }
    });
}

/// Serves metrics, liveness and readiness.
pub(super) fn serve_operations(
    listener: TcpListener,
    settings: &Settings,
    readiness: ops::Readiness,
    metrics: &Arc<Metrics>,
    shutdown: &CancellationToken,
) {
    let limits = LimitsConfig { max_connections: OPERATIONS_CONNECTIONS, ..LimitsConfig::OFF };
    let port = Arc::new(pages("ops", limits, settings, metrics));
    serve(listener, port, ops::router(Arc::clone(metrics), readiness, Arc::new(|| {})), shutdown);
}
