//! Every link of every space, in memory, shared by all workers.
//!
//! # Shape
//! * [`shards`](self) hold one 24-byte record a link, found by the number of its code: 1024 shards,
//!   each a lock over an open-addressed table of records. A reader locks one shard for one lookup.
//! * The [`Directory`] holds what links share: spaces, contents, campaigns, advocates, and targets
//!   (content × channel) with their prebuilt `Location`. It is immutable; a batch of changes makes
//!   the next one, sharing all chunks that it did not touch, and swaps it in.
//! * The writer's own maps (ids to indices, link ids to slots) stand behind one mutex that no
//!   request ever takes.
//!
//! # Order of publication
//! A batch first publishes the directory and then touches records, and a reader finds the record
//! first and loads the directory afterwards. So every index in a record that was found is known to
//! the directory that is asked about it. Indices are never given to something else.
//!
//! # Memory
//! 24 bytes of record at a load of 7/10 to 7/8, and in the index by id at most 11.5 (four bytes of place
//! and one of control at a load of 7/16 to 7/8): below 50 bytes a link, and what the directory adds is
//! divided by all links that share it.
//!
//! Deliberately absent: eviction (every link must answer without a store), and names of people.

mod chunked;
mod directory;
mod facts;
mod record;
mod resolve;
mod shards;
mod vanity;
mod writer;

mod follow;
mod snapshot;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};

pub use directory::Directory;
pub use facts::{AdvocateFacts, CampaignFacts, ContentFacts, SpaceFacts};
pub use follow::{ChangeFeed, FeedError, FeedFuture, FollowOptions, follow};
pub use resolve::{Destination, Found, Reader};
pub use snapshot::SnapshotError;

use crate::model::Change;
use crate::model::code::pack;
use record::Record;
use shards::Shards;
use vanity::Vanity;
use writer::{Rebuild, Writer};

/// See the module.
pub struct LinkTable {
    shards: Shards,
    vanity: RwLock<Vanity>,
    /// Number of the `qr` link of an advocate (index) and a content (index).
    qr: RwLock<HashMap<(u32, u32), u64>>,
    directory: ArcSwap<Directory>,
    writer: Mutex<Writer>,
    seq: AtomicU64,
}

impl Default for LinkTable {
    fn default() -> Self {
        Self::new()
    }
}

impl LinkTable {
    /// An empty table that stands before the first change.
    pub fn new() -> Self {
        Self {
            shards: Shards::new(),
            vanity: RwLock::default(),
            qr: RwLock::default(),
            directory: ArcSwap::from_pointee(Directory::default()),
            writer: Mutex::new(Writer::new()),
            seq: AtomicU64::new(0),
        }
    }

    /// Number of the last change that the table holds; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq.load(Ordering::Acquire)
    }

    /// Links in the table, switched off ones included.
    pub fn len(&self) -> usize {
        self.shards.len()
    }

    /// True when there is no link at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes changes in the order of their numbers. Those that the table has already seen change
    /// nothing, so a batch may be given twice or overlap the last one.
    pub fn apply(&self, changes: &[Change]) {
        let mut writer = self.writer.lock();
        let seen = self.seq();
        let news = changes.iter().filter(|change| change.seq > seen);
        let last = news.clone().map(|change| change.seq).max().unwrap_or(seen);
        writer.apply(self, news.map(|change| &change.entity), None);
        self.seq.store(last, Ordering::Release);
    }

    /// Starts to replace everything by what a full listing of the programme says. Requests are
    /// answered from the old state, entity by entity replaced, until [`Rebuild::finish`] removes
    /// what was not listed.
    fn rebuild(&self) -> Rebuild<'_> {
        Rebuild::new(self)
    }

    /// A worker's view of the table.
    pub fn reader(self: &Arc<Self>) -> Reader {
        Reader::new(Arc::clone(self))
    }

    /// Bytes that the table takes, from the capacities of everything that grows with links.
    pub fn memory_bytes(&self) -> usize {
        self.shards.memory_bytes()
            + self.writer.lock().memory_bytes()
            + self.directory.load().memory_bytes()
            + self.vanity.read().memory_bytes()
            + self.qr.read().capacity() * (size_of::<((u32, u32), u64)>() + 1) * 8 / 7
    }

    fn number(&self, code: &[u8]) -> Option<u64> {
        if let Some(number) = pack(code) {
            return Some(number);
        }
        let vanity = self.vanity.read();
        if vanity.is_empty() {
            return None;
        }
        vanity.number(std::str::from_utf8(code).ok()?)
    }

    fn find(&self, code: &[u8]) -> Option<Record> {
        self.shards.find(self.number(code)?)
    }
}

impl std::fmt::Debug for LinkTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkTable").field("links", &self.len()).field("seq", &self.seq()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
