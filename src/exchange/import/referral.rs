//! What imported facts add up to.
//!
//! The rules of `kpis.md`: an application is one `external_id`; a stage is reached at its earliest row; it
//! is credited to the first advocate that it names in order of time.

use std::collections::BTreeMap;

use crate::model::{Application, ApplicationId, SpaceId, Stage};
use crate::store::exchange::BundledFact;

/// The application of these facts, at least one.
pub(super) fn project(id: ApplicationId, space: SpaceId, external_id: &str, facts: &[BundledFact]) -> Application {
    let mut facts: Vec<_> = facts.iter().map(|one| &one.fact).collect();
    facts.sort_by_key(|fact| (fact.occurred_at_ms, fact.stage));
    let mut reached: BTreeMap<Stage, i64> = BTreeMap::new();
    for fact in &facts {
        reached.entry(fact.stage).or_insert(fact.occurred_at_ms);
    }
    let crediting = facts.iter().find(|fact| !fact.advocate.is_none());
    let telling = crediting.or_else(|| facts.iter().find(|fact| !fact.content.is_none())).or(facts.first());
    let last = facts.last().map_or(Stage::Started, |fact| fact.stage);
    Application {
        id,
        space,
        external_id: external_id.to_owned(),
        content: telling.map(|fact| fact.content).unwrap_or_default(),
        advocate: crediting.map(|fact| fact.advocate).unwrap_or_default(),
        channel: telling.and_then(|fact| fact.channel.clone()),
        link: crediting.map(|fact| fact.link).unwrap_or_default(),
        click: crediting.and_then(|fact| fact.click),
        clicked_at_ms: None,
        reason: if crediting.is_some() { "imported" } else { "no_evidence" }.to_owned(),
        stage: last,
        reached,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AdvocateId, ContentId, Evidence, FactId, LinkId, ReferralFact};

    fn fact(stage: Stage, at_ms: i64, advocate: u64) -> BundledFact {
        let fact = ReferralFact {
            id: FactId::from_bits(1),
            space: SpaceId::from_bits(1),
            application: ApplicationId::from_bits(1),
            external_id: "ap".to_owned(),
            stage,
            occurred_at_ms: at_ms,
            received_at_ms: 0,
            evidence: Evidence::Import,
            click: None,
            link: LinkId::NONE,
            content: ContentId::from_bits(advocate + 10),
            advocate: AdvocateId::from_bits(advocate),
            channel: None,
        };
        BundledFact { fact, advocate_key: None }
    }

    #[test]
    fn a_stage_is_reached_at_its_earliest_row_and_the_first_named_gets_the_credit() {
        let facts = [
            fact(Stage::Hired, 50, 2),
            fact(Stage::Applied, 30, 0),
            fact(Stage::Applied, 20, 0),
            fact(Stage::Screened, 40, 1),
        ];
        let one = project(ApplicationId::from_bits(1), SpaceId::from_bits(1), "ap", &facts);
        assert_eq!(one.reached, [(Stage::Applied, 20), (Stage::Screened, 40), (Stage::Hired, 50)].into());
        assert_eq!((one.advocate, one.content), (AdvocateId::from_bits(1), ContentId::from_bits(11)));
        assert_eq!((one.stage, one.reason.as_str()), (Stage::Hired, "imported"));
        let nobody = project(ApplicationId::from_bits(1), SpaceId::from_bits(1), "ap", &facts[1..3]);
        assert_eq!((nobody.advocate, nobody.reason.as_str()), (AdvocateId::NONE, "no_evidence"));
    }
}
