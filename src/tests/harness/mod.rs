//! Drives the real program as its users do: commands, HTTP, signals, and files in a folder.

pub mod browser;
pub mod engine;
pub mod installation;
pub mod load;
#[path = "../../store/tests/postgres.rs"]
#[allow(dead_code, reason = "the store's tests need the rest")]
pub mod postgres;
pub mod process;
pub mod proxy;

/// Says something past the test runner, which keeps the words of tests that pass.
pub fn say(words: &str) {
    use std::io::Write as _;
    let _nobody_reads = writeln!(std::io::stderr(), "{words}");
}

pub use engine::Engine;
pub use installation::Installation;
pub use load::Load;
pub use process::{eventually, relais};
