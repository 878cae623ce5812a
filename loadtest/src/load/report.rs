//! What a run or a peak has found, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::drive::Outcome;
use super::tally::Quantiles;

/// The keys are documented in the README and only ever added to.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// 16 hexadecimal digits; the middle of every nonce.
    run: String,
    target: String,
    /// Requests per second that were asked for; absent for a peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<u64>,
    /// Requests that the schedule held; absent for a peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled: Option<u64>,
    /// A signal ended the run before its time.
    interrupted: bool,
    /// The generator's threads had real-time priority.
    real_time: bool,
    /// From the first request's instant to the last sending.
    seconds: f64,
    sent: u64,
    answered: u64,
    by_status: BTreeMap<u16, u64>,
    unknown: u64,
    not_sent: u64,
    connections_opened: u64,
    /// Answers per second.
    achieved: f64,
    latency_us: Quantiles,
    send_delay_us: Quantiles,
    /// Absent for a peak, which keeps none.
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<PathBuf>,
}

/// What the report says beside the counts.
#[derive(Debug)]
pub(super) struct About {
    pub(super) run: u64,
    pub(super) target: String,
    /// Requests per second and requests in all of an open loop.
    pub(super) schedule: Option<(u64, u64)>,
    pub(super) journal: Option<PathBuf>,
}

impl Report {
    pub(super) fn new(about: About, outcome: &Outcome) -> Self {
        let (tally, seconds) = (&outcome.tally, outcome.elapsed.as_secs_f64());
        Self {
            run: format!("{:016x}", about.run),
            target: about.target,
            rate: about.schedule.map(|(rate, _)| rate),
            scheduled: about.schedule.map(|(_, requests)| requests),
            interrupted: outcome.interrupted,
            real_time: outcome.real_time,
            seconds,
            sent: tally.sent,
            answered: tally.answers(),
            by_status: tally.by_status(),
            unknown: tally.unknown,
            not_sent: tally.not_sent,
            connections_opened: tally.connections,
            achieved: if seconds > 0.0 { tally.answers() as f64 / seconds } else { 0.0 },
            latency_us: Quantiles::of(&tally.latency),
            send_delay_us: Quantiles::of(&tally.delay),
            journal: about.journal,
        }
    }

    /// Writes one line of JSON, or the text.
    pub(super) fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer(&mut out, self)?;
            writeln!(out)?;
        } else {
            write!(out, "{self}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let early = if self.interrupted { ", ended early by a signal" } else { "" };
        writeln!(f, "run {} against {}, {:.1} s{early}", self.run, self.target, self.seconds)?;
        if let (Some(rate), Some(scheduled)) = (self.rate, self.scheduled) {
            writeln!(f, "  scheduled   {scheduled:>10}  at {rate}/s")?;
        }
        write!(f, "  sent        {:>10}\n  answered    {:>10} ", self.sent, self.answered)?;
        for (status, count) in &self.by_status {
            write!(f, " {status}: {count}")?;
        }
        writeln!(f, "\n  unknown     {:>10}  sent, the connection ended without an answer", self.unknown)?;
        writeln!(f, "  not sent    {:>10}  due while no connection stood", self.not_sent)?;
        writeln!(
            f,
            "  achieved    {:>10.0}  answers/s over {} connections opened",
            self.achieved, self.connections_opened
        )?;
        writeln!(f, "  latency     {}  from when each was due", self.latency_us)?;
        let real_time = if self.real_time { "  in real time" } else { "" };
        writeln!(f, "  send delay  {}{real_time}", self.send_delay_us)?;
        if let Some(journal) = &self.journal {
            writeln!(f, "  journal     {}", journal.display())?;
        }
        Ok(())
    }
}
