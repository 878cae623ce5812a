//! How far long work is.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// May be read at any time, by whoever shows it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Bytes to read, or rows to write; 0 while nobody knows.
    pub total: Arc<AtomicU64>,
    /// Of them so far.
    pub done: Arc<AtomicU64>,
}
