//! Named places at which a test can end the process, as `kill -9` would.
//!
//! Compiled to nothing unless the `failpoints` feature is on. Then `RELAIS_FAILPOINT=name` or
//! `RELAIS_FAILPOINT=name:3` aborts the process when `name` is reached for the first or third time.

/// Says that the process stands at `name` now.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn reach(_name: &'static str) {}

/// Says that the process stands at `name` now, and ends it there when the environment asks for it.
#[cfg(feature = "failpoints")]
pub fn reach(name: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static WANTED: OnceLock<Option<(String, AtomicU32)>> = OnceLock::new();
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("RELAIS_FAILPOINT").ok()?;
        let (name, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), AtomicU32::new(times.parse().unwrap_or(1))))
    });
    if let Some((wanted, left)) = wanted
        && wanted == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        // SAFETY: kill(2) has no memory effects; SIGKILL to ourselves is the crash that the test wants.
        unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    }
}
