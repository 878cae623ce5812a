use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::model::Change;
use crate::telemetry::Metrics;

/// A store in memory that can go away and forget old changes.
#[derive(Default)]
struct Store {
    changes: Mutex<Vec<Change>>,
    first_kept: AtomicU64,
    away: std::sync::atomic::AtomicBool,
}

impl ChangeFeed for Store {
    fn since(&self, seq: u64, limit: usize) -> FeedFuture<'_, Vec<Change>> {
        Box::pin(async move {
            if self.away.load(Ordering::SeqCst) {
                return Err(FeedError::Away("switched off".into()));
            }
            if seq + 1 < self.first_kept.load(Ordering::SeqCst) {
                return Err(FeedError::TooOld);
            }
            let changes = self.changes.lock();
            Ok(changes.iter().filter(|change| change.seq > seq).take(limit).cloned().collect())
        })
    }

    fn snapshot<'f>(&'f self, visit: &'f mut (dyn FnMut(Vec<Entity>) + Send)) -> FeedFuture<'f, u64> {
        Box::pin(async move {
            if self.away.load(Ordering::SeqCst) {
                return Err(FeedError::Away("switched off".into()));
            }
            let changes = self.changes.lock();
            visit(changes.iter().map(|change| change.entity.clone()).collect());
            Ok(changes.last().map_or(0, |change| change.seq))
        })
    }
}

struct Following {
    table: Arc<LinkTable>,
    store: Arc<Store>,
    moved: watch::Sender<u64>,
    complete: watch::Receiver<bool>,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

fn following(store: Store, snapshot: Option<std::path::PathBuf>) -> Following {
    let table = Arc::new(LinkTable::new());
    let store = Arc::new(store);
    let (moved, moves) = watch::channel(0);
    let (completes, complete) = watch::channel(false);
    let (metrics, shutdown) = (Arc::new(Metrics::new()), CancellationToken::new());
    let options = FollowOptions {
        poll_interval: Duration::from_millis(1),
        snapshot,
        snapshot_interval: Duration::from_secs(300),
    };
    let feed: Arc<dyn ChangeFeed> = store.clone();
    let task = tokio::spawn(follow(table.clone(), feed, options, moves, completes, metrics.clone(), shutdown.clone()));
    Following { table, store, moved, complete, metrics, shutdown, task }
}

impl Following {
    fn add(&self, entity: Entity) {
        let mut changes = self.store.changes.lock();
        let seq = changes.last().map_or(1, |change| change.seq + 1);
        changes.push(Change { seq, at_ms: 0, entity });
    }

    async fn reaches(&self, seq: u64) {
        while self.table.seq() < seq {
            tokio::task::yield_now().await;
        }
    }
}

fn programme() -> Vec<Change> {
    changes(
        1,
        [Entity::Space(space(1)), Entity::Content(content(1, 1)), Entity::Link(link(1, 1, 1, 1, "linkedin", CODE))],
    )
}

#[tokio::test]
async fn a_node_without_a_snapshot_is_complete_once_it_has_read_everything() {
    let store = Store { changes: Mutex::new(programme()), ..Store::default() };
    store.away.store(true, Ordering::SeqCst);
    let mut following = following(store, None);
    tokio::task::yield_now().await;
    assert!(!*following.complete.borrow());
    following.store.away.store(false, Ordering::SeqCst);
    following.complete.wait_for(|complete| *complete).await.expect("still following");
    assert!(leads(&following.table, "", CODE, 0).is_some());
    while following.metrics.links.get() != 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn changes_arrive_when_told_of_and_when_not() {
    let following = following(Store { changes: Mutex::new(programme()), ..Store::default() }, None);
    following.reaches(3).await;
    following.add(Entity::Link(link(2, 1, 1, 1, "x", "bbbbbbbbb")));
    following.moved.send_replace(4);
    following.reaches(4).await;
    following.add(Entity::LinkRemoved(LinkId::from_bits(2)));
    following.reaches(5).await;
    assert_eq!(leads(&following.table, "", "bbbbbbbbb", 0), None);
}

#[tokio::test]
async fn links_outlive_the_feed_and_staleness_says_so() {
    let following = following(Store { changes: Mutex::new(programme()), ..Store::default() }, None);
    following.reaches(3).await;
    following.store.away.store(true, Ordering::SeqCst);
    // A feed that answers is asked every millisecond.
    while following.metrics.link_staleness.get() < 0.05 {
        tokio::task::yield_now().await;
    }
    assert!(leads(&following.table, "", CODE, 0).is_some());
}

#[tokio::test]
async fn a_table_too_old_for_the_feed_is_read_again() {
    let following = following(Store { changes: Mutex::new(programme()), ..Store::default() }, None);
    following.reaches(3).await;
    {
        let mut changes = following.store.changes.lock();
        let mut now = programme();
        now.pop();
        now.push(Change { seq: 900, at_ms: 0, entity: Entity::Link(link(7, 1, 1, 1, "x", "bbbbbbbbb")) });
        *changes = now;
        following.store.first_kept.store(900, Ordering::SeqCst);
    }
    following.reaches(900).await;
    assert_eq!(leads(&following.table, "", CODE, 0), None);
    assert!(leads(&following.table, "", "bbbbbbbbb", 0).is_some());
}

#[tokio::test]
async fn the_drain_writes_the_snapshot() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("links.snapshot");
    let following = following(Store { changes: Mutex::new(programme()), ..Store::default() }, Some(path.clone()));
    following.reaches(3).await;
    following.shutdown.cancel();
    following.task.await.expect("no panic");
    assert_eq!(LinkTable::load(&path).expect("loaded").seq(), 3);
}
