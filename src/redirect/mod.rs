//! Answering a request to a link: the path of a click up to the spool.
//!
//! One worker per core runs [`serve`] on a runtime of its own. A request goes through
//! [`handler`](self): its limits, the method, the path; [`link_table`] says where the code leads;
//! the recorder writes a [`crate::model::Click`] straight into the spool's memory; then, and only
//! then, the 302 leaves.
//!
//! # Promises
//! * Everything that a click is recorded with is in memory: no request waits for a store, the
//!   control node or ClickHouse.
//! * A click that was answered is in the spool, or counted in `relais_clicks_unrecorded_total`.
//! * A request costs no allocation besides hyper's own (destinations that carry the click's id or
//!   the request's query excepted): even the answer's header map is the request's.
//! * Nothing that a client sends reaches `Location` but a forwarded query, percent-encoded.
//!
//! Reading order: [`Config`], [`serve`], `handler`, `recorder`, [`link_table`]; `pages`, `qr` and
//! `preview` are what people and robots see instead of a 302.
//!
//! Deliberately absent: who is a robot (that is `enrich`, afterwards; only "does it want a preview
//! card" is asked here, through a function passed in), and anything about sign-in.

mod config;
mod worker;

mod handler;
mod recorder;

mod click_log;
mod offsets;
mod tally;

mod pages;
mod preview;

pub mod link_table;

pub use click_log::ClickLog;
pub use config::Config;
pub use link_table::LinkTable;
pub use worker::{Policy, Responder, Setup, Shared, serve, spawn_worker};

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
