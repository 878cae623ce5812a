//! Where a link's record stands, by its id.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::redirect::link_table::record::Record;
use crate::redirect::link_table::shards::{Moved, Place, SHARDS, Shards, hash, shard_of};

/// How often [`ById::add_all`] goes through the links.
const PASSES: usize = 8;

/// Four bytes a link: the id itself stands in the record. In 1024 parts, so that growing one never
/// holds a second copy of all.
#[derive(Debug)]
pub(super) struct ById(Box<[HashTable<Place>]>);

impl ById {
    pub(super) fn new() -> Self {
        Self((0..SHARDS).map(|_| HashTable::new()).collect())
    }

    /// Adds many links, whose records are in place, and returns the places of those that stood
    /// somewhere else already.
    ///
    /// They are sorted by part first: adding them as they come would touch another part's memory
    /// each time, and miss the cache ten million times. An eighth of the parts at a time, so that
    /// the sorted copy never takes more than 3 bytes a link.
    pub(super) fn add_all(&mut self, shards: &Shards) -> Vec<Place> {
        let room = shards.len() / SHARDS + shards.len() / SHARDS / 8;
        let mut sorted: Vec<Vec<(u64, Place)>> = (0..SHARDS / PASSES).map(|_| Vec::with_capacity(room)).collect();
        let mut doubled = Vec::new();
        for (pass, tables) in self.0.chunks_mut(SHARDS / PASSES).enumerate() {
            let first = pass * (SHARDS / PASSES);
            for shard in 0..SHARDS {
                shards.for_each_of(shard, |place, record| {
                    let part = shard_of(hash(record.link()));
                    if let Some(part) = part.checked_sub(first).and_then(|part| sorted.get_mut(part)) {
                        part.push((record.link(), place));
                    }
                });
            }
            for (table, part) in tables.iter_mut().zip(&mut sorted) {
                table.reserve(part.len(), |place| hash(shards.at(*place).link()));
                doubled.extend(part.drain(..).filter_map(|(link, place)| set(table, shards, link, place)));
            }
        }
        doubled
    }

    pub(super) fn find(&self, shards: &Shards, link: u64) -> Option<(Place, Record)> {
        let hash = hash(link);
        let place = *self.0[shard_of(hash)].find(hash, |place| shards.at(*place).link() == link)?;
        Some((place, shards.at(place)))
    }

    /// Says that `link` stands at `place` now, where its record is already; returns where it stood.
    pub(super) fn set(&mut self, shards: &Shards, link: u64, place: Place) -> Option<Place> {
        set(&mut self.0[shard_of(hash(link))], shards, link, place)
    }

    /// Follows links to where their records stand since a part has grown.
    pub(super) fn follow(&mut self, shards: &Shards, moved: &[Moved]) {
        // All old places go first: one of them may be another's new one.
        let known: Vec<&Moved> = moved.iter().filter(|moved| self.remove_at(moved.link, moved.from)).collect();
        for moved in known {
            self.set(shards, moved.link, moved.to);
        }
    }

    /// Forgets that `link` stands at `place`, whatever stands there now; false if it is not known to.
    pub(super) fn remove_at(&mut self, link: u64, place: Place) -> bool {
        let hash = hash(link);
        let found = self.0[shard_of(hash)].find_entry(hash, |candidate| *candidate == place);
        found.map(|entry| entry.remove()).is_ok()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.0.iter().map(|table| table.allocation_size() + size_of::<HashTable<Place>>()).sum()
    }
}

fn set(table: &mut HashTable<Place>, shards: &Shards, link: u64, place: Place) -> Option<Place> {
    let entry =
        table.entry(hash(link), |known| shards.at(*known).link() == link, |known| hash(shards.at(*known).link()));
    match entry {
        Entry::Occupied(mut entry) => Some(std::mem::replace(entry.get_mut(), place)),
        Entry::Vacant(entry) => {
            entry.insert(place);
            None
        }
    }
}
