//! The spool: where clicks wait, on this node's disk, until ClickHouse has them.
//!
//! # What lies on the disk
//!
//! ```text
//! spool.lock                        held by the one process that writes here
//! ledger.log                        what was shipped and what became of it          (ledger/log.rs)
//! unrecorded.counts                 answered clicks that no segment holds           (ledger/unrecorded.rs)
//! LANE-NUMBER.segment               records of one redirect worker
//!
//! a segment:
//!   0     header: magic, version, spool id, number, salt, capacity, lane, crc32c    (segment.rs)
//!   80    the same once more
//!   160   [commit u32][index u32][length u32][crc32c u32][payload][0 to 7 zeros]    (record.rs)
//!         … one record after the other, each at a multiple of 8
//!         [commit][index = number of records][SEAL][crc32c]                         the end, when it was left cleanly
//!         zeros
//! ```
//!
//! # What always holds
//!
//! 1. A record's identity is `(spool id, lane, segment, record)`, and is never given twice. The number of a segment is
//!    noted in the ledger before its file has a name, numbers only grow, a start never appends to an old segment, and
//!    with a lost ledger the spool id changes. No clock is asked.
//! 2. What [`Writer::append`] has returned for is in the page cache: a killed process loses nothing of it. What
//!    [`Writer::durable`] has resolved for under `acknowledge = "disk"` survives a power cut as well.
//! 3. The commit word of a record is stored after everything else of it, with `Release`, and read with `Acquire`.
//!    Commit word and checksum depend on the segment's random salt, so that no other bytes pass for a record.
//! 4. Bytes that are not valid are never handed out. What is missing is named: by the next valid record's index, by
//!    the seal, or by the ledger. What no later record, seal or ledger entry bears witness to, at the end of a segment
//!    after a power cut, cannot be known; with `acknowledge = "os"` that is at most one sync interval.
//! 5. Segments are written with zeros to the last byte, and synced, before the first record: a full disk refuses an
//!    allocation and never a store into mapped memory. One is ready ahead in every lane.
//! 6. The ledger has a batch's manifest on the disk before the batch is sent, and its outcome before a file of it is
//!    removed. A file that holds a record without an outcome is never removed.
//!
//! # Who does what
//!
//! [`Writer`] appends, one in each redirect worker. A thread syncs all lanes together every `sync_interval_ms`
//! (`sync.rs`); another allocates the next segments, closes full ones and removes stored ones (`keeper.rs`). [`Reader`]
//! and [`Ledger`] belong to the shipper. `recovery.rs` runs once, at the start.
//!
//! # Deliberately absent
//!
//! Compression (the hot path has no time for it, and stored segments go soon), an index (a scan of a segment takes
//! milliseconds), reuse of files (a fresh one is certain to hold no stale records), any knowledge of clicks, and
//! repair of damaged records: they are named and left out. File systems that write each change to a new place (btrfs,
//! ZFS) may lack room for a store in spite of point 5; keep spare room there, or switch copy-on-write off for the
//! directory. A disk that cannot read back a page of a mapped segment ends the process; pages are locked in memory
//! where the limit for that allows, which rules it out.

mod allocate;
mod config;
mod core;
pub mod filesystem;
mod identity;
mod inspect;
mod keeper;
mod lane;
mod ledger;
mod live;
mod reader;
mod record;
mod recovery;
mod segment;
mod signal;
mod sync;
mod writer;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;

use self::core::Core;
use self::filesystem::{FileSystem, LockError};
use self::lane::Lane;
use self::signal::Signal;
use crate::telemetry::Metrics;

pub use config::{Acknowledge, Config, ConfigError, WhenFull};
pub use identity::{Range, RecordId};
#[cfg(feature = "fuzzing")]
pub use inspect::records_in;
pub use inspect::{Depth, FileCondition, FoundRecords, InspectError, Inspection, LedgerCondition};
pub use ledger::{Ledger, LedgerError, Manifest, SegmentSummary, Unrecorded};
pub use reader::{ReadError, Reader};
pub use recovery::Unshipped;
pub use writer::{AppendError, SyncError, Ticket, Writer};

