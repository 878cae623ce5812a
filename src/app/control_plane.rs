//! What keeps the programme: the whole of a control node, and half of a server that does everything.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::clickhouse::ClickHouse;
use super::day_keys::KeyFolder;
use super::errands::Errands;
use super::feed::StoreFeed;
use super::folder::Folder;
use super::ports;
use super::programme::{self, Opened};
use super::web;
use crate::api::{self, ApiState, Patience, RateLimits};
use crate::auth::oidc::Oidc;
use crate::cluster;
use crate::config::Settings;
use crate::kpi::{ClickLog, Kpis};
use crate::mail::Post;
use crate::net::LimitsConfig;
use crate::ops;
use crate::outbound::{Destinations, Poster};
use crate::portal::{self, PortalState};
use crate::programme::transfers::depot::Depot;
use crate::store::Store;
use crate::telemetry::Metrics;

/// How often the store is asked what other control nodes changed, and whether it is there.
const LOOK: Duration = Duration::from_millis(500);
/// Connections of the portal's port, at most.
const CONNECTIONS: u32 = 4096;

/// The store, and what stands on it.
pub(super) struct ControlPlane {
    opened: Opened,
    /// Whether the store answered when it was last asked.
    answers: Arc<AtomicBool>,
    end: CancellationToken,
}

impl ControlPlane {
    /// Opens the store and makes the first space.
    ///
    /// # Errors
    /// When the store cannot be opened; says what to do.
    pub(super) async fn open(settings: &Settings, folder: &Folder) -> anyhow::Result<Self> {
        let opened = programme::open(settings, folder).await?;
        programme::ensure_a_space(&opened.programme).await?;
        Ok(Self { opened, answers: Arc::new(AtomicBool::new(true)), end: CancellationToken::new() })
    }

    /// The store and the rooms on it.
    pub(super) fn opened(&self) -> &Opened {
        &self.opened
    }

    /// The change feed of this process.
    pub(super) fn feed(&self) -> StoreFeed {
        StoreFeed(self.opened.store.clone())
    }

    /// Serves the portal's port, runs the errands, and looks after the store.
    ///
    /// # Errors
    /// When the nodes' token, or files of imports and exports, cannot be kept in the data directory.
    pub(super) fn serve(
        &self,
        settings: &Settings,
        folder: &Folder,
        listener: TcpListener,
        clickhouse: &ClickHouse,
        metrics: &Arc<Metrics>,
    ) -> anyhow::Result<()> {
        let Opened { store, programme, auth } = &self.opened;
        let destinations = Destinations::new(&settings.outbound);
        let errands = Errands {
            store: store.clone(),
            programme: web::reaching_out(programme, settings, metrics),
            auth: auth.clone(),
            clicks: ClickLog::new(clickhouse.warehouse()),
            kpis: Kpis::new(clickhouse.warehouse(), store.clone()),
            warehouse: clickhouse.warehouse(),
            post: Post::new(&settings.mail, folder.outbox())?,
            poster: Poster::new(destinations.clone()),
            metrics: Arc::clone(metrics),
            depot: Depot::open(&folder.transfers()).context("opening data_dir/transfers")?,
            base_url: settings.redirect.base_url.clone(),
            privacy: settings.privacy,
            folder: folder.clone(),
        };
        let pages = pages(settings, folder, &errands, destinations)?;
        let limits = LimitsConfig { max_connections: CONNECTIONS, ..LimitsConfig::OFF };
        let port = Arc::new(ports::pages("portal", limits, settings, metrics));
        ports::serve(listener, port, pages, &self.end);
        errands.start(&self.end);
        tokio::spawn(look(store.clone(), Arc::clone(&self.answers), self.end.clone()));
        Ok(())
    }

    /// What `/ready` says of it.
    pub(super) fn readiness(&self) -> ops::Readiness {
        let answers = Arc::clone(&self.answers);
        Arc::new(move || {
            let store =
                if answers.load(Ordering::Relaxed) { Ok(()) } else { Err("the store does not answer".to_owned()) };
            vec![("store", store)]
        })
    }

    /// Ends after the data plane: its last changes of the link table come from here.
    pub(super) async fn end(self) {
        self.end.cancel();
        self.opened.store.close().await;
    }
}

/// Everything that the portal's port answers, over what the errands work with.
fn pages(
    settings: &Settings,
    folder: &Folder,
    errands: &Errands,
    destinations: Destinations,
) -> anyhow::Result<axum::Router> {
    let Errands { store, programme, auth, clicks, metrics, .. } = errands;
    let state = ApiState {
        programme: programme.clone(),
        auth: auth.clone(),
        metrics: Arc::clone(metrics),
        limits: Arc::new(RateLimits::new(&settings.portal)),
        patience: Patience::default(),
        clicks: clicks.clone(),
        kpis: errands.kpis.clone(),
        destinations,
        depot: errands.depot.clone(),
    };
    let oidc = Oidc::new(auth.clone(), settings.oidc.clone())?;
    let visitors = PortalState::new(auth.clone(), programme.clone(), errands.kpis.clone(), oidc)
        .with_depot(errands.depot.clone())
        .with_minimum_cell(settings.privacy.minimum_cell)
        .with_kept_months(settings.privacy.raw_retention_months)
        .with_clicks(clicks.clone());
    let token = cluster::token(&settings.cluster, &folder.node_token())?;
    let (keys, clock) = (KeyFolder::open(&folder.keys()).context("opening data_dir/keys")?, store.clock().clone());
    let day_keys = Arc::new(move || keys.to_hand_out(clock.now_ms()));
    let nodes = cluster::server::router(store.clone(), day_keys, token);
    Ok(portal::router(visitors).merge(api::router(state)).merge(api::pictures(programme.clone())).merge(nodes))
}

async fn look(store: Store, answers: Arc<AtomicBool>, end: CancellationToken) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            _ = look.tick() => {
                let answered = store.refresh().await;
                let before = answers.swap(answered.is_ok(), Ordering::Relaxed);
                match answered {
                    Ok(_) if !before => tracing::info!("the store answers again"),
                    Err(error) if before => tracing::error!(%error, "the store does not answer; links go on as they are"),
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }
}
