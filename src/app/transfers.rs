//! Imports and exports that were asked for over HTTP, done one at a time a space.
//!
//! The rows say what is to be done ([`crate::programme::transfers`]), [`crate::exchange`] does it as the command line
//! has it done, and this stands between the two. A work that is cut by the end of the process is begun again by the
//! next one.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::exchange::{self, Exported, Imported, Place, Progress, archive};
use crate::model::transfer::PEOPLE_FILE;
use crate::model::transfer::{TransferDetails, TransferReport};
use crate::model::{BadRow, TransferKind};
use crate::programme::transfers::Transfer;
use crate::programme::transfers::depot::{Depot, Running};
use crate::programme::transfers::run::Ending;
use crate::programme::{Error, Programme, StoreError};
use crate::store::Store;
use crate::warehouse::Warehouse;

/// How often is looked for what nobody announced, and for files whose time is over.
const LOOK: Duration = Duration::from_secs(30);
/// The pause after something failed.
const PAUSE: Duration = Duration::from_secs(5);
/// Imports and exports at the same time, of different spaces: each may hold some 300 MB.
const AT_ONCE: usize = 2;
/// Problems of an import that are kept with it.
const MOST_ERRORS: usize = 100;
/// How often is noted how far one is, for other nodes.
const NOTE_EVERY: Duration = Duration::from_secs(10);
/// How long is tried to note an end, while the store is busy.
const NOTE_WITHIN: Duration = Duration::from_secs(3600);

/// What is worked with.
#[derive(Clone)]
pub(super) struct Transfers {
    pub(super) programme: Programme,
    pub(super) store: Store,
    pub(super) warehouse: watch::Receiver<Option<Warehouse>>,
    pub(super) depot: Depot,
    /// `redirect.base_url`.
    pub(super) base_url: String,
}

impl Transfers {
    /// Runs until `end`.
    pub(super) fn start(self, end: &CancellationToken) {
        tokio::spawn(keep(self, end.clone()));
    }
}

