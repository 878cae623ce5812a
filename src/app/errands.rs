//! What a control plane does in the background, whether or not anybody asks.

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::facts;
use super::feeds;
use super::figures;
use super::folder::Folder;
use super::housekeeping;
use super::keeping::Keeping;
use super::mail;
use super::referrals;
use super::rollups;
use super::transfers::Transfers;
use super::webhooks::Webhooks;
use crate::auth::Auth;
use crate::keeping;
use crate::kpi::{ClickLog, Kpis};
use crate::mail::Post;
use crate::outbound::Poster;
use crate::programme::Programme;
use crate::programme::transfers::depot::Depot;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::warehouse::Warehouse;

/// What errands are run with.
pub(super) struct Errands {
    pub(super) store: Store,
    /// Reaches the web.
    pub(super) programme: Programme,
    pub(super) auth: Auth,
    pub(super) clicks: ClickLog,
    /// Figures, for the pages.
    pub(super) kpis: Kpis,
    pub(super) warehouse: watch::Receiver<Option<Warehouse>>,
    /// Carries mails.
    pub(super) post: Post,
    /// Posts to webhooks.
    pub(super) poster: Poster,
    pub(super) metrics: Arc<Metrics>,
    /// Files of imports and exports.
    pub(super) depot: Depot,
    /// `redirect.base_url`.
    pub(super) base_url: String,
    /// What is promised to people.
    pub(super) privacy: keeping::Config,
    /// `data_dir`.
    pub(super) folder: Folder,
}

impl Errands {
    /// Starts every errand, one a line; each runs until `end`.
    pub(super) fn start(self, end: &CancellationToken) {
        let Self {
            store,
            programme,
            auth,
            clicks,
            kpis: _,
            warehouse,
            post,
            poster,
            metrics,
            depot,
            base_url,
            privacy,
            folder,
        } = self;
        let latest = store.latest();
        tokio::spawn(rollups::keep(warehouse.clone(), Arc::clone(&metrics), end.clone()));
        tokio::spawn(figures::settle(privacy.minimum_cell, warehouse.clone(), end.clone()));
        tokio::spawn(mail::carry(auth.clone(), programme.clone(), post, metrics, end.clone()));
        tokio::spawn(feeds::keep(programme.clone(), end.clone()));
        tokio::spawn(housekeeping::tidy(store.clone(), auth, privacy, end.clone()));
        Keeping { store: store.clone(), programme: programme.clone(), warehouse: warehouse.clone(), privacy, folder }
            .start(end);
        tokio::spawn(referrals::settle(programme.clone(), clicks.clone(), end.clone()));
        tokio::spawn(facts::ship(store.clone(), warehouse.clone(), end.clone()));
        Transfers { programme: programme.clone(), store, warehouse, depot, base_url }.start(end);
        Webhooks { programme, log: clicks, poster, latest }.start(end);
    }
}
