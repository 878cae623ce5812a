//! What the spool's handles and threads share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use parking_lot::Mutex;

use super::config::Config;
use super::filesystem::FileSystem;
use super::keeper::Ages;
use super::lane::Lane;
use super::ledger::Ledger;
use super::live::Living;
use super::recovery::Unshipped;
use crate::telemetry::Metrics;

/// Everything but the threads themselves, which hold this and end when told.
pub(super) struct Core {
    pub(super) directory: PathBuf,
    pub(super) config: Config,
    pub(super) files: Arc<dyn FileSystem>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) living: Arc<Living>,
    pub(super) lanes: Mutex<BTreeMap<u8, Arc<Lane>>>,
    /// Segment files that this program cannot read and leaves alone.
    pub(super) unshipped: Vec<Unshipped>,
    /// Held by whoever syncs.
    pub(super) syncing: Mutex<()>,
    /// Held by whoever allocates, closes or removes segments.
    pub(super) keeping: Mutex<Ages>,
    pub(super) counts: Counts,
    /// How long an append waits for a late allocator.
    pub(super) patience: Duration,
    /// How long the allocator pauses between bursts of writing when nobody is in a hurry.
    pub(super) pause: Duration,
    pub(super) stopping: AtomicBool,
}

/// What went otherwise than it should, since the start.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) late_allocations: AtomicU64,
    pub(super) refused_allocations: AtomicU64,
    pub(super) abandoned_segments: AtomicU64,
}
