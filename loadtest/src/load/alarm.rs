//! Waits for an instant to the microsecond.
//!
//! The runtime's own timers tick once a millisecond: at 10,000 requests a second that would send ten
//! at a time and add half a millisecond to every latency. Spinning was turned down too: it takes a
//! whole core from the server under test.

use std::io;
use std::time::Instant;

/// A timer of this thread's runtime.
#[derive(Debug)]
pub(super) struct Alarm {
    #[cfg(target_os = "linux")]
    timer: tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>,
}

#[cfg(target_os = "linux")]
impl Alarm {
    pub(super) fn new() -> io::Result<Self> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        // SAFETY: an `OwnedFd` stays open and answers with the same descriptor for as long as it lives,
        // and the `AsyncFd` owns it until both are dropped.
        let timer = unsafe { tokio::io::unix::AsyncFd::register_with_interest(timer, tokio::io::Interest::READABLE) };
        Ok(Self { timer: timer.map_err(|refused| refused.into_parts().1)? })
    }

    /// Returns when `due` has come. May be dropped before; the next wait sets the timer anew.
    pub(super) async fn until(&self, due: Instant) -> io::Result<()> {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        let once = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: Timespec::try_from(left).map_err(io::Error::other)?,
        };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once)?;
        loop {
            let mut ready = self.timer.readable().await?;
            // an expiry that an earlier, dropped wait left behind reads as "would block"
            let expired = ready.try_io(|timer| rustix::io::read(timer, &mut [0u8; 8]).map_err(io::Error::from));
            if let Ok(expired) = expired {
                return expired.map(|_| ());
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Alarm {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Returns when `due` has come, to the millisecond: only Linux offers a finer timer that a
    /// runtime can wait on.
    pub(super) async fn until(&self, due: Instant) -> io::Result<()> {
        tokio::time::sleep_until(due.into()).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn no_wait_ends_before_its_time_even_after_one_that_was_dropped() {
        let alarm = Alarm::new().expect("a timer");
        for micros in [0, 1, 50, 900, 1500] {
            let dropped = alarm.until(Instant::now() + Duration::from_micros(20));
            let _ = tokio::time::timeout(Duration::ZERO, dropped).await;
            let due = Instant::now() + Duration::from_micros(micros);
            alarm.until(due).await.expect("the time has come");
            assert!(Instant::now() >= due);
        }
    }
}
