//! Webhooks with a real receiver, a real store and a real ClickHouse.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::*;
use crate::kpi::tests::{BARE, ClickRow, Log, id};
use crate::outbound::{Config, Destinations};
use crate::programme::Field;
use crate::programme::tests::{Fixture, NOW_MS, clock};
use crate::programme::webhooks::{Webhook, WebhookFields};

/// What a receiver got.
struct Got {
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn event_id(&self) -> String {
        self.headers["relais-event-id"].to_str().expect("text").to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// A receiver on loopback that answers what it is told to.
struct Receiver {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    got: mpsc::UnboundedReceiver<Got>,
}

impl Receiver {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let status = Arc::new(AtomicU16::new(204));
        let (sender, got) = mpsc::unbounded_channel();
        let answer = Arc::clone(&status);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sender, answer) = (sender.clone(), Arc::clone(&answer));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (sender, answer) = (sender.clone(), Arc::clone(&answer));
                    async move {
                        let (parts, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        let body = String::from_utf8(body.to_vec()).expect("UTF-8");
                        let _test_is_over = sender.send(Got { headers: parts.headers, body });
                        let mut response = Response::new(Full::<Bytes>::default());
                        *response.status_mut() =
                            http::StatusCode::from_u16(answer.load(Ordering::SeqCst)).expect("a status");
                        Ok::<_, hyper::Error>(response)
                    }
                });
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, status, got }
    }

    async fn next(&mut self) -> Got {
        self.got.recv().await.expect("the receiver lives")
    }
}

struct House {
    fixture: Fixture,
    log: Log,
    clock: Arc<AtomicI64>,
}

impl House {
    async fn new() -> Self {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let told = Arc::clone(&now);
        let fixture = Fixture::with_clock(clock(move || told.load(Ordering::SeqCst))).await;
        Self { fixture, log: Log::new().await, clock: now }
    }

    fn webhooks(&self, allow: &[&str]) -> Webhooks {
        let allow = allow.iter().map(|network| network.parse().expect("a network")).collect();
        Webhooks {
            programme: self.fixture.programme.clone(),
            log: self.log.log.clone(),
            poster: Poster::new(Destinations::new(&Config { allow })),
            latest: self.fixture.store.latest(),
        }
    }

    /// Begins to send; the drop of the guard ends it, whatever is on its way.
    fn start(&self) -> tokio_util::sync::DropGuard {
        let end = CancellationToken::new();
        self.webhooks(&["127.0.0.1/32"]).start(&end);
        end.drop_guard()
    }

    async fn hook(&self, receiver: &Receiver, events: &[&str]) -> Webhook {
        let fields = WebhookFields {
            url: Field::Value(format!("http://{}/hook", receiver.address)),
            events: Field::Value(events.iter().map(|event| (*event).to_owned()).collect()),
            enabled: Field::Absent,
        };
        let mut work = self.fixture.programme.work().await.expect("work");
        let webhook = work.create_webhook(self.fixture.space.id, &fields).await.expect("a webhook");
        work.commit().await.expect("a commit");
        webhook
    }

    /// Publishes a content: one event.
    async fn publish(&self) -> String {
        let fields = crate::programme::ContentFields {
            kind: Field::Value("job".to_owned()),
            title: Field::Value("A job".to_owned()),
            url: Field::Value("https://example.com/job".to_owned()),
            published_at: Field::Value("2026-03-02T09:00:00Z".to_owned()),
            ..Default::default()
        };
        self.fixture.content_with(fields).await.to_string()
    }

    fn later(&self, by_ms: i64) {
        self.clock.fetch_add(by_ms, Ordering::SeqCst);
    }

