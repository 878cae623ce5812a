//! Visits to feeds and fetches of pictures, in the background of the control plane.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::programme::Programme;

/// How often it is asked what is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Visits to feeds at the same time, in this process.
const VISITORS: usize = 4;

/// Does what is due until `shutdown`. Several nodes may do so: each feed and picture is claimed by
/// one of them.
pub(super) async fn keep(programme: Programme, shutdown: CancellationToken) {
    let visitors = (0..VISITORS).map(|_| tokio::spawn(visit(programme.clone(), shutdown.clone()))).collect::<Vec<_>>();
    let pictures = tokio::spawn(fetch_pictures(programme, shutdown));
    for task in visitors.into_iter().chain([pictures]) {
        if let Err(error) = task.await {
            tracing::error!(%error, "feeds or pictures are not fetched any more in this process");
        }
    }
}

async fn visit(programme: Programme, shutdown: CancellationToken) {
    repeat(&shutdown, || async {
        programme.visit_due_feed().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a feed was not visited; it is tried again");
            false
        })
    })
    .await;
}

async fn fetch_pictures(programme: Programme, shutdown: CancellationToken) {
    repeat(&shutdown, || async {
        programme.fetch_due_picture().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a picture was not fetched; it is tried again");
            false
        })
    })
    .await;
}

/// Does `work` until it says that nothing is left, and again at intervals. What is under way when
/// `shutdown` comes is given up: it was claimed for two minutes at most.
async fn repeat<F: Future<Output = bool>>(shutdown: &CancellationToken, work: impl Fn() -> F) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                more = work() => if !more { break },
            }
        }
    }
}
