//! A connection to exactly one of the addresses that were checked.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::addresses::is_public;
use super::error::FetchError;
use super::resolver::Resolve;

/// Where connections may go, and whom they trust.
pub(super) struct Connector {
    pub(super) allow: Vec<IpNet>,
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) tls: TlsConnector,
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
    pub(super) async fn connect(&self, url: &Url) -> Result<Connection, FetchError> {
        let host = url.host().ok_or(FetchError::Scheme)?;
        let name = host.to_string();
        let port = url.port_or_known_default().ok_or(FetchError::Scheme)?;
        let addresses = match host {
            Host::Ipv4(address) => vec![IpAddr::V4(address)],
            Host::Ipv6(address) => vec![IpAddr::V6(address)],
            Host::Domain(domain) => self.resolver.addresses(domain).await.unwrap_or_default(),
        };
        if addresses.is_empty() {
            return Err(FetchError::Unknown { host: name });
        }
        // One bad address condemns the name: whoever mixes them is trying something.
        for address in &addresses {
            self.check(*address, port, &name)?;
        }
        let stream = first_that_answers(&addresses, port).await;
        let stream = stream.ok_or_else(|| FetchError::Unreachable { host: name.clone() })?;
        if url.scheme() == "http" {
            return Ok(Connection::Plain(stream));
        }
        let failed = || FetchError::Tls { host: name.clone() };
        let server = name.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_owned();
        let server = ServerName::try_from(server).map_err(|_| failed())?;
        let stream = self.tls.connect(server, stream).await.map_err(|_| failed())?;
        Ok(Connection::Tls(Box::new(stream)))
    }

    fn check(&self, address: IpAddr, port: u16, name: &str) -> Result<(), FetchError> {
        if self.allow.iter().any(|network| network.contains(&address)) {
            return Ok(());
        }
        if !is_public(address) {
            return Err(FetchError::Private { host: name.to_owned() });
        }
        if matches!(port, 80 | 443) { Ok(()) } else { Err(FetchError::Port) }
    }
}

async fn first_that_answers(addresses: &[IpAddr], port: u16) -> Option<TcpStream> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(SocketAddr::new(*address, port)).await {
            return Some(stream);
        }
    }
    None
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
