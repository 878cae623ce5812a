//! Where clicks are kept: ClickHouse, and nobody else in the house speaks to it.
//!
//! One code path serves both shapes: the embedded engine is a real ClickHouse on loopback, so a
//! cluster is a change of URL and nothing else.
//!
//! Promises:
//! - [`ClickSink::insert`] sends the frozen bytes as they are, as one block under an explicit query
//!   id and deduplication token, and says what ClickHouse answered. Whether the rows are stored is
//!   decided by [`ClickSink::stored`] alone, never by an answer.
//! - A row's identity is `(spool_id, lane, segment, record)`; whoever reads `clicks` with `FINAL`
//!   sees each identity once, whatever was sent twice.
//! - [`migrate`](migrate::migrate) may run any number of times, from any number of processes.
//!
//! Reading order: [`config`], [`client`] the handle; [`click_row`] is a row and its bytes, [`frozen`] a batch of
//! them, [`sink`] what shipping needs of ClickHouse; `facts` what the programme tells beside clicks; [`audit`] and
//! [`parts`] what checking and healing need; [`history`] what a bundle brings and takes; [`retention`], [`erasure`] and
//! [`verdicts`] change or remove what is stored; [`select`] how others read, [`click_log`] what they read of clicks,
//! [`figures`] of KPIs; [`rollups`] the marks of what changed; [`migrate`] the schema; [`embedded`] the engine that
//! comes with Relais.
//!
//! Deliberately absent: what a KPI is (`schema/clickhouse` and `kpi`), when a batch is cut or tried
//! again (`ingest`).

pub mod config;
pub mod error;

pub mod client;

pub mod click_row;
pub mod frozen;
pub mod sink;

mod facts;
pub mod history;

mod insert;

pub mod audit;
pub mod parts;

pub mod erasure;
mod mutation;
pub mod retention;
pub mod verdicts;

pub mod click_log;
pub mod figures;
pub mod select;

pub mod migrate;
mod statements;

pub mod rollups;

pub mod embedded;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use audit::SegmentCount;
pub use click_log::{ClickPlace, FreshClicks, LoggedClick, MinuteRow, RecordNumber};
pub use click_row::ClickRow;
pub use client::{Access, Warehouse};
pub use config::Config;
pub use erasure::{ErasedPerson, PersonRows};
pub use error::{CallError, Unanswered};
pub use figures::{FigureRow, FigureSpace, HourRow, StageRow};
pub use frozen::{Batch, Fingerprint, Frozen};
pub use parts::{Part, UnreadablePart};
pub use retention::KeptSince;
pub use select::{Parameter, ReadableRow, Rows, Select};
pub use sink::{BoxFuture, ClickSink, InsertError, Stored};
pub use verdicts::{KeptEvidence, NewVerdict};
