//! Sends the load and measures the answers.
//!
//! Each thread is a lane of its own: its share of the schedule, of the connections and of the
//! journal, on a single-threaded runtime, with nothing shared. Within it, a pacer writes what is due
//! to connections that are free; when none is, the connections take what is due as they come free.
//! A request never waits for the answer to another unless every connection waits for one, and then
//! that wait is in its latency.
//!
//! While no connection stands at all (the server is being restarted), what is due counts as not
//! sent, as it would be for people, and is not made up for later.

mod alarm;
mod answer;
mod connection;
mod drive;
mod lane;
mod punctual;
mod report;
mod tally;
mod target;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::journal::Journal;
use crate::traffic::{Mix, read_codes};
use crate::{duration, schedule};
use drive::{Goal, Job};
use report::{About, Report};
use target::Target;

/// What a run and a peak have in common.
#[derive(Debug, Args)]
struct Load {
    /// The server under test
    #[arg(long, value_name = "URL")]
    target: Target,
    /// How long to send
    #[arg(long, default_value = "30s", value_parser = duration::parse)]
    duration: Duration,
    /// The links to ask for: one `code` or `code,host` a line, most popular first
    #[arg(long, value_name = "FILE")]
    codes: PathBuf,
    /// Kept-alive connections, over all threads
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    connections: u64,
    /// Threads that send; one reaches 60,000 requests a second
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=256))]
    threads: u64,
    /// A request that is not answered within this counts as unknown
    #[arg(long, default_value = "10s", value_parser = duration::parse)]
    timeout: Duration,
    /// Sends from real-time threads where that is granted (CAP_SYS_NICE), so that who else wants the cores is not
    /// measured as the server. For low rates on the machine under test: at high ones it takes the server's core
    #[arg(long)]
    real_time: bool,
    #[command(flatten)]
    mix: Mix,
    /// Prints one line of JSON
    #[arg(long)]
    json: bool,
}

/// Sends requests on a fixed schedule, whatever the answers do.
///
/// Ends with exit 0 when the schedule is through, whatever was answered; with 1 when it could not
/// begin. Interrupted, it prints what it has found so far.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  relais-loadtest run --target http://127.0.0.1:8080 --rate 10000 --duration 30s \\\n    --codes codes.txt --journal run.journal --json"
)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    load: Load,
    /// Requests per second
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    rate: u64,
    /// Where to note the fate of every request, 2 bytes each; must not exist
    /// [default: relais-loadtest-RUN.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// Finds the highest throughput over a number of connections.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  relais-loadtest peak --target http://127.0.0.1:8080 --codes codes.txt --duration 10s"
)]
pub(crate) struct PeakArgs {
    #[command(flatten)]
    load: Load,
}

/// `relais-loadtest run`
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<()> {
    let run: u64 = rand::random();
    let requests = schedule::requests(args.rate, args.load.duration);
    anyhow::ensure!(requests <= 1 << 36, "{requests} requests are too many for one run: shorten it");
    let path = args.journal.clone().unwrap_or_else(|| format!("relais-loadtest-{run:016x}.journal").into());
    let mut job = args.load.job(run)?;
    job.journal = Some(Arc::new(Journal::create(&path, run, requests)?));
    let about =
        About { run, target: args.load.target.to_string(), schedule: Some((args.rate, requests)), journal: Some(path) };
    args.load.report(job, Goal::Schedule { rate: args.rate, requests }, about)
}

/// `relais-loadtest peak`
pub(crate) fn peak(args: &PeakArgs) -> anyhow::Result<()> {
    let run: u64 = rand::random();
    let about = About { run, target: args.load.target.to_string(), schedule: None, journal: None };
    args.load.report(args.load.job(run)?, Goal::Peak { duration: args.load.duration }, about)
}

impl Load {
    fn job(&self, run: u64) -> anyhow::Result<Job> {
        anyhow::ensure!(self.threads <= self.connections, "every thread needs a connection: raise --connections");
        Ok(Job {
            run,
            address: self.target.address()?,
            host: self.target.host.clone(),
            codes: read_codes(&self.codes)?.into(),
            connections: self.connections,
            threads: self.threads,
            timeout: self.timeout,
            real_time: self.real_time,
            mix: self.mix,
            journal: None,
        })
    }

    fn report(&self, job: Job, goal: Goal, about: About) -> anyhow::Result<()> {
        let outcome = drive::drive(job, goal)?;
        Report::new(about, &outcome).print(self.json)
    }
}
