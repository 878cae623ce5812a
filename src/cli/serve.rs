//! `relais serve`.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::{output, runtime};
use crate::app::serve::{Addresses, serve};
use crate::config::Settings;
use crate::telemetry::log;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Serve {}

impl Serve {
    /// Serves until SIGTERM or SIGINT, then drains.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        log::init(std::io::stderr().is_terminal());
        runtime::block_on(serve(settings, |addresses, _| announce(&addresses)))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Says where everything is, a line each; `ready` is the last.
pub(super) fn announce(addresses: &Addresses) {
    output::line(&format!("redirect   http://{}", addresses.redirect));
    output::line(&format!("portal     http://{}", addresses.portal));
    output::line(&format!("operations http://{}", addresses.operations));
    output::line("ready");
}
