//! The charter that the demo's people agreed to, so that the first page of each is what there is to share.

use std::collections::BTreeMap;

use super::draw::Plan;
use crate::model::programme::Language;
use crate::model::{AdvocateId, SpaceId};
use crate::programme::{Error, Programme, charter};

/// Publishes the suggested texts, unless the space has a charter, and lets everybody accept them who registered and has
/// not left. `people` are the ids of the plan's.
pub(super) async fn agree(
    programme: &Programme,
    space: SpaceId,
    plan: &Plan,
    people: &[AdvocateId],
) -> Result<(), Error> {
    let version = match programme.charter(space).await? {
        Some(charter) => charter.version,
        None => {
            let texts: BTreeMap<Language, String> =
                Language::ALL.iter().map(|language| (*language, charter::suggested(*language).to_owned())).collect();
            let mut work = programme.work().await?;
            let charter = work.publish_charter(space, &texts).await?;
            work.commit().await?;
            charter.version
        }
    };
    let mut work = programme.work().await?;
    for (person, id) in plan.people.iter().zip(people) {
        if person.registered_at_ms.is_some() && person.left_on.is_none() {
            work = work.done_by(id.to_string());
            work.accept_charter(space, *id, version).await?;
        }
    }
    work.commit().await
}
