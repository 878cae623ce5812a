//! Starts the threads together, waits for them and adds up what they found.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::{Builder, LocalOptions};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};

use super::alarm::Alarm;
use super::connection;
use super::lane::{Lane, Next, Pace};
use super::punctual::become_punctual;
use super::tally::Tally;
use crate::journal::Journal;
use crate::schedule::{Schedule, share};
use crate::traffic::{Code, Mix, Nonces, Requests};

/// How long a server may take to accept the first connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often unanswered requests are looked at.
const ROUND: Duration = Duration::from_millis(100);

/// What the threads need to know.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) run: u64,
    pub(super) address: SocketAddr,
    /// The `Host` header of codes that name none.
    pub(super) host: String,
    pub(super) codes: Arc<[Code]>,
    pub(super) connections: u64,
    pub(super) threads: u64,
    pub(super) timeout: Duration,
    /// Asked for; whether it was granted stands in the outcome.
    pub(super) real_time: bool,
    pub(super) mix: Mix,
    pub(super) journal: Option<Arc<Journal>>,
}

/// When it is done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    /// All requests of an open loop, `rate` a second.
    Schedule { rate: u64, requests: u64 },
    /// As many as it can in this time.
    Peak { duration: Duration },
}

/// What all threads together found.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// From the start to the last sending of the slowest thread.
    pub(super) elapsed: Duration,
    pub(super) interrupted: bool,
    /// Every thread sent from a real-time one.
    pub(super) real_time: bool,
}

enum Report {
    Connected { real_time: bool },
    Done(Box<Tally>, Instant),
    Failed(anyhow::Error),
}

/// Runs the job to its end, or until SIGINT or SIGTERM.
pub(super) fn drive(job: Job, goal: Goal) -> anyhow::Result<Outcome> {
    let runtime = Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(conduct(job, goal))
}

async fn conduct(job: Job, goal: Goal) -> anyhow::Result<Outcome> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = Arc::new(AtomicBool::new(false));
    let (start, started) = watch::channel(None);
    let (report, mut reports) = mpsc::unbounded_channel();
    for lane in 0..job.threads {
        let (job, stop, started, report) = (job.clone(), stop.clone(), started.clone(), report.clone());
        std::thread::Builder::new().name(format!("lane-{lane}")).spawn(move || {
            let last = match lane_thread(&job, goal, lane, started, &report, &stop) {
                Ok((tally, end)) => Report::Done(Box::new(tally), end),
                Err(error) => Report::Failed(error),
            };
            // the other end is gone only when the program is ending
            let _ = report.send(last);
        })?;
    }
    drop(report);

    let (mut connected, mut done, mut in_real_time) = (0, 0, 0);
    let mut tally = Tally::new();
    let mut origin = Instant::now();
    let mut end = origin;
    while done < job.threads {
        tokio::select! {
            report = reports.recv() => match report.context("a thread ended without a word")? {
                Report::Connected { real_time } => {
                    connected += 1;
                    in_real_time += u64::from(real_time);
                    if connected == job.threads {
                        origin = Instant::now();
                        start.send_replace(Some(origin));
                        eprintln!("run {:016x}: sending to {}", job.run, job.address);
                    }
                }
                Report::Done(part, last) => {
                    done += 1;
                    tally.add(&part);
                    end = end.max(last);
                }
                Report::Failed(error) => return Err(error),
            },
            _ = interrupt.recv() => stop.store(true, Ordering::Relaxed),
            _ = terminate.recv() => stop.store(true, Ordering::Relaxed),
        }
    }
    let interrupted = stop.load(Ordering::Relaxed);
    let real_time = in_real_time == job.threads;
    Ok(Outcome { tally, elapsed: end.saturating_duration_since(origin), interrupted, real_time })
}

fn lane_thread(
    job: &Job,
    goal: Goal,
    lane: u64,
    mut started: watch::Receiver<Option<Instant>>,
    report: &mpsc::UnboundedSender<Report>,
    stop: &AtomicBool,
) -> anyhow::Result<(Tally, Instant)> {
    let real_time = become_punctual(job.real_time);
    let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    let requests = Requests::new(job.mix, job.codes.clone(), &job.host, Nonces::new(job.run), lane);
    let first = match goal {
        Goal::Schedule { requests, .. } => (0..lane).map(|before| share(requests, before, job.threads)).sum(),
        // no journal: the numbers only have to differ
        Goal::Peak { .. } => lane << 48,
    };
    let seats = share(job.connections, lane, job.threads) as usize;
    let state = Rc::new(Lane::new(first, seats, requests, job.journal.clone()));
    let end = runtime.block_on(async {
        for seat in 0..seats {
            tokio::task::spawn_local(connection::keep(state.clone(), seat, job.address));
        }
        connect(&state, seats, job.address).await?;
        let _ = report.send(Report::Connected { real_time });
        let origin = started.wait_for(Option::is_some).await.context("another thread failed")?.expect("it is some");
        state.set_pace(match goal {
            Goal::Schedule { rate, requests } => Pace::Open {
                schedule: Schedule::new(origin, rate, lane, job.threads),
                count: share(requests, lane, job.threads),
            },
            Goal::Peak { duration } => Pace::Closed { until: origin + duration },
        });
        let end = pace(&state, job.timeout, stop).await?;
        collect(&state, job.timeout).await;
        anyhow::Ok(end)
    })?;
    drop(runtime); // and with it the connections' tasks, which hold the lane
    let state = Rc::into_inner(state).context("a connection outlived its runtime")?;
    Ok((state.into_tally(), end))
}

/// Waits until every connection stands, or for as long as patience lasts until one does.
async fn connect(lane: &Lane, seats: usize, address: SocketAddr) -> anyhow::Result<()> {
    let all = async {
        while lane.standing() < seats {
            lane.changed.notified().await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, all).await;
    anyhow::ensure!(lane.standing() > 0, "nothing accepts connections at {address}: start the server first");
    Ok(())
}

/// Sends until nothing is left to send, and returns when that was.
async fn pace(lane: &Lane, timeout: Duration, stop: &AtomicBool) -> anyhow::Result<Instant> {
    let alarm = Alarm::new().context("no timer")?;
    let mut looked = Instant::now();
    loop {
        if stop.load(Ordering::Relaxed) {
            lane.set_pace(Pace::Over);
        }
        match lane.fire() {
            Next::Over => return Ok(Instant::now()),
            Next::Due(due) => tokio::select! {
                biased;
                waited = alarm.until(due) => waited.context("no timer")?,
                () = lane.changed.notified() => {}
            },
            Next::Starved => {
                let _ = tokio::time::timeout(ROUND, lane.changed.notified()).await;
            }
        }
        if looked.elapsed() > ROUND {
            lane.give_up_after(timeout);
            looked = Instant::now();
        }
    }
}

/// Waits for the answers that are still to come.
async fn collect(lane: &Lane, timeout: Duration) {
    while lane.waiting_for_answers() > 0 {
        lane.give_up_after(timeout);
        let _ = tokio::time::timeout(ROUND, lane.changed.notified()).await;
    }
}
