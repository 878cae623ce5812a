//! How changes reach the table.

mod by_id;
mod catalogue;
mod edit;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use super::record::{FIRST_VANITY, NOBODY, Record};
use super::{Directory, LinkTable};
use crate::model::{AdvocateId, CampaignId, Code, ContentId, Entity, Link, LinkId, SpaceId};
use by_id::ById;
pub(super) use catalogue::Catalogue;
pub(super) use edit::Edit;

/// Channel whose link a QR code carries.
const QR: &str = "qr";

/// The writer's own maps; nobody else needs them.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) spaces: Keys<SpaceId>,
    pub(super) contents: Keys<ContentId>,
    pub(super) campaigns: Keys<CampaignId>,
    pub(super) advocates: Keys<AdvocateId>,
    /// Index of a target by content and channel.
    targets: HashMap<(u32, Arc<str>), u32>,
    /// Targets of a content.
    targets_of: Vec<Vec<u32>>,
    zones: HashMap<String, u32>,
    by_id: ById,
    /// See [`Record::generation`].
    generation: u8,
}

/// Indices of ids in the order in which they were first mentioned.
#[derive(Debug)]
pub(super) struct Keys<K> {
    index: HashMap<K, u32>,
}

impl<K> Default for Keys<K> {
    fn default() -> Self {
        Self { index: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Keys<K> {
    /// The index of `key`; `push` makes an empty slot for a new one.
    fn get(&mut self, key: K, push: impl FnOnce() -> u32) -> u32 {
        *self.index.entry(key).or_insert_with(push)
    }

    pub(super) fn known(&self, key: K) -> Option<u32> {
        self.index.get(&key).copied()
    }

    /// Keys by index; a slot whose key was forgotten has none.
    pub(super) fn in_order(&self, len: usize) -> Vec<Option<K>> {
        let mut out = vec![None; len];
        for (key, index) in &self.index {
            out[*index as usize] = Some(*key);
        }
        out
    }

    fn memory_bytes(&self) -> usize {
        self.index.capacity() * (size_of::<(K, u32)>() + 1) * 8 / 7
    }
}

/// What a rebuild has been told of.
#[derive(Debug, Default)]
pub(super) struct Listed {
    spaces: HashSet<u32>,
    contents: HashSet<u32>,
    campaigns: HashSet<u32>,
    advocates: HashSet<u32>,
}

/// A change of one link, to be made once the directory knows all that it refers to.
enum LinkChange<'e> {
    /// The link with the indices of its target and advocate.
    Put(&'e Link, u32, u32),
    Remove(LinkId),
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            spaces: Keys::default(),
            contents: Keys::default(),
            campaigns: Keys::default(),
            advocates: Keys::default(),
            targets: HashMap::new(),
            targets_of: Vec::new(),
            zones: HashMap::new(),
            by_id: ById::new(),
            generation: 0,
        }
    }

    /// Brings `table` to where it stands after `entities`, in their order.
    pub(super) fn apply<'e>(
        &mut self,
        table: &LinkTable,
        entities: impl Iterator<Item = &'e Entity>,
        mut listed: Option<&mut Listed>,
    ) {
        let mut edit = Edit::new(table.directory.load_full());
        let mut links = Vec::new();
        for entity in entities {
            match entity {
                Entity::Space(space) => {
                    let index = self.put_space(&mut edit, space);
                    if let Some(listed) = &mut listed {
                        listed.spaces.insert(index);
                    }
                }
                Entity::Advocate(advocate) => {
                    let index = self.put_advocate(&mut edit, advocate);
                    if let Some(listed) = &mut listed {
                        listed.advocates.insert(index);
                    }
                }
                Entity::Campaign(campaign) => {
                    let index = self.put_campaign(&mut edit, campaign);
                    if let Some(listed) = &mut listed {
                        listed.campaigns.insert(index);
                    }
                }
                Entity::Content(content) => {
                    let index = self.put_content(&mut edit, content);
                    if let Some(listed) = &mut listed {
                        listed.contents.insert(index);
                    }
                }
                Entity::Link(link) => links.push(self.link_change(&mut edit, link)),
                Entity::SpaceRemoved(id) => {
                    self.remove_space(&mut edit, *id);
                    self.publish_so_far(table, &mut edit, &mut links);
                }
                Entity::AdvocateRemoved(id) => self.remove_advocate(&mut edit, *id),
                Entity::CampaignRemoved(id) => self.remove_campaign(&mut edit, *id),
                Entity::ContentRemoved(id) => {
                    self.remove_content(&mut edit, *id);
                    self.publish_so_far(table, &mut edit, &mut links);
                }
                Entity::LinkRemoved(id) => links.push(LinkChange::Remove(*id)),
                // Facts for the warehouse: no answer depends on them.
                Entity::Team(_) | Entity::Share(_) | Entity::SignIn(_) | Entity::Application(_) => {}
            }
        }
        self.publish(table, edit, links);
    }

    /// Links go with their content at that point in the order, not with what comes later.
    fn publish_so_far(&mut self, table: &LinkTable, edit: &mut Edit, links: &mut Vec<LinkChange<'_>>) {
        let fresh = Edit::new(Arc::default());
        self.publish(table, std::mem::replace(edit, fresh), std::mem::take(links));
        *edit = Edit::new(table.directory.load_full());
    }

