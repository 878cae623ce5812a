//! One thread's requests: which is due, which connection is free, what became of each.
//!
//! Nothing in here waits. The pacer and the connections of the thread call it with the time, and
//! share it without locks.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;

use super::tally::Tally;
use crate::journal::{Fate, Journal};
use crate::schedule::Schedule;
use crate::traffic::Requests;

/// What one thread sends, and when.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// Nothing yet: the connections are being opened.
    NotBegun,
    /// `count` requests on a schedule.
    Open { schedule: Schedule, count: u64 },
    /// The next as soon as a connection is free.
    Closed { until: Instant },
    /// Nothing more.
    Over,
}

enum Due {
    At(Instant),
    NotBegun,
    Over,
}

/// What the pacer does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Wait for the instant of the next request.
    Due(Instant),
    /// Wait until a connection opens, ends or is free.
    Starved,
    /// No request is left to send.
    Over,
}

/// One thread's state.
#[derive(Debug)]
pub(super) struct Lane {
    state: RefCell<State>,
    /// Signalled when a connection opened or ended, when one is free again after none was, and at
    /// each answer once nothing is left to send.
    pub(super) changed: Notify,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// Next request of this lane, counted from 0.
    index: u64,
    /// Number of this lane's first request within the run.
    first: u64,
    requests: Requests,
    journal: Option<Arc<Journal>>,
    seats: Vec<Seat>,
    idle: VecDeque<usize>,
    standing: usize,
    /// The pacer found no free connection and waits for one.
    starved: bool,
    waiting_for_answers: usize,
    outgoing: Vec<u8>,
    tally: Tally,
}

/// A place for one connection, and for the next when that one breaks.
#[derive(Debug, Default)]
struct Seat {
    writer: Option<OwnedWriteHalf>,
    asked: Option<Asked>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    number: u64,
    due: Instant,
    sent: Instant,
    head: bool,
}

impl Lane {
    /// `first` is the number of the lane's first request within the run.
    pub(super) fn new(first: u64, connections: usize, requests: Requests, journal: Option<Arc<Journal>>) -> Self {
        let state = State {
            pace: Pace::NotBegun,
            index: 0,
            first,
            requests,
            journal,
            seats: (0..connections).map(|_| Seat::default()).collect(),
            idle: VecDeque::with_capacity(connections),
            standing: 0,
            starved: false,
            waiting_for_answers: 0,
            outgoing: Vec::with_capacity(2048),
            tally: Tally::new(),
        };
        Self { state: RefCell::new(state), changed: Notify::new() }
    }

    /// Sets the pace from now on.
    pub(super) fn set_pace(&self, pace: Pace) {
        self.state.borrow_mut().pace = pace;
        self.changed.notify_one();
    }

    /// Sends everything that is due, as far as connections are free.
    pub(super) fn fire(&self) -> Next {
        let state = &mut *self.state.borrow_mut();
        loop {
            let now = Instant::now();
            let due = match state.due(now) {
                Due::At(due) if due > now => return Next::Due(due),
                Due::At(due) => due,
                Due::NotBegun => return Next::Starved,
                Due::Over => return Next::Over,
            };
            if let Some(seat) = state.idle.pop_front() {
                state.send(seat, due, now);
            } else if state.standing > 0 || matches!(state.pace, Pace::Closed { .. }) {
                state.starved = true;
                return Next::Starved;
            } else {
                state.pass_over();
            }
        }
    }

    /// A connection stands: its seat is free.
    pub(super) fn opened(&self, seat: usize, writer: OwnedWriteHalf) {
        let state = &mut *self.state.borrow_mut();
        state.seats[seat].writer = Some(writer);
        state.standing += 1;
        state.tally.connections += 1;
        state.next_on(seat);
        self.changed.notify_one();
    }

    /// The bytes that come next on this seat answer a HEAD request.
    pub(super) fn asked_head(&self, seat: usize) -> bool {
        self.state.borrow().seats[seat].asked.is_some_and(|asked| asked.head)
    }

    /// A whole answer came. Returns false when nothing had been asked.
    pub(super) fn answered(&self, seat: usize, status: u16, keep: bool) -> bool {
        let state = &mut *self.state.borrow_mut();
        let Some(asked) = state.seats[seat].asked.take() else { return false };
        state.settle(asked, Some(status));
        if keep {
            state.next_on(seat);
        }
        if (state.starved && !state.idle.is_empty()) || matches!(state.due(Instant::now()), Due::Over) {
            state.starved = false;
            self.changed.notify_one();
        }
        true
    }

