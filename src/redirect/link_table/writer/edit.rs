//! The next directory, while a batch makes it.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{Listed, Writer};
use crate::model::{Advocate, AdvocateId, Campaign, CampaignId, Content, ContentId, Space, SpaceId};
use crate::redirect::link_table::Directory;
use crate::redirect::link_table::facts::{AdvocateFacts, CampaignFacts, ContentFacts, SpaceFacts, Target};

/// A directory that is copied only when something in it changes.
pub(in crate::redirect::link_table) struct Edit {
    base: Arc<Directory>,
    next: Option<Directory>,
    /// Contents whose targets need new locations.
    stale: BTreeSet<u32>,
    removed_contents: HashSet<u32>,
}

impl Edit {
    pub(in crate::redirect::link_table) fn new(base: Arc<Directory>) -> Self {
        Self { base, next: None, stale: BTreeSet::new(), removed_contents: HashSet::new() }
    }

    fn now(&self) -> &Directory {
        self.next.as_ref().unwrap_or(&self.base)
    }

    fn next(&mut self) -> &mut Directory {
        self.next.get_or_insert_with(|| Directory::clone(&self.base))
    }

    pub(super) fn take_removed_contents(&mut self) -> HashSet<u32> {
        std::mem::take(&mut self.removed_contents)
    }

    pub(super) fn publish(self, into: &ArcSwap<Directory>) -> Arc<Directory> {
        match self.next {
            Some(next) => {
                let next = Arc::new(next);
                into.store(Arc::clone(&next));
                next
            }
            None => self.base,
        }
    }

    pub(super) fn push_advocate(&mut self, facts: AdvocateFacts) -> u32 {
        self.next().advocates.push(facts)
    }

    /// Contents that `wanted` says yes to need new locations.
    fn spoil(&mut self, wanted: impl Fn(&ContentFacts) -> bool) {
        let contents = self.next.as_ref().unwrap_or(&self.base).contents.iter().enumerate();
        let found = contents.filter(|(_, content)| content.as_ref().is_some_and(|content| wanted(content)));
        self.stale.extend(found.map(|(index, _)| index as u32));
    }
}

impl Writer {
    pub(super) fn space_index(&mut self, edit: &mut Edit, id: SpaceId) -> u32 {
        self.spaces.get(id, || edit.next().spaces.push(None))
    }

    pub(super) fn campaign_index(&mut self, edit: &mut Edit, id: CampaignId) -> u32 {
        self.campaigns.get(id, || edit.next().campaigns.push(None))
    }

    pub(super) fn content_index(&mut self, edit: &mut Edit, id: ContentId) -> u32 {
        let index = self.contents.get(id, || edit.next().contents.push(None));
        if self.targets_of.len() <= index as usize {
            self.targets_of.resize_with(index as usize + 1, Vec::new);
        }
        index
    }

    pub(super) fn advocate_index(&mut self, edit: &mut Edit, id: AdvocateId) -> u32 {
        self.advocates.get(id, || edit.next().advocates.push(AdvocateFacts::unknown(id)))
    }

    pub(super) fn target_index(&mut self, edit: &mut Edit, content: u32, channel: &str) -> u32 {
        let key = (content, Arc::from(channel));
        if let Some(known) = self.targets.get(&key) {
            return *known;
        }
        let target = Target { content, channel: Arc::clone(&key.1), location: None };
        let index = edit.next().targets.push(target);
        edit.stale.insert(content);
        self.targets_of[content as usize].push(index);
        self.targets.insert(key, index);
        index
    }

    pub(super) fn put_space(&mut self, edit: &mut Edit, space: &Space) -> u32 {
        let index = self.space_index(edit, space.id);
        let next_zone = self.zones.len() as u32;
        let zone = *self.zones.entry(space.time_zone.clone()).or_insert(next_zone);
        let before = edit.now().spaces.get(index).and_then(Option::clone);
        if before.is_none_or(|before| before.entity.utm_template != space.utm_template) {
            edit.spoil(|content| content.space == index);
        }
        *edit.next().spaces.get_mut(index) = Some(Arc::new(SpaceFacts::new(space, zone)));
        let hosts = space.hosts.iter().map(|host| host.to_ascii_lowercase().into_boxed_str());
        self.set_hosts(edit, index, hosts.collect());
        index
    }

    fn set_hosts(&mut self, edit: &mut Edit, space: u32, hosts: Vec<Box<str>>) {
        let all = &edit.now().hosts;
        let held = all.values().filter(|owner| **owner == space).count();
        if held == hosts.len() && hosts.iter().all(|host| all.get(host) == Some(&space)) {
            return;
        }
        let mut all = std::collections::HashMap::clone(all);
        all.retain(|_, owner| *owner != space);
        all.extend(hosts.into_iter().map(|host| (host, space)));
        edit.next().hosts = Arc::new(all);
    }

