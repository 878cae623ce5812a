//! The loop: cut and freeze on one side, send and verify on the other.
//!
//! A batch takes one of `in_flight_batches` places from before its first row is encoded until it is
//! verified. With two places the next batch is frozen while the former is inserted; with ClickHouse
//! away both are taken, nothing more is read, and the spool's disk holds the rest.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Backoff;
use super::config::Config;
use super::works::{Opened, Works};
use crate::spool::{LedgerError, Manifest};

/// What a running pipeline is told.
pub(super) enum Command {
    /// Ship without waiting for ticks, and end when nothing is left or after this time.
    Drain(Duration),
    /// The engine was started again: look for parts that cannot be read.
    CheckParts,
}

/// What a pipeline left behind when it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remaining {
    /// Records that stand in no batch.
    pub records: u64,
    /// Batches that are not verified; the next start looks for them before anything else.
    pub batches: usize,
}

impl Remaining {
    /// Everything that the spool held is verified or in quarantine.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Ships what the spool holds until it is told to end.
pub(super) struct Pipeline {
    works: Arc<Works>,
    config: Config,
    /// Batches of an earlier run; they come before new ones.
    reopened: VecDeque<Manifest>,
    cutting: Option<Task<Result<Option<Opened>, LedgerError>>>,
    deliveries: Vec<UnderWay>,
    reconciling: Option<Task<()>>,
    tick: Task<()>,
    /// Time for a cut.
    due: bool,
    /// When the oldest record that stood in no batch was answered, as of the last cut.
    oldest_pending_ms: Option<i64>,
    grace: Option<Task<()>>,
}

struct UnderWay {
    oldest_ms: i64,
    task: Task<()>,
}

enum Event {
    Cut(Result<Option<Opened>, LedgerError>),
    Delivered,
    Reconciled,
    Tick,
    Told(Command),
    Abandoned,
}

impl Pipeline {
    pub(super) fn new(config: Config, works: Arc<Works>) -> Self {
        Self {
            reopened: works.open_batches().into(),
            reconciling: Some(Box::pin(works.clone().reconcile())),
            works,
            config,
            cutting: None,
            deliveries: Vec::new(),
            tick: Box::pin(async {}),
            due: false,
            oldest_pending_ms: None,
            grace: None,
        }
    }

    /// Runs until a drain ends, or until nobody can tell it anything any more. Dropping it is as safe as a crash.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) -> Remaining {
        let mut nothing_waits = false;
        let mut backoff = Backoff::default();
        loop {
            self.fill_places();
            if self.grace.is_some() && nothing_waits && self.is_idle() {
                return self.works.remaining();
            }
            match self.next_event(&mut commands).await {
                Event::Cut(Ok(None)) => {
                    nothing_waits = true;
                    self.oldest_pending_ms = None;
                }
                Event::Cut(Ok(Some(opened))) => {
                    backoff.reset();
                    nothing_waits = false;
                    self.due |= opened.more || self.grace.is_some();
                    self.oldest_pending_ms = opened.oldest_pending_ms;
                    let oldest_ms = opened.batch.oldest_ms;
                    let task = Box::pin(self.works.clone().ship(opened));
                    self.deliveries.push(UnderWay { oldest_ms, task });
                }
                Event::Cut(Err(error)) => {
                    tracing::error!(%error, "a batch could not be noted in the spool's ledger; it is cut again");
                    self.tick = backoff.wait(self.works.clock());
                }
                Event::Delivered => {}
                Event::Reconciled => self.due = true,
                Event::Tick => {
                    self.due = true;
                    self.tick = self.works.clock().sleep(Duration::from_millis(self.config.tick_ms));
                    self.works.show_oldest(self.oldest_ms());
                }
                Event::Told(Command::Drain(grace)) => {
                    self.due = true;
                    self.grace = Some(self.works.clock().sleep(grace));
                }
                Event::Told(Command::CheckParts) => self.reconciling = Some(Box::pin(self.works.clone().reconcile())),
                Event::Abandoned => return self.works.remaining(),
            }
        }
    }

    fn is_idle(&self) -> bool {
        let under_way = self.cutting.is_some() || !self.deliveries.is_empty() || !self.reopened.is_empty();
        // What is in doubt waits to be settled; with an empty spool there is nothing to wait for.
        !under_way && (self.reconciling.is_none() || self.works.remaining().is_nothing())
    }

    fn fill_places(&mut self) {
        while self.deliveries.len() + usize::from(self.cutting.is_some()) < self.config.in_flight_batches {
            if let Some(manifest) = self.reopened.pop_front() {
                let task = Box::pin(self.works.clone().resume(manifest));
                self.deliveries.push(UnderWay { oldest_ms: i64::MAX, task });
            } else if self.due && self.cutting.is_none() {
                self.due = false;
                self.cutting = Some(self.works.cut());
            } else {
                return;
            }
        }
    }

    async fn next_event(&mut self, commands: &mut mpsc::UnboundedReceiver<Command>) -> Event {
        tokio::select! {
            biased;
            () = first(&mut self.deliveries) => Event::Delivered,
            cut = if_any(&mut self.cutting) => Event::Cut(cut),
            () = if_any(&mut self.reconciling) => Event::Reconciled,
            command = commands.recv() => command.map_or(Event::Abandoned, Event::Told),
            () = if_any(&mut self.grace) => Event::Abandoned,
            () = &mut self.tick => Event::Tick,
        }
    }

    fn oldest_ms(&self) -> Option<i64> {
        self.deliveries.iter().map(|delivery| delivery.oldest_ms).chain(self.oldest_pending_ms).min()
    }
}

/// Ends with the first delivery that ends, and removes it.
async fn first(deliveries: &mut Vec<UnderWay>) {
    poll_fn(|context| {
        let done = deliveries.iter_mut().position(|delivery| delivery.task.as_mut().poll(context).is_ready());
        match done {
            Some(index) => {
                deliveries.swap_remove(index);
                Poll::Ready(())
            }
            None => Poll::Pending,
        }
    })
    .await;
}

/// Ends with the task, if there is one, and removes it.
async fn if_any<T>(task: &mut Option<Task<T>>) -> T {
    match task {
        Some(running) => {
            let result = running.as_mut().await;
            *task = None;
            result
        }
        None => pending().await,
    }
}
