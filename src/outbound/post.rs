//! One POST to an address that was checked.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use url::Url;

use super::connection::{ConnectError, Connection, Connector, tls, web_roots};
use super::destinations::{Destinations, Refused};

/// How long the whole may take, from the name to the head of the answer.
const WITHIN: Duration = Duration::from_secs(15);

/// Posts to checked addresses. Cheap to clone.
#[derive(Clone)]
pub struct Poster {
    connector: Connector,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poster").field("destinations", &self.connector.destinations).finish_non_exhaustive()
    }
}

/// The head of an answer. Its body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: StatusCode,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address may not be reached.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No connection: nobody listens, or TLS was refused.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The connection broke, or what came back is not HTTP.
    #[error("no answer: {0}")]
    Broken(#[from] hyper::Error),
    /// Too slow.
    #[error("no answer within {} s", WITHIN.as_secs())]
    Late,
}

impl From<ConnectError> for PostError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Refused(refused) => Self::Refused(refused),
            error => Self::Connect(error.to_string()),
        }
    }
}

impl Poster {
    /// Reaches what `destinations` lets it reach.
    pub fn new(destinations: Destinations) -> Self {
        Self { connector: Connector { destinations, tls: tls(web_roots()) } }
    }

    /// Posts `body`, within 15 s. Redirects are not followed: their status is the answer.
    ///
    /// # Errors
    /// [`PostError`]. The receiver may have got the request all the same.
    pub async fn post(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answered, PostError> {
        tokio::time::timeout(WITHIN, self.post_unbounded(url, headers, body)).await.unwrap_or(Err(PostError::Late))
    }

    async fn post_unbounded(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answered, PostError> {
        let connection = self.connector.connect(url).await?;
        exchange(connection, request(url, headers, body)?).await
    }
}

fn request(url: &Url, headers: HeaderMap, body: Bytes) -> Result<Request<Full<Bytes>>, PostError> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let unfit = |error: http::Error| PostError::Connect(error.to_string());
    let mut request = Request::builder().method(Method::POST).uri(target).body(Full::new(body)).map_err(unfit)?;
    *request.headers_mut() = headers;
    let host = HeaderValue::from_str(host).map_err(|error| unfit(error.into()))?;
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

async fn exchange(connection: Connection, request: Request<Full<Bytes>>) -> Result<Answered, PostError> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(connection)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    // What the receiver writes behind its status is nobody's concern here.
    connection.abort();
    Ok(Answered { status: answer?.status() })
}
