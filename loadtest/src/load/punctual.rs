//! Punctuality of the threads that send: what they are late is measured as if the server were.

/// Makes the calling thread as punctual as is asked for and granted; true when it runs in real time.
pub(super) fn become_punctual(real_time: bool) -> bool {
    let granted = real_time && ask_for_real_time();
    if !granted {
        ask_for_short_slices();
    }
    granted
}

/// Asks Linux (6.12 and later) for time slices of 0.1 ms for the calling thread, with which it may
/// interrupt a thread in the middle of a longer one: `sched_setattr(2)`. Its share of the core stays
/// what it was, and a refusal means only that figures hold more of the generator's own lateness.
fn ask_for_short_slices() {
    #[cfg(target_os = "linux")]
    {
        // size, policy; flags; nice, priority; runtime in ns; deadline; period
        let attributes: [u64; 6] = [48, 0, 0, 100_000, 0, 0];
        // SAFETY: the call reads the 48 bytes that the first four of them announce; 0 is this thread.
        unsafe { libc::syscall(libc::SYS_sched_setattr, 0, attributes.as_ptr(), 0) };
    }
}

/// Puts the calling thread before every ordinary one of the machine: `SCHED_RR`, which needs the right to it
/// (`CAP_SYS_NICE`).
fn ask_for_real_time() -> bool {
    #[cfg(target_os = "linux")]
    {
        let parameters = libc::sched_param { sched_priority: 1 };
        // SAFETY: the parameters live through the call, which concerns this thread alone.
        unsafe { libc::sched_setscheduler(0, libc::SCHED_RR, &parameters) == 0 }
    }
    #[cfg(not(target_os = "linux"))]
    false
}
