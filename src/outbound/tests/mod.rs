//! Fetches from a web server of the test's own, on loopback, which the test allows.

mod bounds;
mod hops;
mod names;
mod post;

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use super::connection::web_roots;
use super::*;
use crate::telemetry::Metrics;

/// What the server answers to a request's head; it closes the connection afterwards unless `hold`.
struct Script {
    bytes: Vec<u8>,
    /// Keeps the connection open until the client goes.
    hold: bool,
}

/// A web server that answers what it is told, and remembers what it was asked.
struct Site {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn new(answer: impl Fn(&str) -> Script + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let (asked, answer) = (Arc::clone(&heads), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&asked), Arc::clone(&answer)));
            }
        });
        Self { address, heads }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().clone()
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<impl Fn(&str) -> Script>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).expect("an ASCII head");
    let path = head.split(' ').nth(1).expect("a path").to_owned();
    asked.lock().push(head);
    let Script { bytes, hold } = answer(&path);
    // The client may have had enough.
    let _cut_off = stream.write_all(&bytes).await;
    if hold {
        let _gone = stream.read(&mut [0]).await;
    }
    let _closed = stream.shutdown().await;
}

/// A complete answer.
fn answer(status: &str, headers: &str, body: &[u8]) -> Script {
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Script { bytes, hold: false }
}

fn page(body: &[u8]) -> Script {
    answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", body)
}

fn moved(to: &str) -> Script {
    answer("302 Found", &format!("Location: {to}\r\n"), b"")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

/// Names of a test; every lookup is counted.
struct Names<F>(F, Mutex<usize>);

impl<F: Fn(&str, usize) -> Vec<IpAddr> + Send + Sync> Resolve for Names<F> {
    fn addresses<'r>(&'r self, host: &'r str) -> Addresses<'r> {
        let mut lookups = self.1.lock();
        let addresses = (self.0)(host, *lookups);
        *lookups += 1;
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

fn allowing(networks: &[&str]) -> Config {
    Config { allow: networks.iter().map(|network| network.parse().expect("a network")).collect() }
}

/// A fetcher that may go to loopback.
fn fetcher() -> Fetcher {
    Fetcher::new(allowing(&["127.0.0.0/8"]), Arc::new(Metrics::new()))
}

/// The same with names of its own.
fn fetcher_knowing(networks: &[&str], names: impl Fn(&str, usize) -> Vec<IpAddr> + Send + Sync + 'static) -> Fetcher {
    let names = Arc::new(Names(names, Mutex::new(0)));
    Fetcher::with(&allowing(networks), Arc::new(Metrics::new()), names, web_roots(), TIME_LIMIT)
}

async fn fetch(fetcher: &Fetcher, url: &str) -> Result<Fetched, FetchError> {
    match fetcher.fetch(&Ask { url: url.to_owned(), ..Ask::default() }).await? {
        Answer::Found(fetched) => Ok(fetched),
        Answer::Unchanged => panic!("nothing was known"),
    }
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}
