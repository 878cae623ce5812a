use std::convert::Infallible;
use std::future::{Ready, ready};

use bytes::Bytes;
use http_body_util::Full;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::*;
use crate::net::{LimitsConfig, bind, serve_router};

/// A port that answers `200 hello`, and its drain.
struct Served {
    address: SocketAddr,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    task: JoinHandle<io::Result<Drained>>,
}

struct Hello;

impl Service<Request<Incoming>> for Hello {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn call(&self, _: Request<Incoming>) -> Self::Future {
        ready(Ok(Response::new(Full::new(Bytes::from_static(b"hello")))))
    }
}

/// Longer than any test may take.
const NEVER: Duration = Duration::from_secs(600);

fn port(limits: LimitsConfig, lean: bool, head_timeout: Duration, grace: Duration) -> (Arc<Port>, Arc<Metrics>) {
    let metrics = Arc::new(Metrics::new());
    let port = Port {
        name: "redirect",
        limits: Arc::new(Limits::new(limits)),
        trusted: Arc::default(),
        metrics: Arc::clone(&metrics),
        lean,
        head_timeout,
        malformed: Some(metrics.redirects.with_label_values(&["malformed"])),
        grace,
    };
    (Arc::new(port), metrics)
}

fn listener() -> (std::net::TcpListener, SocketAddr) {
    let listener = bind("127.0.0.1:0".parse().expect("an address"), true, "redirect.listen").expect("a free port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

fn hello(limits: LimitsConfig) -> Served {
    hello_within(limits, false, NEVER)
}

fn hello_within(limits: LimitsConfig, lean: bool, head_timeout: Duration) -> Served {
    let (listener, address) = listener();
    let (port, metrics) = port(limits, lean, head_timeout, NEVER);
    let shutdown = CancellationToken::new();
    let task = tokio::spawn(serve(listener, port, |_| Hello, shutdown.clone()));
    Served { address, metrics, shutdown, task }
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Everything that is answered to `bytes` until the port closes the connection.
    async fn answer_to(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.expect("sent");
        until_closed(&mut stream).await
    }

    async fn drain(self) -> Drained {
        self.shutdown.cancel();
        self.task.await.expect("no panic").expect("served")
    }
}

async fn until_closed(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is a close too.
    let _closed = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn read_some(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 4096];
    let len = stream.read(&mut buffer).await.expect("an answer");
    String::from_utf8_lossy(&buffer[..len]).into_owned()
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let served = hello(LimitsConfig::OFF);
    let mut stream = served.connect().await;
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
        assert!(read_some(&mut stream).await.ends_with("hello"));
    }
    assert_eq!(served.metrics.connections.with_label_values(&["redirect"]).get(), 1);
}

#[tokio::test]
async fn security_9_malformed_and_oversized_heads_are_answered_and_counted() {
    let served = hello(LimitsConfig::OFF);
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65));
    let large = format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(17 * 1024));
    let cases: [(&[u8], &str); 6] = [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over TLS\r\n\r\n", "400"),
        (b"GET / HTTP/9.9\r\n\r\n", "400"),
        (b"GET /\x00 HTTP/1.1\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", "400"),
        (many.as_bytes(), "431"),
        (large.as_bytes(), "431"),
    ];
    for (request, status) in &cases {
        let answer = served.answer_to(request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer:?} for {}", request.escape_ascii());
    }
    let counted = served.metrics.redirects.with_label_values(&["malformed"]).clone();
    served.drain().await;
    assert_eq!(counted.get(), cases.len() as u64);
}

#[tokio::test]
async fn security_9_a_head_that_never_ends_is_closed_without_an_answer() {
    for lean in [false, true] {
        let served = hello_within(LimitsConfig::OFF, lean, Duration::from_millis(1));
        let mut slow = served.connect().await;
        slow.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n").await.expect("sent");
        assert_eq!(until_closed(&mut slow).await, "");
        let mut silent = served.connect().await;
        assert_eq!(until_closed(&mut silent).await, "");
    }
}

#[tokio::test]
async fn a_head_is_awaited_anew_after_each_answer() {
    for lean in [false, true] {
        let served = hello_within(LimitsConfig::OFF, lean, Duration::from_millis(200));
        let mut stream = served.connect().await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
        let answer = until_closed(&mut stream).await;
        assert!(answer.ends_with("hello"), "{answer}");
    }
}

