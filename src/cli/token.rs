//! `relais token`.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{output, runtime};
use crate::app::programme;
use crate::config::Settings;
use crate::model::{AdvocateId, Role};
use crate::programme::Error;

/// Its arguments.
#[derive(Args)]
pub(super) struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Issue a token and print it, this once
    #[command(after_help = "Example: relais token create --space acme --role marketing")]
    Create(Create),
}

#[derive(Args)]
struct Create {
    /// Slug of the space that it is for
    #[arg(long)]
    space: String,
    /// advocate, marketing, recruiter, admin or operator
    #[arg(long)]
    role: Role,
    /// Whose token it is, for the role advocate
    #[arg(long, value_name = "ID", required_if_eq("role", "advocate"))]
    advocate: Option<AdvocateId>,
}

impl Token {
    /// Prints the token alone, so that a script can keep it.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Command::Create(create) = self.command;
        runtime::block_on(async {
            let opened = programme::open(&settings, &runtime::folder(&settings)?).await?;
            let slug = &create.space;
            let space = match opened.programme.space_of_slug(slug).await {
                Err(Error::NotFound { .. }) => bail!("there is no space {slug}: `relais space create {slug}` makes it"),
                found => found?,
            };
            let issued = opened.auth.create_token(space.id, create.role, create.advocate, None).await?;
            output::line(issued.token.expose());
            opened.store.close().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}
