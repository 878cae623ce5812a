//! Whose clicks are nobody's any more.

use std::collections::HashSet;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::click::Click;
use super::id::{AdvocateId, TeamId};

/// The people who were erased, as whoever ships clicks knows them. Shared by all threads; some bytes a person.
#[derive(Debug, Default)]
pub struct Erased(ArcSwap<HashSet<AdvocateId>>);

/// The same at one moment, for many clicks.
#[derive(Debug, Clone)]
pub struct ErasedNow(Arc<HashSet<AdvocateId>>);

impl Erased {
    /// Puts this list in the place of the former one.
    pub fn replace(&self, people: HashSet<AdvocateId>) {
        self.0.store(Arc::new(people));
    }

    /// The list as it stands.
    pub fn now(&self) -> ErasedNow {
        ErasedNow(self.0.load_full())
    }
}

impl ErasedNow {
    /// Takes the person out of a click of somebody who was erased since.
    pub fn forget<'a>(&self, click: Click<'a>) -> Click<'a> {
        if self.0.contains(&click.advocate) {
            Click { advocate: AdvocateId::NONE, team: TeamId::NONE, cohort: "", ..click }
        } else {
            click
        }
    }
}
