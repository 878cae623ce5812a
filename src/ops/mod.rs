//! What operators and their tools ask: `/metrics`, `/live`, `/ready`.
//!
//! `/live` says that the process turns over. `/ready` says whether this node should be sent
//! requests: its link table is filled and its spool takes clicks. ClickHouse is deliberately not
//! part of it: a node answers and keeps every click while ClickHouse is away, so taking it out of
//! service then would turn a delay into an outage.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;

use crate::telemetry::Metrics;

/// Configuration of the operations port.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of `/metrics`, `/live` and `/ready`.
    pub listen: std::net::SocketAddr,
}

impl Default for Config {
    fn default() -> Self {
        Self { listen: ([127, 0, 0, 1], 9090).into() }
    }
}

/// One condition of readiness: its name, and `Ok` or what is missing.
pub type Check = (&'static str, Result<(), String>);

/// Asks the running process for its conditions; called for every `/ready`.
pub type Readiness = Arc<dyn Fn() -> Vec<Check> + Send + Sync>;

#[derive(Clone)]
struct Operations {
    metrics: Arc<Metrics>,
    readiness: Readiness,
    before_scrape: Arc<dyn Fn() + Send + Sync>,
}

/// The three pages. `before_scrape` brings gauges up to date that nobody keeps current in between.
pub fn router(metrics: Arc<Metrics>, readiness: Readiness, before_scrape: Arc<dyn Fn() + Send + Sync>) -> Router {
    Router::new()
        .route("/metrics", get(render_metrics))
        .route("/live", get(|| async { "live\n" }))
        .route("/ready", get(ready))
        .with_state(Operations { metrics, readiness, before_scrape })
}

async fn render_metrics(State(operations): State<Operations>) -> impl IntoResponse {
    (operations.before_scrape)();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], operations.metrics.render())
}

async fn ready(State(operations): State<Operations>) -> impl IntoResponse {
    let checks = (operations.readiness)();
    let status =
        if checks.iter().all(|(_, result)| result.is_ok()) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let lines: String = checks
        .iter()
        .map(|(name, result)| match result {
            Ok(()) => format!("{name}: ready\n"),
            Err(missing) => format!("{name}: {missing}\n"),
        })
        .collect();
    (status, lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower::ServiceExt;

    async fn ask(checks: Vec<Check>, path: &str) -> (StatusCode, String) {
        let router = router(Arc::new(Metrics::new()), Arc::new(move || checks.clone()), Arc::new(|| {}));
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("infallible");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn a_node_with_something_missing_is_not_ready_and_says_what() {
        let (status, body) = ask(vec![("links", Ok(())), ("spool", Err("the disk is full".into()))], "/ready").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body, "links: ready\nspool: the disk is full\n");
    }

    #[tokio::test]
    async fn every_metric_of_the_catalogue_is_exported_under_its_name() {
        let (status, body) = ask(vec![], "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        for name in ["relais_build_info", "relais_spool_bytes", "relais_ship_lag_seconds", "relais_links"] {
            assert!(body.contains(name), "{name} is missing");
        }
    }
}
