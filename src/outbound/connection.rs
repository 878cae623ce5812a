//! A connection to exactly one of the addresses that were checked.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::destinations::{Destinations, Refused};

/// How long one address may take to answer.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// Where connections may go, and whom they trust. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) destinations: Destinations,
    pub(super) tls: TlsConnector,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ConnectError {
    /// The address may not be reached.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No address takes it.
    #[error("{host} does not answer: {why}")]
    Unreachable { host: String, why: String },
    /// The certificate is not one for this name, or TLS fails otherwise.
    #[error("{host} cannot prove who it is (TLS): {why}")]
    Tls { host: String, why: String },
}

/// The trust that browsers start with.
pub(super) fn web_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

pub(super) fn tls(roots: RootCertStore) -> TlsConnector {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

impl Connector {
    /// Looks the host up once, checks every address of it and connects to the first that answers.
    pub(super) async fn connect(&self, url: &Url) -> Result<Connection, ConnectError> {
        let addresses = self.destinations.resolve(url).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let stream = match first_that_answers(&addresses).await {
            Ok(stream) => stream,
            Err(why) => return Err(ConnectError::Unreachable { host, why }),
        };
        if url.scheme() == "http" {
            return Ok(Connection::Plain(stream));
        }
        let failed = |why: String| ConnectError::Tls { host: host.clone(), why };
        let server = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_owned();
        let server = ServerName::try_from(server).map_err(|error| failed(error.to_string()))?;
        let stream = self.tls.connect(server, stream).await.map_err(|error| failed(error.to_string()))?;
        Ok(Connection::Tls(Box::new(stream)))
    }
}

/// Or why the last one did not.
async fn first_that_answers(addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let mut why = String::new();
    for address in addresses {
        match tokio::time::timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => why = error.to_string(),
            Err(_late) => why = format!("nobody took the connection within {} s", CONNECT_WITHIN.as_secs()),
        }
    }
    Err(why)
}

/// An open connection.
pub(super) enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
