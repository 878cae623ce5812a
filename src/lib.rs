//! Relais: personal short links for employee advocacy, exact clicks, honest figures.

pub mod failpoint;
pub mod model;
pub mod telemetry;
pub mod net;
pub mod spool;
pub mod redirect;
pub mod enrich;
pub mod warehouse;
pub mod ingest;
pub mod store;
pub mod programme;
pub mod auth;
pub mod api;
