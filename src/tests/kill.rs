//! Whatever is killed, each answered click is stored exactly once.
//!
//! Short by default; `RELAIS_CHAOS=1` (`make chaos`) runs the long campaign at full rate.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::harness::process::send;
use crate::harness::{Installation, Load};

/// True in the long campaign.
pub(crate) fn long() -> bool {
    std::env::var_os("RELAIS_CHAOS").is_some()
}

/// How long a load goes on that is stopped once the kills are done, in seconds.
const LONG_ENOUGH: u64 = 1_200;

/// Lets a random time go by, so that the next kill meets the program anywhere in its work.
fn let_pass(least_ms: u64, most_ms: u64) {
    let (_kept, nobody_sends) = channel::<()>();
    let time = Duration::from_millis(rand::random_range(least_ms..most_ms));
    assert_eq!(nobody_sends.recv_timeout(time), Err(RecvTimeoutError::Timeout));
}

#[test]
fn kills_of_the_whole_process_group_lose_double_and_invent_nothing() {
    let (kills, rate) = if long() { (100, 12_000) } else { (6, 2_000) };
    let mut installation = Installation::start(&[]);
    let links = installation.links(20, 10);
    let mut load = Load::start(&installation, &links.codes, rate, LONG_ENOUGH);
    for kill in 0..kills {
        let_pass(50, 3_000);
        installation.kill();
        installation.resume();
        assert!(load.is_running(), "the load ended before kill {kill}");
    }
    let sent = load.stop();
    sent.assert_exact(&installation);
    installation.stop();
    installation.run_ok(&["audit"]);
}

#[test]
fn kills_of_the_engine_alone_go_unnoticed_by_readers_and_lose_nothing() {
    let (kills, rate) = if long() { (30, 10_000) } else { (3, 2_000) };
    let installation = Installation::start(&[]);
    let links = installation.links(10, 10);
    let mut load = Load::start(&installation, &links.codes, rate, LONG_ENOUGH);
    for _ in 0..kills {
        let before = installation.engine_pid();
        send(before, libc::SIGKILL);
        crate::harness::eventually("another engine", || installation.engine_pid() != before);
        let_pass(50, 2_000);
        assert!(load.is_running(), "the load ended too early");
    }
    let sent = load.stop();
    assert_eq!(sent.number("/unknown"), 0.0, "a request went unanswered: {}", sent.report);
    sent.assert_exact(&installation);
}

#[test]
fn a_frozen_engine_changes_nothing_for_readers() {
    let (seconds, rate) = if long() { (60, 10_000) } else { (8, 2_000) };
    let installation = Installation::start(&[]);
    let links = installation.links(10, 10);
    let before = Load::start(&installation, &links.codes, rate, seconds).finish();

    let engine = installation.engine_pid();
    send(engine, libc::SIGSTOP);
    let frozen = Load::start(&installation, &links.codes, rate, seconds).finish();
    send(engine, libc::SIGCONT);

    assert_eq!(frozen.number("/unknown"), 0.0, "a request went unanswered: {}", frozen.report);
    before.assert_exact(&installation);
    frozen.assert_exact(&installation);
    let (calm, stopped) = (before.number("/latency_us/p99"), frozen.number("/latency_us/p99"));
    println!("p99 {calm} µs with the engine at work, {stopped} µs with the engine frozen");
    // Beside other tests on the same cores a quantile says nothing; the campaign has the machine to itself.
    assert!(!long() || stopped <= calm * 2.0 + 1_000.0, "p99 rose from {calm} to {stopped} µs");
}