#[tokio::test]
async fn security_9_connections_beyond_an_address_s_share_are_closed_at_once() {
    let served = hello(LimitsConfig { connections_per_address: 1, ..LimitsConfig::OFF });
    let mut first = served.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    assert!(read_some(&mut first).await.ends_with("hello"));
    assert_eq!(until_closed(&mut served.connect().await).await, "");
    assert_eq!(served.metrics.connections_refused.with_label_values(&["address"]).get(), 1);
}

#[tokio::test]
async fn a_drain_closes_idle_connections_and_leaves_nobody() {
    let served = hello(LimitsConfig::OFF);
    let mut idle = served.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    assert!(read_some(&mut idle).await.ends_with("hello"));
    let gauge = served.metrics.connections.with_label_values(&["redirect"]).clone();
    assert_eq!(served.drain().await, Drained { cut: 0 });
    assert_eq!(until_closed(&mut idle).await, "");
    assert_eq!(gauge.get(), 0);
}

/// A router that says that it was asked and answers when it is let.
fn slow_router(asked: Arc<Semaphore>, answer: Arc<Semaphore>) -> axum::Router {
    axum::Router::new().route(
        "/",
        axum::routing::get(move |axum::Extension(client): axum::Extension<crate::net::ClientAddress>| async move {
            asked.add_permits(1);
            answer.acquire().await.expect("never closed").forget();
            client.0.to_string()
        }),
    )
}

#[tokio::test]
async fn a_drain_answers_what_was_asked_before_it() {
    let (asked, answer) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (listener, address) = listener();
    let (port, _) = port(LimitsConfig::OFF, false, NEVER, NEVER);
    let shutdown = CancellationToken::new();
    let router = slow_router(Arc::clone(&asked), Arc::clone(&answer));
    let task = tokio::spawn(serve_router(listener, port, router, shutdown.clone()));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    asked.acquire().await.expect("never closed").forget();
    shutdown.cancel();
    // The port stops listening before the answer is let go.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    answer.add_permits(1);
    let text = until_closed(&mut stream).await;
    assert!(text.contains("connection: close") && text.ends_with("127.0.0.1"), "{text}");
    assert_eq!(task.await.expect("no panic").expect("served"), Drained { cut: 0 });
}

#[tokio::test]
async fn a_drain_does_not_wait_for_ever() {
    let (asked, answer) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (listener, address) = listener();
    let (port, _) = port(LimitsConfig::OFF, false, NEVER, Duration::from_millis(1));
    let shutdown = CancellationToken::new();
    let router = slow_router(Arc::clone(&asked), answer);
    let task = tokio::spawn(serve_router(listener, port, router, shutdown.clone()));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    asked.acquire().await.expect("never closed").forget();
    shutdown.cancel();
    assert_eq!(task.await.expect("no panic").expect("served"), Drained { cut: 1 });
    assert_eq!(until_closed(&mut stream).await, "");
}

/// Descriptors are the process's own, so this runs in a process of its own: the test starts itself
/// again with the variable set.
#[test]
fn running_out_of_descriptors_stops_nobody_who_is_in() {
    const CHILD: &str = "RELAIS_TEST_WITH_FEW_DESCRIPTORS";
    if std::env::var_os(CHILD).is_none() {
        let name = "net::serve::tests::running_out_of_descriptors_stops_nobody_who_is_in";
        let this = std::env::current_exe().expect("this program");
        let run = std::process::Command::new(this).args(["--exact", name]).env(CHILD, "1").output().expect("started");
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let few = Rlimit { current: Some(64), maximum: getrlimit(Resource::Nofile).maximum };
    setrlimit(Resource::Nofile, few).expect("fewer is always allowed");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let served = hello(LimitsConfig::OFF);
        let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut inside = served.connect().await;
        inside.write_all(request).await.expect("sent");
        assert!(read_some(&mut inside).await.ends_with("hello"));
        let mut hoard = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            hoard.push(file);
        }
        // The client takes the last descriptor, so the port has none to accept it with.
        hoard.pop();
        let mut outside = served.connect().await;
        outside.write_all(request).await.expect("sent");
        for _ in 0..3 {
            inside.write_all(request).await.expect("sent");
            assert!(read_some(&mut inside).await.ends_with("hello"));
        }
        drop(hoard);
        assert!(read_some(&mut outside).await.ends_with("hello"));
    });
}
