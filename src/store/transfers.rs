//! Imports and exports that run in the background.

use super::error::StoreError;
use super::records::Page;
use super::transaction::on_engine;
use super::{Reading, Writing};
use crate::model::transfer::{TransferDetails, TransferReport, TransferSettings};
use crate::model::{SpaceId, TransferId, TransferKind, TransferState};

/// An import or an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRecord {
    /// Its id.
    pub id: TransferId,
    /// Whose things it moves.
    pub space: SpaceId,
    /// What it moves, and which way.
    pub kind: TransferKind,
    /// On whose disk its files are.
    pub node: String,
    /// Who asked for it, as the audit log calls them.
    pub asked_by: String,
    /// How it is to be done.
    pub settings: TransferSettings,
    /// How far it is.
    pub state: TransferState,
    /// How often it was begun.
    pub attempts: u32,
    /// Bytes read or rows written so far, as last noted.
    pub done: u64,
    /// Bytes or rows in all; 0 while nobody knows.
    pub total: u64,
    /// What came of it; none before its end.
    pub report: Option<TransferReport>,
    /// The same row by row; none before its end and after `kept_until_ms`.
    pub details: Option<TransferDetails>,
    /// Why it could not be done, and what to do.
    pub problem: Option<String>,
    /// Size of its upload or its download, in bytes.
    pub bytes: u64,
    /// Whether its files are there.
    pub has_files: bool,
    /// When it was asked for.
    pub created_at_ms: i64,
    /// When it was last begun.
    pub started_at_ms: Option<i64>,
    /// When it ended.
    pub ended_at_ms: Option<i64>,
    /// Files and details go then.
    pub kept_until_ms: Option<i64>,
}

impl Reading {
    /// An import or export of the space.
    pub async fn transfer(&mut self, space: SpaceId, id: TransferId) -> Result<Option<TransferRecord>, StoreError> {
        on_engine!(self.transaction, transfer(space, id))
    }

    /// Imports or exports of the space, newest first, from the one before `page.after`.
    pub async fn list_transfers(
        &mut self,
        space: SpaceId,
        imports: bool,
        page: Page<TransferId>,
    ) -> Result<Vec<TransferRecord>, StoreError> {
        on_engine!(self.transaction, list_transfers(space, imports, page))
    }

    /// How many imports and exports of the space wait or run.
    pub async fn count_open_transfers(&mut self, space: SpaceId) -> Result<u64, StoreError> {
        on_engine!(self.transaction, count_open_transfers(space))
    }

    /// The oldest one on this node's disk that waits in a space where none runs, of any space.
    pub async fn next_transfer(&mut self, node: &str) -> Result<Option<TransferRecord>, StoreError> {
        on_engine!(self.transaction, next_transfer(node))
    }

    /// Those of this node that are said to run, of all spaces.
    pub async fn running_transfers(&mut self, node: &str) -> Result<Vec<TransferRecord>, StoreError> {
        on_engine!(self.transaction, running_transfers(node))
    }

    /// Those of all spaces and nodes that were begun or asked for before `before_ms` and are not over.
    pub async fn stale_transfers(&mut self, before_ms: i64) -> Result<Vec<TransferRecord>, StoreError> {
        on_engine!(self.transaction, stale_transfers(before_ms))
    }

    /// Those of this node whose files or details have to go, of all spaces.
    pub async fn expired_transfers(&mut self, node: &str, now_ms: i64) -> Result<Vec<TransferRecord>, StoreError> {
        on_engine!(self.transaction, expired_transfers(node, now_ms))
    }

    /// Those of this node whose files are to be there, of all spaces.
    pub async fn transfers_with_files(&mut self, node: &str) -> Result<Vec<TransferId>, StoreError> {
        on_engine!(self.transaction, transfers_with_files(node))
    }
}

impl Writing {
    /// Inserts or replaces an import or export.
    pub async fn put_transfer(&mut self, transfer: &TransferRecord) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, put_transfer(transfer))
    }

    /// Lets files and details of everything in the space that was begun go now, or at its end: somebody in
    /// it is to be forgotten.
    pub async fn expire_transfers(&mut self, space: SpaceId) -> Result<(), StoreError> {
        let now_ms = self.at_ms();
        on_engine!(self.reading.transaction, expire_transfers(space, now_ms))
    }

    /// Removes what ended before `before_ms` and has no files any more, of all spaces.
    pub async fn prune_transfers(&mut self, before_ms: i64) -> Result<(), StoreError> {
        on_engine!(self.reading.transaction, prune_transfers(before_ms))
    }
}
