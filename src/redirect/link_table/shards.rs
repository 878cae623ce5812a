//! Records by code, in 1024 independently locked parts.
//!
//! A part is an open-addressed table with linear probing whose slots are the records themselves, so that a lookup reads
//! two places in memory: the part's head, and the record with its neighbours. A redirect finds little of the table in
//! the cache, and each further place would cost it more than all comparisons.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::RwLock;

use super::record::Record;

pub(super) const SHARDS: usize = 1024;
const SLOT_BITS: u32 = 22;

/// Where a record stands: the shard in the upper 10 bits, the slot in the lower 22.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    fn new(shard: usize, slot: u32) -> Self {
        assert!(slot < 1 << SLOT_BITS, "4 million links of one shard, 4 billion of all, are the most that fit");
        Self((shard as u32) << SLOT_BITS | slot)
    }

    pub(super) fn shard(self) -> usize {
        (self.0 >> SLOT_BITS) as usize
    }

    fn slot(self) -> usize {
        (self.0 & ((1 << SLOT_BITS) - 1)) as usize
    }
}

/// Spreads numbers that are random already (codes and ids are drawn so) or consecutive (vanity).
/// One multiplication, folded: a part's slots take the low 32 bits, [`shard_of`] ten above them (as the index of ids does,
/// whose tags are the top 7), so no two of them say the same.
pub(super) fn hash(number: u64) -> u64 {
    let product = u128::from(number ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    (product >> 64) as u64 ^ product as u64
}

pub(super) fn shard_of(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}

/// One part. At most seven eighths of its slots are used, so every search ends at a free one.
#[derive(Debug, Default)]
struct Shard {
    slots: Box<[Record]>,
    /// Slots with a link.
    live: usize,
    /// Slots that are not free: those with a link, and those whose link was removed.
    used: usize,
}

/// All parts. Anybody reads; only one writer at a time changes.
#[derive(Debug)]
pub(super) struct Shards {
    shards: Box<[RwLock<Shard>]>,
    len: AtomicUsize,
}

/// A link whose record stands elsewhere since its part has grown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved {
    pub(super) link: u64,
    pub(super) from: Place,
    pub(super) to: Place,
}

impl Shards {
    pub(super) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect(), len: AtomicUsize::new(0) }
    }

    pub(super) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    pub(super) fn find(&self, number: u64) -> Option<Record> {
        let hash = hash(number);
        let shard = self.shards[shard_of(hash)].read();
        Some(shard.slots[shard.slot_of(hash, number)?])
    }

    pub(super) fn at(&self, place: Place) -> Record {
        self.shards[place.shard()].read().slots[place.slot()]
    }

    /// Makes room for one more record in the part of `number`, and says what stands elsewhere because of it.
    /// The larger part is put together while others read the old one.
    pub(super) fn make_room(&self, number: u64) -> Vec<Moved> {
        let number = shard_of(hash(number));
        let shard = &self.shards[number];
        let (grown, moved) = {
            let standing = shard.read();
            if standing.has_room() {
                return Vec::new();
            }
            standing.grown(number)
        };
        *shard.write() = grown;
        moved
    }

    /// Puts a record under its code, for which there is room. Returns where it stands and the record that stood there.
    pub(super) fn put(&self, record: Record) -> (Place, Option<Record>) {
        let hash = hash(record.number());
        let number = shard_of(hash);
        let (slot, replaced) = self.shards[number].write().put(hash, record);
        if replaced.is_none() {
            self.len.fetch_add(1, Ordering::Relaxed);
        }
        (Place::new(number, slot), replaced)
    }

    /// Removes the record of this code.
    pub(super) fn remove(&self, code: u64) -> Option<Record> {
        let hash = hash(code);
        let removed = self.shards[shard_of(hash)].write().remove(hash, code);
        if removed.is_some() {
            self.len.fetch_sub(1, Ordering::Relaxed);
        }
        removed
    }

    /// Copies the records of a shard into `out`, which is cleared first.
    pub(super) fn copy(&self, shard: usize, out: &mut Vec<Record>) {
        out.clear();
        out.extend(self.shards[shard].read().links().map(|(_, record)| record));
    }

    /// Fills an empty shard at once. The caller has checked that all records belong to it.
    pub(super) fn fill(&self, shard: usize, records: &[Record]) {
        let mut filled = Shard::with_room_for(records.len());
        for record in records {
            filled.put(hash(record.number()), *record);
        }
        self.len.fetch_add(filled.live, Ordering::Relaxed);
        *self.shards[shard].write() = filled;
    }

    /// Visits the links of a shard with where they stand, while nobody may change it.
    pub(super) fn for_each_of(&self, shard: usize, mut visit: impl FnMut(Place, Record)) {
        for (slot, record) in self.shards[shard].read().links() {
            visit(Place::new(shard, slot), record);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let slots: usize = self.shards.iter().map(|shard| shard.read().slots.len()).sum();
        slots * size_of::<Record>() + SHARDS * size_of::<RwLock<Shard>>()
    }
}

