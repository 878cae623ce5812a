//! A bounded map from addresses to what is remembered of them.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::quality::RandomState;
use parking_lot::Mutex;

const SHARDS: usize = 64;

/// Something that may be forgotten without anybody gaining from it.
pub(super) trait Idle: Default {
    fn is_idle(&self, now_us: u64) -> bool;
}

/// At most `capacity` entries, spread over shards that are locked one at a time. When a shard is
/// full it forgets the idle; when none is, everything that no connection holds. So a flood from
/// more addresses than fit gains at most a fresh bucket now and then, and memory stays bounded.
#[derive(Debug)]
pub(super) struct Registry<V> {
    hasher: RandomState,
    per_shard: usize,
    shards: Box<[Shard<V>]>,
}

type Shard<V> = Mutex<HashMap<u128, Arc<V>, RandomState>>;

impl<V: Idle> Registry<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            hasher: RandomState::default(),
            per_shard: capacity.div_ceil(SHARDS),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    pub(super) fn get(&self, key: u128, now_us: u64) -> Arc<V> {
        let mut shard = self.shards[(self.hasher.hash_one(key) >> 58) as usize].lock();
        if let Some(known) = shard.get(&key) {
            return Arc::clone(known);
        }
        if shard.len() >= self.per_shard {
            shard.retain(|_, value| Arc::strong_count(value) > 1 || !value.is_idle(now_us));
            if shard.len() >= self.per_shard {
                shard.retain(|_, value| Arc::strong_count(value) > 1);
            }
        }
        let fresh = Arc::<V>::default();
        shard.insert(key, Arc::clone(&fresh));
        fresh
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }
}
