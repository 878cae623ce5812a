//! The names of people, which stand in the store alone.

use std::collections::{HashMap, HashSet};

use crate::model::{AdvocateId, SpaceId};
use crate::store::{AdvocateFilter, Page, Store, StoreError};

/// Rows that are read at once.
const PAGE: u32 = 1_000;

/// The names of those of `wanted` that the space has and that have one.
pub(super) async fn of(
    store: &Store,
    space: SpaceId,
    wanted: HashSet<AdvocateId>,
) -> Result<HashMap<AdvocateId, String>, StoreError> {
    let mut names = HashMap::new();
    if wanted.is_empty() {
        return Ok(names);
    }
    let mut reading = store.read().await?;
    let mut after = None;
    loop {
        let page = reading.list_advocates(space, &AdvocateFilter::default(), Page { after, limit: PAGE }).await?;
        after = page.last().map(|record| record.advocate.id);
        let is_last = page.len() < PAGE as usize;
        let named = page.into_iter().filter(|record| wanted.contains(&record.advocate.id));
        names.extend(named.filter_map(|record| Some((record.advocate.id, record.name?))));
        if is_last || names.len() == wanted.len() {
            return Ok(names);
        }
    }
}