    /// A connection is gone; `status` is that of an answer that had begun.
    pub(super) fn ended(&self, seat: usize, status: Option<u16>) {
        let state = &mut *self.state.borrow_mut();
        state.idle.retain(|idle| *idle != seat);
        state.seats[seat].writer = None;
        state.standing -= 1;
        if let Some(asked) = state.seats[seat].asked.take() {
            state.settle(asked, status);
        }
        self.changed.notify_one();
    }

    /// Gives up requests that have waited longer than `timeout`: their connections are shut, which
    /// their readers notice as an end.
    pub(super) fn give_up_after(&self, timeout: Duration) {
        let state = self.state.borrow();
        for seat in &state.seats {
            if let (Some(asked), Some(writer)) = (seat.asked, &seat.writer)
                && asked.sent.elapsed() > timeout
            {
                // an error means that the connection has ended by itself
                let _ = SockRef::from(writer.as_ref()).shutdown(std::net::Shutdown::Both);
            }
        }
    }

    /// Connections that stand now.
    pub(super) fn standing(&self) -> usize {
        self.state.borrow().standing
    }

    /// Requests whose answers are still to come.
    pub(super) fn waiting_for_answers(&self) -> usize {
        self.state.borrow().waiting_for_answers
    }

    /// What became of all requests.
    pub(super) fn into_tally(self) -> Tally {
        self.state.into_inner().tally
    }
}

impl State {
    fn due(&self, now: Instant) -> Due {
        match self.pace {
            Pace::NotBegun => Due::NotBegun,
            Pace::Open { schedule, count } if self.index < count => Due::At(schedule.due(self.index)),
            Pace::Closed { until } if now < until => Due::At(now),
            Pace::Open { .. } | Pace::Closed { .. } | Pace::Over => Due::Over,
        }
    }

    /// Sends the next request on a seat if one is due, else sets the seat free.
    fn next_on(&mut self, seat: usize) {
        let now = Instant::now();
        match self.due(now) {
            Due::At(due) if due <= now => self.send(seat, due, now),
            _ => self.idle.push_back(seat),
        }
    }

    /// Sends the next request. On a connection that is just breaking it counts as not sent; the
    /// seat is then neither free nor waiting until its reader has seen the end.
    fn send(&mut self, seat: usize, due: Instant, now: Instant) {
        let number = self.first + self.index;
        self.index += 1;
        let head = self.requests.write(number, &mut self.outgoing);
        self.note(number, Fate::Sent);
        let Seat { writer, asked } = &mut self.seats[seat];
        let writer = writer.as_ref().expect("only a seat with a connection is idle");
        let written = writer.try_write(&self.outgoing).unwrap_or(0);
        if written < self.outgoing.len() {
            // A request of 1 KiB always fits the socket of a sound connection that has nothing else
            // in flight, so this one is breaking: its reader is to see the end.
            let _ = SockRef::from(writer.as_ref()).shutdown(std::net::Shutdown::Both);
        }
        if written == 0 {
            self.tally.not_sent += 1;
            self.note(number, Fate::NotSent);
            return;
        }
        *asked = Some(Asked { number, due, sent: now, head });
        self.waiting_for_answers += 1;
        self.tally.sent += 1;
        self.tally.delay.saturating_record(nanos(now - due));
    }

    /// The next request was due while no connection stood.
    fn pass_over(&mut self) {
        self.note(self.first + self.index, Fate::NotSent);
        self.index += 1;
        self.tally.not_sent += 1;
    }

    fn settle(&mut self, asked: Asked, status: Option<u16>) {
        self.waiting_for_answers -= 1;
        match status {
            Some(status) => {
                self.tally.latency.saturating_record(nanos(asked.due.elapsed()));
                self.tally.answered[usize::from(status)] += 1;
                self.note(asked.number, Fate::Answered(status));
            }
            None => self.tally.unknown += 1,
        }
    }

    fn note(&self, number: u64, fate: Fate) {
        if let Some(journal) = &self.journal {
            journal.set(number, fate);
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
