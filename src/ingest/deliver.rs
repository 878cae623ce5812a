//! One batch, from its manifest to the word "stored": send, verify, heal, forget.
//!
//! An answer proves nothing. After whatever answer the query is waited for until it is gone, then
//! ClickHouse is asked which of the batch's rows it holds. Every send has a generation of its own,
//! synced before: a token never stands for two contents, and one that ClickHouse remembers although
//! it lost the rows (both were seen) cannot swallow a retry. A row that arrives twice costs nothing,
//! because readers see each identity once.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::batch::Batch;
use super::calls::Gone;
use super::clock::{Backoff, Clock};
use super::retry::{Remedy, remedy};
use super::thread::Thread;
use crate::failpoint;
use crate::model::Class;
use crate::spool::{Ledger, RecordId};
use crate::telemetry::Metrics;
use crate::warehouse::{ClickSink, Frozen, InsertError};

/// A row goes to quarantine when it was refused so often running, alone: a body that was cut on its way looks like
/// bad data.
const STRIKES: u32 = 3;
/// So many rows refused and none accepted: it is not the rows, it is the table. Then shipping parks.
const MISFIT: usize = 16;
/// Batches are not made smaller than this for want of memory, rows.
const SMALLEST_PIECE: u32 = 1_000;

/// Delivers batches, any number at a time.
pub(super) struct Delivery {
    pub(super) sink: Arc<dyn ClickSink>,
    pub(super) ledger: Arc<Ledger>,
    /// Syncs the ledger.
    pub(super) scribe: Thread,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Arc<Metrics>,
    /// Somebody was told that a repair is needed.
    pub(super) parked: AtomicBool,
}

/// What has become of a batch's rows so far.
#[derive(Default)]
struct Progress {
    /// Runs of rows to be sent, the next one last.
    pieces: Vec<Range<u32>>,
    /// Rows in quarantine.
    refused: BTreeSet<u32>,
    /// Refusals in a row of the one that stands alone at present.
    strikes: u32,
    /// ClickHouse took some of them.
    accepted: bool,
    /// How often everything was sent or was said to be, and something was missing.
    incomplete: u32,
    /// Some are there more than once, which no reader sees.
    doubled: bool,
}

impl Progress {
    /// Everything but the refused rows is to be sent.
    fn send_all(&mut self, rows: u32) {
        let mut from = 0;
        self.pieces.clear();
        for row in self.refused.iter().copied().chain([rows]) {
            if from < row {
                self.pieces.push(from..row);
            }
            from = row + 1;
        }
    }

    fn halve(&mut self, piece: Range<u32>) {
        let middle = piece.start + (piece.end - piece.start) / 2;
        self.pieces.push(middle..piece.end);
        self.pieces.push(piece.start..middle);
    }
}

impl Delivery {
    /// Ends when every row of `batch` is stored and verified, or in quarantine. Goes on for ever while ClickHouse is
    /// away; may be dropped at any moment. `fresh` is a synced generation under which nothing was sent; without
    /// one an earlier run may have sent the rows, so they are looked for first.
    ///
    /// # Errors
    /// When somebody else has finished with the batch.
    pub(super) async fn deliver(&self, batch: &Batch, mut fresh: Option<u32>) -> Result<(), Gone> {
        let mut progress = Progress::default();
        let (mut backoff, mut healing) = (Backoff::default(), Backoff::default());
        if fresh.is_some() {
            progress.send_all(batch.rows());
        }
        loop {
            let Some(piece) = progress.pieces.pop() else {
                if batch.rows() == 0 || self.is_complete(batch, &mut progress).await {
                    break;
                }
                progress.incomplete += 1;
                progress.send_all(batch.rows());
                healing.wait(&*self.clock).await;
                continue;
            };
            let generation = match fresh.take() {
                Some(generation) => generation,
                None => self.next_generation(batch.id).await?,
            };
            let answer = self.send(&batch.frozen(piece.clone(), generation)).await;
            failpoint::reach("ingest.answered");
            self.wait_until_gone(batch.id, generation).await;
            if let Err(error) = answer {
                if self.after_refusal(batch, piece, &error, &mut progress, &mut backoff).await? {
                    break;
                }
            } else {
                progress.accepted = true;
                progress.strikes = 0;
                backoff.reset();
                self.unpark();
            }
        }
        failpoint::reach("ingest.verified");
        let spools = batch.identities(0..batch.rows()).map(|(_, id)| id.spool_id).collect();
        let rows = u64::from(batch.rows()) - progress.refused.len() as u64;
        self.mark(batch.id, batch.partition, rows, &spools).await;
        self.account(batch, &progress);
        Ok(())
    }

    /// Has the batch's rows rolled up, which are so many and of these spools. Before the batch is forgotten: nobody would
    /// mark them later.
    pub(super) async fn mark(&self, batch: u128, partition: u32, rows: u64, spools: &BTreeSet<u128>) {
        let marked = self.ask(|| self.sink.mark(batch, partition)).await;
        if marked < rows {
            // Rows with the same identities have replaced some: those of a batch that a lost ledger forgot, and whose
            // insert came late. That batch marks nothing any more.
            for spool_id in spools {
                self.ask(|| self.sink.mark_spool(*spool_id)).await;
            }
        }
        failpoint::reach("ingest.marked");
    }

