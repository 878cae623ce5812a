//! The table against a model that is too simple to be wrong.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use crate::model::{
    Advocate, AdvocateId, Campaign, CampaignId, Content, ContentId, Entity, Link, LinkId, Space, SpaceId, destination,
};
use crate::redirect::fixtures::{advocate, campaign, changes, content, link, space};

#[derive(Default)]
struct Model {
    spaces: BTreeMap<SpaceId, Space>,
    campaigns: BTreeMap<CampaignId, Campaign>,
    contents: BTreeMap<ContentId, Content>,
    advocates: BTreeMap<AdvocateId, Advocate>,
    erased: Vec<AdvocateId>,
    links: BTreeMap<LinkId, Link>,
}

impl Model {
    fn apply(&mut self, entity: &Entity) {
        match entity {
            Entity::Space(it) => drop(self.spaces.insert(it.id, it.clone())),
            Entity::Campaign(it) => drop(self.campaigns.insert(it.id, it.clone())),
            Entity::Content(it) => drop(self.contents.insert(it.id, it.clone())),
            Entity::Advocate(it) => {
                self.erased.retain(|erased| *erased != it.id);
                self.advocates.insert(it.id, it.clone());
            }
            Entity::Link(it) => {
                self.links.retain(|_, other| other.code != it.code);
                self.links.insert(it.id, it.clone());
            }
            Entity::SpaceRemoved(id) => {
                self.spaces.remove(id);
                let held: Vec<_> = self.contents.values().filter(|it| it.space == *id).map(|it| it.id).collect();
                held.iter().for_each(|content| self.apply(&Entity::ContentRemoved(*content)));
            }
            Entity::CampaignRemoved(id) => drop(self.campaigns.remove(id)),
            Entity::ContentRemoved(id) => {
                self.contents.remove(id);
                self.links.retain(|_, link| link.content != *id);
            }
            Entity::AdvocateRemoved(id) => {
                self.advocates.remove(id);
                self.erased.push(*id);
            }
            Entity::LinkRemoved(id) => drop(self.links.remove(id)),
            Entity::Team(_) | Entity::Share(_) | Entity::SignIn(_) | Entity::Application(_) => {}
        }
    }

    /// Destination (empty: gone), advocate and cohort.
    fn resolve(&self, host: &str, code: &str, now_ms: i64) -> Option<(String, AdvocateId, String)> {
        let link = self.links.values().find(|link| link.code.as_str() == code)?;
        let content = self.contents.get(&link.content)?;
        let space = self.spaces.get(&content.space)?;
        let owner = self.spaces.values().find(|space| space.hosts.iter().any(|own| own == host));
        if owner.is_some_and(|owner| owner.id != space.id) {
            return None;
        }
        let campaign = self.campaigns.get(&content.campaign);
        let over = [content.expires_at_ms, content.closed_at_ms].iter().flatten().any(|at| *at <= now_ms);
        let off = link.disabled || space.closed || campaign.is_some_and(|campaign| campaign.paused);
        let address = |content: &Content| {
            let slug = self.campaigns.get(&content.campaign).map_or("", |campaign| campaign.slug.as_str());
            let name = content.external_id.as_deref().unwrap_or_default();
            destination(&content.url, &space.utm_template, link.channel.as_str(), slug, name)
        };
        let is_open = |job: &&Content| {
            let over = [job.expires_at_ms, job.closed_at_ms].iter().flatten().any(|at| *at <= now_ms);
            let paused = self.campaigns.get(&job.campaign).is_some_and(|campaign| campaign.paused);
            job.space == content.space && job.published_at_ms.is_some_and(|at| at <= now_ms) && !over && !paused
        };
        let similar = content.similar.iter().filter_map(|id| self.contents.get(id)).find(is_open);
        let to = match similar {
            _ if !off && !over => address(content),
            Some(job) if !off => address(job),
            _ => content.fallback_url.clone().or_else(|| space.fallback_url.clone()).unwrap_or_default(),
        };
        let known = self.advocates.get(&link.advocate);
        let who = if self.erased.contains(&link.advocate) { AdvocateId::NONE } else { link.advocate };
        Some((to, who, known.and_then(|it| it.cohort.clone()).unwrap_or_default()))
    }
}

const CODES: [&str; 6] = ["aaaaaaaaa", "bbbbbbbbb", "ccccccccc", "my-job", "our-video", "a-code"];

