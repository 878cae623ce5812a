//! Who goes first when there are more threads than cores: redirects, then portal and API, then shipping, then ClickHouse.
//!
//! All of it is asked of Linux without any privilege, and a refusal is no reason not to run: elsewhere everybody is equal.

use std::time::Duration;

/// Slice of a redirect worker: the shortest that Linux grants.
pub const WORKER_SLICE: Duration = Duration::from_micros(100);
/// Slice of the threads behind portal and API: shorter than that of anybody who only computes.
pub const SERVER_SLICE: Duration = Duration::from_millis(1);

/// Asks for time slices of `length` for the calling thread and those that it starts from now on; zero asks for the
/// system's own length, 1 to 3 ms by the number of cores.
///
/// Linux lets a thread with a shorter slice interrupt one that is in the middle of a longer one, such as a merge of
/// the embedded ClickHouse, which would otherwise keep the core to its end, whatever its niceness. The thread's share
/// of the core stays what it was. Linux knows this since 6.12 (`sched_setattr(2)`, `sched_runtime` of an ordinary
/// thread, between 0.1 and 100 ms); an older one ignores it.
pub fn ask_for_slices(length: Duration) {
    #[cfg(target_os = "linux")]
    {
        /// `SCHED_FLAG_KEEP_POLICY` of `linux/sched.h`.
        const KEEP_POLICY: u64 = 0x08;
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
            policy: 0,
            flags: KEEP_POLICY,
            // There is no flag that keeps it: an operator may have chosen another than 0.
            nice: rustix::process::getpriority_process(None).unwrap_or(0),
            priority: 0,
            runtime: length.as_nanos() as u64,
            deadline: 0,
            period: 0,
        };
        // SAFETY: the call reads one initialised struct of the size that it names; 0 is this thread.
        unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
    }
}

/// Lets the calling thread run only where nobody else wants the core: whoever becomes ready takes it at once. Where
/// that is refused (some sandboxes), it gets the lowest ordinary priority.
pub fn run_when_idle() {
    if !set_policy(Policy::Idle) {
        lower();
    }
}

/// Puts the calling thread, and those that it starts, behind everybody: the lowest ordinary priority, and long turns
/// when its turn comes. Unlike [`run_when_idle`] it gets on under any load: a 70th of a core that others fill, where
/// an idle thread gets a 340th.
pub fn run_behind_everybody() {
    ask_for_slices(Duration::ZERO);
    set_policy(Policy::Batch);
    lower();
}

#[derive(Clone, Copy)]
enum Policy {
    Idle,
    Batch,
}

/// Whether the calling thread was granted `policy`.
fn set_policy(policy: Policy) -> bool {
    #[cfg(target_os = "linux")]
    {
        let policy = match policy {
            Policy::Idle => libc::SCHED_IDLE,
            Policy::Batch => libc::SCHED_BATCH,
        };
        let parameters = libc::sched_param { sched_priority: 0 };
        // SAFETY: the parameters live through the call, which concerns this thread alone.
        unsafe { libc::sched_setscheduler(0, policy, &parameters) == 0 }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _unknown_here = policy;
        false
    }
}

/// On Linux this is about the calling thread, elsewhere about its process.
fn lower() {
    let _refused = rustix::process::setpriority_process(None, 19);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Policy and niceness of a thread after `asking`.
    fn after(asking: fn()) -> (i32, i32) {
        let thread = std::thread::spawn(move || {
            asking();
            // SAFETY: no memory is involved; 0 names the calling thread.
            let policy = unsafe { libc::sched_getscheduler(0) };
            (policy, rustix::process::getpriority_process(None).expect("its own"))
        });
        thread.join().expect("it only asks")
    }

    #[test]
    fn a_thread_gives_way_by_itself() {
        let before = after(|| ());
        assert_eq!(after(run_when_idle).0, libc::SCHED_IDLE);
        assert_eq!(after(run_behind_everybody), (libc::SCHED_BATCH, 19));
        assert_eq!(after(|| ask_for_slices(WORKER_SLICE)), before, "a shorter slice is no higher priority");
        let nicer = || {
            rustix::process::setpriority_process(None, 7).expect("lower is always granted");
            ask_for_slices(WORKER_SLICE);
        };
        assert_eq!(after(nicer), (before.0, 7), "what the operator chose stays");
    }
}