/// How long an append waits, once, for a next segment that is being allocated.
const PATIENCE: Duration = Duration::from_millis(5);
/// The keeper's round when nothing calls it: retries of refused allocations, ages, metrics.
const ROUND: Duration = Duration::from_secs(1);

/// A handle to the spool. Cheap to clone; the spool ends cleanly when the last handle, writer and reader is dropped.
#[derive(Clone)]
pub struct Spool {
    inner: Arc<Inner>,
}

/// The spool could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A value of the `[spool]` section cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Another process writes to this directory.
    #[error("{directory} is in use by process {holder}: stop that one, or give this one another data_dir")]
    Locked {
        /// The spool's directory.
        directory: PathBuf,
        /// The process that holds the lock; `?` when it did not say.
        holder: String,
    },
    /// The directory or a file in it could not be read or written.
    #[error("the spool in {directory} could not be opened ({error}): check the path, who may write it, and free space")]
    Io {
        /// The spool's directory.
        directory: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
    /// A newer program was here. Nothing was changed.
    #[error("the ledger in {directory} is in format {version}: start a newer Relais, which reads it")]
    NewerLedger {
        /// The spool's directory.
        directory: PathBuf,
        /// Version of the ledger's format.
        version: u32,
    },
    /// The lane has a writer.
    #[error("lane {lane} has a writer already: give each redirect worker a lane of its own")]
    LaneTaken {
        /// As asked for.
        lane: u8,
    },
}

/// What went otherwise than it should, since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Troubles {
    /// Appends that found no next segment ready and waited for it.
    pub late_allocations: u64,
    /// Segments that could not be allocated.
    pub refused_allocations: u64,
    /// Segments that were left because a sync failed.
    pub abandoned_segments: u64,
}

/// The spool and its threads; ends when the last handle goes.
pub(crate) struct Inner {
    core: Arc<Core>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    stop_syncing: Arc<Signal>,
}

/// Who calls the rounds: threads of the spool's own, or a test, one by one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rounds {
    Threads,
    #[cfg(test)]
    ByHand,
}

impl Spool {
    /// Opens the spool in `directory`, or makes one: takes the lock, recovers what a former run left, and starts the
    /// spool's two threads. A new spool id is drawn only when there is no usable ledger.
    pub fn open(
        directory: &Path,
        config: Config,
        files: Arc<dyn FileSystem>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        Self::open_with(directory, config, files, metrics, Rounds::Threads)
    }

    /// For tests of other rooms: without threads, so that [`Self::round`] is all that happens on its own.
    #[cfg(test)]
    pub(crate) fn open_by_hand(
        directory: &Path,
        config: Config,
        files: Arc<dyn FileSystem>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        Self::open_with(directory, config, files, metrics, Rounds::ByHand)
    }

    /// One round of the threads that [`Self::open_by_hand`] leaves out.
    #[cfg(test)]
    pub(crate) fn round(&self) {
        self.inner.core.keep_once();
    }

