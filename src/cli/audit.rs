//! `relais audit`.

use std::process::ExitCode;

use anyhow::bail;

use super::{beside, output};
use crate::app::control::{Reply, Request};
use crate::config::Settings;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Audit {
    /// A table for people, or the whole report for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Audit {
    /// Exits with 1 when a click is lost, doubled or invented; each is named.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        match beside::ask(settings, Request::Audit)? {
            Reply::Audit { clean, text, report } => {
                match self.format {
                    Format::Table => output::line(text.trim_end()),
                    Format::Json => output::line(&report.to_string()),
                }
                Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            Reply::Failed(reason) => bail!(reason),
            other => bail!("the server answered something else: {other:?}"),
        }
    }
}
