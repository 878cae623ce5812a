//! Everything of the table but its records, as the snapshot keeps it.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::{Edit, Writer};
use crate::model::address::Day;
use crate::model::{AdvocateId, Campaign, CampaignId, Content, ContentId, Space, SpaceId, TeamId};
use crate::redirect::link_table::facts::AdvocateFacts;
use crate::redirect::link_table::record::{NOBODY, Record};
use crate::redirect::link_table::shards::{SHARDS, Shards};
use crate::redirect::link_table::{Directory, LinkTable};

/// Entities by index, so that records need not be rewritten.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::redirect::link_table) struct Catalogue {
    spaces: Vec<Slot<SpaceId, Space>>,
    campaigns: Vec<Slot<CampaignId, Campaign>>,
    contents: Vec<Slot<ContentId, Content>>,
    /// An erased advocate keeps its key and nothing else, so that a late mention revives nobody.
    advocates: Vec<Slot<AdvocateId, Membership>>,
    /// Content and channel.
    targets: Vec<(u32, Arc<str>)>,
    vanity: Vec<(Box<str>, u64)>,
    generation: u8,
}

type Slot<K, V> = (K, Option<V>);
/// Team, cohort and last day.
type Membership = (TeamId, Option<Arc<str>>, Day);

impl Writer {
    pub(in crate::redirect::link_table) fn catalogue(&self, table: &LinkTable) -> Catalogue {
        let directory = table.directory.load();
        Catalogue {
            spaces: slots(self.spaces.in_order(directory.spaces.iter().count()), directory.spaces.iter(), |space| {
                space.as_ref().map(|facts| facts.entity.clone())
            }),
            campaigns: slots(
                self.campaigns.in_order(directory.campaigns.iter().count()),
                directory.campaigns.iter(),
                |campaign| campaign.as_ref().map(|facts| facts.entity.clone()),
            ),
            contents: slots(
                self.contents.in_order(directory.contents.iter().count()),
                directory.contents.iter(),
                |content| content.as_ref().map(|facts| facts.entity.clone()),
            ),
            advocates: slots(
                self.advocates.in_order(directory.advocates.iter().count()),
                directory.advocates.iter(),
                |who| who.id.known().map(|_| (who.team, who.cohort.clone(), who.last_day)),
            ),
            targets: directory.targets.iter().map(|target| (target.content, Arc::clone(&target.channel))).collect(),
            vanity: table.vanity.read().all(),
            generation: self.generation,
        }
    }
}

fn slots<'f, K: Copy + Default, F: 'f, V>(
    keys: Vec<Option<K>>,
    facts: impl Iterator<Item = &'f F>,
    entity: impl Fn(&F) -> Option<V>,
) -> Vec<Slot<K, V>> {
    keys.into_iter().zip(facts).map(|(key, facts)| (key.unwrap_or_default(), entity(facts))).collect()
}

impl Catalogue {
    /// Builds a table around its records; fails with what is wrong when the parts do not fit together.
    pub(in crate::redirect::link_table) fn into_table(
        self,
        seq: u64,
        shards: Shards,
    ) -> Result<LinkTable, &'static str> {
        let mut writer = Writer::new();
        let mut edit = Edit::new(Arc::default());
        // Indices first, entities afterwards: entities mention each other in any order.
        for (index, (id, _)) in self.spaces.iter().enumerate() {
            same(writer.space_index(&mut edit, *id), index)?;
        }
        for (index, (id, _)) in self.campaigns.iter().enumerate() {
            same(writer.campaign_index(&mut edit, *id), index)?;
        }
        for (index, (id, _)) in self.contents.iter().enumerate() {
            same(writer.content_index(&mut edit, *id), index)?;
        }
        for (index, (id, facts)) in self.advocates.into_iter().enumerate() {
            let facts = facts.map_or(AdvocateFacts::NOBODY, |(team, cohort, last_day)| AdvocateFacts {
                id,
                team,
                cohort,
                last_day,
            });
            same(writer.advocates.get(id, || edit.push_advocate(facts)), index)?;
        }
        for (index, (content, channel)) in self.targets.iter().enumerate() {
            if *content as usize >= self.contents.len() {
                return Err("a target of no content");
            }
            same(writer.target_index(&mut edit, *content, channel), index)?;
        }
        self.spaces.into_iter().filter_map(|(_, space)| space).for_each(|space| {
            writer.put_space(&mut edit, &space);
        });
        self.campaigns.into_iter().filter_map(|(_, campaign)| campaign).for_each(|campaign| {
            writer.put_campaign(&mut edit, &campaign);
        });
        self.contents.into_iter().filter_map(|(_, content)| content).for_each(|content| {
            writer.put_content(&mut edit, &content);
        });
        writer.renew_locations(&mut edit);
        writer.generation = self.generation;
        let table = LinkTable { shards, ..LinkTable::new() };
        let directory = edit.publish(&table.directory);
        self.vanity.into_iter().for_each(|(name, number)| table.vanity.write().restore(name, number));
        writer.restore_links(&table, &directory)?;
        table.seq.store(seq, std::sync::atomic::Ordering::Release);
        Ok(LinkTable { writer: Mutex::new(writer), ..table })
    }
}

fn same(index: u32, expected: usize) -> Result<(), &'static str> {
    if index as usize == expected { Ok(()) } else { Err("an id that stands twice") }
}

impl Writer {
    /// Finds every link by its id and every `qr` link, once the records are in place. A link that
    /// stands twice (its code changed while the snapshot was written) keeps one place; the changes
    /// that follow say which code is right.
    fn restore_links(&mut self, table: &LinkTable, directory: &Directory) -> Result<(), &'static str> {
        let mut whole = true;
        for shard in 0..SHARDS {
            table.shards.for_each_of(shard, |_, record| {
                whole &= directory.knows(record);
                if self.is_qr(directory, record) {
                    let content = directory.targets.get(record.target).map_or(0, |target| target.content);
                    table.qr.write().insert((record.advocate, content), record.number());
                }
            });
        }
        if !whole {
            return Err("a link to what is not there");
        }
        for place in self.by_id.add_all(&table.shards) {
            self.remove_code(table, directory, table.shards.at(place));
        }
        Ok(())
    }
}

impl Directory {
    /// True when a record refers to things that are here.
    fn knows(&self, record: Record) -> bool {
        let advocate = record.advocate == NOBODY || self.advocates.get(record.advocate).is_some();
        advocate && self.targets.get(record.target).is_some()
    }
}
