//! The three servers: what each is built of, in which order it starts, and in which order it ends.
//!
//! [`everything`] is both halves in one process; [`redirect_node`] and [`control_node`] are one each.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::clickhouse::ClickHouse;
use super::control_plane::ControlPlane;
use super::data_plane::{DataPlane, Links};
use super::folder::Folder;
use super::housekeeping::KeySource;
use super::ports;
use super::programme::Opened;
use super::redirects;
use super::stop;
use crate::cluster;
use crate::config::Settings;
use crate::net;
use crate::redirect::link_table::FollowOptions;
use crate::telemetry::Metrics;

/// Where a running server can be reached.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Short links, unless this is a control node.
    pub redirect: Option<SocketAddr>,
    /// The API, unless this is a redirect node.
    pub portal: Option<SocketAddr>,
    /// Metrics and readiness.
    pub operations: SocketAddr,
}

/// Serves everything until SIGTERM or SIGINT, then drains. `ready` is called once links are answered.
///
/// # Errors
/// When something that redirects need is missing: a port, the store, the spool. ClickHouse is not
/// among them.
pub async fn everything(settings: Settings, ready: impl FnOnce(Addresses, &Opened)) -> anyhow::Result<()> {
    let folder = Folder::open(&settings.data_dir)?;
    let metrics = Arc::new(Metrics::new());

    // Ports first: they are what most often stands in the way, and nothing is written yet.
    let redirect_listeners = redirects::listeners(&settings.redirect, workers(&settings))?;
    let portal_listener = net::bind(settings.portal.listen, false, "portal.listen")?;
    let operations_listener = net::bind(settings.ops.listen, false, "ops.listen")?;
    let addresses = Addresses {
        redirect: Some(redirects::address(&redirect_listeners)?),
        portal: Some(portal_listener.local_addr()?),
        operations: operations_listener.local_addr()?,
    };
    let control = ControlPlane::open(&settings, &folder).await?;
    let told_to_stop = stop::on_signal()?;
    let clickhouse = ClickHouse::begin(&settings.clickhouse, folder.path(), &metrics);
    let links = Links {
        feed: Arc::new(control.feed()),
        moved: control.opened().store.latest(),
        options: FollowOptions::beside_the_store(folder.links()),
        old_is_enough: false,
    };
    let mut data =
        DataPlane::start(&settings, &folder, redirect_listeners, links, KeySource::Own, &clickhouse, &metrics).await?;
    control.serve(&settings, &folder, portal_listener, &clickhouse, &metrics)?;
    let end = CancellationToken::new();
    ports::serve_operations(operations_listener, &settings, data.readiness(), &metrics, &end);

    tokio::select! {
        () = data.answers() => ready(addresses, control.opened()),
        () = told_to_stop.cancelled() => {}
    }
    told_to_stop.cancelled().await;

    data.end().await?;
    clickhouse.end().await;
    control.end().await;
    end.cancel();
    Ok(())
}

/// Serves links alone, as the control node at `cluster.control_url` tells them, until SIGTERM or
/// SIGINT. `ready` is called once links are answered, from the snapshot when the control node is away.
///
/// # Errors
/// When `[cluster]` does not say where the control node is, or a port or the spool is missing.
pub async fn redirect_node(settings: Settings, ready: impl FnOnce(Addresses)) -> anyhow::Result<()> {
    let remote = cluster::client::Remote::new(&settings.cluster)?;
    let folder = Folder::open(&settings.data_dir)?;
    let metrics = Arc::new(Metrics::new());
    let redirect_listeners = redirects::listeners(&settings.redirect, workers(&settings))?;
    let operations_listener = net::bind(settings.ops.listen, false, "ops.listen")?;
    let addresses = Addresses {
        redirect: Some(redirects::address(&redirect_listeners)?),
        portal: None,
        operations: operations_listener.local_addr()?,
    };
    let told_to_stop = stop::on_signal()?;
    let clickhouse = ClickHouse::begin(&settings.clickhouse, folder.path(), &metrics);
    let links = Links {
        feed: Arc::new(remote.clone()),
        // Nobody tells it that the control node has news: it asks.
        moved: tokio::sync::watch::channel(0).1,
        options: FollowOptions::far_from_the_store(folder.links()),
        old_is_enough: true,
    };
    let keys = KeySource::Control(remote);
    let mut data = DataPlane::start(&settings, &folder, redirect_listeners, links, keys, &clickhouse, &metrics).await?;
    let end = CancellationToken::new();
    ports::serve_operations(operations_listener, &settings, data.readiness(), &metrics, &end);

    tokio::select! {
        () = data.answers() => ready(addresses),
        () = told_to_stop.cancelled() => {}
    }
    told_to_stop.cancelled().await;

    data.end().await?;
    clickhouse.end().await;
    end.cancel();
    Ok(())
}

/// Serves the API and the change feed of redirect nodes until SIGTERM or SIGINT.
///
/// # Errors
/// When a port or the store is missing. ClickHouse may come later.
pub async fn control_node(settings: Settings, ready: impl FnOnce(Addresses)) -> anyhow::Result<()> {
    let folder = Folder::open(&settings.data_dir)?;
    let metrics = Arc::new(Metrics::new());
    let portal_listener = net::bind(settings.portal.listen, false, "portal.listen")?;
    let operations_listener = net::bind(settings.ops.listen, false, "ops.listen")?;
    let addresses = Addresses {
        redirect: None,
        portal: Some(portal_listener.local_addr()?),
        operations: operations_listener.local_addr()?,
    };
    let control = ControlPlane::open(&settings, &folder).await?;
    let told_to_stop = stop::on_signal()?;
    let clickhouse = ClickHouse::begin(&settings.clickhouse, folder.path(), &metrics);
    control.serve(&settings, &folder, portal_listener, &clickhouse, &metrics)?;
    let end = CancellationToken::new();
    ports::serve_operations(operations_listener, &settings, control.readiness(), &metrics, &end);
    ready(addresses);
    told_to_stop.cancelled().await;

    clickhouse.end().await;
    control.end().await;
    end.cancel();
    Ok(())
}

fn workers(settings: &Settings) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    settings.redirect.worker_count(cores)
}