    /// The spool may forget the batch, in time.
    pub(super) async fn forget(&self, batch: u128) -> Result<(), Gone> {
        self.record(move |ledger| ledger.stored(batch)).await?;
        failpoint::reach("ingest.forgotten");
        Ok(())
    }

    /// Decides what is sent next; true when all rows turn out to be there in spite of the error.
    async fn after_refusal(
        &self,
        batch: &Batch,
        piece: Range<u32>,
        error: &InsertError,
        progress: &mut Progress,
        backoff: &mut Backoff,
    ) -> Result<bool, Gone> {
        let rows = piece.end - piece.start;
        let misfit = progress.refused.len() >= MISFIT && !progress.accepted;
        let remedy = remedy(error.code());
        if remedy != Remedy::Bisect {
            progress.strikes = 0;
        }
        match remedy {
            Remedy::Bisect if rows > 1 => {
                if rows == batch.rows() {
                    self.count("bisected");
                }
                progress.halve(piece);
                return Ok(false);
            }
            Remedy::Bisect if !misfit => {
                progress.strikes += 1;
                if progress.strikes < STRIKES {
                    progress.pieces.push(piece);
                    backoff.wait(&*self.clock).await;
                    return Ok(false);
                }
                progress.strikes = 0;
                progress.refused.insert(piece.start);
                self.quarantine(batch.id, vec![(batch.identity(piece.start), error.to_string())]).await?;
                return Ok(false);
            }
            Remedy::Bisect | Remedy::Park => {
                progress.pieces.push(piece);
                self.park(error).await;
            }
            Remedy::Shrink if rows > SMALLEST_PIECE => {
                progress.halve(piece);
                self.retry(error, backoff).await;
            }
            Remedy::Shrink | Remedy::Retry => {
                progress.pieces.push(piece);
                self.retry(error, backoff).await;
            }
        }
        Ok(self.is_complete(batch, progress).await)
    }

    async fn send(&self, frozen: &Frozen) -> Result<(), InsertError> {
        let started = Instant::now();
        let mut insert = pin!(self.sink.insert(frozen));
        let answer = poll_fn(|context| {
            let answer = insert.as_mut().poll(context);
            if answer.is_pending() {
                failpoint::reach("ingest.sent");
            }
            answer
        })
        .await;
        self.metrics.clickhouse_insert.observe(started.elapsed().as_secs_f64());
        answer
    }

    /// Whether every row that is not in quarantine is stored, whichever sends brought it.
    async fn is_complete(&self, batch: &Batch, progress: &mut Progress) -> bool {
        let stored = self.ask(|| self.sink.stored(batch.id, batch.partition)).await;
        let expected = batch.fingerprint_without(&progress.refused);
        progress.doubled |= stored.doubled() > 0;
        // A refused row may have arrived all the same, by a late duplicate of an earlier send.
        if stored.holds(&expected) || stored.holds(&batch.fingerprint()) {
            return true;
        }
        // Rows of another batch with the same identity may have replaced some of this one's (two shippers on one
        // spool), and more may be there than expected: then each identity is looked for. Not at first, for it costs
        // a scan.
        let odd = progress.incomplete > 0 || stored.distinct >= expected.rows;
        odd && self.holds_each(batch, &progress.refused).await
    }

    async fn holds_each(&self, batch: &Batch, refused: &BTreeSet<u32>) -> bool {
        let mut known: Option<(RecordId, Vec<u32>)> = None;
        for (row, id) in batch.identities(0..batch.rows()) {
            let same = |(of, _): &&(RecordId, Vec<u32>)| {
                (of.spool_id, of.lane, of.segment) == (id.spool_id, id.lane, id.segment)
            };
            if known.as_ref().filter(same).is_none() {
                let records = self.ask(|| self.sink.stored_records(id.spool_id, id.lane, id.segment, &[])).await;
                known = Some((id, records));
            }
            let is_there = known.as_ref().is_some_and(|(_, records)| records.binary_search(&id.record).is_ok());
            if !is_there && !refused.contains(&row) {
                return false;
            }
        }
        true
    }

    /// Counts a batch by what became of it.
    pub(super) fn count(&self, result: &str) {
        self.metrics.ship_batches.with_label_values(&[result]).inc();
    }

    fn account(&self, batch: &Batch, progress: &Progress) {
        let healed = progress.incomplete > 0 || progress.doubled;
        self.count(if healed { "healed" } else { "stored" });
        let mut recorded = [0u64; 256];
        for row in (0..batch.rows()).filter(|row| !progress.refused.contains(row)) {
            recorded[usize::from(batch.class(row).number())] += 1;
        }
        for class in Class::ALL {
            let rows = recorded[usize::from(class.number())];
            self.metrics.clicks_recorded.with_label_values(&[class.as_str()]).inc_by(rows);
            self.metrics.ship_rows.inc_by(rows);
        }
        if batch.rows() > 0 {
            let lag_ms = self.clock.now_ms().saturating_sub(batch.oldest_ms).max(0);
            self.metrics.ship_lag.set(lag_ms as f64 / 1_000.0);
        }
    }
}
