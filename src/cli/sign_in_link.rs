//! `relais sign-in-link`.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::{output, runtime};
use crate::app::programme;
use crate::config::Settings;
use crate::model::AdvocateId;
use crate::portal;
use crate::programme::Error;

/// Its arguments.
#[derive(Args)]
pub(super) struct SignInLink {
    /// Slug of the space
    #[arg(long)]
    space: String,
    /// Who signs in with it
    #[arg(long, value_name = "ID")]
    advocate: AdvocateId,
    /// How long it opens
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
}

impl SignInLink {
    /// Prints the address alone, so that a script can hand it on.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        runtime::block_on(async {
            let opened = programme::open(&settings, &runtime::folder(&settings)?).await?;
            let slug = &self.space;
            let space = match opened.programme.space_of_slug(slug).await {
                Err(Error::NotFound { .. }) => bail!("there is no space {slug}: `relais space create {slug}` makes it"),
                found => found?,
            };
            opened.programme.advocate(space.id, self.advocate).await?;
            let life_ms = i64::from(self.minutes) * 60_000;
            let link = opened.auth.printed_link(space.id, self.advocate, life_ms).await?;
            output::line(&opened.auth.site().address(&portal::link_path(&link)));
            opened.store.close().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}
