//! `relais import`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;

use super::place::Opened;
use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::config::Settings;
use crate::exchange::{self, Imported, Progress};
use crate::model::{Changes, PeopleMap};

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Import {
    /// The bundle's folder; with --map a CSV file of people
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// Slug of the space
    #[arg(long)]
    space: String,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the good rows although there are bad ones; they are listed
    #[arg(long)]
    skip_bad_rows: bool,
    /// Which of our columns is which of theirs, for a list of people
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
}

impl Import {
    /// Lists bad rows and what changed; exits with 1 when nothing was imported because of bad rows.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        // Before anything is opened: a wrong map is found at once.
        let map = self.map.as_deref().map(exchange::open_map).transpose()?;
        if map.is_none() && !self.from.is_dir() {
            bail!("{} is no folder: name the bundle's folder, or --map for a list of people", self.from.display());
        }
        runtime::block_on(async {
            let opened = Opened::open(&settings, &self.space).await?;
            let answer = self.import(&opened, map.as_ref()).await;
            opened.close().await;
            self.tell(&answer?)
        })
    }

    async fn import(&self, opened: &Opened, map: Option<&PeopleMap>) -> anyhow::Result<Imported> {
        let progress = Progress::default();
        let Self { from, dry_run, skip_bad_rows, .. } = self;
        let place = &opened.place;
        let answer = match map {
            Some(map) => {
                let work = exchange::import_people(place, from, map, *skip_bad_rows, *dry_run, &progress);
                shown("import", Unit::Bytes, &progress, work).await?
            }
            None => {
                let import =
                    exchange::Import { folder: from.clone(), skip_bad_rows: *skip_bad_rows, dry_run: *dry_run };
                shown("import", Unit::Bytes, &progress, exchange::import(place, &import, &progress)).await?
            }
        };
        Ok(answer)
    }

    fn tell(&self, Imported { files, refused, kept, .. }: &Imported) -> anyhow::Result<ExitCode> {
        for row in &refused.listed {
            output::line(&row.to_string());
        }
        let said = refused.listed.iter().map(|row| (&row.file, row.line)).collect::<std::collections::BTreeSet<_>>();
        let unsaid = refused.rows.saturating_sub(said.len() as u64);
        if unsaid > 0 {
            output::line(&format!("… and {unsaid} more bad rows"));
        }
        let rows = refused.rows;
        if refused.broken {
            bail!("nothing was imported: a file cannot be read, see above; mend it and import again");
        }
        if rows > 0 && files.is_empty() {
            bail!("nothing was imported: {rows} bad rows, see above; mend them, or skip them with --skip-bad-rows");
        }
        for (file, changes) in files {
            let Changes { added, changed, left } = changes;
            output::line(&format!("{file:<18} {added:>9} added {changed:>9} changed {left:>9} left as they are"));
        }
        if rows > 0 {
            output::line(&format!("{rows} bad rows were skipped"));
        }
        if !kept {
            output::line("this was a dry run: nothing was changed");
        }
        Ok(ExitCode::SUCCESS)
    }
}
