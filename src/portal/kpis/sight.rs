//! Who sees which figures, and why there may be none at the moment.

use super::super::PortalState;
use super::super::parts::{Failure, Person};
use crate::auth::{Action, may};
use crate::kpi::{Answer, Audience, Dimension, Figure, Kpi, KpiError, Question};
use crate::model::programme::PrivacyMode;

/// What somebody sees of a programme's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    /// The whole, and groups that are large enough; single people too for those with the right to it.
    Programme {
        /// Whether single people are seen. Each look at them is noted.
        named: bool,
    },
    /// A manager's: its teams, by name, each as a whole.
    Teams(Vec<String>),
}

/// Why there are no figures at the moment; the page says so, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// ClickHouse does not answer, or has not heard of the space yet.
    Away,
    /// It needed too long.
    TooLong,
}

impl Sight {
    /// What this person sees.
    ///
    /// # Errors
    /// [`Failure::Forbidden`] for those who see their own figures alone.
    pub(super) async fn of(state: &PortalState, person: &Person) -> Result<Self, Failure> {
        if person.visitor.principal.only().is_none() {
            person.needs(Action::ReadKpis)?;
            let named = may(person.role(), Action::ReadNamedKpis) && person.space.privacy_mode != PrivacyMode::Strict;
            return Ok(Self::Programme { named });
        }
        let managed = state.programme.managed_teams(person.space_id(), person.id()).await?;
        if managed.is_empty() {
            return Err(Failure::Forbidden);
        }
        Ok(Self::Teams(managed.into_iter().map(|branch| branch.record.team.name).collect()))
    }

    /// Whether the programme as a whole is seen.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Programme { .. })
    }

    /// The splits of a KPI that this person sees.
    pub(super) fn splits(&self, kpi: &Kpi) -> Vec<Dimension> {
        let seen = |by: &Dimension| match self {
            Self::Programme { named } => *named || *by != Dimension::Advocate,
            Self::Teams(_) => *by == Dimension::Team,
        };
        kpi.possible().into_iter().filter(seen).collect()
    }

    /// The answer to a question whose split is one of [`Self::splits`].
    ///
    /// # Errors
    /// [`Failure`], when it is more than a [`Lack`].
    pub(super) async fn ask(
        &self,
        state: &PortalState,
        person: &Person,
        question: &Question,
    ) -> Result<Result<Answer, Lack>, Failure> {
        let audience = if question.by == Some(Dimension::Advocate) {
            let kpis: Vec<String> = question.kpis.iter().map(|kpi| kpi.id()).collect();
            let period = (question.period.from().to_string(), question.period.to().to_string());
            let mut work = state.programme.work().await?.done_by(person.actor());
            work.note_named_figures(person.space_id(), &kpis, (&period.0, &period.1)).await?;
            work.commit().await?;
            Audience::Named
        } else {
            Audience::Aggregates
        };
        let answer = state.kpis.answer(&person.space_id(), question, audience).await;
        Ok(settled(answer)?.map(|answer| Answer { figures: self.narrowed(answer.figures), ..answer }))
    }

    /// The same without what an answer says of the space: a page that has several questions asks that once.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(super) async fn figures(
        &self,
        state: &PortalState,
        person: &Person,
        question: &Question,
    ) -> Result<Result<Vec<Figure>, Lack>, Failure> {
        if question.by == Some(Dimension::Advocate) {
            return Ok(self.ask(state, person, question).await?.map(|answer| answer.figures));
        }
        let figures = state.kpis.figures(&person.space_id(), question).await;
        Ok(settled(figures)?.map(|figures| self.narrowed(figures)))
    }

    /// Without the teams of others.
    fn narrowed(&self, mut figures: Vec<Figure>) -> Vec<Figure> {
        if let Self::Teams(own) = self {
            figures.retain(|figure| figure.key().is_some_and(|key| own.iter().any(|name| name == key)));
        }
        figures
    }
}

/// An answer, or why there is none at the moment.
///
/// # Errors
/// What ought not to happen, logged.
pub(super) fn settled<T>(answer: Result<T, KpiError>) -> Result<Result<T, Lack>, Failure> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(KpiError::Away | KpiError::NoSpace) => Ok(Err(Lack::Away)),
        Err(KpiError::TooLong) => Ok(Err(Lack::TooLong)),
        // The space's mode was changed a moment ago.
        Err(KpiError::Named) => Err(Failure::Forbidden),
        Err(error) => {
            tracing::error!(%error, "a page of figures could not be answered");
            Err(Failure::Failed)
        }
    }
}
