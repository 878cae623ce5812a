//! Imports and exports that run in the background: asked for here, done by `app::transfers`.
//!
//! Asking is a row ([`Work::ask_import`], [`Work::ask_export`]); files lie on one node's disk ([`depot`]), and that
//! node does the work ([`run`]): one at a time a space, oldest first. What a killed node was doing is begun again
//! when it is back: an import that was broken off is completed by doing it again, and an export is written anew.
//!
//! What names people (files, bad rows, the preview of a list of people) is kept for seven days, and goes at once
//! when somebody of the space is to be forgotten. What remains are numbers, for ninety days.
//!
//! Deliberately absent: what stands in the files (that is `exchange`).

pub mod depot;
pub mod guess;
mod map;
pub mod run;

use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{Check, Field};
use super::shapes::GivenInstant;
use super::{Error, Page, Programme, Work, ids};
use crate::model::transfer::TransferSettings;
use crate::model::{ExportId, PeopleMap, SpaceId, TransferId, TransferKind, TransferState};
use crate::store::TransferRecord;
use depot::Upload;
pub use map::{check_map, delimiter};

/// Largest upload, in bytes: a bundle of a few million clicks, packed.
pub const MAX_UPLOAD_BYTES: u64 = 512 << 20;
/// Imports and exports of one space that wait or run, at most.
const MOST_OPEN: u64 = 10;
/// Files and what names people are kept for so long after the end, in milliseconds.
pub const KEPT_MS: i64 = 7 * 86_400_000;
/// What came of it, in numbers, is kept for so long after the end, in milliseconds.
pub const KEPT_RECORDS_MS: i64 = 90 * 86_400_000;

/// An import or an export as people see it.
pub type Transfer = TransferRecord;

/// An import as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewImport {
    /// How somebody's list of people is to be read; none: it is an exchange bundle.
    pub map: Option<PeopleMap>,
    /// Say what would change, and change nothing.
    pub dry_run: bool,
    /// Import the good rows although there are bad ones.
    pub skip_bad_rows: bool,
}

/// An export as it is asked for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExportFields {
    /// `bundle`: everything, as an import takes it (when left out); `clicks`: `clicks.csv` alone.
    #[schema(value_type = Option<ExportWhat>)]
    pub kind: Field<String>,
    /// Of clicks: at this instant or later.
    #[schema(value_type = Option<GivenInstant>)]
    pub from: Field<String>,
    /// Of clicks: before this instant.
    #[schema(value_type = Option<GivenInstant>)]
    pub to: Field<String>,
}

/// The words of an export's `kind`.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(as = ExportKind, rename_all = "snake_case")]
pub enum ExportWhat {
    /// Everything.
    Bundle,
    /// Clicks alone.
    Clicks,
}

fn missing(id: TransferId, field: Option<&'static str>) -> Error {
    Error::NotFound { what: if id.is_import() { "import" } else { "export" }, field }
}

fn over(message: &str) -> Error {
    Error::Conflict { code: "transfer_over", field: None, message: message.to_owned() }
}

impl Programme {
    /// An import or an export.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn transfer(&self, space: SpaceId, id: TransferId) -> Result<Transfer, Error> {
        self.store.read().await?.transfer(space, id).await?.ok_or(missing(id, None))
    }

    /// Imports, or exports, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the field `after` when the page's start is none of the space.
    pub async fn transfers(
        &self,
        space: SpaceId,
        imports: bool,
        page: Page<TransferId>,
    ) -> Result<Vec<Transfer>, Error> {
        let mut reading = self.store.read().await?;
        if let Some(after) = page.after {
            reading.transfer(space, after).await?.ok_or(missing(after, Some("after")))?;
        }
        Ok(reading.list_transfers(space, imports, page).await?)
    }
}

impl Work {
    /// Asks for the import of what was uploaded.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the field `map`; [`Error::Conflict`] `too_many_transfers`; [`Error::Closed`].
    pub async fn ask_import(&mut self, space: SpaceId, upload: &Upload, asked: &NewImport) -> Result<Transfer, Error> {
        let kind = if asked.map.is_some() { TransferKind::ImportPeople } else { TransferKind::ImportBundle };
        if let Some(reason) = asked.map.as_ref().and_then(|map| check_map(map).err()) {
            return Err(Error::field("map", "invalid", reason));
        }
        let settings = TransferSettings {
            dry_run: asked.dry_run,
            skip_bad_rows: asked.skip_bad_rows,
            map: asked.map.clone(),
            ..TransferSettings::default()
        };
        let id = upload.id().into();
        self.ask(space, Asked { id, kind, node: upload.node(), settings, bytes: upload.bytes() }).await
    }

