//! Calls to ClickHouse and to the ledger that go on until they succeed.

use std::sync::atomic::Ordering;

use super::clock::{Backoff, jittered};
use super::deliver::Delivery;
use super::retry::{Remedy, remedy};
use crate::failpoint;
use crate::spool::{Ledger, LedgerError, RecordId};
use crate::warehouse::{BoxFuture, CallError};

/// Between two probes of a table or an account that must be repaired, milliseconds.
const PROBE_MS: u64 = 10_000;
/// Between the first two questions whether an insert still runs, milliseconds; doubled each time.
const FIRST_POLL_MS: u64 = 10;
/// Longest wait between two such questions, milliseconds.
const LONGEST_POLL_MS: u64 = 1_000;

/// The ledger knows the batch no more: another shipper on the same spool has finished with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone;

impl Delivery {
    /// Waits until no insert of this batch and generation runs any more. It is never killed: one that is told to
    /// stop may already have committed.
    pub(super) async fn wait_until_gone(&self, batch: u128, generation: u32) {
        let mut poll_ms = FIRST_POLL_MS;
        while self.ask(|| self.sink.in_flight(batch, generation)).await {
            self.clock.sleep(jittered(poll_ms, &*self.clock)).await;
            poll_ms = (poll_ms * 2).min(LONGEST_POLL_MS);
        }
    }

    /// Asks until there is an answer.
    pub(super) async fn ask<'a, T>(&self, question: impl Fn() -> BoxFuture<'a, Result<T, CallError>>) -> T {
        let mut backoff = Backoff::default();
        loop {
            match question().await {
                Ok(answer) => return answer,
                Err(error) if remedy(error.code()) == Remedy::Park => self.park(&error).await,
                Err(error) => self.retry(&error, &mut backoff).await,
            }
        }
    }

    /// Writes to the ledger until it is written: a full disk delays, and loses nothing.
    ///
    /// # Errors
    /// When the batch or segment is not there any more: somebody else has finished with it.
    pub(super) async fn record<T: Send + 'static>(
        &self,
        write: impl Fn(&Ledger) -> Result<T, LedgerError> + Clone + Send + 'static,
    ) -> Result<T, Gone> {
        let mut backoff = Backoff::default();
        loop {
            let (ledger, write) = (self.ledger.clone(), write.clone());
            match self.scribe.run(move || write(&ledger)).await {
                Ok(written) => return Ok(written),
                Err(error @ LedgerError::Io(_)) => {
                    if backoff.is_fresh() {
                        tracing::error!(%error, "shipping waits until the spool's ledger can be written");
                    }
                    backoff.wait(&*self.clock).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "the spool has finished with it already");
                    return Err(Gone);
                }
            }
        }
    }

    /// A generation under which nothing was sent yet, synced.
    pub(super) async fn next_generation(&self, batch: u128) -> Result<u32, Gone> {
        let generation = self.record(move |ledger| ledger.next_generation(batch)).await?;
        failpoint::reach("ingest.manifest_synced");
        Ok(generation)
    }

    /// Puts records aside, synced; the rest of their batch goes on without them.
    pub(super) async fn quarantine(&self, batch: u128, records: Vec<(RecordId, String)>) -> Result<(), Gone> {
        if records.is_empty() {
            return Ok(());
        }
        // The reason may quote the row's bytes: it goes to the ledger and to no log.
        for (id, _reason) in &records {
            let (spool, batch) = (format!("{:032x}", id.spool_id), format!("{batch:032x}"));
            tracing::error!(%spool, lane = id.lane, segment = id.segment, record = id.record, %batch,
                "a click was put into quarantine; see `relais spool quarantine`");
        }
        let count = records.len() as u64;
        self.record(move |ledger| ledger.quarantined(batch, &records)).await?;
        self.metrics.quarantined.inc_by(count);
        failpoint::reach("ingest.quarantined");
        Ok(())
    }

    /// Waits for a repair, and tells somebody that one is needed.
    pub(super) async fn park(&self, error: &CallError) {
        // Counted at each probe, so that its rate stays above zero until the repair.
        self.count("parked");
        if !self.parked.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "shipping is parked until ClickHouse is repaired (`relais migrate` brings its \
                tables to this version); clicks wait in the spool");
        }
        self.clock.sleep(jittered(PROBE_MS, &*self.clock)).await;
    }

    /// Takes note that ClickHouse takes clicks.
    pub(super) fn unpark(&self) {
        if self.parked.swap(false, Ordering::Relaxed) {
            tracing::info!("ClickHouse takes clicks again; shipping goes on");
        }
    }

    /// Waits before the next try.
    pub(super) async fn retry(&self, error: &CallError, backoff: &mut Backoff) {
        self.count("retried");
        if backoff.is_fresh() {
            tracing::warn!(%error, "ClickHouse did not take a batch or did not answer; it is tried until it does");
        }
        backoff.wait(&*self.clock).await;
    }
}
