//! What the machine itself keeps from a program, and a client that stands for another machine.

use std::thread;
use std::time::{Duration, Instant};

/// Turns of a busy loop that took longer than this had the core taken away.
const TURN: Duration = Duration::from_micros(20);

/// How long something that arrives at a random instant waits for a core, though nobody else wants one.
///
/// Keeps every core busy with reading the clock for a while: whatever is missing between two readings was taken by
/// interrupts, or by a host that has sold a core twice or caps what a guest may use of it. Guests seldom see this in
/// their own accounts of stolen time.
pub(crate) struct Stalls {
    gaps: Vec<Duration>,
    watched: Duration,
}

impl Stalls {
    /// Watches all cores for `seconds`.
    pub(crate) fn watch(seconds: u64) -> Self {
        let cores = thread::available_parallelism().expect("a number of cores").get();
        let end = Instant::now() + Duration::from_secs(seconds);
        let watchers: Vec<_> = (0..cores).map(|_| thread::spawn(move || gaps_until(end))).collect();
        let gaps = watchers.into_iter().flat_map(|watcher| watcher.join().expect("it only reads the clock")).collect();
        Self { gaps, watched: Duration::from_secs(seconds) * u32::try_from(cores).expect("few cores") }
    }

    /// The wait in milliseconds that `share` of all arrivals exceed, such as 0.001 for p99.9.
    pub(crate) fn exceeded_by(&self, share: f64) -> f64 {
        // Who arrives within a gap waits for its rest: of a gap, all but its last `wait` exceed that wait.
        let exceeding = |wait: Duration| -> f64 {
            let within: Duration = self.gaps.iter().map(|gap| gap.saturating_sub(wait)).sum();
            within.as_secs_f64() / self.watched.as_secs_f64()
        };
        let longest = self.gaps.iter().max().copied().unwrap_or_default();
        let micros = (0..longest.as_micros() as u64).find(|micros| exceeding(Duration::from_micros(*micros)) <= share);
        micros.map_or(longest.as_secs_f64() * 1e3, |micros| micros as f64 / 1e3)
    }
}

fn gaps_until(end: Instant) -> Vec<Duration> {
    let mut gaps = Vec::new();
    let mut last = Instant::now();
    while last < end {
        let now = Instant::now();
        if now - last > TURN {
            gaps.push(now - last);
        }
        last = now;
    }
    gaps
}

/// Puts the calling thread, and those that it starts, before every ordinary one, as if it ran on a machine of its own:
/// what it waits for is the server then, and not its turn. False where that is not granted (`CAP_SYS_NICE`).
pub(crate) fn run_before_everybody() -> bool {
    let parameters = libc::sched_param { sched_priority: 1 };
    // SAFETY: the parameters live through the call, which concerns this thread alone.
    unsafe { libc::sched_setscheduler(0, libc::SCHED_RR, &parameters) == 0 }
}
