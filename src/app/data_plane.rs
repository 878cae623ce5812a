//! What answers links and ships their clicks: the whole of a redirect node, and half of a server
//! that does everything.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clickhouse::ClickHouse;
use super::control::{Answerer, Socket};
use super::folder::Folder;
use super::housekeeping::{KeySource, Secrets};
use super::ports;
use super::redirects::Workers;
use super::shipping::{Shipping, Source};
use crate::config::Settings;
use crate::enrich::{self, Enricher};
use crate::model::DayKeys;
use crate::ops;
use crate::portal;
use crate::redirect::link_table::{ChangeFeed, FollowOptions, follow};
use crate::redirect::{LinkTable, Policy, Setup, Shared};
use crate::spool::Spool;
use crate::spool::filesystem::Disk;
use crate::telemetry::Metrics;

/// How long a start waits for its links before it answers 503 for those that it does not know yet.
const LINKS_WITHIN: Duration = Duration::from_secs(5);
/// The same for a start that has a snapshot to answer from.
const NEWS_WITHIN: Duration = Duration::from_secs(1);

/// Where links come from.
pub(super) struct Links {
    /// The store of this process, or the control node.
    pub(super) feed: Arc<dyn ChangeFeed>,
    /// Moves when there may be news.
    pub(super) moved: watch::Receiver<u64>,
    /// How the table is kept.
    pub(super) options: FollowOptions,
    /// Whether old answers are better than none: for a node that is far from the store. Beside the store a snapshot
    /// only shortens the start.
    pub(super) old_is_enough: bool,
}

/// Workers, spool, shipping and what they stand on.
pub(super) struct DataPlane {
    workers: Workers,
    shared: Arc<Shared>,
    spool: Spool,
    shipping: Shipping,
    following: JoinHandle<()>,
    known: Known,
    end_redirects: CancellationToken,
    end_rest: CancellationToken,
}

/// Whether links can be answered.
#[derive(Clone)]
struct Known {
    complete: watch::Receiver<bool>,
    /// The table was read from a snapshot.
    from_snapshot: bool,
    /// Which is enough then.
    old_is_enough: bool,
}

impl Known {
    fn is_enough(&self) -> bool {
        (self.from_snapshot && self.old_is_enough) || *self.complete.borrow()
    }

    async fn all(&mut self) {
        // The sender lives as long as the process follows the feed.
        let _ended = self.complete.wait_for(|complete| *complete).await;
    }
}

impl DataPlane {
    /// Starts everything; requests are answered when this returns.
    ///
    /// # Errors
    /// When something that redirects need is missing: the spool, the keys, a thread. Neither
    /// ClickHouse nor the feed is among them.
    pub(super) async fn start(
        settings: &Settings,
        folder: &Folder,
        listeners: Vec<TcpListener>,
        links: Links,
        key_source: KeySource,
        clickhouse: &ClickHouse,
        metrics: &Arc<Metrics>,
    ) -> anyhow::Result<Self> {
        let spool = Spool::open(&folder.spool(), settings.spool.clone(), Arc::new(Disk), Arc::clone(metrics))?;
        let keys = Arc::new(DayKeys::default());
        let enricher = Arc::new(Enricher::new(&settings.enrich)?);
        if let Some(path) = enricher.geo_is_missing() {
            tracing::warn!(path = %path.display(), "no geo database there: countries stay unknown until it appears");
        }
        let secrets = Secrets::open(folder, Arc::clone(&keys), Arc::clone(&enricher), key_source).await?;
        let (end_redirects, end_rest) = (CancellationToken::new(), CancellationToken::new());

        let (complete, completed) = watch::channel(false);
        let table = load_links(folder);
        let old_is_enough = links.old_is_enough;
        let known = Known { complete: completed.clone(), from_snapshot: table.seq() > 0, old_is_enough };
        let table = Arc::new(table);
        let following = tokio::spawn(follow(
            Arc::clone(&table),
            links.feed,
            links.options,
            links.moved,
            complete,
            Arc::clone(metrics),
            end_rest.clone(),
        ));
        let source = Source { spool: spool.clone(), enricher, keys: Arc::clone(&keys), metrics: Arc::clone(metrics) };
        let shipping = Shipping::begin(settings, clickhouse, source);

        let shared = Arc::new(Shared::new(Setup {
            policy: Policy { acknowledge: settings.spool.acknowledge, when_full: settings.spool.when_full },
            port: Arc::new(ports::redirect(settings, metrics)),
            config: settings.redirect.clone(),
            table,
            keys,
            complete: completed,
            is_preview_agent: enrich::is_preview_agent,
            report_url: Some(format!("{}{}", settings.portal.base_url.trim_end_matches('/'), portal::REPORT_PATH)),
            pictures_url: Some(format!("{}/pictures", settings.portal.base_url.trim_end_matches('/'))),
        }));
        // The listeners are open: who comes meanwhile waits in the kernel's queue instead of being told 503.
        let patience = if known.from_snapshot { NEWS_WITHIN } else { LINKS_WITHIN };
        let _late = tokio::time::timeout(patience, known.clone().all()).await;
        let workers = Workers::start(listeners, &shared, &spool, &end_redirects)?;

        let answerer = Answerer { spool: spool.clone(), warehouse: clickhouse.warehouse() };
        let socket = Socket::bind(folder.socket()).context("opening data_dir/relais.sock")?;
        tokio::spawn(socket.serve(answerer, end_rest.clone()));
        tokio::spawn(secrets.keep(end_rest.clone()));
        Ok(Self { workers, shared, spool, shipping, following, known, end_redirects, end_rest })
    }

