//! The peer that a redirect worker is measured against: hyper's HTTP/1 server and nothing else.
//!
//! ```text
//! bare_hyper PORT [timer]
//! ```
//! Serves `127.0.0.1:PORT` on one thread until it is killed, answering every request with the same
//! 302 as a short link: same status, same headers, a destination of the same length. It looks
//! nothing up, records nothing and limits nothing. With `timer`, connections get hyper's timeout
//! for the request head by `hyper_util`'s `TokioTimer`, as an exposed server needs one.
//! It lives beside the load generator, so that it builds in seconds and with the same profile as Relais.

use std::convert::Infallible;
use std::time::Duration;

use http::header::{CACHE_CONTROL, CONTENT_LENGTH, LOCATION};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DESTINATION: &str = "https://example.com/jobs/4711?utm_campaign=spring&utm_content=content-1\
                           &utm_medium=employee-advocacy&utm_source=linkedin";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(port) = arguments.iter().find_map(|argument| argument.parse::<u16>().ok()) else {
        return eprintln!("usage: bare_hyper PORT [timer]");
    };
    let timer = arguments.iter().any(|argument| argument == "timer");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            let mut builder = http1::Builder::new();
            if timer {
                builder.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(5));
            }
            let connection = builder.serve_connection(TokioIo::new(stream), service_fn(answer));
            tokio::spawn(connection);
        }
    });
}

async fn answer(_: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    let answer = Response::builder()
        .status(StatusCode::FOUND)
        .header(LOCATION, DESTINATION)
        .header(CACHE_CONTROL, "private, no-store")
        .header("x-robots-tag", "noindex")
        .header(CONTENT_LENGTH, "0")
        .body(Empty::new());
    Ok(answer.expect("a valid answer"))
}