    fn publish(&mut self, table: &LinkTable, mut edit: Edit, links: Vec<LinkChange<'_>>) {
        self.renew_locations(&mut edit);
        let swept = edit.take_removed_contents();
        let directory = edit.publish(&table.directory);
        for link in links {
            match link {
                LinkChange::Put(link, target, advocate) => {
                    // Numbered only now: a link before it in this batch may have given the code up.
                    let number = Self::number_of(table, &link.code);
                    let (id, generation) = (link.id.bits(), self.generation);
                    let record = Record::new(number, id, target, advocate, link.disabled, generation);
                    self.put_link(table, &directory, record);
                }
                LinkChange::Remove(id) => self.remove_link(table, &directory, id),
            }
        }
        if !swept.is_empty() {
            let of_removed = |record: Record| {
                directory.targets.get(record.target).is_some_and(|target| swept.contains(&target.content))
            };
            self.sweep(table, &directory, of_removed);
        }
    }

    fn link_change<'e>(&mut self, edit: &mut Edit, link: &'e Link) -> LinkChange<'e> {
        let content = self.content_index(edit, link.content);
        let target = self.target_index(edit, content, link.channel.as_str());
        let advocate = if link.advocate.is_none() { NOBODY } else { self.advocate_index(edit, link.advocate) };
        LinkChange::Put(link, target, advocate)
    }

    fn number_of(table: &LinkTable, code: &Code) -> u64 {
        if let Some(number) = code.packed() {
            return number;
        }
        table.vanity.write().number_or_new(code.as_str())
    }

    fn put_link(&mut self, table: &LinkTable, directory: &Directory, record: Record) {
        self.by_id.follow(&table.shards, &table.shards.make_room(record.number()));
        let before = self.by_id.find(&table.shards, record.link());
        let (place, replaced) = table.shards.put(record);
        match replaced {
            Some(old) if old.link() != record.link() => {
                // The code was another link's: that one is told of its new code later, or is gone.
                self.by_id.remove_at(old.link(), place);
                self.forget_qr(table, directory, old);
            }
            Some(old) => self.forget_qr(table, directory, old),
            None => {}
        }
        self.by_id.set(&table.shards, record.link(), place);
        if let Some((_, old)) = before.filter(|(_, old)| old.number() != record.number()) {
            self.remove_code(table, directory, old);
        }
        if self.is_qr(directory, record) {
            let content = directory.targets.get(record.target).map_or(0, |target| target.content);
            table.qr.write().insert((record.advocate, content), record.number());
        }
    }

    fn remove_link(&mut self, table: &LinkTable, directory: &Directory, id: LinkId) {
        if let Some((place, old)) = self.by_id.find(&table.shards, id.bits()) {
            self.by_id.remove_at(id.bits(), place);
            self.remove_code(table, directory, old);
        }
    }

    /// Removes a record whose id is looked after already.
    fn remove_code(&mut self, table: &LinkTable, directory: &Directory, record: Record) {
        table.shards.remove(record.number());
        self.forget_qr(table, directory, record);
        if record.number() >= FIRST_VANITY {
            table.vanity.write().remove(record.number());
        }
    }

    fn is_qr(&self, directory: &Directory, record: Record) -> bool {
        directory.targets.get(record.target).is_some_and(|target| &*target.channel == QR)
    }

    fn forget_qr(&self, table: &LinkTable, directory: &Directory, record: Record) {
        if self.is_qr(directory, record) {
            let content = directory.targets.get(record.target).map_or(0, |target| target.content);
            let mut qr = table.qr.write();
            if qr.get(&(record.advocate, content)) == Some(&record.number()) {
                qr.remove(&(record.advocate, content));
            }
        }
    }

    /// Removes every link that `is_gone` says yes to.
    fn sweep(&mut self, table: &LinkTable, directory: &Directory, is_gone: impl Fn(Record) -> bool) {
        let mut records = Vec::new();
        for shard in 0..super::shards::SHARDS {
            table.shards.copy(shard, &mut records);
            for record in records.iter().filter(|record| is_gone(**record)) {
                self.remove_link(table, directory, LinkId::from_bits(record.link()));
            }
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let targets = self.targets.capacity() * (size_of::<((u32, Arc<str>), u32)>() + 1) * 8 / 7;
        let lists: usize = self.targets_of.iter().map(|list| list.capacity() * 4 + size_of::<Vec<u32>>()).sum();
        self.by_id.memory_bytes()
            + self.spaces.memory_bytes()
            + self.contents.memory_bytes()
            + self.campaigns.memory_bytes()
            + self.advocates.memory_bytes()
            + targets
            + lists
    }
}

/// See [`LinkTable::rebuild`].
pub(super) struct Rebuild<'t> {
    table: &'t LinkTable,
    listed: Listed,
}

impl<'t> Rebuild<'t> {
    pub(super) fn new(table: &'t LinkTable) -> Self {
        let mut writer = table.writer.lock();
        writer.generation = writer.generation.wrapping_add(1);
        Self { table, listed: Listed::default() }
    }

    /// Takes a part of the listing; parts may come in any order.
    pub(super) fn list(&mut self, entities: &[Entity]) {
        self.table.writer.lock().apply(self.table, entities.iter(), Some(&mut self.listed));
    }

    /// Removes what was not listed. The table then stands at `seq`.
    pub(super) fn finish(self, seq: u64) {
        let mut writer = self.table.writer.lock();
        let mut edit = Edit::new(self.table.directory.load_full());
        writer.remove_unlisted(&mut edit, &self.listed);
        writer.publish(self.table, edit, Vec::new());
        let generation = writer.generation;
        let directory = self.table.directory.load_full();
        writer.sweep(self.table, &directory, |record| record.generation() != generation);
        self.table.seq.store(seq, std::sync::atomic::Ordering::Release);
    }
}