    /// Returns when links are answered as they stand, or, where that is enough, as they stood in the snapshot.
    pub(super) async fn answers(&mut self) {
        if !self.known.is_enough() {
            self.known.all().await;
        }
    }

    /// What `/ready` says of it.
    pub(super) fn readiness(&self) -> ops::Readiness {
        let (known, spool) = (self.known.clone(), self.spool.clone());
        Arc::new(move || {
            let links = if known.is_enough() { Ok(()) } else { Err("not all links are loaded yet".to_owned()) };
            let refused = spool.troubles().refused_allocations;
            let room = if refused == 0 { Ok(()) } else { Err(format!("{refused} segments could not be allocated")) };
            vec![("links", links), ("spool", room)]
        })
    }

    /// Finishes what is in flight, syncs the spool, ships what it holds within the grace, and says what remains.
    ///
    /// # Errors
    /// When a thread of it has panicked.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        tracing::info!("stopping: no new requests, then the clicks in the spool");
        self.end_redirects.cancel();
        let workers = self.workers;
        let cut = tokio::task::spawn_blocking(|| workers.join()).await.context("waiting for the redirect workers")?;
        if cut > 0 {
            tracing::warn!(cut, "connections did not end in time and were cut");
        }
        drop(self.shared);
        if let Err(error) = self.spool.sync() {
            tracing::error!(%error, "the spool's last sync failed");
        }
        self.shipping.end().await;
        self.end_rest.cancel();
        self.following.await.context("waiting for the link table")
    }
}

/// The last saved table, or an empty one that the feed will fill.
fn load_links(folder: &Folder) -> LinkTable {
    let path = folder.links();
    if !path.exists() {
        return LinkTable::new();
    }
    match LinkTable::load(&path) {
        Ok(table) => {
            tracing::info!(links = table.len(), seq = table.seq(), "links loaded from the snapshot");
            table
        }
        Err(error) => {
            tracing::warn!(%error, "the snapshot of links is not used; they are read from the change feed");
            LinkTable::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_enough_for_a_redirect_node_and_for_nobody_beside_the_store() {
        let (complete, completed) = watch::channel(false);
        let known = |from_snapshot, old_is_enough| Known { complete: completed.clone(), from_snapshot, old_is_enough };
        let (node, newcomer) = (known(true, true), known(false, true));
        let (server, empty) = (known(true, false), known(false, false));
        assert!(node.is_enough());
        assert!(!newcomer.is_enough() && !server.is_enough() && !empty.is_enough());
        complete.send(true).expect("somebody listens");
        assert!([node, newcomer, server, empty].iter().all(Known::is_enough));
    }
}
