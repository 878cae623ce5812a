//! Imports and exports: files that come in and go out in the background.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::id::{AdvocateId, ExportId, ImportId};
use super::kind::words;

words! {
    /// What comes in or goes out.
    TransferKind {
        /// An exchange bundle comes in.
        ImportBundle = "import.bundle" / 1,
        /// A list of people comes in, in somebody's own columns.
        ImportPeople = "import.people" / 2,
        /// An exchange bundle goes out.
        ExportBundle = "export.bundle" / 3,
        /// Clicks go out.
        ExportClicks = "export.clicks" / 4,
    }
}

words! {
    /// How far it is.
    TransferState {
        /// It waits for its turn.
        Waiting = "waiting" / 1,
        /// It runs.
        Running = "running" / 2,
        /// It ended well; of a dry run: it is known what would change.
        Done = "done" / 3,
        /// Rows or files are bad, and nothing was kept.
        Refused = "refused" / 4,
        /// It could not be done.
        Failed = "failed" / 5,
        /// Somebody stopped it.
        Cancelled = "cancelled" / 6,
    }
}

impl TransferKind {
    /// Whether something comes in.
    pub const fn is_import(self) -> bool {
        matches!(self, Self::ImportBundle | Self::ImportPeople)
    }

    /// The word without its direction: `bundle`, `people` or `clicks`.
    pub fn what(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(_, what)| what)
    }
}

impl TransferState {
    /// Whether nothing will happen to it any more by itself.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// The id of an import or an export.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransferId {
    /// Of an import.
    Import(ImportId),
    /// Of an export.
    Export(ExportId),
}

impl TransferId {
    /// The id that these 63 bits are, for something of this kind.
    pub const fn of(kind: TransferKind, bits: u64) -> Self {
        if kind.is_import() { Self::Import(ImportId::from_bits(bits)) } else { Self::Export(ExportId::from_bits(bits)) }
    }

    /// The 63 bits, as stored.
    pub const fn bits(self) -> u64 {
        match self {
            Self::Import(id) => id.bits(),
            Self::Export(id) => id.bits(),
        }
    }

    /// Whether it is an import's.
    pub const fn is_import(self) -> bool {
        matches!(self, Self::Import(_))
    }
}

impl From<ImportId> for TransferId {
    fn from(id: ImportId) -> Self {
        Self::Import(id)
    }
}

impl From<ExportId> for TransferId {
    fn from(id: ExportId) -> Self {
        Self::Export(id)
    }
}

impl fmt::Display for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Import(id) => id.fmt(f),
            Self::Export(id) => id.fmt(f),
        }
    }
}

impl Serialize for TransferId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for TransferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Columns of a list of people that Relais knows, in the order of a bundle's `advocates.csv`.
pub const PEOPLE_COLUMNS: &[&str] = &[
    "external_id",
    "email",
    "name",
    "kind",
    "team",
    "location",
    "language",
    "cohort",
    "invited_on",
    "registered_at",
    "left_on",
];

/// How a list of people is called on the disk.
pub const PEOPLE_FILE: &str = "people.csv";

/// The files of a bundle, in the order in which an import reads them.
pub const BUNDLE_FILES: [&str; 8] = [
    "advocates.csv",
    "campaigns.csv",
    "contents.csv",
    "links.csv",
    "shares.csv",
    "sign_ins.csv",
    "applications.csv",
    "clicks.csv",
];

/// How somebody's list of people is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleMap {
    /// What stands between their cells: one character; a comma when left out.
    #[schema(default = ",", min_length = 1, max_length = 1)]
    pub delimiter: String,
    /// Our column → theirs. One of ours is `external_id` or `email`: a person is found by it.
    pub columns: BTreeMap<String, String>,
    /// Our column → a value for everybody.
    pub constants: BTreeMap<String, String>,
    /// Our column of dates → how they write them, as `strftime` does: `%d/%m/%Y`.
    pub formats: BTreeMap<String, String>,
}

impl Default for PeopleMap {
    fn default() -> Self {
        let empty = BTreeMap::new;
        Self { delimiter: ",".to_owned(), columns: empty(), constants: empty(), formats: empty() }
    }
}

/// What was asked for, beside its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferSettings {
    /// An import that says what would change, and changes nothing.
    pub dry_run: bool,
    /// An import of the good rows although there are bad ones.
    pub skip_bad_rows: bool,
    /// Of a list of people.
    pub map: Option<PeopleMap>,
    /// Of clicks: at this instant or later, in milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Of clicks: before this instant, in milliseconds since 1970.
    pub to_ms: Option<i64>,
}

/// What became of the rows of one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Not there before.
    pub added: u64,
    /// There, with other values.
    pub changed: u64,
    /// There as they are.
    pub left: u64,
}

/// What came of it, in numbers. Names nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferReport {
    /// Of an import: what became of each file's rows.
    pub files: BTreeMap<String, Changes>,
    /// Of an export: rows of each file.
    pub rows: BTreeMap<String, u64>,
    /// Of an import: rows that were refused.
    pub bad_rows: u64,
    /// Of an import: whether anything was kept.
    pub kept: bool,
}

/// What came of it, row by row. May name people, and is forgotten with the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferDetails {
    /// The first bad rows.
    pub errors: Vec<BadRow>,
    /// The first people whom a list adds or changes.
    pub people: Vec<PersonChange>,
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BadRow {
    /// Name of the file.
    pub file: String,
    /// Line on which the row begins, as an editor counts: from 1, line feeds inside cells count.
    pub line: u64,
    /// The column's name; empty when it is the row as a whole.
    pub column: String,
    /// What is wrong and what was expected.
    pub reason: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, reason } = self;
        if column.is_empty() {
            write!(f, "{file}:{line}: {reason}")
        } else {
            write!(f, "{file}:{line}: {column}: {reason}")
        }
    }
}

/// Somebody whom a list of people adds or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonChange {
    /// Line of the list.
    pub line: u64,
    /// Whom it changes; null for somebody who is added.
    #[schema(value_type = Option<AdvocateId>)]
    pub advocate_id: Option<AdvocateId>,
    /// The company's key of the person.
    pub external_id: Option<String>,
    /// What is other than it stands.
    pub fields: Vec<FieldChange>,
}

/// One field of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// Our name of the column.
    pub field: String,
    /// What stands; null for nothing.
    pub before: Option<String>,
    /// What the list has; null for nothing.
    pub after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_direction() {
        for kind in TransferKind::ALL {
            let id = TransferId::of(*kind, 7);
            assert_eq!((id.bits(), id.is_import()), (7, kind.is_import()));
            assert!(id.to_string().starts_with(if kind.is_import() { "imp_" } else { "exp_" }));
        }
    }
}
