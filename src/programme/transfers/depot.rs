//! The disk of one node: where uploads wait and downloads lie, and what is being done with them.
//!
//! ```text
//! data_dir/transfers/
//!   node             who this node is, as the rows call it
//!   .imp_…/          what is arriving
//!   imp_…/           what waits, runs, or was a dry run
//!   exp_…/export.zip
//! ```
//! People's names and addresses stand in these files: nobody else on the machine reads them (mode 0700).

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::model::Progress;
use crate::model::{ExportId, ImportId, TransferId};
use crate::programme::ids;

/// A folder that no row knows is somebody's broken upload once it is this old.
const ORPHAN: Duration = Duration::from_secs(3600);

/// One node's disk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Depot {
    folder: Arc<Path>,
    node: Arc<str>,
    running: Arc<Mutex<HashMap<TransferId, Running>>>,
    wake: Arc<Notify>,
}

/// One that runs in this process.
#[derive(Debug, Clone, Default)]
pub struct Running {
    /// How far it is.
    pub progress: Progress,
    /// Ends it early.
    pub stop: CancellationToken,
}

/// Files of an import, as they arrive; dropped, they are gone.
#[derive(Debug)]
pub struct Upload {
    id: ImportId,
    node: Arc<str>,
    draft: PathBuf,
    folder: PathBuf,
    bytes: u64,
}

impl Depot {
    /// Opens the folder, made when it is not there, and removes uploads that were broken off.
    ///
    /// # Errors
    /// When it can be neither read nor written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        private_folder(folder)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && name_of(&path).starts_with('.') {
                fs::remove_dir_all(path)?;
            }
        }
        let named = folder.join("node");
        let node = match fs::read_to_string(&named) {
            Ok(node) => node.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let node = format!("{:016x}", ids::random_bits());
                fs::write(&named, &node)?;
                node
            }
            Err(error) => return Err(error),
        };
        Ok(Self { folder: folder.into(), node: node.into(), running: Arc::default(), wake: Arc::default() })
    }

    /// How the rows call this node.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// A place for what arrives.
    ///
    /// # Errors
    /// When the disk takes no more.
    pub fn receive(&self) -> io::Result<Upload> {
        let id = ImportId::from_bits(ids::random_bits());
        let draft = self.folder.join(format!(".{id}"));
        private_folder(&draft)?;
        Ok(Upload { id, node: Arc::clone(&self.node), draft, folder: self.folder.join(id.to_string()), bytes: 0 })
    }

    /// The folder of an import or an export.
    pub fn folder_of(&self, id: TransferId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// The file of an export.
    pub fn file_of(&self, id: ExportId) -> PathBuf {
        self.folder_of(id.into()).join("export.zip")
    }

    /// Makes an empty folder for an export, whatever a former attempt left there.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub fn empty_folder_of(&self, id: TransferId) -> io::Result<PathBuf> {
        self.remove(id)?;
        let folder = self.folder_of(id);
        private_folder(&folder)?;
        Ok(folder)
    }

    /// Removes the files of one.
    ///
    /// # Errors
    /// When the disk does not do it; that there are none is no error.
    pub fn remove(&self, id: TransferId) -> io::Result<()> {
        match fs::remove_dir_all(self.folder_of(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes folders that no row knows, once they are an hour old.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub fn remove_all_but(&self, known: &[TransferId]) -> io::Result<()> {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_ours = path.is_dir() && !name_of(&path).starts_with('.');
            if !is_ours || known.iter().any(|known| *known == name_of(&path)) {
                continue;
            }
            if fs::metadata(&path)?.modified()?.elapsed().is_ok_and(|age| age > ORPHAN) {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }

    /// Notes that one runs here.
    pub fn begin(&self, id: TransferId) -> Running {
        let running = Running::default();
        self.running.lock().insert(id, running.clone());
        running
    }

    /// Notes that it runs no longer.
    pub fn end(&self, id: TransferId) {
        self.running.lock().remove(&id);
    }

    /// Stops one that runs here. False when none does.
    pub fn stop(&self, id: TransferId) -> bool {
        let running = self.running.lock();
        running.get(&id).map(|running| running.stop.cancel()).is_some()
    }

    /// How far one that runs here is: done, total.
    pub fn progress(&self, id: TransferId) -> Option<(u64, u64)> {
        let running = self.running.lock();
        let Progress { done, total } = &running.get(&id)?.progress;
        Some((done.load(Ordering::Relaxed), total.load(Ordering::Relaxed)))
    }

    /// Says that there is something to do.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until somebody says so.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}

impl Upload {
    /// The id that the import will have.
    pub fn id(&self) -> ImportId {
        self.id
    }

    /// The node that it arrives at.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Bytes that were counted so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Counts bytes that arrived; answers how many there are now.
    pub fn count(&mut self, bytes: usize) -> u64 {
        self.bytes += bytes as u64;
        self.bytes
    }

    /// A file of it. `name` is one of ours, never the sender's.
    ///
    /// # Errors
    /// When there is one of this name ([`io::ErrorKind::AlreadyExists`]), or the disk takes no more.
    pub fn file(&self, name: &str) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.draft.join(name))
    }

    /// Keeps it, right before the row that knows it is committed.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub fn keep(self) -> io::Result<()> {
        fs::rename(&self.draft, &self.folder)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Kept ones are not there any more; what cannot be removed goes at the next start.
        let _gone = fs::remove_dir_all(&self.draft);
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}
