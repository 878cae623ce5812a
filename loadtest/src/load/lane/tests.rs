//! A lane with real sockets, and a schedule in which nothing depends on how fast the test runs.

use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::traffic::{Code, Mix, Nonces};

const SECONDS_APART: u64 = 100;

/// A lane whose requests 0 and 1 are overdue and whose third is far ahead, and the server's end
/// of each of its connections.
async fn lane(connections: usize) -> (Lane, Vec<TcpStream>) {
    let mix = Mix { zipf: 1.0, head: 0.0, prefetch: 0.0, forwarded: false, seed: 1 };
    let codes = [Code { code: "abc".into(), host: None }];
    let lane = Lane::new(0, connections, Requests::new(mix, codes.into(), "a", Nonces::new(1), 0), None);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut peers = Vec::new();
    for seat in 0..connections {
        let address = listener.local_addr().expect("an address");
        let (ours, theirs) = tokio::join!(TcpStream::connect(address), listener.accept());
        lane.opened(seat, ours.expect("a connection").into_split().1);
        peers.push(theirs.expect("a connection").0);
    }
    lane.changed.notified().await;
    let origin = Instant::now() - Duration::from_secs(SECONDS_APART * 3 / 2);
    lane.set_pace(Pace::Open { schedule: Schedule::new(origin, 1, 0, SECONDS_APART), count: 3 });
    lane.changed.notified().await;
    (lane, peers)
}

fn signalled(lane: &Lane) -> bool {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::pin!(lane.changed.notified()).poll(&mut context).is_ready()
}

#[tokio::test]
async fn what_is_due_leaves_without_waiting_for_answers() {
    let (lane, _peers) = lane(2).await;
    assert!(matches!(lane.fire(), Next::Due(_)));
    assert_eq!(lane.waiting_for_answers(), 2);
}

#[tokio::test]
async fn a_starved_pacer_hears_of_the_first_free_connection() {
    let (lane, _peers) = lane(1).await;
    assert_eq!(lane.fire(), Next::Starved);
    assert!(lane.answered(0, 302, true), "the first was asked");
    assert!(!signalled(&lane), "the second left at once: nothing is free yet");
    assert!(lane.answered(0, 302, true), "the second was asked");
    assert!(signalled(&lane), "a connection is free");
    assert!(matches!(lane.fire(), Next::Due(_)));
}

#[tokio::test]
async fn latency_counts_from_when_a_request_was_due() {
    let (lane, _peers) = lane(1).await;
    lane.fire();
    lane.answered(0, 302, true);
    lane.ended(0, Some(302));
    let tally = lane.into_tally();
    assert_eq!((tally.sent, tally.answered[302], tally.unknown), (2, 2, 0));
    // both were sent just now and answered at once, but were due long ago; a minute is the most that is kept
    assert!(tally.latency.min() > Duration::from_secs(SECONDS_APART / 4).as_nanos() as u64);
}

#[tokio::test]
async fn without_a_connection_what_is_due_is_not_sent_and_not_made_up_for() {
    let (lane, _peers) = lane(1).await;
    lane.ended(0, None);
    assert!(matches!(lane.fire(), Next::Due(_)));
    let tally = lane.into_tally();
    assert_eq!((tally.sent, tally.not_sent), (0, 2));
}

#[tokio::test]
async fn a_request_on_a_connection_that_ends_is_unknown() {
    let (lane, _peers) = lane(2).await;
    lane.fire();
    lane.ended(0, None);
    lane.ended(1, Some(302));
    let tally = lane.into_tally();
    assert_eq!((tally.sent, tally.unknown, tally.answered[302]), (2, 1, 1));
}
