//! A file system in memory that can be killed, lose power, fill up and fail.
//!
//! Every file has two contents: what programs see (the page cache) and what the disk holds. `sync` carries the
//! one to the other; a power cut keeps of each unsynced page either content, of each unsynced name either
//! file. Made for one thread: its syncs read memory that a writer may be storing into.

use std::cell::UnsafeCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{File, FileSystem, LockError, Region};

/// Files in memory, with faults on demand.
pub struct Simulated(Arc<Mutex<State>>);

struct State {
    names: BTreeMap<PathBuf, Arc<Inode>>,
    durable_names: BTreeMap<PathBuf, Arc<Inode>>,
    locked: Arc<Mutex<Vec<PathBuf>>>,
    capacity: usize,
    page: usize,
    failing_syncs: u32,
    meanwhile: Option<Box<dyn FnMut() + Send>>,
    now_ms: u64,
    random: u64,
}

struct Inode(UnsafeCell<Contents>);

// SAFETY: contents are reached under the state's lock only, but for the memory that a Region points to; what is
// said there about a single thread is what keeps the two apart.
unsafe impl Send for Inode {}
// SAFETY: as above.
unsafe impl Sync for Inode {}

#[derive(Clone)]
struct Contents {
    /// What programs see, in words so that it is aligned like a mapping.
    cache: Vec<u64>,
    length: usize,
    /// The cache as of the last sync, successful or not: only pages that differ from it count as dirty, as in Linux,
    /// where a failed sync leaves its pages clean.
    clean: Vec<u8>,
    disk: Vec<u8>,
    mapped: bool,
}

impl Simulated {
    /// An empty disk of `capacity` bytes, whose pages reach it `page` bytes at a time (4,096, or a sector's 512);
    /// `seed` decides its random bits.
    pub fn new(capacity: u64, page: usize, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            locked: Arc::default(),
            page,
            capacity: usize::try_from(capacity).unwrap_or(usize::MAX),
            failing_syncs: 0,
            meanwhile: None,
            now_ms: 1_700_000_000_000,
            random: seed,
        })))
    }

    /// The machine after the process was killed: everything written is there, and no lock is held.
    pub fn after_kill(&self) -> Self {
        let mut copies = BTreeMap::new();
        self.copy(
            |inode| copies.entry(Arc::as_ptr(inode)).or_insert_with(|| Arc::new(inode.copy())).clone(),
            |_, now| now,
        )
    }

    /// The machine after a power cut: `kept` is asked once for every unsynced page, length and name whether its new
    /// content had reached the disk.
    pub fn after_power_cut(&self, mut kept: impl FnMut() -> bool) -> Self {
        let mut copies = BTreeMap::new();
        let kept = std::cell::RefCell::new(&mut kept);
        let page = self.0.lock().page;
        let after = self.copy(
            |inode| {
                let survivor = || Arc::new(inode.survivor(page, &mut **kept.borrow_mut()));
                copies.entry(Arc::as_ptr(inode)).or_insert_with(survivor).clone()
            },
            |before, now| if (kept.borrow_mut())() { now } else { before },
        );
        // What a machine finds when it starts is what its disk holds.
        let names = after.0.lock().names.clone();
        after.0.lock().durable_names = names;
        after
    }

    fn copy(
        &self,
        mut inode: impl FnMut(&Arc<Inode>) -> Arc<Inode>,
        mut choose: impl FnMut(Option<Arc<Inode>>, Option<Arc<Inode>>) -> Option<Arc<Inode>>,
    ) -> Self {
        let state = self.0.lock();
        let mut names = BTreeMap::new();
        let mut durable_names = BTreeMap::new();
        let all: std::collections::BTreeSet<_> = state.names.keys().chain(state.durable_names.keys()).collect();
        for name in all {
            let (now, before) = (state.names.get(name).cloned(), state.durable_names.get(name).cloned());
            let same = match (&now, &before) {
                (Some(now), Some(before)) => Arc::ptr_eq(now, before),
                _ => false,
            };
            let chosen = if same { now } else { choose(before.clone(), now) };
            if let Some(chosen) = chosen {
                names.insert(name.clone(), inode(&chosen));
            }
            if let Some(before) = before {
                durable_names.insert(name.clone(), inode(&before));
            }
        }
        Self(Arc::new(Mutex::new(State {
            durable_names,
            names,
            locked: Arc::default(),
            capacity: state.capacity,
            page: state.page,
            failing_syncs: 0,
            meanwhile: None,
            now_ms: state.now_ms,
            random: state.random,
        })))
    }

    /// Lets the kernel write back, unasked, the dirty pages for which `chosen` says so.
    pub fn write_back(&self, mut chosen: impl FnMut() -> bool) {
        let state = self.0.lock();
        for inode in state.names.values() {
            inode.write_back(state.page, &mut |_| chosen());
        }
    }

    /// From now on the disk holds at most `capacity` bytes.
    pub fn set_capacity(&self, capacity: u64) {
        self.0.lock().capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
    }

    /// Bytes of all files.
    pub fn used(&self) -> u64 {
        self.0.lock().used() as u64
    }

    /// The next `count` syncs of files fail with EIO and lose what they were to write.
    pub fn fail_syncs(&self, count: u32) {
        self.0.lock().failing_syncs = count;
    }

    /// From now on `meanwhile` happens in every sync of a file, between the writing and the return.
    pub fn during_syncs(&self, meanwhile: impl FnMut() + Send + 'static) {
        self.0.lock().meanwhile = Some(Box::new(meanwhile));
    }

    /// Moves the wall clock by `ms`, back when negative.
    pub fn shift_clock(&self, ms: i64) {
        let mut state = self.0.lock();
        state.now_ms = state.now_ms.saturating_add_signed(ms);
    }

    /// Replaces a file's bytes, on the disk as well: for damage.
    pub fn overwrite(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.0.lock();
        let inode = Arc::new(Inode::holding(bytes.to_vec()));
        state.names.insert(path.to_owned(), inode.clone());
        state.durable_names.insert(path.to_owned(), inode);
    }
}

