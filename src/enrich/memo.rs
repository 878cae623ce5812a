//! A bounded memory of answers that are dear to work out and asked for again and again.
//!
//! Entries live in two generations a shard. New ones go to the young generation; when that is
//! full it becomes the old one, and the old one is forgotten. A hit in the old generation moves
//! the entry to the young one, so what is in use survives and what is not leaves after at most
//! two generations. That is nearly "least recently used" without a list to maintain on each hit:
//! a hit is one hash, one short lock and one comparison.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use parking_lot::Mutex;

/// Locks of a memo. Two threads meet on one of them rarely enough with 64.
const SHARDS: usize = 64;

/// At most `capacity` answers by key, shared between threads.
pub(super) struct Memo<K, V> {
    shards: Box<[Mutex<Generations<K, V>>]>,
    /// Seeded at random for each process, so that nobody can choose keys that collide.
    hasher: RandomState,
}

struct Generations<K, V> {
    young: HashTable<Entry<K, V>>,
    old: HashTable<Entry<K, V>>,
    /// Most entries of one generation.
    most: usize,
}

/// Keeps the hash, so that a table that grows need not read the keys again.
struct Entry<K, V> {
    hash: u64,
    key: K,
    value: V,
}

impl<K: Eq, V: Clone> Memo<K, V> {
    /// An empty memo that will never hold more than `capacity` answers (128 at least).
    pub(super) fn new(capacity: usize) -> Self {
        let most = (capacity / (2 * SHARDS)).max(1);
        let shard = || Mutex::new(Generations { young: HashTable::new(), old: HashTable::new(), most });
        Self { shards: (0..SHARDS).map(|_| shard()).collect(), hasher: RandomState::default() }
    }

    /// The answer for `key`: the remembered one, else what `work_out` says, which is remembered.
    ///
    /// `work_out` runs without a lock held: two threads may do it twice, neither waits for the other.
    pub(super) fn get_or_insert<Q>(&self, key: &Q, work_out: impl FnOnce() -> V) -> V
    where
        Q: Hash + Eq + ?Sized,
        K: Borrow<Q> + for<'q> From<&'q Q>,
    {
        let hash = self.hasher.hash_one(key);
        // The tables use the lowest and the highest bits; the shard is chosen by others.
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        if let Some(known) = shard.lock().get(hash, key) {
            return known;
        }
        let value = work_out();
        shard.lock().insert(Entry { hash, key: K::from(key), value: value.clone() });
        value
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock()).map(|shard| shard.young.len() + shard.old.len()).sum()
    }
}

impl<K: Eq, V: Clone> Generations<K, V> {
    fn get<Q>(&mut self, hash: u64, key: &Q) -> Option<V>
    where
        Q: Eq + ?Sized,
        K: Borrow<Q>,
    {
        let same = |entry: &Entry<K, V>| entry.hash == hash && entry.key.borrow() == key;
        if let Some(entry) = self.young.find(hash, same) {
            return Some(entry.value.clone());
        }
        let (entry, _) = self.old.find_entry(hash, same).ok()?.remove();
        let value = entry.value.clone();
        self.insert(entry);
        Some(value)
    }

    fn insert(&mut self, entry: Entry<K, V>) {
        if self.young.find(entry.hash, |known| known.key == entry.key).is_some() {
            return; // another thread was faster
        }
        if self.young.len() >= self.most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert_unique(entry.hash, entry, |known| known.hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let memo: Memo<Box<[u8]>, usize> = Memo::new(1024);
        for number in 0..10_000_usize {
            assert_eq!(memo.get_or_insert(number.to_string().as_bytes(), || number), number);
            assert!(memo.len() <= 1024);
        }
        assert!(memo.len() > 256, "it should remember something: {}", memo.len());
    }

    #[test]
    fn what_is_asked_for_all_the_time_stays_while_others_pass_through() {
        let memo: Memo<Box<[u8]>, u32> = Memo::new(128);
        memo.get_or_insert(b"favourite".as_slice(), || 1);
        for number in 0..10_000_u32 {
            memo.get_or_insert(format!("passer-by {number}").as_bytes(), || number);
            memo.get_or_insert(b"favourite".as_slice(), || unreachable!("it was asked for a moment ago"));
        }
    }
}