    fn open_with(
        directory: &Path,
        config: Config,
        files: Arc<dyn FileSystem>,
        metrics: Arc<Metrics>,
        rounds: Rounds,
    ) -> Result<Self, OpenError> {
        config.validate()?;
        let io = |error| OpenError::Io { directory: directory.to_owned(), error };
        files.create_directory(directory).map_err(io)?;
        let lock = files.lock(&directory.join("spool.lock")).map_err(|error| match error {
            LockError::Held(holder) => OpenError::Locked {
                directory: directory.to_owned(),
                holder: holder.map_or_else(|| "?".to_owned(), |pid| pid.to_string()),
            },
            LockError::Io(error) => io(error),
        })?;
        let recovered = recovery::recover(&*files, directory, config.ledger_room())?;
        let living = Arc::<live::Living>::default();
        let ledger = Arc::new(Ledger::start(
            files.clone(),
            directory.to_owned(),
            recovered.opened,
            config.ledger_room(),
            living.clone(),
            recovered.rebuilt,
            lock,
        ));
        let core = Arc::new(Core {
            directory: directory.to_owned(),
            config,
            files,
            metrics,
            ledger,
            living,
            lanes: Mutex::default(),
            unshipped: recovered.unshipped,
            syncing: Mutex::default(),
            keeping: Mutex::default(),
            counts: core::Counts::default(),
            patience: if rounds == Rounds::Threads { PATIENCE } else { Duration::ZERO },
            pause: if rounds == Rounds::Threads { allocate::PAUSE } else { Duration::ZERO },
            stopping: AtomicBool::new(false),
        });
        let stop_syncing = Arc::<Signal>::default();
        let threads = match rounds {
            Rounds::Threads => start_threads(&core, &stop_syncing).map_err(io)?,
            #[cfg(test)]
            Rounds::ByHand => Vec::new(),
        };
        Ok(Self { inner: Arc::new(Inner { core, threads: Mutex::new(threads), stop_syncing }) })
    }

    /// The writer of `lane`. It is made on a full disk, too, and then reports every append as full until a segment
    /// could be allocated.
    pub fn writer(&self, lane: u8) -> Result<Writer, OpenError> {
        let core = &self.inner.core;
        let shared = core.lanes.lock().entry(lane).or_insert_with(|| Arc::new(Lane::new(lane))).clone();
        if !shared.enter() {
            return Err(OpenError::LaneTaken { lane });
        }
        core.supply(&shared);
        Ok(Writer::new(self.inner.clone(), shared))
    }

    /// A reader, for the shipper.
    pub fn reader(&self) -> Reader {
        Reader::new(self.inner.clone())
    }

    /// What was shipped, and what became of it.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.inner.core.ledger
    }

    /// Carries everything that was appended before the call to the disk: for the drain. Waits for the disk.
    pub fn sync(&self) -> Result<(), SyncError> {
        self.inner.core.sync_once()
    }

    /// Segment files that this program cannot read and leaves alone, found at the start.
    pub fn unshipped(&self) -> &[Unshipped] {
        &self.inner.core.unshipped
    }

    /// What went otherwise than it should, since the start.
    pub fn troubles(&self) -> Troubles {
        let counts = &self.inner.core.counts;
        Troubles {
            late_allocations: counts.late_allocations.load(Ordering::Relaxed),
            refused_allocations: counts.refused_allocations.load(Ordering::Relaxed),
            abandoned_segments: counts.abandoned_segments.load(Ordering::Relaxed),
        }
    }

    /// Reads the spool in `directory` from outside, without its lock and without changing anything, also beside the
    /// process that writes to it.
    pub fn inspect(directory: &Path, depth: Depth) -> Result<Inspection, InspectError> {
        inspect::inspect(directory, depth)
    }
}

fn start_threads(core: &Arc<Core>, stop_syncing: &Arc<Signal>) -> io::Result<Vec<JoinHandle<()>>> {
    let keeper = {
        let core = core.clone();
        thread::Builder::new().name("spool-keeper".into()).spawn(move || {
            while !core.stopping.load(Ordering::Acquire) {
                core.keep_once();
                core.ledger.changed.wait(ROUND);
            }
        })?
    };
    let syncer = {
        let (core, stop) = (core.clone(), stop_syncing.clone());
        thread::Builder::new().name("spool-sync".into()).spawn(move || {
            while !core.stopping.load(Ordering::Acquire) {
                // Handled where it happened: the waiting were told, and the segment abandoned.
                let _told = core.sync_once();
                stop.wait(core.config.sync_interval());
            }
        })?
    };
    Ok(vec![keeper, syncer])
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.core.stopping.store(true, Ordering::Release);
        self.core.ledger.changed.raise();
        self.stop_syncing.raise();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the spool had panicked");
            }
        }
        // Every writer has left its segment: what they sealed is synced and its end noted.
        if let Err(error) = self.core.sync_once() {
            tracing::error!(%error, "the last sync failed");
        }
        self.core.close_finished();
    }
}
