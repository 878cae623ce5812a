//! A flag that a thread sleeps on.

use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// Raised by anyone, lowered by the one thread that waits for it.
#[derive(Default)]
pub(super) struct Signal {
    raised: Mutex<bool>,
    moved: Condvar,
}

impl Signal {
    pub(super) fn raise(&self) {
        *self.raised.lock() = true;
        self.moved.notify_all();
    }

    /// Returns when it is raised, or after `at_most`; it is lowered then.
    pub(super) fn wait(&self, at_most: Duration) {
        let mut raised = self.raised.lock();
        if !*raised {
            self.moved.wait_for(&mut raised, at_most);
        }
        *raised = false;
    }
}
