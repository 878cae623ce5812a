//! How long things are kept, and how they go or change.
//!
//! Reading order: [`config`] is what a space's people were promised, [`horizon`] what that means today; [`retention`]
//! removes what is older; [`erasure`] takes one person out of everything and remembers that it did; [`reclassify`]
//! judges stored clicks anew.
//!
//! Promises, each for a process that may be killed anywhere:
//! - What retention removed is not lost: the audit knows which records those were, and roll-ups of days whose clicks are
//!   gone stay as they are.
//! - An erasure that was begun is completed, by whichever process comes first, and what brings the person back (a
//!   spool that had not heard, a bundle, a backup) is found and taken out again.
//! - A click that got another verdict keeps the old one beside it, once.
//!
//! Deliberately absent: the statements (`store`, `warehouse`), and who may ask (`api`, `cli`).

pub mod config;
pub mod horizon;

pub mod retention;

pub mod erasure;

pub mod reclassify;

#[cfg(test)]
mod tests;

pub use crate::enrich::Rules;
pub use config::{Config, ConfigError};
pub use erasure::{Keeper, Receipt};
pub use horizon::Horizon;
pub use reclassify::{Difference, reclassify};
pub use retention::retain;
