//! What the loop sets in motion: cut a batch, ship it, take up one that an earlier run left.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use parking_lot::Mutex;

use super::batch::Batch;
use super::calls::Gone;
use super::clock::{Clock, new_batch_id};
use super::deliver::Delivery;
use super::freeze::{Cut, Freezer};
use super::pipeline::Remaining;
use super::reconcile;
use super::thread::Thread;
use crate::failpoint;
use crate::spool::{LedgerError, Manifest, Reader, RecordId};
use crate::warehouse::Fingerprint;
use crate::warehouse::click_row::SCHEMA;
use crate::warehouse::frozen::token;

/// Everything that batches share while they are under way.
pub(super) struct Works {
    pub(super) delivery: Delivery,
    pub(super) freezer: Arc<Mutex<Freezer>>,
    pub(super) reader: Reader,
    /// Cuts and freezes.
    pub(super) worker: Thread,
    /// Names the ClickHouse shard in manifests.
    pub(super) target: String,
}

/// A batch whose manifest is synced and that was never sent.
pub(super) struct Opened {
    pub(super) batch: Batch,
    undecodable: Vec<(RecordId, String)>,
    /// More waits: cut again at once.
    pub(super) more: bool,
    /// When the oldest record that stands in no batch now was answered, milliseconds since 1970.
    pub(super) oldest_pending_ms: Option<i64>,
}

/// The generation of a batch's first send.
const FIRST_GENERATION: u32 = 0;

impl Works {
    /// Starts a cut on the worker: what waits becomes a frozen batch with a synced manifest.
    ///
    /// Cutting and opening are one job, so the next cut sees what this one took.
    pub(super) fn cut(self: &Arc<Self>) -> Pin<Box<dyn Future<Output = Result<Option<Opened>, LedgerError>> + Send>> {
        let works = self.clone();
        self.worker.run(move || works.cut_and_open())
    }

    fn cut_and_open(&self) -> Result<Option<Opened>, LedgerError> {
        let mut freezer = self.freezer.lock();
        let Some(Cut { ranges, batch, undecodable, more }) = freezer.cut(new_batch_id(self.clock())) else {
            return Ok(None);
        };
        failpoint::reach("ingest.frozen");
        let manifest = Manifest {
            batch: batch.id,
            generation: FIRST_GENERATION,
            ranges,
            partition: batch.partition,
            schema: SCHEMA,
            rows: batch.fingerprint().rows,
            fingerprint: batch.fingerprint().hash,
            token: token(batch.id, FIRST_GENERATION),
            target: self.target.clone(),
        };
        if let Err(error) = self.delivery.ledger.open_batch(manifest) {
            freezer.recycle(batch);
            return Err(error);
        }
        failpoint::reach("ingest.manifest_synced");
        let oldest_pending_ms = freezer.oldest_pending_ms();
        Ok(Some(Opened { batch, undecodable, more, oldest_pending_ms }))
    }

    /// Ships a batch that was just opened.
    pub(super) async fn ship(self: Arc<Self>, opened: Opened) {
        let Opened { batch, undecodable, .. } = opened;
        let id = batch.id;
        let shipped = async {
            self.delivery.quarantine(id, undecodable).await?;
            self.delivery.deliver(&batch, Some(FIRST_GENERATION)).await?;
            self.delivery.forget(id).await
        };
        // Another shipper may have finished with the batch: then it is out of our hands as well.
        let _shipped: Result<(), Gone> = shipped.await;
        self.recycle(batch).await;
    }

    /// Takes up a batch that was opened before: verifies, and sends again only what ClickHouse does not hold. The
    /// bytes are encoded anew, so they get a generation of their own.
    pub(super) async fn resume(self: Arc<Self>, manifest: Manifest) {
        let Manifest { batch: id, generation, partition, .. } = manifest;
        self.delivery.wait_until_gone(id, generation).await;
        let expected = Fingerprint { rows: manifest.rows, hash: manifest.fingerprint };
        let stored = self.delivery.ask(|| self.delivery.sink.stored(id, partition)).await;
        // What could not be decoded is in quarantine before anything is sent; where nothing was to be sent, a match says
        // nothing about that.
        if expected.rows > 0 && stored.holds(&expected) {
            self.delivery.metrics.ship_rows.inc_by(expected.rows);
            self.delivery.count("stored");
            failpoint::reach("ingest.verified");
            let spools = manifest.ranges.iter().map(|range| range.spool_id).collect();
            self.delivery.mark(id, partition, expected.rows, &spools).await;
            let _forgotten: Result<(), Gone> = self.delivery.forget(id).await;
            return;
        }
        let works = self.clone();
        let Cut { batch, undecodable, more, .. } = self.worker.run(move || works.refreeze(&manifest)).await;
        let shipped = async {
            self.delivery.quarantine(id, undecodable).await?;
            self.delivery.deliver(&batch, None).await?;
            // A range that could not be read stays open with its batch, and the next start tries again.
            if more { Ok(()) } else { self.delivery.forget(id).await }
        };
        let _shipped: Result<(), Gone> = shipped.await;
        self.recycle(batch).await;
    }

    fn refreeze(&self, manifest: &Manifest) -> Cut {
        let refused: BTreeSet<_> = self.delivery.ledger.quarantine().into_iter().map(|(id, _)| id).collect();
        self.freezer.lock().refreeze(manifest.batch, manifest.partition, &manifest.ranges, &refused)
    }

    async fn recycle(&self, batch: Batch) {
        let freezer = self.freezer.clone();
        self.worker.run(move || freezer.lock().recycle(batch)).await;
    }

    /// Settles what the ledger and ClickHouse may disagree about.
    pub(super) async fn reconcile(self: Arc<Self>) {
        reconcile::replace_unreadable_parts(&self.delivery).await;
        reconcile::settle_doubts(&self.delivery, &self.reader).await;
    }

    pub(super) fn open_batches(&self) -> Vec<Manifest> {
        self.delivery.ledger.open_batches()
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.delivery.clock
    }

    /// Sets the age of the oldest record that is not verified.
    pub(super) fn show_oldest(&self, oldest_ms: Option<i64>) {
        let age_ms = oldest_ms.map_or(0, |oldest_ms| self.clock().now_ms().saturating_sub(oldest_ms).max(0));
        self.delivery.metrics.spool_oldest.set(age_ms as f64 / 1_000.0);
    }

    /// What is not verified now.
    pub(super) fn remaining(&self) -> Remaining {
        let records = self.reader.pending().iter().map(|range| u64::from(range.to - range.from)).sum();
        Remaining { records, batches: self.open_batches().len() }
    }
}