    /// Asks for an export, to be written on this node's disk.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Conflict`] `too_many_transfers`; [`Error::Closed`].
    pub async fn ask_export(&mut self, space: SpaceId, node: &str, fields: &ExportFields) -> Result<Transfer, Error> {
        let mut check = Check::default();
        let kind = match &fields.kind {
            Field::Absent | Field::Null => TransferKind::ExportBundle,
            Field::Value(word) if word == "bundle" => TransferKind::ExportBundle,
            Field::Value(word) if word == "clicks" => TransferKind::ExportClicks,
            Field::Value(_) => {
                check.refuse("kind", "invalid", "expected one of: bundle, clicks");
                TransferKind::ExportBundle
            }
        };
        let mut settings = TransferSettings::default();
        check.optional_instant("from", &fields.from, &mut settings.from_ms);
        check.optional_instant("to", &fields.to, &mut settings.to_ms);
        if kind == TransferKind::ExportBundle && (settings.from_ms.is_some() || settings.to_ms.is_some()) {
            check.refuse("from", "invalid", "a bundle is whole: a period is for the kind clicks");
        }
        if let (Some(from), Some(to)) = (settings.from_ms, settings.to_ms)
            && from >= to
        {
            check.refuse("to", "invalid", "to comes after from");
        }
        check.finish()?;
        let id = ExportId::from_bits(ids::random_bits()).into();
        self.ask(space, Asked { id, kind, node, settings, bytes: 0 }).await
    }

    async fn ask(&mut self, space: SpaceId, asked: Asked<'_>) -> Result<Transfer, Error> {
        let space = self.open_space(space).await?.id;
        self.room_for_one_more(space).await?;
        let Asked { id, kind, node, settings, bytes } = asked;
        let transfer = Transfer {
            id,
            space,
            kind,
            node: node.to_owned(),
            asked_by: self.actor.clone(),
            settings,
            state: TransferState::Waiting,
            attempts: 0,
            done: 0,
            total: 0,
            report: None,
            details: None,
            problem: None,
            bytes,
            has_files: true,
            created_at_ms: self.writing.at_ms(),
            started_at_ms: None,
            ended_at_ms: None,
            kept_until_ms: None,
        };
        self.writing.put_transfer(&transfer).await?;
        let TransferSettings { dry_run, skip_bad_rows, .. } = transfer.settings;
        let details = serde_json::json!({"kind": kind.what(), "dry_run": dry_run, "skip_bad_rows": skip_bad_rows});
        self.note_transfer(&transfer, "requested", details).await?;
        Ok(transfer)
    }

    async fn room_for_one_more(&mut self, space: SpaceId) -> Result<(), Error> {
        if self.writing.count_open_transfers(space).await? < MOST_OPEN {
            return Ok(());
        }
        let message = format!("{MOST_OPEN} imports and exports of this space wait: let some end, or cancel them");
        Err(Error::Conflict { code: "too_many_transfers", field: None, message })
    }

    /// Does in earnest what a dry run said, with the files that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `not_a_dry_run`, `transfer_over` or `too_many_transfers`;
    /// [`Error::Closed`].
    pub async fn confirm_import(
        &mut self,
        space: SpaceId,
        id: TransferId,
        skip_bad_rows: Option<bool>,
    ) -> Result<Transfer, Error> {
        let space = self.open_space(space).await?.id;
        let mut transfer = self.writing.transfer(space, id).await?.ok_or(missing(id, None))?;
        let known = matches!(transfer.state, TransferState::Done | TransferState::Refused);
        if !transfer.settings.dry_run || !known {
            let message = "only a dry run that has ended can be confirmed".to_owned();
            return Err(Error::Conflict { code: "not_a_dry_run", field: None, message });
        }
        let kept = transfer.kept_until_ms.is_some_and(|until_ms| until_ms > self.writing.at_ms());
        if !transfer.has_files || !kept {
            return Err(over("its files are gone: upload them again"));
        }
        self.room_for_one_more(space).await?;
        transfer.settings.dry_run = false;
        transfer.settings.skip_bad_rows = skip_bad_rows.unwrap_or(transfer.settings.skip_bad_rows);
        transfer.state = TransferState::Waiting;
        transfer.asked_by = self.actor.clone();
        (transfer.attempts, transfer.done, transfer.total) = (0, 0, 0);
        (transfer.report, transfer.details, transfer.problem) = (None, None, None);
        (transfer.started_at_ms, transfer.ended_at_ms, transfer.kept_until_ms) = (None, None, None);
        self.writing.put_transfer(&transfer).await?;
        let details = serde_json::json!({"skip_bad_rows": transfer.settings.skip_bad_rows});
        self.note_transfer(&transfer, "confirmed", details).await?;
        Ok(transfer)
    }

