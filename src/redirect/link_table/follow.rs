//! Keeping the table fresh.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::LinkTable;
use crate::model::{Change, Entity};
use crate::telemetry::Metrics;

/// What a feed answers with, some time later.
pub type FeedFuture<'f, T> = Pin<Box<dyn Future<Output = Result<T, FeedError>> + Send + 'f>>;

/// Where changes come from: the store of this process, or the control node over HTTP.
pub trait ChangeFeed: Send + Sync + 'static {
    /// Up to `limit` changes with numbers above `seq`, in their order; fewer only at the end.
    fn since(&self, seq: u64, limit: usize) -> FeedFuture<'_, Vec<Change>>;

    /// Everything that stands now, handed to `visit` in parts and in any order. Answers the number
    /// of a change such that all up to it are contained; later ones may be.
    fn snapshot<'f>(&'f self, visit: &'f mut (dyn FnMut(Vec<Entity>) + Send)) -> FeedFuture<'f, u64>;
}

/// Why a feed has no answer.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The changes asked for are not kept any more: the whole must be read.
    #[error("changes as old as this are not kept any more")]
    TooOld,
    /// Not reachable now; asked again soon.
    #[error("the change feed does not answer: {0}")]
    Away(String),
}

/// How the table is kept.
#[derive(Debug, Clone)]
pub struct FollowOptions {
    /// Where the snapshot stands, if one is kept.
    pub snapshot: Option<PathBuf>,
    /// How often the feed is asked when nobody says that it moved.
    pub poll_interval: Duration,
    /// The least time between two snapshots while there are changes. A large table waits longer: it
    /// spends at most a 200th of its time on them.
    pub snapshot_interval: Duration,
}

impl FollowOptions {
    /// For a table beside its store: polls every 500 ms (a paused campaign must stop within 2 s
    /// everywhere), writes a snapshot every 5 minutes.
    pub fn beside_the_store(snapshot: PathBuf) -> Self {
        let snapshot = Some(snapshot);
        Self { snapshot, poll_interval: Duration::from_millis(500), snapshot_interval: Duration::from_secs(300) }
    }

    /// For a node whose store is elsewhere and may be away when the node starts again: the same,
    /// with a snapshot as soon as a second after a change.
    pub fn far_from_the_store(snapshot: PathBuf) -> Self {
        Self { snapshot_interval: Duration::from_secs(1), ..Self::beside_the_store(snapshot) }
    }
}

/// A snapshot that took a while is followed by this many times that while without one.
const SNAPSHOT_REST: u32 = 200;

/// Changes asked for at a time.
const BATCH: usize = 2000;

/// Takes changes into `table` until `shutdown`, and writes the snapshot then.
///
/// `moved` says that there may be news (any value); a feed that cannot tell gives a watch that
/// never moves. `complete` becomes true when the table has had every change for the first time:
/// until then a node that had no snapshot must not say that a code is unknown.
pub async fn follow(
    table: Arc<LinkTable>,
    feed: Arc<dyn ChangeFeed>,
    options: FollowOptions,
    mut moved: watch::Receiver<u64>,
    complete: watch::Sender<bool>,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    let mut poll = tokio::time::interval(options.poll_interval);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut follower =
        Follower { table, feed, options, metrics, fresh_at: None, started: Instant::now(), away: false, listed: false };
    let mut saved = (follower.table.seq(), Instant::now());
    let mut rest = follower.options.snapshot_interval;
    let mut feed_tells = true;
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            told = moved.changed(), if feed_tells => feed_tells = told.is_ok(),
            _ = poll.tick() => {}
        }
        if follower.catch_up().await && !*complete.borrow() {
            complete.send_replace(true);
        }
        follower.report();
        if saved.1.elapsed() >= rest && saved.0 != follower.table.seq() {
            let began = Instant::now();
            saved = (follower.save().await.unwrap_or(saved.0), Instant::now());
            rest = follower.options.snapshot_interval.max(began.elapsed() * SNAPSHOT_REST);
        }
    }
    if saved.0 != follower.table.seq() {
        follower.save().await;
    }
}

struct Follower {
    table: Arc<LinkTable>,
    feed: Arc<dyn ChangeFeed>,
    options: FollowOptions,
    metrics: Arc<Metrics>,
    /// When the table last knew that it had everything.
    fresh_at: Option<Instant>,
    started: Instant,
    away: bool,
    /// A full listing was read, though it may have been empty.
    listed: bool,
}

impl Follower {
    /// Takes all news; true when there are no more.
    async fn catch_up(&mut self) -> bool {
        let asked = Instant::now();
        let outcome = self.take_news().await;
        match outcome {
            Ok(()) => {
                if self.away {
                    tracing::info!(seq = self.table.seq(), "the change feed answers again");
                }
                self.away = false;
                // As of the question: what came after it may not be in the answer.
                self.fresh_at = Some(asked);
                true
            }
            Err(error) => {
                if !self.away {
                    tracing::warn!(%error, seq = self.table.seq(), "links may grow stale until the change feed answers");
                }
                self.away = true;
                false
            }
        }
    }

    async fn take_news(&mut self) -> Result<(), FeedError> {
        // A table that has seen nothing reads what stands, rather than all that ever happened.
        if self.table.seq() == 0 && !self.listed {
            self.read_everything().await?;
        }
        loop {
            match self.feed.since(self.table.seq(), BATCH).await {
                Ok(changes) => {
                    self.table.apply(&changes);
                    if changes.len() < BATCH {
                        return Ok(());
                    }
                }
                Err(FeedError::TooOld) => self.read_everything().await?,
                Err(away) => return Err(away),
            }
        }
    }

    async fn read_everything(&mut self) -> Result<(), FeedError> {
        let mut rebuild = self.table.rebuild();
        let seq = self.feed.snapshot(&mut |part| rebuild.list(&part)).await?;
        rebuild.finish(seq);
        self.listed = true;
        tracing::info!(links = self.table.len(), seq, "read all links from the change feed");
        Ok(())
    }

    fn report(&self) {
        self.metrics.links.set(i64::try_from(self.table.len()).unwrap_or(i64::MAX));
        let since = self.fresh_at.unwrap_or(self.started);
        self.metrics.link_staleness.set(since.elapsed().as_secs_f64());
    }

    async fn save(&self) -> Option<u64> {
        let path = self.options.snapshot.clone()?;
        let table = Arc::clone(&self.table);
        match tokio::task::spawn_blocking(move || table.save(&path)).await {
            Ok(Ok(seq)) => {
                self.metrics.link_snapshot_seq.set(i64::try_from(seq).unwrap_or(i64::MAX));
                Some(seq)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the snapshot of the links was not written; it is tried again later");
                None
            }
            Err(error) => {
                tracing::error!(%error, "writing the snapshot of the links failed");
                None
            }
        }
    }
}