fn entity() -> impl Strategy<Value = Entity> {
    let id = 1u64..4;
    let flag = any::<bool>();
    prop_oneof![
        3 => (id.clone(), flag, flag, flag, 0u8..8).prop_map(|(id, host, fallback, template, closed)| Entity::Space(Space {
            // A host has one owner, as the store sees to.
            hosts: host.then(|| format!("host{id}.example")).into_iter().collect(),
            fallback_url: fallback.then(|| format!("https://fallback.example/s{id}")),
            closed: closed == 0,
            utm_template: if template { Space::default_utm_template() } else { BTreeMap::new() },
            ..space(id)
        })),
        3 => (id.clone(), flag, flag).prop_map(|(id, paused, renamed)| Entity::Campaign(Campaign {
            paused,
            slug: format!("{id}-{renamed}"),
            ..campaign(id, 1)
        })),
        6 => (id.clone(), 0u64..4, 0i64..3, flag, 0u64..5).prop_map(|(id, campaign, time, fallback, similar)| {
            // A content never moves to another space.
            let space = id % 2 + 1;
            Entity::Content(Content {
                campaign: CampaignId::from_bits(campaign),
                expires_at_ms: (time == 1).then_some(5),
                closed_at_ms: (time == 2).then_some(7),
                fallback_url: fallback.then(|| format!("https://fallback.example/c{id}")),
                published_at_ms: [None, Some(0), Some(5)][similar as usize % 3],
                similar: (similar..4).filter(|other| *other != id).map(ContentId::from_bits).collect(),
                ..content(id, space)
            })
        }),
        3 => (id.clone(), flag).prop_map(|(id, cohort)| Entity::Advocate(Advocate {
            cohort: cohort.then(|| format!("wave {id}")),
            ..advocate(id, 1)
        })),
        12 => (1u64..8, id.clone(), 0u64..4, 0usize..2, 0usize..6, flag).prop_map(
            |(id, content, advocate, channel, code, disabled)| Entity::Link(Link {
                disabled,
                ..link(id, 1, content, advocate, ["x", "qr"][channel], CODES[code])
            })
        ),
        1 => id.clone().prop_map(|id| Entity::SpaceRemoved(SpaceId::from_bits(id))),
        1 => id.clone().prop_map(|id| Entity::CampaignRemoved(CampaignId::from_bits(id))),
        1 => id.clone().prop_map(|id| Entity::ContentRemoved(ContentId::from_bits(id))),
        1 => id.prop_map(|id| Entity::AdvocateRemoved(AdvocateId::from_bits(id))),
        2 => (1u64..8).prop_map(|id| Entity::LinkRemoved(LinkId::from_bits(id))),
    ]
}

/// Leaves out what the store never does: an id that comes back after its removal.
fn without_return(entities: Vec<Entity>) -> Vec<Entity> {
    let (mut spaces, mut contents) = (Vec::new(), Vec::new());
    let mut keep = |entity: &Entity| match entity {
        Entity::SpaceRemoved(id) => {
            spaces.push(*id);
            true
        }
        Entity::ContentRemoved(id) => {
            contents.push(*id);
            true
        }
        Entity::Space(space) => !spaces.contains(&space.id),
        Entity::Content(content) => !spaces.contains(&content.space) && !contents.contains(&content.id),
        _ => true,
    };
    entities.into_iter().filter(|entity| keep(entity)).collect()
}

fn agree(table: &Arc<LinkTable>, model: &Model) -> Result<(), TestCaseError> {
    let mut reader = table.reader();
    for host in ["localhost", "host1.example", "host2.example"] {
        for code in CODES {
            for now in [0, 5, 7] {
                let found = reader.resolve(host.as_bytes(), code.as_bytes(), now).map(|found| {
                    let to = match &found.destination {
                        Destination::Content(to) => to.to_str().expect("ASCII").to_owned(),
                        Destination::Fallback(to) => to.to_str().expect("ASCII").to_owned(),
                        Destination::Gone => String::new(),
                    };
                    (to, found.advocate.id, found.advocate.cohort.as_deref().unwrap_or_default().to_owned())
                });
                prop_assert_eq!(found, model.resolve(host, code, now), "{} {} at {}", host, code, now);
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_table_equals_the_model_after_any_changes_in_any_batches(
        entities in proptest::collection::vec(entity(), 0..60),
        cuts in proptest::collection::vec(1usize..12, 1..30),
        overlap in 0usize..4,
    ) {
        let table = Arc::new(LinkTable::new());
        let mut model = Model::default();
        let all = changes(1, entities);
        let mut from = 0;
        for cut in cuts {
            let to = (from + cut).min(all.len());
            // Some of the last batch comes again.
            table.apply(&all[from.saturating_sub(overlap)..to]);
            all[from..to].iter().for_each(|change| model.apply(&change.entity));
            agree(&table, &model)?;
            from = to;
        }
    }

    #[test]
    fn a_snapshot_taken_anywhere_and_followed_from_there_ends_the_same(
        entities in proptest::collection::vec(entity(), 1..60),
        at in any::<prop::sample::Index>(),
        behind in 0u64..20,
    ) {
        let all = changes(1, without_return(entities));
        let at = at.index(all.len() + 1);
        let mut model = Model::default();
        let table = LinkTable::new();
        table.apply(&all[..at]);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.snapshot");
        // As if the snapshot had begun some changes ago: it holds newer state than it says.
        let says = (at as u64).saturating_sub(behind);
        table.seq.store(says, Ordering::Release);
        prop_assert_eq!(table.save(&path).expect("saved"), says);
        let table = Arc::new(LinkTable::load(&path).expect("loaded"));
        table.apply(&all);
        all.iter().for_each(|change| model.apply(&change.entity));
        agree(&table, &model)?;
    }
}