async fn keep(mut transfers: Transfers, end: CancellationToken) {
    let mut running = JoinSet::new();
    let mut restarted = false;
    loop {
        let mut pause = LOOK;
        if let Err(error) = look(&transfers, &mut restarted, &mut running, &end).await {
            tracing::warn!(%error, "imports and exports wait for the store");
            pause = PAUSE;
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = transfers.depot.woken() => {}
            Ok(()) = transfers.warehouse.changed() => {}
            Some(ended) = running.join_next() => if let Err(error) = ended {
                tracing::error!(%error, "an import or export panicked; it is begun again at the next start");
            },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Begins what may run now.
async fn look(
    transfers: &Transfers,
    restarted: &mut bool,
    running: &mut JoinSet<()>,
    end: &CancellationToken,
) -> Result<(), Error> {
    let Transfers { programme, store, warehouse, depot, base_url } = transfers;
    if !*restarted {
        programme.restart_transfers(depot.node()).await?;
        *restarted = true;
    }
    programme.tidy_transfers(depot).await?;
    // Each looks at clicks; without ClickHouse they wait.
    let Some(warehouse) = warehouse.borrow().clone() else { return Ok(()) };
    while running.len() < AT_ONCE {
        let Some(transfer) = programme.claim_transfer(depot.node()).await? else { break };
        let (store, warehouse, base_url) = (store.clone(), warehouse.clone(), base_url.clone());
        let place = Place { store, warehouse, base_url, space: transfer.space };
        running.spawn(run(programme.clone(), depot.clone(), place, transfer, end.clone()));
    }
    Ok(())
}

/// Does one, and notes its end.
async fn run(programme: Programme, depot: Depot, place: Place, transfer: Transfer, end: CancellationToken) {
    let Running { progress, stop } = depot.begin(transfer.id);
    let threads = TaskTracker::new();
    tracing::info!(transfer = %transfer.id, space = %transfer.space, kind = %transfer.kind, "an import or export begins");
    let ending = tokio::select! {
        // The next start begins it again.
        () = end.cancelled() => None,
        () = stop.cancelled() => Some(Ending::Cancelled),
        ending = work(&depot, &place, &transfer, &threads, &progress) => Some(ending),
        () = tell(&programme, &depot, &transfer) => None,
    };
    // A thread that unpacks or packs goes on to its end, and would put files where they are just removed.
    threads.close();
    threads.wait().await;
    if let Some(ending) = ending {
        note(&programme, &depot, &transfer, ending).await;
    }
    depot.end(transfer.id);
    depot.wake();
}

/// Notes now and then how far it is; never ends.
async fn tell(programme: &Programme, depot: &Depot, transfer: &Transfer) {
    loop {
        tokio::time::sleep(NOTE_EVERY).await;
        if let Some((done, total)) = depot.progress(transfer.id) {
            // Its own transaction may be what the store is busy with.
            let _busy = programme.note_progress(transfer, done, total).await;
        }
    }
}

async fn note(programme: &Programme, depot: &Depot, transfer: &Transfer, ending: Ending) {
    let begun = tokio::time::Instant::now();
    loop {
        match programme.end_transfer(depot, transfer, ending.clone()).await {
            Ok(()) => return,
            Err(Error::Store(StoreError::Busy)) if begun.elapsed() < NOTE_WITHIN => {}
            Err(error) => {
                tracing::error!(transfer = %transfer.id, %error, "the end of an import or export could not be noted");
                return;
            }
        }
    }
}

async fn work(depot: &Depot, place: &Place, transfer: &Transfer, threads: &TaskTracker, progress: &Progress) -> Ending {
    let done = match transfer.kind {
        TransferKind::ImportBundle => import_bundle(depot, place, transfer, threads, progress).await,
        TransferKind::ImportPeople => import_people(depot, place, transfer, progress).await,
        TransferKind::ExportBundle | TransferKind::ExportClicks => {
            export(depot, place, transfer, threads, progress).await
        }
    };
    done.unwrap_or_else(|error| match error {
        exchange::Error::Archive(reason) => {
            let row = BadRow { file: ARCHIVE.to_owned(), line: 1, column: String::new(), reason };
            let report = TransferReport { bad_rows: 1, ..TransferReport::default() };
            Ending::Refused(report, TransferDetails { errors: vec![row], people: Vec::new() })
        }
        error => {
            tracing::error!(transfer = %transfer.id, %error, "an import or export failed");
            Ending::Failed(format!("{}: ask for it again", said(&error)))
        }
    })
}

/// What the caller is told of a failure: what only an operator can use stands in the log.
fn said(error: &exchange::Error) -> String {
    match error {
        exchange::Error::File { .. } => "a file on the server's disk failed".to_owned(),
        exchange::Error::Store(_) | exchange::Error::Programme(_) => "the metadata store failed".to_owned(),
        exchange::Error::Warehouse(_) => "ClickHouse did not answer, and nothing was changed".to_owned(),
        exchange::Error::Clicks(_) => "ClickHouse failed, and the clicks are not all imported".to_owned(),
        other => other.to_string(),
    }
}

/// How `api` calls an archive that arrived.
const ARCHIVE: &str = "bundle.zip";

async fn import_bundle(
    depot: &Depot,
    place: &Place,
    transfer: &Transfer,
    threads: &TaskTracker,
    progress: &Progress,
) -> Result<Ending, exchange::Error> {
    let arrived = depot.folder_of(transfer.id);
    let packed = arrived.join(ARCHIVE);
    let folder = if packed.exists() {
        let unpacked = arrived.join("unpacked");
        let into = unpacked.clone();
        let unpack = move || {
            // A former attempt may have come so far.
            emptied(&into)?;
            archive::unpack(&packed, &into)
        };
        blocking(threads, unpack).await?;
        unpacked
    } else {
        arrived
    };
    let settings = &transfer.settings;
    let import = exchange::Import { folder, skip_bad_rows: settings.skip_bad_rows, dry_run: settings.dry_run };
    Ok(ending(exchange::import(place, &import, progress).await?, settings.skip_bad_rows))
}

async fn import_people(
    depot: &Depot,
    place: &Place,
    transfer: &Transfer,
    progress: &Progress,
) -> Result<Ending, exchange::Error> {
    let list = depot.folder_of(transfer.id).join(PEOPLE_FILE);
    let settings = &transfer.settings;
    let map = settings.map.clone().unwrap_or_default();
    let (skip, dry) = (settings.skip_bad_rows, settings.dry_run);
    Ok(ending(exchange::import_people(place, &list, &map, skip, dry, progress).await?, skip))
}

fn ending(imported: Imported, skip_bad_rows: bool) -> Ending {
    let Imported { files, refused, kept, people } = imported;
    let is_refused = refused.broken || (!refused.is_empty() && !skip_bad_rows);
    let report = TransferReport { files, rows: Default::default(), bad_rows: refused.rows, kept };
    let mut errors = refused.listed;
    errors.truncate(MOST_ERRORS);
    let details = TransferDetails { errors, people };
    if is_refused { Ending::Refused(report, details) } else { Ending::Done(report, details, None) }
}

async fn export(
    depot: &Depot,
    place: &Place,
    transfer: &Transfer,
    threads: &TaskTracker,
    progress: &Progress,
) -> Result<Ending, exchange::Error> {
    let failed = |source| exchange::Error::File { path: depot.folder_of(transfer.id), source };
    let room = depot.empty_folder_of(transfer.id).map_err(failed)?;
    let (files, packed) = (room.join("files"), room.join("export.zip"));
    let Exported { files: rows } = match transfer.kind {
        TransferKind::ExportClicks => {
            fs::create_dir(&files).map_err(failed)?;
            let (from_ms, to_ms) = (transfer.settings.from_ms, transfer.settings.to_ms);
            // The last millisecond before the end.
            exchange::export_clicks(place, &files, from_ms, to_ms.map(|to_ms| to_ms - 1), progress).await?
        }
        _ => exchange::export(place, &files, progress).await?,
    };
    let pack = move || {
        let size = archive::pack(&files, &packed)?;
        emptied(&files).map(|()| size)
    };
    let size = blocking(threads, pack).await?;
    let report = TransferReport { rows, kept: true, ..TransferReport::default() };
    Ok(Ending::Done(report, TransferDetails::default(), Some(size)))
}

fn emptied(folder: &Path) -> Result<(), exchange::Error> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(exchange::Error::File { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(
    threads: &TaskTracker,
    work: impl FnOnce() -> Result<T, exchange::Error> + Send + 'static,
) -> Result<T, exchange::Error> {
    threads.spawn_blocking(work).await.unwrap_or(Err(exchange::Error::Stopped))
}

#[cfg(test)]
mod tests;