    /// Cancels one that waits. One that runs is told to stop by its node ([`depot::Depot::stop`]), which notes its
    /// end; here it is only written down who wanted that.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `transfer_over`, or `on_another_node` for one that runs elsewhere.
    pub async fn cancel_transfer(&mut self, space: SpaceId, id: TransferId, node: &str) -> Result<Transfer, Error> {
        let mut transfer = self.writing.transfer(space, id).await?.ok_or(missing(id, None))?;
        match transfer.state {
            TransferState::Waiting => {
                let now_ms = self.writing.at_ms();
                transfer.state = TransferState::Cancelled;
                (transfer.ended_at_ms, transfer.kept_until_ms) = (Some(now_ms), Some(now_ms));
                self.writing.put_transfer(&transfer).await?;
            }
            TransferState::Running if transfer.node == node => {}
            TransferState::Running => {
                let message = "it runs on another node: ask there".to_owned();
                return Err(Error::Conflict { code: "on_another_node", field: None, message });
            }
            TransferState::Done | TransferState::Refused | TransferState::Failed | TransferState::Cancelled => {
                return Err(over("it has ended already: there is nothing to cancel"));
            }
        }
        self.note_transfer(&transfer, "cancelled", serde_json::json!({})).await?;
        Ok(transfer)
    }

    /// Lets the files of an export go now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `transfer_open` while it waits or runs.
    pub async fn remove_export(&mut self, space: SpaceId, id: ExportId) -> Result<(), Error> {
        let id = TransferId::from(id);
        let mut transfer = self.writing.transfer(space, id).await?.ok_or(missing(id, None))?;
        if !transfer.state.is_over() {
            let message = "it has not ended: cancel it first".to_owned();
            return Err(Error::Conflict { code: "transfer_open", field: None, message });
        }
        transfer.kept_until_ms = Some(self.writing.at_ms());
        self.writing.put_transfer(&transfer).await?;
        self.note_transfer(&transfer, "removed", serde_json::json!({})).await
    }

    /// Writes down that somebody downloads an export, which names everybody in the space.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] `export_not_ready`, `transfer_over` when its files are gone, or
    /// `on_another_node`.
    pub async fn hand_out_export(&mut self, space: SpaceId, id: ExportId, node: &str) -> Result<Transfer, Error> {
        let id = TransferId::from(id);
        let transfer = self.writing.transfer(space, id).await?.ok_or(missing(id, None))?;
        let refused = |code, message: &str| Err(Error::Conflict { code, field: None, message: message.to_owned() });
        if !transfer.state.is_over() {
            return refused("export_not_ready", "it is still being written: ask for it until its state is done");
        }
        let kept = transfer.kept_until_ms.is_some_and(|until_ms| until_ms > self.writing.at_ms());
        if transfer.state != TransferState::Done || !transfer.has_files || !kept {
            return Err(over("its files are gone, or never came to be: ask for a new export"));
        }
        if transfer.node != node {
            return refused("on_another_node", "its files are on another node's disk: ask there");
        }
        self.note_transfer(&transfer, "downloaded", serde_json::json!({})).await?;
        Ok(transfer)
    }

    async fn note_transfer(
        &mut self,
        transfer: &Transfer,
        verb: &str,
        details: serde_json::Value,
    ) -> Result<(), Error> {
        let noun = if transfer.kind.is_import() { "import" } else { "export" };
        self.note(transfer.space, &format!("{noun}.{verb}"), &transfer.id.to_string(), details).await
    }
}

/// What is known of one when it is asked for.
struct Asked<'a> {
    id: TransferId,
    kind: TransferKind,
    node: &'a str,
    settings: TransferSettings,
    bytes: u64,
}
