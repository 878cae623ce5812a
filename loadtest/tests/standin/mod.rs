//! Stand-ins for Relais and for ClickHouse, in this process: small, and wrong on request.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::runtime::Runtime;

/// How long an event that a test waits for may take before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a redirect does with its `n`-th request, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Records it and answers with this status.
    Answer(u16),
    /// Closes the connection and records nothing.
    Forget,
    /// Records it and closes the connection.
    RecordAndClose,
    /// Records it, and answers only when so many requests have been recorded.
    HoldUntil(usize),
}

/// What the redirect recorded, in order, through all its lives.
#[derive(Clone, Default)]
pub(crate) struct Served(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Served {
    pub(crate) fn nonces(&self) -> Vec<String> {
        self.0.0.lock().expect("no test panics with it").clone()
    }

    /// Waits until so many are recorded.
    pub(crate) fn wait_for(&self, count: usize) {
        let nonces = self.0.0.lock().expect("no test panics with it");
        let (nonces, waited) =
            self.0.1.wait_timeout_while(nonces, PATIENCE, |nonces| nonces.len() < count).expect("as above");
        assert!(!waited.timed_out(), "only {} of {count} requests came", nonces.len());
    }

    fn add(&self, nonce: &str) -> usize {
        let mut nonces = self.0.0.lock().expect("no test panics with it");
        nonces.push(nonce.to_owned());
        self.0.1.notify_all();
        nonces.len()
    }

    fn len(&self) -> usize {
        self.0.0.lock().expect("no test panics with it").len()
    }
}

/// A server that answers 302; dropping it kills it with all its connections.
pub(crate) struct Redirect {
    pub(crate) address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Redirect {
    pub(crate) fn start(served: &Served, act: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0".parse().expect("an address"), served, act)
    }

    /// On the address of one that was killed.
    pub(crate) fn start_at(
        address: SocketAddr,
        served: &Served,
        act: impl Fn(usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let served = served.clone();
        let act = Arc::new(act);
        let asked = Arc::new(Mutex::new(0));
        let (address, runtime) = serve(address, move |request| {
            let (served, act) = (served.clone(), act.clone());
            let number = {
                let mut asked = asked.lock().expect("no test panics with it");
                *asked += 1;
                *asked
            };
            async move { redirect(&request, &served, act(number)).await }
        });
        Self { address, runtime: Some(runtime) }
    }
}

impl Drop for Redirect {
    fn drop(&mut self) {
        // ends every task where it stands, which closes listener and connections
        self.runtime.take().expect("it is dropped once").shutdown_timeout(PATIENCE);
    }
}

async fn redirect(request: &Request<Incoming>, served: &Served, act: Act) -> Option<Response<Full<Bytes>>> {
    let query = request.uri().query().expect("every request has a nonce");
    let nonce = query.strip_prefix("utm_content=").expect("the nonce is the query");
    let status = match act {
        Act::Forget => return None,
        Act::RecordAndClose => {
            served.add(nonce);
            return None;
        }
        Act::Answer(status) => {
            served.add(nonce);
            status
        }
        Act::HoldUntil(count) => {
            served.add(nonce);
            while served.len() < count {
                tokio::task::yield_now().await;
            }
            302
        }
    };
    let body = if status == 302 || request.method() == Method::HEAD { "" } else { "<p>a card</p>" };
    let answer = Response::builder().status(status).header("location", "https://example.org/");
    Some(answer.body(Full::new(Bytes::from(body))).expect("a sound answer"))
}

/// Answers the two queries of the audit.
pub(crate) struct ClickHouse {
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

impl ClickHouse {
    /// `rows` tells what is stored at the `n`-th query, counted from 1.
    pub(crate) fn start(rows: impl Fn(usize) -> Vec<String> + Send + Sync + 'static) -> Self {
        Self::start_with_ending("", rows)
    }

    /// Sends `ending` behind the rows, as a query that fails half-way does.
    pub(crate) fn start_with_ending(
        ending: &'static str,
        rows: impl Fn(usize) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        let rows = Arc::new(rows);
        let asked = Arc::new(Mutex::new(0));
        let (address, runtime) = serve("127.0.0.1:0".parse().expect("an address"), move |request| {
            let rows = rows.clone();
            let number = {
                let mut asked = asked.lock().expect("no test panics with it");
                *asked += 1;
                *asked
            };
            async move {
                if request.headers()["x-clickhouse-key"] != "secret" || request.headers()["x-clickhouse-user"] != "ada"
                {
                    let refused = Full::new(Bytes::from("Code: 516. DB::Exception: Authentication failed\n"));
                    return Some(Response::builder().status(403).body(refused).expect("a sound answer"));
                }
                let body = request.into_body().collect().await.ok()?.to_bytes();
                let query = String::from_utf8(body.to_vec()).expect("a query is text");
                let prefix = query.split('\'').nth(1).expect("the prefix is quoted");
                assert!(query.contains("FROM clicks FINAL"), "{query}");
                let found: Vec<_> = rows(number).into_iter().filter(|row| row.starts_with(prefix)).collect();
                let text = if query.starts_with("SELECT count()") {
                    format!("{}\n", found.len())
                } else {
                    found.into_iter().map(|row| row + "\n").collect::<String>() + ending
                };
                Some(Response::new(Full::new(Bytes::from(text))))
            }
        });
        Self { address, _runtime: runtime }
    }
}

/// Serves until the runtime is dropped. No answer: the connection is closed.
fn serve<A: Future<Output = Option<Response<Full<Bytes>>>> + Send + 'static>(
    address: SocketAddr,
    answer: impl Fn(Request<Incoming>) -> A + Clone + Send + 'static,
) -> (SocketAddr, Runtime) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    // the library sets SO_REUSEADDR, so that a port can be taken up again at once
    let listener = TcpListener::bind(address).expect("a port");
    listener.set_nonblocking(true).expect("a listener can be");
    let address = listener.local_addr().expect("a bound listener has one");
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        while let Ok((stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let answer = answer(request);
                    async move { answer.await.map_or_else(|| Err(Closed), Ok) }
                });
                // an error is a connection that was closed on purpose, or by the client
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, runtime)
}

/// Makes hyper close a connection without an answer.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl std::error::Error for Closed {}