impl Shard {
    /// An empty one that takes `links` records.
    fn with_room_for(links: usize) -> Self {
        let slots = (links * 8).div_ceil(7) + 1;
        Self { slots: vec![Record::FREE; slots].into_boxed_slice(), live: 0, used: 0 }
    }

    fn has_room(&self) -> bool {
        (self.used + 1) * 8 <= self.slots.len() * 7
    }

    /// The same with room for a quarter more, and without the slots of removed links.
    fn grown(&self, number: usize) -> (Self, Vec<Moved>) {
        let mut grown = Self::with_room_for(self.live + self.live / 4 + 8);
        let moved = self.links().map(|(slot, record)| {
            let (to, _) = grown.put(hash(record.number()), record);
            Moved { link: record.link(), from: Place::new(number, slot), to: Place::new(number, to) }
        });
        let moved = moved.collect();
        (grown, moved)
    }

    /// The slot at which the search for a number begins.
    fn home(&self, hash: u64) -> usize {
        (((hash & u64::from(u32::MAX)) * self.slots.len() as u64) >> 32) as usize
    }

    fn behind(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }

    fn slot_of(&self, hash: u64, number: u64) -> Option<usize> {
        let mut slot = self.home(hash);
        loop {
            // A part that never had a link has no slot at all.
            let record = self.slots.get(slot)?;
            if record.number() == number {
                return Some(slot);
            }
            if record.is_free() {
                return None;
            }
            slot = self.behind(slot);
        }
    }

    fn put(&mut self, hash: u64, record: Record) -> (u32, Option<Record>) {
        if let Some(slot) = self.slot_of(hash, record.number()) {
            return (slot as u32, Some(std::mem::replace(&mut self.slots[slot], record)));
        }
        let mut slot = self.home(hash);
        while self.slots[slot].is_link() {
            slot = self.behind(slot);
        }
        self.used += usize::from(self.slots[slot].is_free());
        self.live += 1;
        self.slots[slot] = record;
        (slot as u32, None)
    }

    fn remove(&mut self, hash: u64, code: u64) -> Option<Record> {
        let slot = self.slot_of(hash, code)?;
        self.live -= 1;
        // What stands behind it may have been put there because this slot was taken.
        Some(std::mem::replace(&mut self.slots[slot], Record::REMOVED))
    }

    fn links(&self) -> impl Iterator<Item = (u32, Record)> {
        self.slots
            .iter()
            .enumerate()
            .filter(|(_, record)| record.is_link())
            .map(|(slot, record)| (slot as u32, *record))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Numbers of one shard, so that it grows.
    fn of_one_shard() -> impl Iterator<Item = u64> {
        (0..).filter(|number| shard_of(hash(*number)) == 7)
    }

    fn record(number: u64, version: u32) -> Record {
        Record::new(number, number + 1, version, version, false, 0)
    }

    #[test]
    fn a_part_that_grows_and_loses_links_finds_the_others() {
        let (shards, mut expected) = (Shards::new(), HashMap::new());
        let mut places = HashMap::new();
        for (number, turn) in of_one_shard().zip(0..5_000) {
            for Moved { link, from, to } in shards.make_room(number) {
                assert_eq!(places.insert(link, to), Some(from));
            }
            let (place, replaced) = shards.put(record(number, 0));
            assert_eq!(replaced, None);
            places.insert(number + 1, place);
            expected.insert(number, 0);
            // Two of three go again, and some come back as they were or changed.
            if turn % 3 > 0 {
                assert_eq!(shards.remove(number), Some(record(number, 0)));
                assert_eq!(shards.remove(number), None);
                expected.remove(&number);
                places.remove(&(number + 1));
            } else if turn % 2 == 0 {
                assert_eq!(shards.put(record(number, turn)), (place, Some(record(number, 0))));
                expected.insert(number, turn);
            }
        }
        for number in of_one_shard().take(5_000) {
            let standing = expected.get(&number).map(|version| record(number, *version));
            assert_eq!(shards.find(number), standing);
            let by_place = places.get(&(number + 1)).map(|place| shards.at(*place));
            assert_eq!(by_place, standing);
        }
        let mut listed = 0;
        shards.for_each_of(7, |_, record| listed += usize::from(expected.contains_key(&record.number())));
        assert_eq!((shards.len(), listed), (expected.len(), expected.len()));
    }

    #[test]
    fn a_part_takes_35_bytes_a_link_at_most() {
        let shards = Shards::new();
        for (number, links) in of_one_shard().zip(1..20_000) {
            shards.make_room(number);
            shards.put(record(number, 0));
            let bytes = shards.memory_bytes() - SHARDS * size_of::<RwLock<Shard>>();
            assert!(links < 2_000 || bytes <= links * 35, "{bytes} bytes for {links} links");
        }
    }
}
