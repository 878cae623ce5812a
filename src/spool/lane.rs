//! What a writer shares with the threads behind it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tokio::sync::watch;

use super::live::Live;
use super::writer::{AppendError, SyncError, Ticket};

/// One lane: the segment that comes next, and how far the disk is.
pub(super) struct Lane {
    pub(super) number: u8,
    next: Mutex<Next>,
    arrived: Condvar,
    pub(super) progress: watch::Sender<Progress>,
}

#[derive(Default)]
struct Next {
    segment: Option<Arc<Live>>,
    /// Why there is none, as of the last attempt to allocate one.
    refused: Option<Refusal>,
    /// A writer waited for it in vain: the next one does not wait again before something has changed.
    gave_up: bool,
    /// A writer exists.
    in_use: bool,
}

/// A segment could not be allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Full,
    Io,
}

/// How the wait for the next segment went.
pub(super) enum Taken {
    Ready(Arc<Live>),
    Refused(Refusal),
    /// The allocator did not manage within the writer's patience.
    Late {
        waited: bool,
    },
}

impl Lane {
    pub(super) fn new(number: u8) -> Self {
        let progress = watch::Sender::new(Progress::default());
        Self { number, next: Mutex::default(), arrived: Condvar::new(), progress }
    }

    /// True for the first caller until [`leave`](Lane::leave).
    pub(super) fn enter(&self) -> bool {
        !std::mem::replace(&mut self.next.lock().in_use, true)
    }

    /// Ends the use; returns the segment that was prepared and never used.
    pub(super) fn leave(&self) -> Option<Arc<Live>> {
        std::mem::take(&mut *self.next.lock()).segment
    }

    /// True when a writer exists and has no next segment.
    pub(super) fn wants_segment(&self) -> bool {
        let next = self.next.lock();
        next.in_use && next.segment.is_none()
    }

    /// True when the last attempt to allocate one failed.
    pub(super) fn is_refused(&self) -> bool {
        self.next.lock().refused.is_some()
    }

    /// Hands over what the allocator made of it. Returns the segment when nobody wants it any more.
    pub(super) fn supply(&self, outcome: Result<Arc<Live>, Refusal>) -> Option<Arc<Live>> {
        let mut next = self.next.lock();
        if !next.in_use {
            return outcome.ok();
        }
        next.refused = outcome.as_ref().err().copied();
        next.segment = outcome.ok();
        next.gave_up = false;
        self.arrived.notify_all();
        None
    }

    /// Takes the next segment, waiting at most `patience` when it is on its way.
    pub(super) fn take(&self, patience: Duration) -> Taken {
        let mut next = self.next.lock();
        let waits = next.segment.is_none() && next.refused.is_none() && !next.gave_up;
        if waits {
            self.arrived.wait_while_for(&mut next, |next| next.segment.is_none() && next.refused.is_none(), patience);
        }
        match (next.segment.take(), next.refused) {
            (Some(segment), _) => Taken::Ready(segment),
            (None, Some(refusal)) => Taken::Refused(refusal),
            (None, None) => {
                next.gave_up = true;
                Taken::Late { waited: waits }
            }
        }
    }
}

/// How far a lane is on the disk.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The newest segment that was synced; everything before it is on the disk, or in `failed`.
    segment: u64,
    /// How many of its records are on the disk.
    records: u32,
    /// Segments whose sync failed, with what was on the disk before: the newest of them, at most [`FAILED`].
    failed: Vec<(u64, u32, Option<i32>)>,
}

/// A wait does not outlast so many failed segments: each costs at least an allocation, a wait one sync interval.
const FAILED: usize = 64;

impl Progress {
    pub(super) fn reached(&mut self, segment: u64, records: u32) {
        (self.segment, self.records) = (segment, records);
    }

    pub(super) fn fail(&mut self, segment: u64, records: u32, error: &io::Error) {
        if self.failed.len() == FAILED {
            self.failed.remove(0);
        }
        self.failed.push((segment, records, error.raw_os_error()));
    }

    /// What is known of `ticket`; `None` until it is on the disk or never will be.
    pub(super) fn verdict(&self, ticket: Ticket) -> Option<Result<(), SyncError>> {
        if let Some((_, records, code)) = self.failed.iter().find(|failed| failed.0 == ticket.segment) {
            return Some(if ticket.record < *records { Ok(()) } else { Err(SyncError::Disk { code: *code }) });
        }
        let reached = (self.segment, self.records);
        (reached > (ticket.segment, ticket.record)).then_some(Ok(()))
    }
}

impl From<Refusal> for AppendError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::Full,
            Refusal::Io => Self::Io,
        }
    }
}
