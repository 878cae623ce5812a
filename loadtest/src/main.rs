//! Load for Relais, and the audit of what it sent.
//!
//! Read in this order:
//! 1. [`traffic`]: who asks for which link, as the bytes of a request.
//! 2. [`schedule`]: when each request is due, whatever the answers do.
//! 3. [`load`]: sends them over kept-alive connections and measures.
//! 4. [`journal`]: what became of every request, safe from a kill of this program.
//! 5. [`reconcile`]: the journal against the rows in ClickHouse: lost, doubled, invented.
//!
//! Left out on purpose: TLS and HTTP/2 (a proxy's work, not the redirect's), pipelining (no
//! browser does it) and any knowledge of Relais's code: this program judges from the outside.

mod duration;
mod journal;
mod load;
mod reconcile;
mod schedule;
mod traffic;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Open-loop load for Relais, and the audit of what it sent.
#[derive(Debug, Parser)]
#[command(name = "relais-loadtest", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends requests on a fixed schedule and notes what became of each
    Run(load::RunArgs),
    /// Compares a run's journal with the clicks in ClickHouse; exit 1 on any difference
    Reconcile(reconcile::Args),
    /// Finds the highest throughput: each connection asks again as soon as it is answered
    Peak(load::PeakArgs),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => load::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Peak(args) => load::peak(&args).map(|()| ExitCode::SUCCESS),
        Command::Reconcile(args) => {
            reconcile::reconcile(&args).map(|exact| if exact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("relais-loadtest: {error:#}");
        ExitCode::FAILURE
    })
}
