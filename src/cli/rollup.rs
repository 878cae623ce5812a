//! `relais rollup`.

use std::process::ExitCode;

use anyhow::anyhow;
use jiff::civil::Date;

use super::progress::{Unit, shown};
use super::{output, place, runtime};
use crate::app::rollups;
use crate::config::Settings;
use crate::exchange::Place;
use crate::kpi::rollup::Scope;
use crate::model::Progress;
use crate::model::SpaceId;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Rollup {
    /// Slug of the space; every space without it
    #[arg(long)]
    space: Option<String>,
    /// First local day, such as 2026-03-01; the first whose clicks are still kept without it
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last local day, itself included; the last with clicks or shares without it
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

impl Rollup {
    /// Says how many days and months were computed.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            output::error(&anyhow!("--to {to} lies before --from {from}: turn them round"));
            return Ok(ExitCode::from(2));
        }
        runtime::block_on(async {
            let opened = match &self.space {
                Some(slug) => place::Opened::open(&settings, slug).await?,
                None => place::open(&settings, SpaceId::NONE).await?,
            };
            let progress = Progress::default();
            let space = opened.place.space.known();
            let [from, to] = [self.from, self.to].map(|date| date.map_or_else(String::new, |date| date.to_string()));
            let scope = Scope { space, from, to };
            let Place { store, warehouse, .. } = &opened.place;
            let work = rollups::redo(store, warehouse, &scope, &progress);
            let answer = shown("roll-ups", Unit::Days, &progress, work).await;
            opened.close().await;
            output::line(&format!("{} days and months were computed", answer?));
            Ok(ExitCode::SUCCESS)
        })
    }
}
