//! What shipping needs of ClickHouse, as a trait, so that tests can put a simulated one in its place.

use std::pin::Pin;

use super::audit::SegmentCount;
use super::error::CallError;
use super::frozen::{Fingerprint, Frozen};
use super::parts::{Part, UnreadablePart};

/// A boxed future, so that [`ClickSink`] can be used behind `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why an insert is not known to have succeeded. [`CallError::code`] decides what is done about it.
pub type InsertError = CallError;

/// What ClickHouse holds of one batch, whichever generations brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// Rows, counted as they lie: doubled ones count twice.
    pub rows: u64,
    /// Distinct identities among them.
    pub distinct: u64,
    /// The fingerprint's hash over the distinct identities.
    pub hash: u64,
}

impl Stored {
    /// Every row of the batch is there (perhaps more than once, which `FINAL` hides), and nothing else.
    pub fn holds(&self, expected: &Fingerprint) -> bool {
        self.distinct == expected.rows && self.hash == expected.hash
    }

    /// How many rows are there more than once.
    pub fn doubled(&self) -> u64 {
        self.rows.saturating_sub(self.distinct)
    }
}

/// The table `clicks` of one ClickHouse server, or of one shard of a cluster.
pub trait ClickSink: Send + Sync + 'static {
    /// Sends the frozen bytes once, as one block, with a query id and a deduplication token made of
    /// batch and generation. `Ok` is not yet a proof that the rows are stored.
    fn insert(&self, batch: &Frozen) -> BoxFuture<'_, Result<(), InsertError>>;

    /// Whether an insert of this batch and generation is still running on the server. It is never killed:
    /// a query that is told to stop may already have committed.
    fn in_flight(&self, batch: u128, generation: u32) -> BoxFuture<'_, Result<bool, CallError>>;

    /// What is stored of the batch in the month `partition` (`yyyymm`).
    fn stored(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<Stored, CallError>>;

    /// Says that the stored rows of the batch are to be rolled up, and how many identities these are: fewer than were
    /// stored where rows of another batch have replaced some since. Called once they are there, and before anybody
    /// forgets them; any number of times.
    fn mark(&self, batch: u128, partition: u32) -> BoxFuture<'_, Result<u64, CallError>>;

    /// The same for all stored rows of a spool, when nobody knows which of its batches were marked. Reads the
    /// identities of the whole table.
    fn mark_spool(&self, spool_id: u128) -> BoxFuture<'_, Result<(), CallError>>;

    /// Every segment of the spool that has a row, by lane and segment; rows in the parts `without` are not looked at.
    /// Reads the identities of the whole table.
    fn segment_counts<'a>(
        &'a self,
        spool_id: u128,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<SegmentCount>, CallError>>;

    /// The records of one segment that are stored, ascending, each once, whichever batch brought them; rows in the
    /// parts `without` are not looked at.
    fn stored_records<'a>(
        &'a self,
        spool_id: u128,
        lane: u8,
        segment: u64,
        without: &'a [Part],
    ) -> BoxFuture<'a, Result<Vec<u32>, CallError>>;

    /// The records of one segment that a reader sees more than once, ascending.
    fn doubled_records(&self, spool_id: u128, lane: u8, segment: u64) -> BoxFuture<'_, Result<Vec<u32>, CallError>>;

    /// The active parts that cannot be read. While there is one, every question that touches it fails.
    fn unreadable_parts(&self) -> BoxFuture<'_, Result<Vec<UnreadablePart>, CallError>>;

    /// Names of the parts that ClickHouse itself took out of the table when it started, because it could not read
    /// them.
    fn parts_put_aside(&self) -> BoxFuture<'_, Result<Vec<String>, CallError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Removes what is left of such a part.
    fn drop_part_put_aside<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<(), CallError>> {
        Box::pin(async { Ok(()) })
    }

    /// Drops a part with all its rows.
    fn drop_part<'a>(&'a self, part: &'a Part) -> BoxFuture<'a, Result<(), CallError>>;
}
