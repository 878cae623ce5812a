//! An export as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{ExportId, TransferId, TransferState};
use crate::programme::Transfer;
use crate::programme::times::format_instant;
use crate::programme::transfers::ExportWhat;

/// How far an export is, and where it is fetched.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub(super) struct ExportView {
    #[schema(value_type = ExportId)]
    id: TransferId,
    #[schema(value_type = ExportWhat)]
    kind: &'static str,
    /// Of clicks: at this instant or later.
    from: Option<String>,
    /// Of clicks: before this instant.
    to: Option<String>,
    state: TransferState,
    progress: WrittenSoFar,
    /// Rows of each file, once it is done.
    files: BTreeMap<String, u64>,
    /// Size of the archive in bytes, once it is done.
    bytes: u64,
    /// Where the archive is fetched, while it is there.
    download_url: Option<String>,
    /// Why it could not be done, and what to do.
    problem: Option<String>,
    /// Who asked for it: the id of a person or a token.
    created_by: String,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// The archive is kept until then.
    kept_until: Option<String>,
}

/// Rows that are written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportProgress)]
struct WrittenSoFar {
    rows_written: u64,
    /// About so many; 0 while nobody knows.
    rows_total: u64,
}

impl ExportView {
    /// `running`: how far it is in this process.
    pub(super) fn new(export: &Transfer, running: Option<(u64, u64)>) -> Self {
        let (rows_written, rows_total) = running.unwrap_or((export.done, export.total));
        let is_there = export.state == TransferState::Done && export.has_files;
        Self {
            id: export.id,
            kind: export.kind.what(),
            from: export.settings.from_ms.map(format_instant),
            to: export.settings.to_ms.map(format_instant),
            state: export.state,
            progress: WrittenSoFar { rows_written, rows_total },
            files: export.report.clone().unwrap_or_default().rows,
            bytes: export.bytes,
            download_url: is_there.then(|| format!("/api/v1/exports/{}/download", export.id)),
            problem: export.problem.clone(),
            created_by: export.asked_by.clone(),
            created_at: format_instant(export.created_at_ms),
            started_at: export.started_at_ms.map(format_instant),
            ended_at: export.ended_at_ms.map(format_instant),
            kept_until: export.kept_until_ms.map(format_instant),
        }
    }
}
