//! `relais config`: what the program would run with, and why.

use std::process::ExitCode;

use super::output;
use crate::config::Loaded;

/// Prints `key = value  # source`, one line a setting.
pub(super) fn run(loaded: &Loaded) -> anyhow::Result<ExitCode> {
    let lines = loaded.lines();
    let width = lines.iter().map(|line| line.key.len() + line.value.len() + 3).max().unwrap_or(0).min(60);
    for line in lines {
        output::line(&format!("{:<width$}  # {}", format!("{} = {}", line.key, line.value), line.source));
    }
    Ok(ExitCode::SUCCESS)
}
