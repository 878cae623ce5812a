//! Why a question has no answer.

use super::dimension::Dimension;
use super::registry::Kpi;
use crate::warehouse::{CallError, Unanswered};

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KpiError {
    /// No KPI of this name.
    #[error("there is no KPI {name}: the names are {}", known().join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The KPI cannot be split that way: one of its parts does not have the dimension.
    #[error("{kpi} cannot be split by {by}: it can be split by {}", possible.iter().map(|by| by.as_str()).collect::<Vec<_>>().join(", "))]
    Split {
        /// The KPI's name with its alternative.
        kpi: String,
        /// What was asked for.
        by: Dimension,
        /// What is possible.
        possible: Vec<Dimension>,
    },
    /// Figures of single people, asked for by somebody who may not see them.
    #[error(
        "figures by advocate are for those who may read named figures, and for nobody where the space is in works-council mode: split by team, location, language, cohort or advocate_kind"
    )]
    Named,
    /// A figure of the whole programme, asked for by an advocate, who sees its own.
    #[error(
        "{kpi} is no figure of one person, or not split that way: an advocate sees what comes of its own shares, whole, by \
         day, week, month, quarter and channel"
    )]
    NotOwn {
        /// The KPI's name with its alternative.
        kpi: String,
    },
    /// No such space, or ClickHouse has not heard of it yet.
    #[error("there are no figures of this space yet: try again in a minute")]
    NoSpace,
    /// ClickHouse is not there, or not yet. Clicks are recorded meanwhile and will be in the figures.
    #[error("figures are not there at the moment; clicks are recorded meanwhile: try again in a minute")]
    Away,
    /// The query reached its bound.
    #[error("this takes too long: ask for a shorter period, or for one KPI")]
    TooLong,
    /// ClickHouse refused; for the log of the program, not for whoever asked.
    #[error("the figures failed: {0}")]
    Failed(CallError),
    /// The names of people could not be read.
    #[error("the names of people cannot be read: {0}")]
    Names(String),
}

fn known() -> Vec<String> {
    super::registry::KPIS.iter().map(Kpi::id).collect()
}

impl From<CallError> for KpiError {
    fn from(error: CallError) -> Self {
        match error.unanswered() {
            Unanswered::Away => Self::Away,
            Unanswered::TooLong => Self::TooLong,
            Unanswered::Failed => Self::Failed(error),
        }
    }
}
