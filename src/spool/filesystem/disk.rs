//! The real file system.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{FlockOperation, flock};

use super::{File, FileSystem, LockError, Region};

/// Files of this machine. Everything is made readable for its owner alone: records hold what visitors sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileSystem for Disk {
    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>, LockError> {
        let file = options().create(true).truncate(false).open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                // For the reader of an error only: a lock that cannot name its holder still holds.
                let _best_effort =
                    file.set_len(0).and_then(|()| file.write_all_at(std::process::id().to_string().as_bytes(), 0));
                Ok(Box::new(file))
            }
            Err(rustix::io::Errno::WOULDBLOCK) => {
                Err(LockError::Held(fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok())))
            }
            Err(error) => Err(LockError::Io(error.into())),
        }
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let metadata = match entry.metadata() {
                // Removed since the directory was read: another process may be looking in.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            if let (true, Ok(name)) = (metadata.is_file(), entry.file_name().into_string()) {
                found.push((name, metadata.len()));
            }
        }
        Ok(found)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_start(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(length);
        fs::File::open(path)?.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn File>> {
        Ok(Box::new(options().create(true).truncate(true).open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn File>> {
        Ok(Box::new(options().open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        fs::File::open(directory)?.sync_all()
    }

    fn room(&self, directory: &Path) -> io::Result<u64> {
        let facts = rustix::fs::statvfs(directory)?;
        Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
    }

    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn random(&self) -> u128 {
        rand::random()
    }
}

impl File for fs::File {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        // Covers pages written through a mapping as well. Lengths are synced by fdatasync when they changed.
        self.sync_data()
    }

    fn sync_mapped(&self, region: &Region, from: usize, to: usize) -> io::Result<()> {
        let page = page_bytes();
        let (from, to) = (from / page * page, to.min(region.length()));
        // SAFETY: pages of a mapping that the region keeps; their contents do not change. What it reports are the
        // errors of the file that was mapped, as fdatasync of that file would.
        unsafe {
            rustix::mm::msync(
                region.pointer().add(from).cast(),
                to.saturating_sub(from),
                rustix::mm::MsyncFlags::SYNC,
            )?;
        }
        Ok(())
    }

    fn map(&self, length: usize) -> io::Result<Region> {
        let map: MmapRaw = MmapOptions::new().len(length).map_raw(self)?;
        // Keeps the kernel from evicting pages that would have to be read back on the hot path. Refused where the
        // limit of locked memory is small, which costs nothing but that.
        let _best_effort = map.lock();
        let pointer = map.as_mut_ptr();
        // SAFETY: a mapping begins at a page and lives as long as its MmapRaw, which becomes the owner. It stays
        // accessible because the file never shrinks: the spool's directory belongs to the process with the lock.
        Ok(unsafe { Region::new(pointer, length, Box::new(map)) }.with_populate(populate))
    }
}

/// Asks the kernel to make the pages writable now (Linux 5.14 and later; without effect before).
fn populate(pointer: *mut u8, length: usize) {
    let page = page_bytes();
    let within = pointer.addr() % page;
    let start = pointer.wrapping_sub(within).cast();
    // SAFETY: pages of a mapping that the caller's region keeps; their contents do not change. An error means that
    // a later store takes the fault itself.
    let _best_effort = unsafe { rustix::mm::madvise(start, length + within, rustix::mm::Advice::LinuxPopulateWrite) };
}

/// Size of a page of memory, in bytes. The C library knows it: rustix looks for it in the process's auxiliary vector, and
/// reads memory on its way there that is missing under valgrind.
fn page_bytes() -> usize {
    // SAFETY: the call takes a number and touches no memory of ours.
    let bytes = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(bytes).expect("every system has pages")
}

fn options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}
