//! One fetch: hop by hop, within its bounds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;
use tokio_rustls::rustls::RootCertStore;
use tokio_util::task::AbortOnDropHandle;
use url::{Position, Url};

use super::body;
use super::config::Config;
use super::connection::{Connector, tls, web_roots};
use super::destinations::{Destinations, Refused};
use super::error::FetchError;
use super::resolver::{Resolve, SystemResolver};
use crate::telemetry::Metrics;

/// Most bytes of a body, as received and as unpacked.
pub const MAX_BYTES: usize = 1 << 20;
/// How long a fetch may take, from the lookup to the last byte, redirects included.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// Fetches at the same time; others wait within their time.
const AT_ONCE: usize = 16;
/// Header lines and bytes of an answer's head.
const MAX_HEADERS: usize = 100;
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Longest validator that is worth keeping, in bytes.
const MAX_VALIDATOR: usize = 512;
const USER_AGENT: &str =
    concat!("Relais/", env!("CARGO_PKG_VERSION"), " (employee advocacy; fetches pages, feeds and pictures)");

/// What to fetch.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Where.
    pub url: String,
    /// `Accept`; empty: anything.
    pub accept: &'static str,
    /// The `ETag` of what is known already.
    pub etag: Option<String>,
    /// The `Last-Modified` of what is known already.
    pub last_modified: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What is known is still right.
    Unchanged,
    /// A body.
    Found(Fetched),
}

/// A body, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was in the end.
    pub url: Url,
    /// `Content-Type`, as it was sent.
    pub content_type: Option<String>,
    /// To ask with the next time.
    pub etag: Option<String>,
    /// To ask with the next time.
    pub last_modified: Option<String>,
    /// At most [`MAX_BYTES`].
    pub body: Vec<u8>,
    /// False when there was more.
    pub whole: bool,
}

/// Fetches. One for a process: it bounds how much is fetched at once.
pub struct Fetcher {
    connector: Connector,
    places: Semaphore,
    metrics: Arc<Metrics>,
    time_limit: Duration,
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("destinations", &self.connector.destinations).finish_non_exhaustive()
    }
}

impl Fetcher {
    /// Goes where `config` allows; trusts the certificates that browsers trust.
    pub fn new(config: Config, metrics: Arc<Metrics>) -> Self {
        Self::with(&config, metrics, Arc::new(SystemResolver), web_roots(), TIME_LIMIT)
    }

    /// The same with another idea of names, trust and patience.
    pub(super) fn with(
        config: &Config,
        metrics: Arc<Metrics>,
        resolver: Arc<dyn Resolve>,
        roots: RootCertStore,
        time_limit: Duration,
    ) -> Self {
        let connector = Connector { destinations: Destinations::with(config, resolver), tls: tls(roots) };
        Self { connector, places: Semaphore::new(AT_ONCE), metrics, time_limit }
    }

    /// Fetches `ask`.
    ///
    /// # Errors
    /// Says why there is nothing; any status but 200 and 304 is one.
    pub async fn fetch(&self, ask: &Ask) -> Result<Answer, FetchError> {
        let outcome = match tokio::time::timeout(self.time_limit, self.within_time(ask)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(FetchError::Slow),
        };
        let result = match &outcome {
            Ok(Answer::Found(_)) => "found",
            Ok(Answer::Unchanged) => "unchanged",
            Err(error) => error.code(),
        };
        self.metrics.outbound_fetches.with_label_values(&[result]).inc();
        outcome
    }

    async fn within_time(&self, ask: &Ask) -> Result<Answer, FetchError> {
        let _place = self.places.acquire().await.map_err(|_| FetchError::Slow)?;
        let mut url = Url::parse(&ask.url).map_err(|_| Refused::Form)?;
        for _ in 0..=MAX_REDIRECTS {
            let Hop { response, host, _connection } = self.hop(&url, ask).await?;
            let status = response.status();
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                let target = response.headers().get(header::LOCATION);
                let target = target.and_then(|target| std::str::from_utf8(target.as_bytes()).ok());
                url = target.and_then(|target| url.join(target).ok()).ok_or(FetchError::Redirects)?;
                continue;
            }
            if status == StatusCode::NOT_MODIFIED && (ask.etag.is_some() || ask.last_modified.is_some()) {
                return Ok(Answer::Unchanged);
            }
            if status != StatusCode::OK {
                return Err(FetchError::Status(status.as_u16()));
            }
            let (parts, incoming) = response.into_parts();
            let (body, whole) = body::read(&parts.headers, incoming, MAX_BYTES, &host).await?;
            return Ok(Answer::Found(Fetched {
                url,
                content_type: text(&parts.headers, header::CONTENT_TYPE),
                etag: text(&parts.headers, header::ETAG),
                last_modified: text(&parts.headers, header::LAST_MODIFIED),
                body,
                whole,
            }));
        }
        Err(FetchError::Redirects)
    }

    /// One request on a connection of its own.
    async fn hop(&self, url: &Url, ask: &Ask) -> Result<Hop, FetchError> {
        let connection = self.connector.connect(url).await?;
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let unreachable = |_| FetchError::Unreachable { host: host.clone() };
        let (mut sender, driver) = http1::Builder::new()
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .handshake(TokioIo::new(connection))
            .await
            .map_err(unreachable)?;
        let connection = AbortOnDropHandle::new(tokio::spawn(async move {
            let _broken_off = driver.await;
        }));
        let response = sender.send_request(request(url, &host, ask)?).await.map_err(unreachable)?;
        Ok(Hop { response, host, _connection: connection })
    }
}

/// An answer whose body is still to come. However the fetch ends, its connection ends with it: no
/// site holds one longer than the fetch takes.
struct Hop {
    response: http::Response<Incoming>,
    host: String,
    _connection: AbortOnDropHandle<()>,
}

fn request(url: &Url, host: &str, ask: &Ask) -> Result<Request<Empty<Bytes>>, FetchError> {
    let mut request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, host)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, if ask.accept.is_empty() { "*/*" } else { ask.accept })
        .header(header::ACCEPT_ENCODING, "gzip")
        .header(header::CONNECTION, "close");
    for (name, value) in [(header::IF_NONE_MATCH, &ask.etag), (header::IF_MODIFIED_SINCE, &ask.last_modified)] {
        // What was stored came from a header; one that is none any more is not worth failing for.
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            request = request.header(name, value);
        }
    }
    Ok(request.body(Empty::new()).map_err(|_| Refused::Form)?)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
}
