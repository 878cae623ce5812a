//! What a thread that answers asks of the scheduler.

/// Nanoseconds of a slice: the shortest that Linux grants.
#[cfg(target_os = "linux")]
const SLICE_NS: u64 = 100_000;

/// Asks for short time slices for the calling thread, so that it runs soon after it has something
/// to do: Linux lets a thread with a shorter slice interrupt one that is in the middle of a longer
/// one, such as a merge of the embedded ClickHouse, which would otherwise keep the core for up to
/// 3 ms, whatever its niceness. The thread's share of the core stays what it was.
///
/// Linux knows this since 6.12 (`sched_setattr(2)`, `sched_runtime` of an ordinary thread); an older
/// one ignores it, and a refusal is no reason not to run.
pub fn ask_for_short_slices() {
    #[cfg(target_os = "linux")]
    {
        /// `struct sched_attr` in its first version, which every kernel takes.
        #[repr(C)]
        struct Attributes {
            size: u32,
            policy: u32,
            flags: u64,
            nice: i32,
            priority: u32,
            runtime: u64,
            deadline: u64,
            period: u64,
        }
        let attributes = Attributes {
            size: size_of::<Attributes>() as u32,
            policy: libc::SCHED_OTHER as u32,
            flags: 0,
            nice: 0,
            priority: 0,
            runtime: SLICE_NS,
            deadline: 0,
            period: 0,
        };
        // SAFETY: the call reads one initialised struct of the size that it names; 0 is this thread.
        unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
    }
}
