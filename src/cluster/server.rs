//! What a control node tells redirect nodes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, header};
use http_body_util::StreamBody;
use hyper::body::Frame;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio::sync::mpsc;

use crate::model::address::Day;
use crate::model::hex;
use crate::store::{Store, StoreError};

/// Changes of one answer, at most.
const MOST_CHANGES: u32 = 10_000;
/// Pages of a snapshot that wait for a slow node, at most.
const PAGES_AHEAD: usize = 4;

/// Gives the secrets of today and the days to come.
pub type DayKeysToHandOut = Arc<dyn Fn() -> io::Result<BTreeMap<Day, [u8; 32]>> + Send + Sync>;

struct Nodes {
    store: Store,
    keys: DayKeysToHandOut,
    token: SecretString,
}

/// The routes of `/internal/v1`, for those who show `token`.
pub fn router(store: Store, keys: DayKeysToHandOut, token: SecretString) -> Router {
    let nodes = Arc::new(Nodes { store, keys, token });
    Router::new()
        .route("/internal/v1/changes", get(changes))
        .route("/internal/v1/snapshot", get(snapshot))
        .route("/internal/v1/day-keys", get(day_keys))
        .layer(from_fn_with_state(Arc::clone(&nodes), admit))
        .with_state(nodes)
}

async fn admit(State(nodes): State<Arc<Nodes>>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if bool::from(shown.as_bytes().ct_eq(nodes.token.expose_secret().as_bytes())) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "show the token of data_dir/node-token\n").into_response()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: u64,
    limit: u32,
}

async fn changes(State(nodes): State<Arc<Nodes>>, Query(asked): Query<Asked>) -> Response {
    match nodes.store.changes_since(asked.after, asked.limit.min(MOST_CHANGES)).await {
        Ok(changes) => Json(json!({ "changes": changes })).into_response(),
        Err(StoreError::SnapshotNeeded { .. }) => (StatusCode::GONE, "take a snapshot\n").into_response(),
        Err(error) => away(&error),
    }
}

async fn snapshot(State(nodes): State<Arc<Nodes>>) -> Response {
    let mut snapshot = match nodes.store.snapshot().await {
        Ok(snapshot) => snapshot,
        Err(error) => return away(&error),
    };
    let (lines, mut written) = mpsc::channel::<Bytes>(PAGES_AHEAD);
    tokio::spawn(async move {
        loop {
            let line = match snapshot.next_page().await {
                Ok(page) if page.is_empty() => json!({ "seq": snapshot.seq() }).to_string(),
                Ok(page) => serde_json::to_string(&page).expect("entities have texts as keys"),
                // Without its last line the node knows that it has not all.
                Err(error) => return tracing::warn!(%error, "a snapshot for a node broke off"),
            };
            let last = line.starts_with('{');
            if lines.send(Bytes::from(line + "\n")).await.is_err() || last {
                return;
            }
        }
    });
    let frames = futures_util::stream::poll_fn(move |context| {
        written.poll_recv(context).map(|line| line.map(|line| Ok::<_, Infallible>(Frame::data(line))))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::new(StreamBody::new(frames))).into_response()
}

async fn day_keys(State(nodes): State<Arc<Nodes>>) -> Response {
    match (nodes.keys)() {
        Ok(secrets) => {
            let told: serde_json::Map<_, _> =
                secrets.iter().map(|(day, secret)| (day.to_string(), hex(secret).into())).collect();
            Json(told).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the keys of the day cannot be handed out");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn away(error: &StoreError) -> Response {
    tracing::warn!(%error, "a node asked for changes");
    (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
}
