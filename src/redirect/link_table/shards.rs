//! Records by code, in 1024 independently locked parts.

use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
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
/// One multiplication, folded: the index takes the low bits, its tags the top 7, [`shard_of`] ten
/// in between, so no two of them say the same.
pub(super) fn hash(number: u64) -> u64 {
    let product = u128::from(number ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    (product >> 64) as u64 ^ product as u64
}

pub(super) fn shard_of(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}

/// One part.
#[derive(Debug, Default)]
pub(super) struct Shard {
    index: HashTable<u32>,
    records: Vec<Record>,
    free: Vec<u32>,
}

/// All parts.
#[derive(Debug)]
pub(super) struct Shards {
    shards: Box<[RwLock<Shard>]>,
    len: AtomicUsize,
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
        let slot = shard.index.find(hash, |slot| shard.records[*slot as usize].number() == number)?;
        Some(shard.records[*slot as usize])
    }

    pub(super) fn at(&self, place: Place) -> Record {
        self.shards[place.shard()].read().records[place.slot()]
    }

    /// Puts a record under its code. Returns where it stands and the record that stood there.
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
        out.extend(self.shards[shard].read().records.iter().copied().filter(|record| !record.is_free()));
    }

    /// Fills an empty shard at once. The caller has checked that all records belong to it.
    pub(super) fn fill(&self, shard: usize, records: &[Record]) {
        let mut target = self.shards[shard].write();
        target.records.reserve_exact(records.len());
        target.index.reserve(records.len(), |_| 0);
        for record in records {
            target.put(hash(record.number()), *record);
        }
        self.len.fetch_add(target.records.len(), Ordering::Relaxed);
    }

    /// Visits the links of a shard with where they stand, while nobody may change it.
    pub(super) fn for_each_of(&self, shard: usize, mut visit: impl FnMut(Place, Record)) {
        let shard_read = self.shards[shard].read();
        for (slot, record) in shard_read.records.iter().enumerate().filter(|(_, record)| !record.is_free()) {
            visit(Place::new(shard, slot as u32), *record);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let shards: usize = self.shards.iter().map(|shard| shard.read().memory_bytes()).sum();
        shards + SHARDS * size_of::<RwLock<Shard>>()
    }
}

impl Shard {
    fn put(&mut self, hash: u64, record: Record) -> (u32, Option<Record>) {
        let Self { index, records, free } = self;
        let number = record.number();
        match index.entry(
            hash,
            |slot| records[*slot as usize].number() == number,
            |slot| self::hash(records[*slot as usize].number()),
        ) {
            Entry::Occupied(entry) => {
                let slot = *entry.get();
                let replaced = std::mem::replace(&mut records[slot as usize], record);
                (slot, Some(replaced))
            }
            Entry::Vacant(entry) => {
                let slot = free.pop().unwrap_or_else(|| {
                    if records.len() == records.capacity() {
                        // Doubling would waste a third of the records' memory on average.
                        records.reserve_exact(records.len() / 16 + 8);
                    }
                    records.push(Record::free());
                    (records.len() - 1) as u32
                });
                records[slot as usize] = record;
                entry.insert(slot);
                (slot, None)
            }
        }
    }

    fn remove(&mut self, hash: u64, code: u64) -> Option<Record> {
        let records = &self.records;
        let entry = self.index.find_entry(hash, |slot| records[*slot as usize].number() == code).ok()?;
        let (slot, _) = entry.remove();
        self.free.push(slot);
        Some(std::mem::replace(&mut self.records[slot as usize], Record::free()))
    }

    fn memory_bytes(&self) -> usize {
        self.index.allocation_size()
            + self.records.capacity() * size_of::<Record>()
            + self.free.capacity() * size_of::<u32>()
    }
}
