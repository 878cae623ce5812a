//! `relais serve`, `relais redirect` and `relais control`.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::{output, runtime};
use crate::app::serve::{Addresses, control_node, everything, redirect_node};
use crate::config::Settings;
use crate::telemetry::log;

/// Which half of Relais a process serves, or both. No arguments but the configuration.
pub(super) enum Serve {
    Everything,
    RedirectNode,
    ControlNode,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT, then drains.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        log::init(std::io::stderr().is_terminal());
        runtime::block_on(async {
            match self {
                Self::Everything => everything(settings, |addresses, _| announce(&addresses)).await,
                Self::RedirectNode => redirect_node(settings, |addresses| announce(&addresses)).await,
                Self::ControlNode => control_node(settings, |addresses| announce(&addresses)).await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Says where everything is, a line each; `ready` is the last.
pub(super) fn announce(addresses: &Addresses) {
    if let Some(redirect) = addresses.redirect {
        output::line(&format!("redirect   http://{redirect}"));
    }
    if let Some(portal) = addresses.portal {
        output::line(&format!("portal     http://{portal}"));
    }
    output::line(&format!("operations http://{}", addresses.operations));
    output::line("ready");
}
