//! One POST to an address that was checked.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use super::connection::{tls, web_roots};
use super::destinations::{Destinations, Refused};

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long the whole may take, from the name to the head of the answer.
const WITHIN: Duration = Duration::from_secs(15);

/// Posts to checked addresses. Cheap to clone.
#[derive(Clone)]
pub struct Poster {
    destinations: Destinations,
    tls: TlsConnector,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poster").field("destinations", &self.destinations).finish_non_exhaustive()
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

impl Poster {
    /// Reaches what `destinations` lets it reach.
    pub fn new(destinations: Destinations) -> Self {
        Self { destinations, tls: tls(web_roots()) }
    }

    /// Posts `body`, within 15 s. Redirects are not followed: their status is the answer.
    ///
    /// # Errors
    /// [`PostError`]. The receiver may have got the request all the same.
    pub async fn post(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answered, PostError> {
        tokio::time::timeout(WITHIN, self.post_unbounded(url, headers, body)).await.unwrap_or(Err(PostError::Late))
    }

    async fn post_unbounded(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answered, PostError> {
        let addresses = self.destinations.resolve(url).await?;
        let stream = connect(&addresses).await?;
        let request = request(url, headers, body)?;
        if url.scheme() == "http" {
            return exchange(stream, request).await;
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|error| PostError::Connect(error.to_string()))?;
        let stream = self.tls.connect(name, stream).await.map_err(|error| PostError::Connect(error.to_string()))?;
        exchange(stream, request).await
    }
}

/// The first address that takes the connection.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, PostError> {
    let mut why = String::new();
    for address in addresses {
        match tokio::time::timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => why = error.to_string(),
            Err(_late) => why = format!("nobody took it within {} s", CONNECT_WITHIN.as_secs()),
        }
    }
    Err(PostError::Connect(why))
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

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answered, PostError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    // What the receiver writes behind its status is nobody's concern here.
    connection.abort();
    Ok(Answered { status: answer?.status() })
}
