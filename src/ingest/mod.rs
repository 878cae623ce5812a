//! From the spool to ClickHouse: each answered click stored once, whatever crashes.
//!
//! The path of a batch, with the names to search for:
//! 1. **Cut**: `freeze::Freezer::cut` takes what waits in every lane, newest segment first, all of
//!    one month, as [`Config`] bounds it.
//! 2. **Freeze**: each record is decoded, its address opened, [`Enricher::facts`] asked, the row
//!    encoded (`row::encode`). A record that cannot be decoded goes to [`quarantine`]. The bytes
//!    (`batch::Batch`) never change afterwards; a retry sends the same.
//! 3. **Open**: the manifest is synced to the spool's ledger (`works::Works::cut`).
//! 4. **Send, verify, heal**: `deliver::Delivery::deliver`. Whatever the answer was, the query is
//!    waited for until it is gone, then ClickHouse is asked which rows it holds. What is missing is
//!    sent again under the next generation; what ClickHouse refuses is halved down to the row.
//! 5. **Mark**: ClickHouse notes that days have new rows, for the roll-ups.
//! 6. **Forget**: the ledger says "stored", and the spool may remove the segment in time.
//!
//! `pipeline::Pipeline` is the loop around it, [`Shipper`] its handle, `reconcile` what happens after
//! a ledger or a part of the table was lost, [`audit`](audit::audit) the proof that nothing is missing.
//!
//! Places at which a test can end the process (`failpoint`), in this order: `ingest.frozen`,
//! `ingest.manifest_synced`, `ingest.quarantined` (where something is), `ingest.sent` (at each wait for
//! the answer), `ingest.answered`, `ingest.verified`, `ingest.marked`, `ingest.forgotten`.
//!
//! Promises:
//! - A click leaves the spool's books as stored only after ClickHouse was seen to hold it.
//! - Memory is bounded by `in_flight_batches × batch_bytes`, whatever ClickHouse does; the rest
//!   waits on the spool's disk.
//! - Dropping anything here at any moment is as safe as a crash, and a crash is safe at any moment.
//! - Reading, enriching and encoding give way to every other thread (`thread`).
//!
//! Deliberately absent: a token that makes inserts exactly-once by itself (it does not), closing
//! segments by time, killing queries, and any figure read from ClickHouse.
//!
//! [`Enricher::facts`]: crate::enrich::Enricher::facts

mod clock;
mod config;
mod shipper;

mod pipeline;
mod works;

mod freeze;
pub mod row;

mod batch;
mod calls;
mod deliver;
mod retry;

mod reconcile;
mod records;
mod thread;

pub mod audit;
pub mod quarantine;

#[cfg(test)]
mod tests;

pub use clock::{Clock, SystemClock};
pub use config::{Config, ConfigError};
pub use pipeline::Remaining;
pub use shipper::{Parts, Shipper, StartError};
