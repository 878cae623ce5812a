//! The pipeline on a simulated disk, clock and ClickHouse.

mod audit;
mod engine;
mod faults;
mod harness;
mod reconcile;
mod sink;
mod time;
