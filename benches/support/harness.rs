//! The tests' harness, which starts the real program; a bench needs a part of it.

#[path = "../../src/tests/harness/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    reason = "made for the integration tests, of which each uses another part"
)]
mod tests;

#[allow(unused_imports, reason = "each bench takes what it needs")]
pub(crate) use tests::*;