    pub(super) fn put_advocate(&mut self, edit: &mut Edit, advocate: &Advocate) -> u32 {
        let index = self.advocate_index(edit, advocate.id);
        *edit.next().advocates.get_mut(index) = AdvocateFacts::new(advocate);
        index
    }

    pub(super) fn put_campaign(&mut self, edit: &mut Edit, campaign: &Campaign) -> u32 {
        let index = self.campaign_index(edit, campaign.id);
        let before = edit.now().campaigns.get(index).and_then(Option::clone);
        if before.is_none_or(|before| before.entity.slug != campaign.slug) {
            edit.spoil(|content| content.campaign == Some(index));
        }
        *edit.next().campaigns.get_mut(index) = Some(Arc::new(CampaignFacts { entity: campaign.clone() }));
        index
    }

    pub(super) fn put_content(&mut self, edit: &mut Edit, content: &Content) -> u32 {
        let index = self.content_index(edit, content.id);
        let space = self.space_index(edit, content.space);
        let campaign = content.campaign.known().map(|id| self.campaign_index(edit, id));
        let similar = content.similar.iter().map(|id| self.content_index(edit, *id)).collect();
        *edit.next().contents.get_mut(index) = Some(Arc::new(ContentFacts::new(content, space, campaign, similar)));
        edit.stale.insert(index);
        index
    }

    pub(super) fn remove_space(&mut self, edit: &mut Edit, id: SpaceId) {
        let Some(index) = self.spaces.known(id) else { return };
        *edit.next().spaces.get_mut(index) = None;
        self.set_hosts(edit, index, Vec::new());
        let contents = edit.now().contents.iter().enumerate();
        let held = contents.filter(|(_, content)| content.as_ref().is_some_and(|content| content.space == index));
        for content in held.map(|(content, _)| content as u32).collect::<Vec<_>>() {
            self.clear_content(edit, content);
        }
    }

    pub(super) fn remove_advocate(&mut self, edit: &mut Edit, id: AdvocateId) {
        // The slot stays, or is made, and answers "nobody": a late mention of the key finds no person.
        let index = self.advocate_index(edit, id);
        *edit.next().advocates.get_mut(index) = AdvocateFacts::NOBODY;
    }

    pub(super) fn remove_campaign(&mut self, edit: &mut Edit, id: CampaignId) {
        if let Some(index) = self.campaigns.known(id) {
            *edit.next().campaigns.get_mut(index) = None;
            edit.spoil(|content| content.campaign == Some(index));
        }
    }

    pub(super) fn remove_content(&mut self, edit: &mut Edit, id: ContentId) {
        if let Some(index) = self.contents.known(id) {
            self.clear_content(edit, index);
        }
    }

    fn clear_content(&mut self, edit: &mut Edit, index: u32) {
        *edit.next().contents.get_mut(index) = None;
        edit.stale.insert(index);
        edit.removed_contents.insert(index);
    }

    /// Removes from the directory whatever a rebuild was not told of.
    pub(super) fn remove_unlisted(&mut self, edit: &mut Edit, listed: &Listed) {
        let missing = |count: usize, listed: &HashSet<u32>| -> Vec<u32> {
            (0..count as u32).filter(|index| !listed.contains(index)).collect()
        };
        let now = edit.now();
        let spaces = missing(now.spaces.iter().count(), &listed.spaces);
        let contents = missing(now.contents.iter().count(), &listed.contents);
        let campaigns = missing(now.campaigns.iter().count(), &listed.campaigns);
        let advocates = missing(now.advocates.iter().count(), &listed.advocates);
        for index in spaces {
            *edit.next().spaces.get_mut(index) = None;
            self.set_hosts(edit, index, Vec::new());
        }
        for index in contents {
            self.clear_content(edit, index);
        }
        for index in campaigns {
            *edit.next().campaigns.get_mut(index) = None;
            edit.spoil(|content| content.campaign == Some(index));
        }
        for index in advocates {
            *edit.next().advocates.get_mut(index) = AdvocateFacts::NOBODY;
        }
    }

    /// Prebuilds the `Location` of every target of the contents that changed.
    pub(super) fn renew_locations(&mut self, edit: &mut Edit) {
        for content in std::mem::take(&mut edit.stale) {
            let now = edit.now();
            let facts = now.contents.get(content).and_then(Option::clone);
            let space = facts.as_ref().and_then(|facts| now.spaces.get(facts.space).and_then(Option::clone));
            let campaign = facts.as_ref().and_then(|facts| now.campaigns.get(facts.campaign?).and_then(Option::clone));
            let slug = campaign.as_ref().map_or("", |campaign| campaign.entity.slug.as_str());
            for target in &self.targets_of[content as usize] {
                let channel = Arc::clone(&edit.now().targets.get(*target).expect("targets are never removed").channel);
                let location = facts
                    .as_ref()
                    .zip(space.as_ref())
                    .and_then(|(facts, space)| facts.location(&space.entity.utm_template, &channel, slug));
                edit.next().targets.get_mut(*target).location = location;
            }
        }
    }
}
