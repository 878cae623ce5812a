//! The server: what is built, in which order it starts, and in which order it ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::control::{Answerer, Socket};
use super::day_keys::KeyFolder;
use super::feed::StoreFeed;
use super::folder::Folder;
use super::housekeeping::House;
use super::programme::{self, Opened};
use super::redirects::{self, Workers};
use super::shipping::{Shipping, Source};
use super::stop;
use crate::api::{self, ApiState};
use crate::config::Settings;
use crate::enrich::{self, Enricher};
use crate::model::DayKeys;
use crate::net::{self, Limits, LimitsConfig, Port, TrustedProxies};
use crate::ops;
use crate::redirect::link_table::{FollowOptions, follow};
use crate::redirect::{LinkTable, Policy, Setup, Shared};
use crate::spool::Spool;
use crate::spool::filesystem::Disk;
use crate::telemetry::Metrics;

/// How long a start waits for its links before it answers 503 for those that it does not know yet.
const LINKS_WITHIN: Duration = Duration::from_secs(5);
/// How long requests in flight may take once the process is told to end.
const REQUEST_GRACE: Duration = Duration::from_secs(5);

/// Where a running server can be reached.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Short links.
    pub redirect: SocketAddr,
    /// The API.
    pub portal: SocketAddr,
    /// Metrics and readiness.
    pub operations: SocketAddr,
}

/// Serves until SIGTERM or SIGINT, then drains. `ready` is called once links are answered.
///
/// # Errors
/// When something that redirects need is missing: a port, the store, the spool. ClickHouse is not
/// among them.
pub async fn serve(settings: Settings, ready: impl FnOnce(Addresses, &Opened)) -> anyhow::Result<()> {
    let folder = Folder::open(&settings.data_dir)?;
    let metrics = Arc::new(Metrics::new());

    // Ports first: they are what most often stands in the way, and nothing is written yet.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let redirect_listeners = redirects::listeners(&settings.redirect, settings.redirect.worker_count(cores))?;
    let portal_listener = net::bind(settings.portal.listen, false, "portal.listen")?;
    let operations_listener = net::bind(settings.ops.listen, false, "ops.listen")?;
    let addresses = Addresses {
        redirect: redirects::address(&redirect_listeners)?,
        portal: portal_listener.local_addr()?,
        operations: operations_listener.local_addr()?,
    };

    let opened = programme::open(&settings, &folder).await?;
    programme::ensure_a_space(&opened.programme).await?;
    let spool = Spool::open(&folder.spool(), settings.spool.clone(), Arc::new(Disk), Arc::clone(&metrics))?;
    let keys = Arc::new(DayKeys::default());
    let mut key_folder = KeyFolder::open(&folder.keys()).context("opening data_dir/keys")?;
    key_folder.refresh(opened.store.clock().now_ms(), &keys).context("making the keys of the day")?;
    let enricher = Arc::new(Enricher::new(&settings.enrich)?);
    if let Some(path) = enricher.geo_is_missing() {
        tracing::warn!(path = %path.display(), "no geo database there: countries stay unknown until it appears");
    }

    let told_to_stop = stop::on_signal()?;
    let (end_redirects, end_rest) = (CancellationToken::new(), CancellationToken::new());

    let (complete, completed) = watch::channel(false);
    let table = Arc::new(load_links(&folder));
    let following = tokio::spawn(follow(
        Arc::clone(&table),
        Arc::new(StoreFeed(opened.store.clone())),
        FollowOptions::new(Some(folder.links())),
        opened.store.latest(),
        complete,
        Arc::clone(&metrics),
        end_rest.clone(),
    ));
    let source = Source {
        spool: spool.clone(),
        enricher: Arc::clone(&enricher),
        keys: Arc::clone(&keys),
        metrics: Arc::clone(&metrics),
    };
    let shipping = Shipping::begin(&settings, folder.path().to_owned(), source);

    let setup = Setup {
        policy: Policy { acknowledge: settings.spool.acknowledge, when_full: settings.spool.when_full },
        port: Arc::new(port("redirect", settings.redirect.limits(), &settings, &metrics)),
        config: settings.redirect.clone(),
        table: Arc::clone(&table),
        keys: Arc::clone(&keys),
        complete: completed.clone(),
        is_preview_agent: enrich::is_preview_agent,
        report_url: None,
        pictures_url: None,
    };
    let shared = Arc::new(Shared::new(setup));
    // The listeners are open: who comes meanwhile waits in the kernel's queue instead of being told 503.
    let mut links_are_known = completed.clone();
    let known = async { drop(links_are_known.wait_for(|complete| *complete).await) };
    let _late = tokio::time::timeout(LINKS_WITHIN, known).await;
    let workers = Workers::start(redirect_listeners, &shared, &spool, &end_redirects)?;

    let state =
        ApiState { programme: opened.programme.clone(), auth: opened.auth.clone(), metrics: Arc::clone(&metrics) };
    let portal =
        Arc::new(port("portal", LimitsConfig { max_connections: 4096, ..LimitsConfig::OFF }, &settings, &metrics));
    serve_pages(portal_listener, portal, api::router(state), &end_rest);
    let operations =
        Arc::new(port("ops", LimitsConfig { max_connections: 256, ..LimitsConfig::OFF }, &settings, &metrics));
    let pages = ops::router(Arc::clone(&metrics), readiness(completed.clone(), spool.clone()), Arc::new(|| {}));
    serve_pages(operations_listener, operations, pages, &end_rest);

    let answerer = Answerer { spool: spool.clone(), warehouse: shipping.warehouse() };
    let socket = Socket::bind(folder.socket()).context("opening data_dir/relais.sock")?;
    tokio::spawn(socket.serve(answerer, end_rest.clone()));
    let house = House { folder: key_folder, keys, enricher, store: opened.store.clone() };
    tokio::spawn(house.keep(end_rest.clone()));

    tokio::select! {
        _ = links_are_known.wait_for(|complete| *complete) => ready(addresses, &opened),
        () = told_to_stop.cancelled() => {}
    }
    told_to_stop.cancelled().await;

    tracing::info!("stopping: no new requests, then the clicks in the spool");
    end_redirects.cancel();
    let cut = tokio::task::spawn_blocking(|| workers.join()).await.context("waiting for the redirect workers")?;
    if cut > 0 {
        tracing::warn!(cut, "connections did not end in time and were cut");
    }
    drop(shared);
    if let Err(error) = spool.sync() {
        tracing::error!(%error, "the spool's last sync failed");
    }
    shipping.end().await;
    end_rest.cancel();
    following.await.context("waiting for the link table")?;
    opened.store.close().await;
    Ok(())
}

