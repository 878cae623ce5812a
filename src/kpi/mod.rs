//! What is read out of ClickHouse for people and programs: the KPIs, and the click log.
//!
//! A KPI is defined once, in SQL: `schema/clickhouse/0005_kpi_views.sql` has a view for each, over roll-ups. Everything
//! that shows a figure reads it there; this room knows what can be asked ([`registry`]) and asks ([`kpis`]).
//!
//! Reading order: [`registry`] the KPIs, [`dimension`] what splits them, [`period`] days and buckets, [`answer`]
//! questions and figures, [`audience`] who sees what, [`kpis`] the asking (`drawn`: what is drawn beside and is no KPI),
//! [`error`] why there may be no answer,
//! [`sheet`] answers as tables;
//! [`clicks`] the click log; [`rollup`] what the views stand on.
//!
//! Promises:
//! - every question belongs to one [`crate::model::SpaceId`], has its values bound, runs as a read-only query, and ends
//!   within a bound ([`crate::warehouse::select`]);
//! - a ratio whose denominator is 0 is null, never 0 and never an error;
//! - what [`Audience::Aggregates`] may not see is withheld in SQL: this room asks other views for a split by people, and
//!   refuses one by single people.
//!
//! Deliberately absent: who may ask (`auth`), and what an answer looks like at an edge (`api`, `cli`).

pub mod registry;

pub mod dimension;
pub mod period;

pub mod answer;
pub mod audience;
pub mod error;

mod drawn;
pub mod kpis;

pub mod sheet;

pub mod clicks;
pub mod rollup;

#[cfg(test)]
pub(crate) mod oracle;
#[cfg(test)]
pub(crate) mod tests;

pub use answer::{Answer, Figure, Question};
pub use audience::Audience;
pub use clicks::{ClickFilter, ClickLog, ClickRows, Cursor, Lately, LogError, Names};
pub use dimension::Dimension;
pub use error::KpiError;
pub use kpis::Kpis;
pub use period::{Bucket, Calendar, InvalidPeriod, Period};
pub use registry::{Benchmark, KPIS, Kpi};

pub use crate::warehouse::{FreshClicks, HourRow, MinuteRow, StageRow};
