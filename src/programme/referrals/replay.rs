//! What another window would have decided: the past once more, before the rule is changed.
//!
//! A replay changes nothing. It asks the click log what the decisions would have asked, so the caller asks as it does for
//! a message ([`super::Work::record_referral`]), and what nobody could answer makes no comparison.

use super::rule::{Case, Window};
use super::{Answers, Reason, credit_nobody, in_order, rule};
use crate::model::{AdvocateId, Application, ClickQuestion, ReferralFact, SpaceId, Stage};
use crate::programme::{Error, Programme};
use crate::store::BoardFilter;

/// Applications of a replay, at most; those of which something happened last.
pub const MOST_REPLAYED: u32 = 500;

/// Decided applications with the facts that they rest on, and the window under which they are decided once more.
#[derive(Debug)]
pub struct Replay {
    window: Window,
    cases: Vec<(Application, Vec<ReferralFact>)>,
    /// Decided applications of the period beyond [`MOST_REPLAYED`] are left out.
    pub is_cut: bool,
}

/// An application, and what the other window makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// As it stands.
    pub before: Application,
    /// As it would stand.
    pub after: Application,
}

/// What another rule does to a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// The same person is credited, or nobody still.
    Same,
    /// Nobody was credited, somebody would be.
    Gained,
    /// Somebody was credited, nobody would be.
    Lost,
    /// Another person would be credited.
    Moved,
}

impl Replayed {
    /// What becomes of the credit.
    pub fn shift(&self) -> Shift {
        match (self.before.advocate.known(), self.after.advocate.known()) {
            (None, Some(_)) => Shift::Gained,
            (Some(_), None) => Shift::Lost,
            (before, after) if before != after => Shift::Moved,
            _ => Shift::Same,
        }
    }
}

impl Replay {
    /// How many applications are decided once more.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is nothing to decide once more.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// What the click log has to be asked, each once.
    pub fn questions(&self) -> Vec<ClickQuestion> {
        let mut questions: Vec<_> =
            self.cases.iter().flat_map(|(_, facts)| rule::questions(facts, self.window)).collect();
        questions.sort_unstable();
        questions.dedup();
        questions
    }
}

impl Programme {
    /// The decided applications of which something happened at `since_ms` or later, to be decided once more with a
    /// window of so many days.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn replay(&self, space: SpaceId, window_days: u32, since_ms: i64) -> Result<Replay, Error> {
        let filter = BoardFilter { from_ms: Some(since_ms), ..BoardFilter::default() };
        let mut reading = self.store.read().await?;
        let mut found = Vec::new();
        for stage in Stage::ALL {
            found.extend(reading.applications_at(space, &filter, *stage, (0, MOST_REPLAYED + 1)).await?);
        }
        let open = [Reason::Pending, Reason::NotApplied].map(Reason::as_str);
        found.retain(|application| !open.contains(&application.reason.as_str()));
        found.sort_by_key(|application| {
            (std::cmp::Reverse(application.reached.values().copied().max()), application.id)
        });
        let is_cut = found.len() > MOST_REPLAYED as usize;
        found.truncate(MOST_REPLAYED as usize);
        let mut cases = Vec::with_capacity(found.len());
        for application in found {
            let facts = in_order(reading.facts_of(space, application.id).await?);
            cases.push((application, facts));
        }
        Ok(Replay { window: Window::of_days(window_days), cases, is_cut })
    }

    /// Each application of the replay as it stands and as it would stand, with what the click log said; those with a
    /// question that it did not answer are left out.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn replayed(&self, space: SpaceId, replay: Replay, answers: &Answers) -> Result<Vec<Replayed>, Error> {
        let decide = |(before, facts): (Application, Vec<ReferralFact>)| {
            let (window, standing) = (replay.window, Some(&before));
            // The past is over: no click is on its way any more.
            let case = Case { window, facts: &facts, standing, answers, now_ms: i64::MAX, stands: false };
            let after = case.decide(before.id);
            Replayed { before, after }
        };
        let mut replayed: Vec<Replayed> = replay.cases.into_iter().map(decide).collect();
        replayed.retain(|one| one.after.reason != Reason::Pending.as_str());
        let mut people: Vec<AdvocateId> = replayed.iter().filter_map(|one| one.after.advocate.known()).collect();
        people.sort_unstable();
        people.dedup();
        let there = self.store.read().await?.advocates_of(space, &people).await?;
        for one in &mut replayed {
            // A click may be older than its advocate's erasure.
            if one.after.advocate.known().is_some_and(|id| !there.iter().any(|advocate| advocate.id == id)) {
                credit_nobody(&mut one.after);
            }
        }
        Ok(replayed)
    }
}
