//! `relais spool`.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{beside, output, runtime};
use crate::app::control::{Reply, Request};
use crate::config::Settings;
use crate::spool::{Depth, Inspection, LedgerCondition};

/// Its arguments.
#[derive(Args)]
pub(super) struct Spool {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what the spool's files hold; changes nothing, also beside a running server
    #[command(after_help = "Example: relais spool inspect --full")]
    Inspect {
        /// Read every byte of every segment, not only of those being written
        #[arg(long)]
        full: bool,
    },
    /// Ship once more what was stored and is still retained, after ClickHouse lost it; readers see each click once
    #[command(after_help = "Example: relais spool replay")]
    Replay,
    /// List the clicks that ClickHouse refused, each with the reason
    #[command(after_help = "Example: relais spool quarantine --replay")]
    Quarantine {
        /// Ship them once more, after the cause is removed
        #[arg(long)]
        replay: bool,
    },
}

impl Spool {
    /// Looks, or asks the server to ship again.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let request = match self.command {
            Command::Inspect { full } => {
                let depth = if full { Depth::Full } else { Depth::Open };
                let inspection = crate::spool::Spool::inspect(&runtime::folder(&settings)?.spool(), depth)?;
                return Ok(show(&inspection));
            }
            Command::Replay => Request::ReplayAll,
            Command::Quarantine { replay: false } => Request::Quarantine,
            Command::Quarantine { replay: true } => Request::ReplayQuarantine,
        };
        match beside::ask(settings, request)? {
            Reply::Replayed(records) => output::line(&format!("{records} clicks will be shipped again")),
            Reply::Quarantine(records) => {
                for (record, reason) in &records {
                    output::line(&format!("{record}  {reason}"));
                }
                output::line(&format!("{} clicks in quarantine", records.len()));
            }
            Reply::Failed(reason) => bail!(reason),
            other @ Reply::Audit { .. } => bail!("the server answered something else: {other:?}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints what was found; damage makes the exit code 1.
fn show(inspection: &Inspection) -> ExitCode {
    let id = inspection.spool_id.map_or_else(|| "unknown".to_owned(), |id| format!("{id:032x}"));
    output::line(&format!("spool    {id}"));
    output::line(&format!("ledger   {:?}", inspection.ledger));
    for batch in &inspection.open_batches {
        output::line(&format!(
            "batch    {:032x} generation {}: {} rows, sent and not verified yet",
            batch.batch, batch.generation, batch.rows
        ));
    }
    for segment in &inspection.segments {
        output::line(&format!(
            "segment  {:03}-{:020}: {} answered, {} stored, {} in quarantine, {} missing",
            segment.lane, segment.segment, segment.answered, segment.stored, segment.quarantined, segment.missing
        ));
    }
    let mut damaged = matches!(inspection.ledger, LedgerCondition::Damaged | LedgerCondition::Newer { .. });
    for file in &inspection.files {
        match &file.found {
            Ok(found) => {
                damaged |= found.missing > 0;
                output::line(&format!(
                    "file     {}: {} records{}{}{}",
                    file.name,
                    found.records,
                    if found.sealed { ", ended" } else { ", being written" },
                    if found.missing > 0 { format!(", {} missing", found.missing) } else { String::new() },
                    if found.torn { ", bytes after the last record" } else { "" },
                ));
            }
            Err(why) => {
                damaged = true;
                output::line(&format!("file     {}: {why}", file.name));
            }
        }
    }
    for (reason, count) in inspection.unrecorded.iter().filter(|(_, count)| *count > 0) {
        output::line(&format!("unrecorded {count} answered clicks: {}", reason.as_str()));
    }
    if damaged { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
