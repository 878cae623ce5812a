//! What is read out of ClickHouse for people and programs.
//!
//! For now this room holds the read-out of the click log ([`clicks`]); the KPIs themselves, with their definitions
//! and splits, come next.
//!
//! Every question belongs to one [`crate::model::SpaceId`], has its values bound, runs as a read-only query, and
//! ends within a bound ([`crate::warehouse::select`]).
//!
//! Deliberately absent: who may ask (`auth`), and what an answer looks like at an edge (`api`).

pub mod clicks;

#[cfg(test)]
pub(crate) mod tests;

pub use clicks::{ClickFilter, ClickLog, ClickRows, Cursor, LogError, Names};
