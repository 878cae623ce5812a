//! `relais space`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{output, runtime};
use crate::app::programme;
use crate::config::Settings;
use crate::programme::{Field, SpaceFields};

/// Its arguments.
#[derive(Args)]
pub(super) struct Space {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a space, or change the settings given of one that is there
    #[command(after_help = "Example: relais space create acme --name Acme --host go.acme.example \
                            --email-domain acme.example --holidays holidays.txt")]
    Create(Create),
}

#[derive(Args)]
struct Create {
    /// Short name for the command line: a-z, 0-9 and '-'
    slug: String,
    /// The brand's name
    #[arg(long)]
    name: Option<String>,
    /// IANA time zone, such as Europe/Paris
    #[arg(long)]
    time_zone: Option<String>,
    /// A short-link host of its own; may be repeated
    #[arg(long)]
    host: Vec<String>,
    /// A domain whose addresses may sign up; may be repeated
    #[arg(long)]
    email_domain: Vec<String>,
    /// A file with one holiday (YYYY-MM-DD) a line
    #[arg(long, value_name = "FILE")]
    holidays: Option<PathBuf>,
    /// Days after a click in which an application is credited to it: 1 to 730
    #[arg(long, value_name = "DAYS")]
    attribution_window_days: Option<u32>,
    /// Whether links of a job that is over lead to a similar open one
    #[arg(long, value_name = "true|false")]
    similar_jobs: Option<bool>,
    /// Close the space, or open it again: a closed one changes in nothing, and its links answer the fallback
    #[arg(long, value_name = "true|false")]
    closed: Option<bool>,
}

impl Space {
    /// Prints the space's id.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Command::Create(create) = self.command;
        let fields = create.fields()?;
        runtime::block_on(async {
            let opened = programme::open(&settings, &runtime::folder(&settings)?).await?;
            let (space, made) = opened.programme.create_or_update_space(&create.slug, &fields).await?;
            output::line(&format!("{} {} {}", space.id, space.slug, if made { "created" } else { "updated" }));
            opened.store.close().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}

impl Create {
    fn fields(&self) -> anyhow::Result<SpaceFields> {
        let list = |items: &[String]| Field::given((!items.is_empty()).then(|| items.to_vec()));
        let holidays = match &self.holidays {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read the holidays in {}", path.display()))?;
                let dates = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
                Some(dates.map(str::to_owned).collect())
            }
        };
        Ok(SpaceFields {
            name: Field::given(self.name.clone()),
            time_zone: Field::given(self.time_zone.clone()),
            hosts: list(&self.host),
            email_domains: list(&self.email_domain),
            holidays: Field::given(holidays),
            attribution_window_days: Field::given(self.attribution_window_days),
            similar_jobs: Field::given(self.similar_jobs),
            closed: Field::given(self.closed),
            ..SpaceFields::default()
        })
    }
}
