//! `relais export`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::place::{Opened, open};
use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::config::Settings;
use crate::exchange::{self, Place, Progress};
use crate::model::SpaceId;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Export {
    /// The bundle's folder, new or empty; with --all a folder that gets one for each space
    #[arg(value_name = "DIR")]
    into: PathBuf,
    /// Slug of the space
    #[arg(long, required_unless_present = "all", conflicts_with = "all")]
    space: Option<String>,
    /// A bundle of every space
    #[arg(long)]
    all: bool,
}

/// Spaces that are read at once.
const PAGE: u32 = 200;

impl Export {
    /// Says how many rows each file has.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        runtime::block_on(async {
            let opened = match &self.space {
                Some(space) => Opened::open(&settings, space).await?,
                None => open(&settings, SpaceId::NONE).await?,
            };
            let answer = self.export(&opened).await;
            opened.close().await;
            answer.map(|()| ExitCode::SUCCESS)
        })
    }

    async fn export(&self, opened: &Opened) -> anyhow::Result<()> {
        if !self.all {
            return one(&opened.place, &self.into).await;
        }
        let mut after = SpaceId::NONE;
        loop {
            let spaces = opened.programme.spaces(after, PAGE).await?;
            let Some(last) = spaces.last() else { return Ok(()) };
            after = last.id;
            for space in &spaces {
                let folder = self.into.join(&space.slug);
                output::line(&format!("{}:", folder.display()));
                one(&Place { space: space.id, ..opened.place.clone() }, &folder).await?;
            }
        }
    }
}

async fn one(place: &Place, folder: &Path) -> anyhow::Result<()> {
    let progress = Progress::default();
    let exported = shown("export", Unit::Rows, &progress, exchange::export(place, folder, &progress)).await?;
    for (file, rows) in &exported.files {
        output::line(&format!("{file:<18} {rows:>9} rows"));
    }
    Ok(())
}
