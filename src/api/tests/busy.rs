//! Too much, too fast, too slow: each is a problem document too.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use bytes::Bytes;
use hyper::body::Frame;

use super::*;
use crate::api::given::Given;
use crate::api::{limits, observe};
use crate::net::ClientAddress;

/// Nothing is limited but what the test says.
fn limited(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config {
        requests_per_second_per_address: 0,
        requests_per_second_per_token: 0,
        refused_tokens_per_minute_per_network: 0,
        ..Config::default()
    };
    change(&mut config);
    config
}

fn from(address: &str, path: &str, token: &str) -> Request<Body> {
    let mut request = request(Method::GET, path, token, None);
    request.extensions_mut().insert(ClientAddress(address.parse().expect("an address")));
    request
}

fn says_when(answer: &Answer, policy: &str) {
    let wait: u64 = answer.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{answer:?}");
    assert_eq!(answer.headers["ratelimit-policy"], policy);
    let standing = answer.headers["ratelimit"].to_str().expect("text");
    assert!(standing.ends_with(&format!(";r=0;t={wait}")), "{standing}");
}

#[tokio::test]
async fn a_token_that_asks_too_often_is_told_when_to_come_back() {
    let api = Api::with(Fixture::new().await, &limited(|config| config.requests_per_second_per_token = 5)).await;
    let mut refused = None;
    for n in 0..50 {
        let answer = api.get("/spaces").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.headers["ratelimit-policy"], "\"token\";q=5;w=1");
        if n == 0 {
            assert_eq!(answer.headers["ratelimit"], "\"token\";r=4");
        }
    }
    let refused = refused.expect("more than five requests do not fit");
    assert_eq!(refused.problem(), (429, "too_many_requests", vec![]));
    says_when(&refused, "\"token\";q=5;w=1");
    let other = api.token(api.fixture.space.id, Role::Admin, None).await;
    assert_eq!(api.send(request(Method::GET, "/spaces", &other, None)).await.status, 200);
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let api = Api::with(Fixture::new().await, &limited(|config| config.requests_per_second_per_address = 5)).await;
    let ask = async |address: &str, path: &str| api.send(from(address, path, &api.admin)).await;
    let mut answers = Vec::new();
    for n in 0..50 {
        let path = ["/spaces", "/nowhere", "/openapi.json"][n % 3];
        answers.push(ask("203.0.113.7", path).await);
    }
    let refused = answers.iter().find(|answer| answer.status == 429).expect("more than five do not fit");
    assert_eq!(refused.problem(), (429, "too_many_requests", vec![]));
    says_when(refused, "\"address\";q=5;w=1");
    assert_eq!(ask("203.0.113.8", "/spaces").await.status, 200);
}

#[tokio::test]
async fn a_network_that_guesses_tokens_is_slowed_and_nobody_is_locked_out() {
    let few = limited(|config| config.refused_tokens_per_minute_per_network = 3);
    let api = Api::with(Fixture::new().await, &few).await;
    let ask = async |address: &str, token: &str| api.send(from(address, "/spaces", token)).await;
    for guess in 0..3 {
        let mut request = from("203.0.113.7", "/spaces", "");
        request.headers_mut().remove("authorization");
        assert_eq!(api.send(request).await.status, 401, "nothing is no guess");
        assert_eq!(ask(&format!("203.0.113.{guess}"), "rls_guess").await.status, 401);
    }
    let other = api.token(api.fixture.space.id, Role::Admin, None).await;
    let refused = ask("203.0.113.9", &other).await;
    assert_eq!(refused.problem(), (429, "too_many_refused_tokens", vec![]));
    says_when(&refused, "\"refused-tokens\";q=3;w=60");
    assert_eq!(ask("198.51.100.1", &other).await.status, 200, "another network");
    assert_eq!(ask("203.0.113.9", &other).await.status, 200, "what was accepted is known, wherever it comes from");
}

#[tokio::test]
async fn by_default_a_script_may_send_a_thousand_bulks_a_minute() {
    let config = Config::default();
    for per_second in [config.requests_per_second_per_token, config.requests_per_second_per_address] {
        assert!(per_second * 60 >= 5 * 1000, "{per_second}");
    }
}

#[tokio::test]
async fn a_path_that_is_too_long_is_a_problem() {
    let api = Api::new().await;
    let long = api.get(&format!("/links?code={}", "x".repeat(9000))).await;
    assert_eq!(long.problem(), (414, "uri_too_long", vec![]));
    assert_eq!(api.get(&format!("/{}", "x".repeat(4000))).await.problem().0, 404);
}

#[tokio::test]
async fn what_takes_too_long_and_what_panics_are_problems() {
    let api = Api::new().await;
    let patience = |request, body| Patience { request, upload: request, body };
    let short = Duration::from_millis(5);
    let long = Duration::from_secs(600);
    let send = async |patience, request: Request<Body>| {
        let state = ApiState { patience, ..api.state.clone() };
        let router = Router::new()
            .route("/slow", get(std::future::pending::<()>))
            .route("/read", post(async |_: Given<Value>| ()))
            .route("/panics", get(panics))
            .layer(CatchPanicLayer::custom(problem::panicked))
            .layer(from_fn_with_state(state.clone(), limits::at_the_door))
            .layer(from_fn_with_state(state.clone(), observe::observe))
            .with_state(state);
        Answer::of(router.oneshot(request).await.expect("a router never fails")).await
    };
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let slow = send(patience(short, long), get("/slow")).await;
    assert_eq!(slow.problem(), (503, "timeout", vec![]));
    assert_eq!(slow.headers["retry-after"], "1");

    let body = Body::new(Never);
    let request = Request::post("/read").header("content-type", "application/json").body(body).expect("a request");
    let late = send(patience(long, short), request).await;
    assert_eq!(late.problem(), (408, "body_timeout", vec![]));

    let failed = send(patience(long, long), get("/panics")).await;
    assert_eq!(failed.problem(), (500, "internal", vec![]));
    assert!(!failed.body.to_string().contains("secret"), "{failed:?}");
    assert_eq!(failed.body["request_id"], failed.headers["x-request-id"].to_str().expect("text"));

    // What only an operator can use stands in the log, under the same id.
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().json().with_writer(log.clone()).finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let mut request = get("/panics");
    request.headers_mut().insert("x-request-id", "chosen-1".parse().expect("a value"));
    send(patience(long, long), request).await;
    drop(listening);
    let lines = log.0.lock().clone();
    let lines = String::from_utf8(lines).expect("text");
    let line = lines.lines().find(|line| line.contains("a secret of the program")).expect("a line about the panic");
    assert!(line.contains(r#""request_id":"chosen-1""#), "{line}");
}

/// Log lines as bytes.
#[derive(Clone, Default)]
struct Log(Arc<parking_lot::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A body that does not arrive.
struct Never;

impl hyper::body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

async fn panics() {
    panic!("a secret of the program");
}
