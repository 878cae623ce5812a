//! Relais: personal short links for employee advocacy, exact clicks, honest figures.

pub mod model;
pub mod priority;
pub mod telemetry;

pub mod look;
pub mod texts;

pub mod net;
pub mod redirect;
pub mod spool;

pub mod enrich;
pub mod ingest;
pub mod kpi;
pub mod warehouse;

pub mod intake;
pub mod mail;
pub mod outbound;

pub mod api;
pub mod auth;
pub mod exchange;
pub mod keeping;
pub mod portal;
pub mod programme;
pub mod store;

pub mod cluster;

pub mod ops;

pub mod demo;

pub mod app;
pub mod cli;
pub mod config;

pub mod failpoint;
