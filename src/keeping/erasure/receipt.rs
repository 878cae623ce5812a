//! What whoever asked for an erasure can be shown.

use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::store::ErasureRecord;

/// What no process can reach, in words.
const NOTES: [&str; 4] = [
    "Links go on redirecting and shares stay; they are nobody's. Disable a link whose chosen code spells the name.",
    "Clicks that wait in a spool or in quarantine come out without the person. Segments that are shipped hold the random \
     key until spool.retention_days are over.",
    "ClickHouse removes the former files of changed tables within ten minutes.",
    "Backups and exports that were made before hold the person: delete them when they are due. When one comes back, the \
     person is taken out of it again; keep this receipt apart from them.",
];

/// A completed erasure. The file and what is printed say the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The erasure.
    #[serde(flatten)]
    pub erasure: ErasureRecord,
    /// What is outside of it.
    pub notes: Vec<String>,
}

impl Receipt {
    pub(super) fn new(erasure: ErasureRecord) -> Self {
        Self { erasure, notes: NOTES.map(str::to_owned).into() }
    }

    /// Where the receipt of somebody is kept.
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.json", self.erasure.advocate))
    }

    /// Writes it, whole or not at all, readable by its owner alone.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = self.path(folder);
        let failed = |source| Error::File { path: path.clone(), source };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let draft = path.with_extension("new");
        let text = serde_json::to_vec_pretty(self).expect("a receipt has texts as keys");
        let write = || {
            let mut file =
                std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)
        };
        write().map_err(failed)
    }

    /// Every receipt of a folder; files that are none are passed over.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>, Error> {
        let failed = |source| Error::File { path: folder.to_owned(), source };
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut receipts = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read(&path).map_err(failed)?;
                receipts.extend(serde_json::from_slice::<Self>(&text).ok());
            }
        }
        Ok(receipts)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErasureRecord { advocate, space, asked_at_ms, actor, request, found, done_at_ms, .. } = &self.erasure;
        writeln!(f, "erased     {advocate} of {space}")?;
        if !request.is_empty() {
            writeln!(f, "request    {request}")?;
        }
        writeln!(f, "asked for  {} by {actor}", instant(*asked_at_ms))?;
        if let Some(done_at_ms) = done_at_ms {
            writeln!(f, "completed  {}", instant(*done_at_ms))?;
        }
        for (place, count) in found.iter().filter(|(_, count)| **count > 0) {
            writeln!(f, "{count:>9}  {place}")?;
        }
        for note in &self.notes {
            writeln!(f, "- {note}")?;
        }
        Ok(())
    }
}

fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |instant| instant.to_string())
}