    fn row(&self, record: u32) -> ClickRow<'static> {
        ClickRow { record, clicked_at_ms: NOW_MS + 1, space_id: self.fixture.space.id, ..BARE }
    }

    /// Waits until the store says of the only delivery what is wanted.
    async fn delivery(&self, webhook: &Webhook, wanted: impl Fn(&crate::programme::webhooks::Delivery) -> bool) {
        let page = || crate::programme::Page { after: None, limit: 1 };
        loop {
            let found = self.fixture.programme.deliveries(webhook.space, webhook.id, page()).await.expect("reads");
            if found.first().is_some_and(&wanted) {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn security_27_an_event_arrives_signed() {
    let house = House::new().await;
    let mut receiver = Receiver::new().await;
    let webhook = house.hook(&receiver, &["content.published"]).await;
    let _sending = house.start();
    let content = house.publish().await;
    let got = receiver.next().await;
    assert_eq!(got.json()["data"]["content_id"], content);
    assert_eq!(got.json()["id"], got.event_id());
    assert_eq!(got.headers["relais-event"], "content.published");
    assert_eq!(got.headers["content-type"], "application/json");
    // As a receiver would check it.
    let header = got.headers["relais-signature"].to_str().expect("text");
    let (time, v1) = header.split_once(",v1=").expect("two parts");
    let seconds = time.strip_prefix("t=").expect("a time");
    assert_eq!(seconds, (NOW_MS / 1000).to_string());
    use hmac::{KeyInit as _, Mac as _};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(webhook.secret.as_bytes()).expect("a key");
    mac.update(format!("{seconds}.{}", got.body).as_bytes());
    let expected = crate::model::hex(&mac.finalize().into_bytes());
    assert_eq!(v1, expected);
    house.delivery(&webhook, |delivery| delivery.state == "done" && delivery.status == Some(204)).await;
}

#[tokio::test]
async fn what_fails_is_sent_again_with_the_same_id_until_it_is_taken() {
    let house = House::new().await;
    let mut receiver = Receiver::new().await;
    let webhook = house.hook(&receiver, &["content.published"]).await;
    receiver.status.store(500, Ordering::SeqCst);
    let _sending = house.start();
    house.publish().await;
    let first = receiver.next().await;
    house.delivery(&webhook, |delivery| delivery.attempts == 1 && delivery.status == Some(500)).await;
    // A redirect is no answer either, and is not followed.
    receiver.status.store(302, Ordering::SeqCst);
    house.later(10_000);
    let second = receiver.next().await;
    house.delivery(&webhook, |delivery| delivery.attempts == 2 && delivery.state == "waiting").await;
    receiver.status.store(200, Ordering::SeqCst);
    house.later(20_000);
    let third = receiver.next().await;
    house.delivery(&webhook, |delivery| delivery.attempts == 3 && delivery.state == "done").await;
    assert_eq!([first.event_id(), second.event_id()], [third.event_id(), third.event_id()]);
    assert_eq!(first.body, third.body);
    assert_eq!(third.headers["relais-attempt"], "3");
}

#[tokio::test]
async fn security_27_a_private_address_is_refused_at_each_delivery() {
    let house = House::new().await;
    let mut receiver = Receiver::new().await;
    // It was allowed when it was made; the operator took that back.
    let webhook = house.hook(&receiver, &["content.published"]).await;
    let end = CancellationToken::new();
    house.webhooks(&[]).start(&end);
    house.publish().await;
    house
        .delivery(&webhook, |delivery| {
            let refused = |error: &String| error.contains("not on the public internet");
            delivery.attempts == 1 && delivery.status.is_none() && delivery.error.as_ref().is_some_and(refused)
        })
        .await;
    end.cancel();
    assert!(receiver.got.try_recv().is_err());
}

#[tokio::test]
async fn a_sender_that_is_killed_at_any_moment_loses_no_event() {
    let house = House::new().await;
    let mut receiver = Receiver::new().await;
    house.hook(&receiver, &["content.published"]).await;
    let mut published = Vec::new();
    let mut seen: HashMap<String, String> = HashMap::new();
    for round in 0..6u32 {
        published.push(house.publish().await);
        // Each round is cut at another moment: before, while and after the event is sent.
        let sending = house.start();
        for _ in 0..round * 40 {
            tokio::task::yield_now().await;
        }
        drop(sending);
    }
    let _sending = house.start();
    let mut ids_of: HashMap<String, Vec<String>> = HashMap::new();
    while seen.len() < published.len() {
        // What was claimed by a killed sender is due again after its lease.
        house.later(60_000);
        if let Ok(got) = tokio::time::timeout(Duration::from_millis(200), receiver.next()).await {
            let content = got.json()["data"]["content_id"].as_str().expect("an id").to_owned();
            seen.insert(content.clone(), got.event_id());
            ids_of.entry(content).or_default().push(got.event_id());
        }
    }
    assert!(published.iter().all(|content| seen.contains_key(content)));
    for ids in ids_of.values() {
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
}

#[tokio::test]
async fn every_click_is_told_once_across_restarts_late_ones_and_replays() {
    let house = House::new().await;
    let mut receiver = Receiver::new().await;
    house.hook(&receiver, &["click.recorded"]).await;
    let rows: Vec<_> = (0..12).map(|record| house.row(record)).collect();
    let mut told = Vec::new();
    let webhooks = house.webhooks(&["127.0.0.1/32"]);
    let look = async |late| assert!(look_for_clicks(&webhooks, late).await.expect("the log answers"));
    // A batch with a gap, which another one fills; each is found twice.
    house.log.store(NOW_MS, &[rows[0], rows[1], rows[3]]).await;
    look(false).await;
    house.log.store(NOW_MS + 1000, &[rows[2], rows[4]]).await;
    look(false).await;
    look(true).await;
    // The same clicks once more under another batch, as a replay brings them, with new ones.
    house.log.store(NOW_MS + 2000, &rows[0..8]).await;
    look(false).await;
    // A batch that was cut long ago arrives now: the usual look does not go so far back, the other does.
    house.later(3_600_000);
    house.log.store(NOW_MS + 3000, &rows[8..12]).await;
    look(false).await;
    look(true).await;
    look(true).await;
    let _sending = house.start();
    while told.len() < rows.len() {
        let got = receiver.next().await.json();
        assert_eq!(got["event"], "click.recorded");
        for click in got["data"]["clicks"].as_array().expect("clicks") {
            told.push(click["click_id"].as_str().expect("an id").to_owned());
        }
    }
    told.sort();
    let mut expected: Vec<_> = rows.iter().map(|row| id(row).to_string()).collect();
    expected.sort();
    assert_eq!(told, expected);
    assert!(receiver.got.try_recv().is_err());
}
