//! `/look/{accent}.{digest}.css`: a space's colours as a style sheet.
//!
//! What it says depends on the colour alone, so nothing is looked up and browsers keep it for ever;
//! the digest changes when the derivation does.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::assets::FOR_EVER;
use crate::look::{Color, Look};

/// The path of a look's style sheet.
pub(in crate::portal) fn path(look: &Look) -> String {
    let digest = Sha256::digest(look.css());
    let accent = look.accent.to_string();
    format!("/look/{}.{:02x}{:02x}{:02x}{:02x}.css", &accent[1..], digest[0], digest[1], digest[2], digest[3])
}

/// `/look/{file}`
pub(in crate::portal) async fn serve(Path(file): Path<String>) -> Response {
    let accent = file.split('.').next().and_then(|digits| digits.parse::<Color>().ok());
    let Some(look) = accent.map(|accent| Look { accent, logo: None }) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if path(&look) != format!("/look/{file}") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = look.css().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    response
}