/// The last saved table, or an empty one that the store will fill.
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
            tracing::warn!(%error, "the snapshot of links is not used; they are read from the store");
            LinkTable::new()
        }
    }
}

fn port(name: &'static str, limits: LimitsConfig, settings: &Settings, metrics: &Arc<Metrics>) -> Port {
    Port {
        name,
        limits: Arc::new(Limits::new(limits)),
        trusted: Arc::new(TrustedProxies::new(settings.redirect.trusted_proxies.clone())),
        metrics: Arc::clone(metrics),
        malformed: (name == "redirect").then(|| metrics.redirects.with_label_values(&["malformed"])),
        head_timeout: Port::HEAD_TIMEOUT,
        grace: REQUEST_GRACE,
    }
}

fn serve_pages(listener: TcpListener, port: Arc<Port>, router: Router, shutdown: &CancellationToken) {
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        let name = port.name;
        if let Err(error) = net::serve_router(listener, port, router, shutdown).await {
            tracing::error!(%error, name, "the port is not served any more");
        }
    });
}

fn readiness(links: watch::Receiver<bool>, spool: Spool) -> ops::Readiness {
    Arc::new(move || {
        let links = if *links.borrow() { Ok(()) } else { Err("not all links are loaded yet".to_owned()) };
        let refused = spool.troubles().refused_allocations;
        let room = if refused == 0 { Ok(()) } else { Err(format!("{refused} segments could not be allocated")) };
        vec![("links", links), ("spool", room)]
    })
}
