//! The integration tests: one binary, a file a capability, on the real program and the real engine.

#![allow(missing_docs, reason = "a test's name is its documentation")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test, with its line")]
#![allow(clippy::print_stdout, reason = "a test's figures belong to its output")]
#![allow(unreachable_pub, reason = "a binary exports nothing")]

mod harness;

mod click_path;
mod clock;
mod damaged_parts;
mod dashboards;
mod demo;
mod errors;
mod exchange;
mod facts;
#[cfg(feature = "failpoints")]
mod failpoints;
mod faulty_proxy;
mod feeds;
mod full_disk;
mod keeping;
mod kill;
mod kpis;
mod ledger;
mod life_cycles;
mod live_changes;
mod nodes;
mod pages;
mod rollups;
mod sign_in;
mod told;
mod without_clickhouse;

mod tidy;
