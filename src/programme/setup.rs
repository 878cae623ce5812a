//! The guided path through setting a space up: what is done, and what comes next.
//!
//! Nearly all of it is computed from the space itself, so that it is true however something was done: over the API, on
//! the command line, or on the pages. Stored is only that somebody looked at a step and left it as it was, for those
//! whose default may be right.

use super::{Error, Programme, Work};
use crate::model::SpaceId;
use crate::model::kind::words;

words! {
    /// A step of the path, in its order.
    Step {
        /// The brand's name and language.
        Name = "name" / 1,
        /// Its colour and logo.
        Look = "look" / 2,
        /// Time zone, working week and holidays.
        Calendar = "calendar" / 3,
        /// Hosts of its short links.
        Hosts = "hosts" / 4,
        /// Domains whose addresses may join.
        Domains = "domains" / 5,
        /// What people accept before their first link.
        Charter = "charter" / 6,
        /// The first people beside whoever sets it up.
        People = "people" / 7,
        /// The first content.
        Content = "content" / 8,
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// There is something.
    Done,
    /// Somebody looked at it, and the default stays.
    Settled,
    /// Nobody was here yet.
    Open,
}

/// The whole path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Every step, in its order.
    pub steps: Vec<(Step, StepState)>,
}

impl Setup {
    /// The first step that is open.
    pub fn next(&self) -> Option<Step> {
        self.steps.iter().find(|(_, state)| *state == StepState::Open).map(|(step, _)| *step)
    }

    /// How many steps are behind.
    pub fn behind(&self) -> usize {
        self.steps.iter().filter(|(_, state)| *state != StepState::Open).count()
    }
}

impl Programme {
    /// How far the set-up of a space is.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn setup(&self, space: SpaceId) -> Result<Setup, Error> {
        let hosts = self.hosts(space).await?;
        let mut reading = self.store.read().await?;
        let space = reading.space(space).await?.ok_or(Error::NotFound { what: "space", field: None })?;
        let counts = reading.setup_counts(space.id).await?;
        let charter = reading.charter(space.id, None).await?;
        let settled = reading.settled_steps(space.id).await?;
        let is_done = |step: Step| match step {
            // A new space is named like its slug.
            Step::Name => space.name != space.slug,
            Step::Look => space.look.accent.is_some() || space.look.logo.is_some(),
            Step::Calendar => !space.holidays.is_empty(),
            Step::Hosts => hosts.iter().any(super::hosts::CheckedHost::works),
            Step::Domains => !space.email_domains.is_empty(),
            Step::Charter => charter.is_some(),
            // Whoever sets the space up is one of them.
            Step::People => counts.people > 1,
            Step::Content => counts.contents > 0,
        };
        let state = |step: Step| match step {
            step if is_done(step) => StepState::Done,
            step if settled.iter().any(|word| word == step.as_str()) => StepState::Settled,
            _ => StepState::Open,
        };
        Ok(Setup { steps: Step::ALL.iter().map(|step| (*step, state(*step))).collect() })
    }
}

impl Work {
    /// Notes that somebody looked at a step and left it as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Closed`].
    pub async fn settle_step(&mut self, space: SpaceId, step: Step) -> Result<(), Error> {
        self.open_space(space).await?;
        Ok(self.writing.settle_step(space, step.as_str()).await?)
    }
}
