//! Style sheet, scripts and icons, compiled in.
//!
//! Each is served under a name that holds the digest of its bytes, so browsers may keep it for
//! ever; what is text is compressed once, when the first one is asked for. Pages themselves are not
//! compressed: they hold a secret (the forms' proof) beside what a stranger may have put into the
//! address, and the length of the compressed whole would tell one from the other (BREACH).

use std::fmt;
use std::io::Write as _;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::look::TOKENS;

/// Under this name an asset never changes.
pub(in crate::portal) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The style sheet's parts, in order. An area with rules of its own adds its file.
const STYLE: &[&str] = &[
    TOKENS,
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/frame.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/employee.css"),
    include_str!("../assets/css/admin.css"),
    include_str!("../assets/css/marketing.css"),
    include_str!("../assets/css/recruiting.css"),
    include_str!("../assets/css/kpis.css"),
];

const ICONS: &str = include_str!("../assets/icons.svg");

const HTMX: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/htmx.org/dist/htmx.min.js"));
const UPLOT: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/uplot/dist/uPlot.iife.min.js"));
const UPLOT_CSS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/uplot/dist/uPlot.min.css"));

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

struct Asset {
    name: &'static str,
    /// `/assets/<stem>.<digest>.<extension>`
    path: String,
    media_type: &'static str,
    bytes: Bytes,
    /// The same in gzip, where that is shorter.
    gzip: Option<Bytes>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let text = |text: &'static str| Bytes::from_static(text.as_bytes());
    [
        ("portal.css", CSS, Bytes::from(STYLE.concat())),
        ("app.js", JS, text(include_str!("../assets/app.js"))),
        ("charts.js", JS, text(include_str!("../assets/charts.js"))),
        ("htmx.js", JS, Bytes::from_static(HTMX)),
        ("uplot.js", JS, Bytes::from_static(UPLOT)),
        ("uplot.css", CSS, Bytes::from_static(UPLOT_CSS)),
        ("icons.svg", SVG, text(ICONS)),
        ("app.svg", SVG, text(include_str!("../assets/app.svg"))),
        ("app-192.png", PNG, Bytes::from_static(include_bytes!("../assets/app-192.png"))),
        ("app-512.png", PNG, Bytes::from_static(include_bytes!("../assets/app-512.png"))),
    ]
    .into_iter()
    .map(|(name, media_type, bytes)| asset(name, media_type, bytes))
    .collect()
});

fn asset(name: &'static str, media_type: &'static str, bytes: Bytes) -> Asset {
    let digest = Sha256::digest(&bytes);
    let digest: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let (stem, extension) = name.split_once('.').expect("every asset's name has an extension");
    let gzip = (media_type != PNG).then(|| gzip(&bytes)).filter(|short| short.len() < bytes.len());
    Asset { name, path: format!("/assets/{stem}.{digest}.{extension}"), media_type, bytes, gzip }
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything").into()
}

/// The path under which an asset of this name is served.
///
/// # Panics
/// When there is none: names are constants, and each page has a test.
pub(in crate::portal) fn path(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    &found.unwrap_or_else(|| panic!("no asset {name}")).path
}

/// `/assets/{file}`
pub(in crate::portal) async fn serve(Path(file): Path<String>, asked: HeaderMap) -> Response {
    let path = format!("/assets/{file}");
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes_gzip = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().split(';').next() == Some("gzip")));
    let (bytes, coded) = match &asset.gzip {
        Some(gzip) if takes_gzip => (gzip.clone(), true),
        _ => (asset.bytes.clone(), false),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if coded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// An icon of the sprite: a picture beside words, which readers of the page aloud leave out.
pub(in crate::portal) struct Icon(&'static str);

impl Icon {
    /// The icon of this name.
    pub(in crate::portal) fn new(name: &'static str) -> Self {
        debug_assert!(ICONS.contains(&format!("id=\"{name}\"")), "no icon {name}");
        Self(name)
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, name) = (path("icons.svg"), self.0);
        write!(f, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{path}#{name}\"/></svg>")
    }
}

impl HtmlSafe for Icon {}
