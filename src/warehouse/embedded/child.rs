//! What the engine's process does to itself before it becomes ClickHouse.

use std::time::Duration;

use crate::priority;

/// Lets redirects go first, with every thread that the engine starts, and makes it the first candidate when the machine
/// runs out of memory.
pub(super) fn give_way() {
    priority::run_behind_everybody();
    #[cfg(target_os = "linux")]
    let _refused = std::fs::write("/proc/self/oom_score_adj", "500");
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let _refused = rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit { current: files.maximum, maximum: files.maximum },
    );
}

/// Leaves the end to whoever holds the pipe: a terminal's or a service manager's signal reaches parent and child
/// alike, and the parent still has clicks to ship when it gets its own.
pub(super) fn ignore_terminal_signals() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: no handler of ours is installed or replaced; ignoring has no memory effects.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Ends the process `grace` after the other end of standard input was closed, should ClickHouse not
/// have ended by then: with the parent killed there is nobody else to do it.
pub(super) fn exit_after_end_of_input(grace: Duration) {
    std::thread::spawn(move || {
        let mut input = libc::pollfd { fd: libc::STDIN_FILENO, events: 0, revents: 0 };
        // Asks for no event, so that only the hang-up is told and no byte is taken from ClickHouse.
        // SAFETY: one entry, alive through the call.
        while unsafe { libc::poll(&mut input, 1, -1) } < 0 {}
        std::thread::sleep(grace);
        // SAFETY: _exit never returns; data that ClickHouse has acknowledged is on the disk already.
        unsafe { libc::_exit(1) };
    });
}
