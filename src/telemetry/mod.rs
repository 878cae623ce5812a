//! What the house says about itself: log lines, metrics, and how far long work is.
//!
//! A log line is written once, where the matter is handled; it reads alone and carries fields. It
//! never holds an address, a token, a user agent or a referrer. Metrics stand in one catalogue,
//! [`metrics::Metrics`], so that a name has one spelling and a label one set of values.

pub mod log;
pub mod metrics;
pub use metrics::Metrics;
