//! Names of people who were erased, when a bundle or a list brings them again.
//!
//! Nobody keeps such a name: it is recognised by its digest, and then it is nobody's. So a bundle that was exported
//! before an erasure can be imported again, and adds neither the person nor a second row of what is there without it.
//! Whoever wants to come back is invited anew, by the API; a name that somebody bears now is that person's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{AdvocateId, SpaceId};
use crate::store::{ErasureRecord, Reading, StoreError};

/// Names that are remembered; more are computed again.
const MOST: usize = 100_000;

/// Those of one space. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Erased {
    people: Arc<[ErasureRecord]>,
    /// What was asked already: a digest a person and name is too much for every row of a long file.
    known: Arc<Mutex<HashMap<Box<str>, Option<AdvocateId>>>>,
}

impl Erased {
    pub(super) async fn read(reading: &mut Reading, space: SpaceId) -> Result<Self, StoreError> {
        Ok(Self { people: reading.erasures_of_space(space).await?.into(), known: Arc::default() })
    }

    /// Who was called so, if it was somebody who is erased.
    pub(super) fn find(&self, name: &str) -> Option<AdvocateId> {
        if self.people.is_empty() || name.is_empty() {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(name) {
            return *answer;
        }
        if known.len() == MOST {
            known.clear();
        }
        let answer = self.people.iter().find(|erasure| erasure.is_of(name)).map(|erasure| erasure.advocate);
        known.insert(name.into(), answer);
        answer
    }

    /// Whether this key is of somebody who was erased.
    pub(super) fn holds(&self, id: AdvocateId) -> bool {
        self.people.iter().any(|erasure| erasure.advocate == id)
    }
}
