//! A thread of its own for work that must not hold up a runtime: encoding, and syncing the ledger.
//!
//! Both run when the core is idle ([`priority::run_when_idle`]): any other thread that becomes ready takes it at once,
//! so a drain that encodes at full speed never shows in a redirect's latency. Nice 19 alone was turned down: such a
//! thread is preempted only at the end of its time slice. Under a load that leaves no idle time at all shipping
//! therefore stands still, and clicks wait in the spool: that is meant.

use std::pin::Pin;
use std::sync::mpsc;

use crate::priority;

type Job = Box<dyn FnOnce() + Send>;
type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Runs jobs one after the other, in the order of asking.
#[derive(Clone)]
pub(super) struct Thread(Kind);

#[derive(Clone)]
enum Kind {
    Own(mpsc::Sender<Job>),
    /// In the polling thread, with a pause before and after, at which a simulation may end the process.
    #[cfg(test)]
    Inline,
}

impl Thread {
    /// Starts the thread; it ends when the last handle is dropped and its jobs are done.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(name: &str) -> std::io::Result<Self> {
        let (sender, jobs) = mpsc::channel::<Job>();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            priority::run_when_idle();
            jobs.iter().for_each(|job| job());
        })?;
        Ok(Self(Kind::Own(sender)))
    }

    /// Runs jobs where they are awaited.
    #[cfg(test)]
    pub(super) fn inline() -> Self {
        Self(Kind::Inline)
    }

    /// Runs `job` and answers with what it returned. A job that was asked for is run even when
    /// nobody waits for its answer any more.
    ///
    /// # Panics
    /// When the job panicked.
    pub(super) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        match &self.0 {
            Kind::Own(sender) => {
                let (answer, answered) = tokio::sync::oneshot::channel();
                let job: Job = Box::new(move || {
                    // Fails only when nobody waits for the answer any more.
                    let _unheard = answer.send(job());
                });
                sender.send(job).expect("the thread lives as long as a handle, unless a job panicked");
                Box::pin(async move { answered.await.expect("the thread answers, unless the job panicked") })
            }
            #[cfg(test)]
            Kind::Inline => Box::pin(async move {
                tokio::task::yield_now().await;
                let answer = job();
                tokio::task::yield_now().await;
                answer
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_run_in_order_on_a_thread_that_gives_way() {
        let thread = Thread::start("test-idle").expect("a thread");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (first, second, policy) = runtime.block_on(async {
            let first = thread.run(|| 1);
            let second = thread.run(|| 2);
            // SAFETY: no memory is involved; 0 names the calling thread.
            let policy = thread.run(|| unsafe { libc::sched_getscheduler(0) });
            (first.await, second.await, policy.await)
        });
        assert_eq!((first, second), (1, 2));
        assert_eq!(policy, libc::SCHED_IDLE);
    }
}
