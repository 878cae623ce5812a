//! `/manifest.webmanifest?space=…`: what a phone shows when somebody puts the portal on its home
//! screen.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;

use super::PortalState;
use super::parts::{Failure, Outcome, Visit, assets};
use crate::look::Look;

/// How long browsers keep it: a space seldom changes its name.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ManifestQuery {
    space: Option<String>,
}

/// Browsers fetch it without cookies, so the address names the space.
pub(super) async fn show(
    State(state): State<PortalState>,
    visit: Visit,
    Query(asked): Query<ManifestQuery>,
) -> Outcome {
    let space = visit.space(&state, asked.space.as_deref()).await.map_err(Failure::from)?;
    let look = space.as_ref().map_or_else(Look::default, Look::of);
    let icon = |name: &str, sizes: &str, kind: &str| json!({"src": assets::path(name), "sizes": sizes, "type": kind});
    let manifest = json!({
        "name": space.as_ref().map_or("Relais", |space| space.name.as_str()),
        "short_name": space.as_ref().map_or("Relais", |space| space.name.as_str()),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": look.accent.to_string(),
        "background_color": look.accent.to_string(),
        "icons": [
            icon("app-192.png", "192x192", "image/png"),
            icon("app-512.png", "512x512", "image/png"),
            icon("app.svg", "any", "image/svg+xml"),
        ],
    });
    let mut response: Response = manifest.to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    headers.insert(header::CACHE_CONTROL, AN_HOUR);
    Ok(response)
}
