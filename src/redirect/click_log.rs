//! Where clicks are written: the spool, as little of it as a recorder needs.

use std::future::Future;
use std::pin::Pin;

use crate::spool::{AppendError, RecordId, SyncError, Ticket, Unrecorded, Writer};

/// One worker's end of the spool. A trait so that the handler can be tested against a log that is
/// full or broken, and generic (never `dyn`) so that the copy into the mapped segment is inlined.
pub trait ClickLog: Send + 'static {
    /// Names a record to wait for.
    type Ticket;
    /// Resolves once a record is safe from a power cut.
    type Durable: Future<Output = Result<(), SyncError>> + Send + Unpin + 'static;

    /// Appends a record of at most `at_most` bytes, which `fill` writes; it returns how many. When
    /// this returns, the record survives the process.
    ///
    /// # Errors
    /// The record was not taken.
    fn append(
        &mut self,
        at_most: usize,
        fill: impl FnOnce(RecordId, &mut [u8]) -> usize,
    ) -> Result<Self::Ticket, AppendError>;

    /// Waits for the group sync that covers a record.
    fn durable(&self, ticket: Self::Ticket) -> Self::Durable;

    /// Notes an answer whose click no segment holds.
    fn unrecorded(&mut self, reason: Unrecorded);
}

impl ClickLog for Writer {
    type Ticket = Ticket;
    type Durable = Pin<Box<dyn Future<Output = Result<(), SyncError>> + Send>>;

    #[inline]
    fn append(
        &mut self,
        at_most: usize,
        fill: impl FnOnce(RecordId, &mut [u8]) -> usize,
    ) -> Result<Ticket, AppendError> {
        Writer::append(self, at_most, fill)
    }

    fn durable(&self, ticket: Ticket) -> Self::Durable {
        Box::pin(Writer::durable(self, ticket))
    }

    fn unrecorded(&mut self, reason: Unrecorded) {
        Writer::unrecorded(self, reason);
    }
}
