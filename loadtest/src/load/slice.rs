//! Punctuality of the threads that send: what they are late is measured as if the server were.

/// Asks Linux (6.12 and later) for time slices of 0.1 ms for the calling thread, with which it may
/// interrupt a thread in the middle of a longer one: `sched_setattr(2)`. Its share of the core stays
/// what it was, and a refusal means only that figures hold more of the generator's own lateness.
pub(super) fn ask_for_short() {
    #[cfg(target_os = "linux")]
    {
        // size, policy; flags; nice, priority; runtime in ns; deadline; period
        let attributes: [u64; 6] = [48, 0, 0, 100_000, 0, 0];
        // SAFETY: the call reads the 48 bytes that the first four of them announce; 0 is this thread.
        unsafe { libc::syscall(libc::SYS_sched_setattr, 0, attributes.as_ptr(), 0) };
    }
}
