//! What is written down of a batch before it is sent.

use crate::spool::identity::Range;

/// A batch: which records, in which shape, sent where. Synced before its first byte leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Random; stands in the `batch` column of every row.
    pub batch: u128,
    /// How often it was begun to be sent, less one. Raised by [`next_generation`](super::Ledger::next_generation),
    /// because the token of an older one may be poisoned.
    pub generation: u32,
    /// Its records: one or more stretches, of any lanes and segments.
    pub ranges: Vec<Range>,
    /// The one month that its rows fall in, as `yyyymm`.
    pub partition: u32,
    /// Version of the column list that it was encoded with.
    pub schema: u16,
    /// Rows that were encoded. Fewer than its ranges span when some records could not be read.
    pub rows: u64,
    /// Sum over the rows' hashed identities; compared with ClickHouse's own.
    pub fingerprint: u64,
    /// The deduplication token that generation 0 was sent with.
    pub token: String,
    /// The shard that it goes to; a retry goes there too.
    pub target: String,
}

impl Manifest {
    /// Numbers of records that its ranges span.
    pub fn span(&self) -> u64 {
        self.ranges.iter().map(|range| u64::from(range.len())).sum()
    }
}
