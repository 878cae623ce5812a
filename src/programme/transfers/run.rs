//! What the node that has the files does with the rows.

use super::depot::Depot;
use super::{KEPT_MS, Transfer};
use crate::model::transfer::{TransferDetails, TransferReport};
use crate::model::{TransferId, TransferState};
use crate::programme::{Error, Programme, Work};

/// How often one that was broken off is begun, at most.
const MOST_ATTEMPTS: u32 = 3;
/// What nobody went on with for so long is given up, in milliseconds: its node is gone.
const STALE_MS: i64 = 86_400_000;

/// How one ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Well; of an export, with the size of its file in bytes.
    Done(TransferReport, TransferDetails, Option<u64>),
    /// Rows or files are bad, and nothing was kept.
    Refused(TransferReport, TransferDetails),
    /// It could not be done: why, and what to do.
    Failed(String),
    /// Somebody stopped it.
    Cancelled,
}

impl Programme {
    /// Puts back what this node was doing when it ended: it is begun again, or given up after the third time.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn restart_transfers(&self, node: &str) -> Result<(), Error> {
        let mut work = self.work().await?;
        for mut transfer in work.writing.running_transfers(node).await? {
            if transfer.attempts < MOST_ATTEMPTS {
                transfer.state = TransferState::Waiting;
                work.writing.put_transfer(&transfer).await?;
            } else {
                let problem = format!(
                    "Relais ended {MOST_ATTEMPTS} times while it ran: look into its log, then ask for it again"
                );
                work.end_transfer(transfer, Ending::Failed(problem)).await?;
            }
        }
        work.commit().await
    }

    /// Takes the oldest one that may run now, and notes that it does. Those of a space that was closed meanwhile end
    /// here.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn claim_transfer(&self, node: &str) -> Result<Option<Transfer>, Error> {
        if self.store.read().await?.next_transfer(node).await?.is_none() {
            return Ok(None);
        }
        let mut work = self.work().await?;
        while let Some(mut transfer) = work.writing.next_transfer(node).await? {
            if matches!(work.open_space(transfer.space).await, Err(Error::Closed)) {
                work.end_transfer(transfer, Ending::Failed(Error::Closed.to_string())).await?;
                continue;
            }
            transfer.state = TransferState::Running;
            transfer.attempts += 1;
            transfer.started_at_ms = Some(work.writing.at_ms());
            work.writing.put_transfer(&transfer).await?;
            work.commit().await?;
            return Ok(Some(transfer));
        }
        work.commit().await?;
        Ok(None)
    }

    /// Notes how far one is, for those who ask another node.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::NotFound`].
    pub async fn note_progress(&self, transfer: &Transfer, done: u64, total: u64) -> Result<(), Error> {
        let mut work = self.work_patiently().await?;
        let standing = work.writing.transfer(transfer.space, transfer.id).await?;
        if let Some(standing) = standing.filter(|standing| standing.state == TransferState::Running) {
            work.writing.put_transfer(&Transfer { done, total, ..standing }).await?;
        }
        work.commit().await
    }

    /// Notes how one ended, and removes files that nobody needs any more.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn end_transfer(&self, depot: &Depot, transfer: &Transfer, ending: Ending) -> Result<(), Error> {
        let mut work = self.work().await?.done_by(transfer.asked_by.clone());
        let Some(standing) = work.writing.transfer(transfer.space, transfer.id).await? else { return Ok(()) };
        let (done, total) = depot.progress(transfer.id).unwrap_or((standing.done, standing.total));
        let ended = work.end_transfer(Transfer { done, total, ..standing }, ending).await?;
        work.commit().await?;
        if !ended.has_files
            && let Err(error) = depot.remove(ended.id)
        {
            tracing::warn!(transfer = %ended.id, %error, "files of an import or export stay on the disk for the moment");
        }
        Ok(())
    }

    /// Removes files and details whose time is over, and gives up what another node does not go on with.
    ///
    /// # Errors
    /// [`Error::Store`]. What the disk does not give up is tried again.
    pub async fn tidy_transfers(&self, depot: &Depot) -> Result<(), Error> {
        let now_ms = self.now_ms();
        let mut reading = self.store.read().await?;
        let expired = reading.expired_transfers(depot.node(), now_ms).await?;
        let stale = reading.stale_transfers(now_ms - STALE_MS).await?;
        let known = reading.transfers_with_files(depot.node()).await?;
        drop(reading);
        let failed = |error| tracing::warn!(%error, "files of imports and exports stay on the disk for the moment");
        let _tried_again = depot.remove_all_but(&known).map_err(failed);
        let stale: Vec<_> = stale.into_iter().filter(|transfer| transfer.node != depot.node()).collect();
        if expired.is_empty() && stale.is_empty() {
            return Ok(());
        }
        let mut work = self.work().await?;
        for mut transfer in expired {
            transfer.details = None;
            transfer.has_files = depot.remove(transfer.id).map_err(failed).is_err();
            work.writing.put_transfer(&transfer).await?;
        }
        for transfer in stale {
            let problem = "the node that had its files did not go on with it for a day: ask for it again".to_owned();
            work.end_transfer(transfer, Ending::Failed(problem)).await?;
        }
        work.commit().await
    }
}

impl Work {
    async fn end_transfer(&mut self, mut transfer: Transfer, ending: Ending) -> Result<Transfer, Error> {
        let now_ms = self.writing.at_ms();
        let verb = match ending {
            Ending::Done(report, details, size) => {
                transfer.state = TransferState::Done;
                transfer.bytes = size.unwrap_or(transfer.bytes);
                transfer.done = transfer.total;
                (transfer.report, transfer.details) = (Some(report), Some(details));
                "done"
            }
            Ending::Refused(report, details) => {
                transfer.state = TransferState::Refused;
                (transfer.report, transfer.details) = (Some(report), Some(details));
                "refused"
            }
            Ending::Failed(problem) => {
                transfer.state = TransferState::Failed;
                transfer.problem = Some(problem);
                "failed"
            }
            Ending::Cancelled => {
                transfer.state = TransferState::Cancelled;
                "stopped"
            }
        };
        // An export is there to be fetched, a dry run to be confirmed.
        let known = matches!(transfer.state, TransferState::Done | TransferState::Refused);
        transfer.has_files = match transfer.id {
            TransferId::Export(_) => transfer.state == TransferState::Done,
            TransferId::Import(_) => transfer.settings.dry_run && known,
        };
        transfer.ended_at_ms = Some(now_ms);
        // Somebody was forgotten while it ran: what it wrote may name the person.
        if transfer.kept_until_ms.is_some() {
            transfer.details = None;
        }
        transfer.kept_until_ms = Some(transfer.kept_until_ms.unwrap_or(now_ms + KEPT_MS));
        self.writing.put_transfer(&transfer).await?;
        let report = transfer.report.as_ref().map(serde_json::to_value);
        let details = report.and_then(Result::ok).unwrap_or_else(|| serde_json::json!({}));
        self.note_transfer(&transfer, verb, details).await?;
        Ok(transfer)
    }
}
