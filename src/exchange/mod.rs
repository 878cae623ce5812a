//! The exchange bundle: a folder of CSV files that holds a space's facts and clicks, both ways.
//!
//! [`import`](import::import) reads one, [`export`](export::export) writes one, and what was imported comes back as it
//! was, but for the order of its lines, its quoting and its line ends. [`people`] reads a list of people
//! in somebody else's columns.
//!
//! Promises:
//! - Importing the same bundle twice changes nothing: no row, no line of the change feed, no click.
//! - A bad row is refused with file, line, column and reason, and then nothing of the bundle is imported,
//!   unless bad rows are to be skipped; then they are listed.
//! - Everything but the clicks is one transaction of the store. The clicks follow in verified batches, each
//!   with an identity made of its content, so an import that was broken off is completed by doing it again.
//! - Two imports at once are safe: a lease in the store lets the second wait for the first.
//! - Somebody who was erased does not come back with a bundle: the row is left out, or nobody's.
//! - Cells are never altered. What Relais keeps in another form (a time, an address in capitals) is
//!   remembered as it was written.
//! - Memory is bounded by the people, contents and applications of a space, which are held, and by about
//!   120 bytes a row of `shares.csv` and `clicks.csv`, whose own text is held for a moment only.
//!   (A million clicks: 335 MB at most, batches on their way and SQLite's cache included.)
//!
//! Reading order: [`bundle`] names files and columns, [`csv`] reads them, [`refusal`] says what was wrong, [`times`]
//! how instants are written; then [`mod@import`], [`mod@export`], [`people`], and [`archive`] for bundles
//! that travel as one file.
//!
//! Deliberately absent: formula defusing. A bundle is data for programs; what people open in a
//! spreadsheet is another download.

pub mod bundle;
pub mod csv;
pub mod refusal;
pub mod times;

mod cells;
mod directory;
mod erased;
mod written;

pub mod export;
pub mod import;
pub mod people;

pub mod archive;

#[cfg(test)]
mod tests;

pub use export::{Exported, export, export_clicks};
pub use import::{Import, Imported, import};
pub use people::{import_people, open_map};
pub use refusal::Refusals;

pub use crate::model::Progress;

use std::io;
use std::path::PathBuf;

use crate::model::SpaceId;
use crate::programme::Error as ProgrammeError;
use crate::programme::times::InvalidTime;
use crate::store::{Store, StoreError};
use crate::warehouse::{CallError, Warehouse};

/// The space, and where its things are.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its facts.
    pub store: Store,
    /// Its clicks.
    pub warehouse: Warehouse,
    /// `redirect.base_url`, which no content may lead to.
    pub base_url: String,
    /// Which one.
    pub space: SpaceId,
}

/// The work could not be done. What was refused in a bundle is no error of this kind.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An export writes a new folder or an empty one.
    #[error("{} is not empty: choose a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// A bundle's archive cannot be used.
    #[error("the archive cannot be used: {0}")]
    Archive(String),
    /// There is no such space.
    #[error("there is no such space")]
    NoSpace,
    /// The map of a list of people.
    #[error("{}: {reason}", path.display())]
    Map {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting that was right once.
    #[error(transparent)]
    Time(#[from] InvalidTime),
    /// `redirect.base_url`.
    #[error(transparent)]
    BaseUrl(#[from] crate::programme::InvalidBaseUrl),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// ClickHouse.
    #[error("the clicks are not all imported: {0}; import the bundle again, it goes on where it stopped")]
    Clicks(#[source] CallError),
    /// ClickHouse, before anything was changed.
    #[error("ClickHouse could not be asked for the clicks: {0}")]
    Warehouse(#[source] CallError),
    /// A part of the work ended by itself.
    #[error("a thread of this work ended unexpectedly: please report it")]
    Stopped,
    /// The programme refused.
    #[error(transparent)]
    Programme(#[from] ProgrammeError),
}