impl Clone for Simulated {
    /// Another handle to the same disk.
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl State {
    fn used(&self) -> usize {
        self.names.values().map(|inode| inode.contents().length).sum()
    }

    fn find(&self, path: &Path) -> io::Result<Arc<Inode>> {
        self.names.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Inode {
    fn holding(bytes: Vec<u8>) -> Self {
        let mut contents =
            Contents { cache: Vec::new(), length: 0, clean: Vec::new(), disk: bytes.clone(), mapped: false };
        contents.write(0, &bytes);
        contents.clean = bytes;
        Self(UnsafeCell::new(contents))
    }

    #[expect(clippy::mut_from_ref, reason = "reached under the state's lock, one at a time")]
    fn contents(&self) -> &mut Contents {
        // SAFETY: every caller holds the state's lock and drops the reference before it lets go.
        unsafe { &mut *self.0.get() }
    }

    fn copy(&self) -> Self {
        Self(UnsafeCell::new(Contents { mapped: false, ..self.contents().clone() }))
    }

    fn survivor(&self, page: usize, kept: &mut dyn FnMut() -> bool) -> Self {
        let contents = self.contents();
        let bytes = contents.bytes();
        let length = if bytes.len() == contents.disk.len() || kept() { bytes.len() } else { contents.disk.len() };
        let mut disk = contents.disk.clone();
        disk.resize(length, 0);
        for (now, then) in bytes.chunks(page).zip(disk.chunks_mut(page)) {
            if now.get(..then.len()) != Some(then) && kept() {
                let shared = now.len().min(then.len());
                then[..shared].copy_from_slice(&now[..shared]);
            }
        }
        Self::holding(disk)
    }

    /// Writes the dirty pages for whose offset `chosen` says so.
    fn write_back(&self, page: usize, chosen: &mut dyn FnMut(usize) -> bool) {
        let contents = self.contents();
        let bytes = contents.bytes().to_vec();
        contents.clean.resize(bytes.len(), 0);
        contents.disk.resize(bytes.len(), 0);
        let pages = contents.clean.chunks_mut(page).zip(contents.disk.chunks_mut(page));
        for (number, (now, (clean, disk))) in bytes.chunks(page).zip(pages).enumerate() {
            if now != clean && chosen(number * page) {
                clean.copy_from_slice(now);
                disk.copy_from_slice(now);
            }
        }
    }
}

impl Contents {
    fn bytes(&self) -> &[u8] {
        // SAFETY: the words hold at least `length` initialised bytes.
        unsafe { std::slice::from_raw_parts(self.cache.as_ptr().cast(), self.length) }
    }

    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if end > self.length {
            assert!(!self.mapped, "a mapped file never grows");
            self.cache.resize(end.div_ceil(8), 0);
            self.length = end;
        }
        // Written is dirty, even when it is the same again.
        self.clean.resize(self.length, 0);
        self.clean[offset..end].iter_mut().zip(bytes).for_each(|(clean, byte)| *clean = !byte);
        // SAFETY: the words hold at least `end` bytes, and `bytes` is other memory.
        unsafe {
            std::ptr::copy_nonoverlapping(
                bytes.as_ptr(),
                self.cache.as_mut_ptr().cast::<u8>().add(offset),
                bytes.len(),
            );
        }
    }
}

impl FileSystem for Simulated {
    fn create_directory(&self, _directory: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>, LockError> {
        let locked = self.0.lock().locked.clone();
        if locked.lock().iter().any(|held| held == path) {
            return Err(LockError::Held(None));
        }
        locked.lock().push(path.to_owned());
        Ok(Box::new(Guard { locked, path: path.to_owned() }))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<(String, u64)>> {
        let state = self.0.lock();
        let inside = state.names.iter().filter(|(path, _)| path.parent() == Some(directory));
        let named = inside
            .filter_map(|(path, inode)| Some((path.file_name()?.to_str()?.to_owned(), inode.contents().length as u64)));
        Ok(named.collect())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.0.lock();
        Ok(state.find(path)?.contents().bytes().to_vec())
    }

    fn read_start(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let inode = Arc::new(Inode::holding(Vec::new()));
        self.0.lock().names.insert(path.to_owned(), inode.clone());
        Ok(Box::new(Open { disk: self.0.clone(), inode }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn File>> {
        let inode = self.0.lock().find(path)?;
        Ok(Box::new(Open { disk: self.0.clone(), inode }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        let inode = state.find(from)?;
        state.names.remove(from);
        state.names.insert(to.to_owned(), inode);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = self.0.lock().names.remove(path);
        removed.map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        state.durable_names.retain(|path, _| path.parent() != Some(directory));
        let current: Vec<_> = state
            .names
            .iter()
            .filter(|(path, _)| path.parent() == Some(directory))
            .map(|(path, inode)| (path.clone(), inode.clone()))
            .collect();
        state.durable_names.extend(current);
        Ok(())
    }

    fn room(&self, _directory: &Path) -> io::Result<u64> {
        let state = self.0.lock();
        Ok(state.capacity.saturating_sub(state.used()) as u64)
    }

    fn now_ms(&self) -> u64 {
        self.0.lock().now_ms
    }

    fn random(&self) -> u128 {
        let mut state = self.0.lock();
        let mut draw = || {
            // SplitMix64 (Steele, Lea, Flood 2014): repeatable, and spread over all bits.
            state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state.random ^ (state.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        u128::from(draw()) << 64 | u128::from(draw())
    }
}

struct Open {
    disk: Arc<Mutex<State>>,
    inode: Arc<Inode>,
}

impl File for Open {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let state = self.disk.lock();
        let contents = self.inode.contents();
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        let room = state.capacity.saturating_sub(state.used());
        let growth = (offset + bytes.len()).saturating_sub(contents.length);
        if growth > room {
            // As on a real disk, what still fits is written before the error.
            let fits = (bytes.len() + room).saturating_sub(growth).min(bytes.len());
            contents.write(offset, &bytes[..fits]);
            return Err(io::ErrorKind::StorageFull.into());
        }
        contents.write(offset, bytes);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_bytes(0, usize::MAX)
    }

    fn sync_mapped(&self, _region: &Region, from: usize, to: usize) -> io::Result<()> {
        self.sync_bytes(from, to)
    }

    fn map(&self, length: usize) -> io::Result<Region> {
        let _state = self.disk.lock();
        let contents = self.inode.contents();
        if contents.length < length {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        contents.mapped = true;
        // SAFETY: the words are aligned to 8 bytes, and stay where they are while the inode lives, because a mapped
        // file never grows.
        Ok(unsafe { Region::new(contents.cache.as_mut_ptr().cast(), length, Box::new(self.inode.clone())) })
    }
}

impl Open {
    fn sync_bytes(&self, from: usize, to: usize) -> io::Result<()> {
        let mut state = self.disk.lock();
        if state.failing_syncs > 0 {
            state.failing_syncs -= 1;
            let contents = self.inode.contents();
            contents.clean = contents.bytes().to_vec();
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        let page = state.page;
        self.inode.write_back(page, &mut |offset| offset < to && offset + page > from);
        let meanwhile = state.meanwhile.take();
        drop(state);
        if let Some(mut meanwhile) = meanwhile {
            meanwhile();
            self.disk.lock().meanwhile.get_or_insert(meanwhile);
        }
        Ok(())
    }
}

struct Guard {
    locked: Arc<Mutex<Vec<PathBuf>>>,
    path: PathBuf,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.locked.lock().retain(|held| *held != self.path);
    }
}
