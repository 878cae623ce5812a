//! An import as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{BadRow, Changes, ImportId, PersonChange, TransferId, TransferState};
use crate::programme::Transfer;
use crate::programme::times::format_instant;

/// How far an import is, and what came of it in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub(super) struct ImportView {
    #[schema(value_type = ImportId)]
    id: TransferId,
    #[schema(value_type = super::Kind)]
    kind: &'static str,
    state: TransferState,
    /// It says what would change, and changes nothing.
    dry_run: bool,
    /// Good rows are imported although there are bad ones.
    skip_bad_rows: bool,
    progress: ReadSoFar,
    /// What became of each file's rows, once it has ended; empty after a refusal.
    files: BTreeMap<String, Changes>,
    /// Rows that were refused.
    bad_rows: u64,
    /// Whether anything was kept: false after a refusal or a dry run.
    kept: bool,
    /// Why it could not be done, and what to do.
    problem: Option<String>,
    /// Who asked for it: the id of a person or a token.
    created_by: String,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// Its files (of a dry run), bad rows and people are kept until then.
    kept_until: Option<String>,
}

/// Bytes of its files, some of which are read several times.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportProgress)]
struct ReadSoFar {
    bytes_read: u64,
    /// 0 while nobody knows.
    bytes_total: u64,
}

/// An import with what stands in it row by row.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportDetails {
    #[serde(flatten)]
    import: ImportView,
    /// The first 100 problems of bad rows.
    #[schema(max_items = 100)]
    errors: Vec<BadRow>,
    /// The first 200 people who are added or changed, with what is other than it stands.
    #[schema(max_items = 200)]
    people: Vec<PersonChange>,
}

impl ImportView {
    /// `running`: how far it is in this process.
    pub(super) fn new(import: &Transfer, running: Option<(u64, u64)>) -> Self {
        let report = import.report.clone().unwrap_or_default();
        let (bytes_read, bytes_total) = running.unwrap_or((import.done, import.total));
        Self {
            id: import.id,
            kind: import.kind.what(),
            state: import.state,
            dry_run: import.settings.dry_run,
            skip_bad_rows: import.settings.skip_bad_rows,
            progress: ReadSoFar { bytes_read, bytes_total },
            files: report.files,
            bad_rows: report.bad_rows,
            kept: report.kept,
            problem: import.problem.clone(),
            created_by: import.asked_by.clone(),
            created_at: format_instant(import.created_at_ms),
            started_at: import.started_at_ms.map(format_instant),
            ended_at: import.ended_at_ms.map(format_instant),
            kept_until: import.kept_until_ms.map(format_instant),
        }
    }
}

impl ImportDetails {
    /// `running`: how far it is in this process.
    pub(super) fn new(mut import: Transfer, running: Option<(u64, u64)>) -> Self {
        let details = import.details.take().unwrap_or_default();
        Self { import: ImportView::new(&import, running), errors: details.errors, people: details.people }
    }
}
