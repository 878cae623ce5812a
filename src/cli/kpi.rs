//! `relais kpi`.

use std::io::Write as _;
use std::process::ExitCode;

use tokio::sync::watch;

use super::place::Opened;
use super::progress::{Unit, shown};
use super::{output, runtime};
use crate::app::rollups;
use crate::config::Settings;
use crate::exchange::Place;
use crate::kpi::rollup::Scope;
use crate::kpi::{Answer, Audience, Dimension, Kpis, Period, Question, sheet};
use crate::model::Progress;

/// Its arguments.
#[derive(clap::Args)]
pub(super) struct Kpi {
    /// Slug of the space
    #[arg(long)]
    space: String,
    /// First local day of the period
    #[arg(long, value_name = "DATE")]
    from: String,
    /// Last local day of the period
    #[arg(long, value_name = "DATE")]
    to: String,
    /// Split by day, week, month, quarter, team, location, language, cohort, advocate_kind, advocate, content,
    /// content_kind, campaign, channel or country
    #[arg(long, value_name = "DIMENSION")]
    by: Option<Dimension>,
    /// Another definition of a KPI, such as clicks_per_content@cohort; may be given several times
    #[arg(long, value_name = "NAME@ALT", conflicts_with = "all_definitions")]
    definition: Vec<String>,
    /// Every definition of each KPI
    #[arg(long)]
    all_definitions: bool,
    /// A table for people; JSON or CSV for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

impl Kpi {
    /// Prints the figures. Nothing is withheld from whoever sits here.
    pub(super) fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let question = match self.question() {
            Ok(question) => question,
            Err(error) => {
                output::error(&error);
                return Ok(ExitCode::from(2));
            }
        };
        runtime::block_on(async {
            let opened = Opened::open(&settings, &self.space).await?;
            let answer = ask(&opened.place, &question).await;
            opened.close().await;
            let answer = answer?;
            match self.format {
                Format::Table => output::line(sheet::table(&answer).trim_end()),
                Format::Json => output::line(&serde_json::to_string_pretty(&answer)?),
                Format::Csv => {
                    let _reader_gone = std::io::stdout().lock().write_all(&sheet::csv(&answer));
                }
            }
            Ok(ExitCode::SUCCESS)
        })
    }

    fn question(&self) -> anyhow::Result<Question> {
        let question = Question::every(Period::parse(&self.from, &self.to)?, self.by);
        if self.all_definitions {
            return Ok(question.with_alternatives());
        }
        Ok(self.definition.iter().try_fold(question, |question, id| question.with_definition(id))?)
    }
}

/// The figures of all that the stores hold by now, whether a server runs or not.
async fn ask(place: &Place, question: &Question) -> anyhow::Result<Answer> {
    let Place { store, warehouse, space, .. } = place;
    let progress = Progress::default();
    let scope = Scope { space: Some(*space), ..Scope::default() };
    shown("roll-ups", Unit::Days, &progress, rollups::catch_up(store, warehouse, &scope, &progress)).await?;
    let (_alive, warehouse) = watch::channel(Some(warehouse.clone()));
    Ok(Kpis::new(warehouse, store.clone()).answer(space, question, Audience::Operator).await?)
}
