//! The data directory: what stands where.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Paths below `data_dir`.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// There is no data directory.
#[derive(Debug, thiserror::Error)]
#[error("data_dir {} cannot be used ({source}): check the path and who may write there", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: io::Error,
}

impl Folder {
    /// The folder at `data_dir`, made (mode 0700: it holds secrets) when it is not there.
    ///
    /// # Errors
    /// When it can be neither found nor made; says what to check.
    pub fn open(data_dir: &Path) -> Result<Self, FolderError> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir);
        made.map_err(|source| FolderError { path: data_dir.to_owned(), source })?;
        Ok(Self(data_dir.to_owned()))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Clicks that wait for ClickHouse.
    pub fn spool(&self) -> PathBuf {
        self.0.join("spool")
    }

    /// Secrets of the day.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Mails, when no mail server is configured.
    pub fn outbox(&self) -> PathBuf {
        self.0.join("outbox")
    }

    /// Files of imports and exports.
    pub fn transfers(&self) -> PathBuf {
        self.0.join("transfers")
    }

    /// The link table as it stood at the last save.
    pub fn links(&self) -> PathBuf {
        self.0.join("links.snapshot")
    }

    /// What redirect nodes show to this control node.
    pub fn node_token(&self) -> PathBuf {
        self.0.join("node-token")
    }

    /// Where a running server takes commands from other processes of its user.
    pub fn socket(&self) -> PathBuf {
        self.0.join("relais.sock")
    }
}
