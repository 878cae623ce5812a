//! Country, region and city of an address, from a file in MaxMind's format.
//!
//! The file is read into memory whole rather than mapped. A mapped file that is cut short while it
//! is read (a `cp` over it, a full disk) ends the process with SIGBUS, and a node that redirects
//! must not die of a careless update; a city file costs 60 to 130 MB, a country file below 10 MB.
//! So any way of replacing the file is safe: the old contents serve until the new ones have been
//! read completely and found sound. Replacing by rename is still best: it is never half there.

mod record;

#[cfg(test)]
mod mmdb;
#[cfg(test)]
pub(super) mod tests;

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwapOption;
use maxminddb::{MaxMindDbError, Reader};
use parking_lot::Mutex;

use super::memo::Memo;

pub use record::Place;

/// Largest file that is read, in bytes: eight times today's largest free one.
pub const MAX_DATABASE_BYTES: u64 = 1 << 30;
/// Most places of a file remembered in decoded form; about 200 bytes each.
const PLACES: usize = 65_536;

/// A geo file that may be missing, and may be replaced at any time.
pub(super) struct Geo {
    path: PathBuf,
    database: ArcSwapOption<Database>,
    /// Of the file that was looked at last, sound or not; none when there was none.
    seen: Mutex<Option<Identity>>,
}

/// What [`super::Enricher::refresh_geo`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeoRefresh {
    /// No file is configured.
    Off,
    /// The file is the one that was looked at last.
    Unchanged,
    /// There is no file. What was loaded before, if anything, stays in use.
    Missing,
    /// A file was loaded and is in use from now on.
    Loaded {
        /// The kind of database as the file names it, such as `GeoLite2-City`.
        database_type: String,
        /// When its data was compiled, seconds since 1970.
        built_at_s: u64,
        /// Its size in bytes.
        bytes: u64,
    },
}

/// A geo file that cannot be used. The one loaded before, if any, stays in use.
#[derive(Debug, thiserror::Error)]
pub enum GeoError {
    /// The file stands there and cannot be read.
    #[error("cannot read the geo database {path}: {source}; check its permissions or clear enrich.geo_database")]
    Read {
        /// The configured path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than [`MAX_DATABASE_BYTES`].
    #[error("the geo database {path} has {bytes} bytes, more than {MAX_DATABASE_BYTES}: is it the right file?")]
    TooLarge {
        /// The configured path.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Somebody wrote the file while it was read; asking again will do once the writer is through.
    #[error("the geo database {path} is being written; replace it by renaming a complete file over it")]
    Changing {
        /// The configured path.
        path: PathBuf,
    },
    /// The file is no sound database.
    #[error(
        "the geo database {path} is broken ({source}); download it again: a .mmdb file, unpacked, of countries or cities"
    )]
    Broken {
        /// The configured path.
        path: PathBuf,
        /// What is wrong with it.
        source: MaxMindDbError,
    },
}

/// Tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    modified: (i64, i64),
    bytes: u64,
}

impl Identity {
    fn of(metadata: &std::fs::Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            bytes: metadata.len(),
        }
    }
}

impl Geo {
    /// Nothing is read before the first [`Self::refresh`].
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, database: ArcSwapOption::empty(), seen: Mutex::new(None) }
    }

    /// Loads the file if it is another one than the last time. A broken file is reported once.
    pub(super) fn refresh(&self) -> Result<GeoRefresh, GeoError> {
        // One refresh at a time; readers take no lock.
        let mut seen = self.seen.lock();
        let read = |source| GeoError::Read { path: self.path.clone(), source };
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                *seen = None;
                return Ok(GeoRefresh::Missing);
            }
            Err(error) => return Err(read(error)),
        };
        let identity = Identity::of(&file.metadata().map_err(read)?);
        if *seen == Some(identity) {
            return Ok(GeoRefresh::Unchanged);
        }
        if identity.bytes > MAX_DATABASE_BYTES {
            *seen = Some(identity);
            return Err(GeoError::TooLarge { path: self.path.clone(), bytes: identity.bytes });
        }
        let mut contents = Vec::with_capacity(usize::try_from(identity.bytes).unwrap_or(0));
        file.by_ref().take(MAX_DATABASE_BYTES + 1).read_to_end(&mut contents).map_err(read)?;
        if Identity::of(&file.metadata().map_err(read)?) != identity || contents.len() as u64 != identity.bytes {
            return Err(GeoError::Changing { path: self.path.clone() });
        }
        *seen = Some(identity);
        let database =
            Database::new(contents).map_err(|source| GeoError::Broken { path: self.path.clone(), source })?;
        let metadata = database.reader.metadata();
        let loaded = GeoRefresh::Loaded {
            database_type: metadata.database_type.clone(),
            built_at_s: metadata.build_epoch,
            bytes: identity.bytes,
        };
        self.database.store(Some(Arc::new(database)));
        Ok(loaded)
    }

    /// The place of `address`; all empty when it is not known.
    pub(super) fn place(&self, address: IpAddr) -> Arc<Place> {
        self.database.load().as_ref().map_or_else(nowhere, |database| database.place(address))
    }

    /// There was no file at the last look.
    pub(super) fn is_missing(&self) -> bool {
        self.seen.lock().is_none()
    }

    /// The configured path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The place of an address of which nothing is known.
pub(super) fn nowhere() -> Arc<Place> {
    static NOWHERE: LazyLock<Arc<Place>> = LazyLock::new(Arc::default);
    Arc::clone(&NOWHERE)
}

/// One state of the file. Many addresses share a record, so decoded places are remembered by it.
struct Database {
    reader: Reader<Vec<u8>>,
    places: Memo<Offset, Arc<Place>>,
}

/// Where a record stands in its file.
#[derive(PartialEq, Eq, Hash)]
struct Offset(usize);

impl From<&Offset> for Offset {
    fn from(offset: &Offset) -> Self {
        Self(offset.0)
    }
}

impl Database {
    fn new(contents: Vec<u8>) -> Result<Self, MaxMindDbError> {
        let database = Self { reader: Reader::from_source(contents)?, places: Memo::new(PLACES) };
        // The reader looks at the frame only. A damaged tree or data section shows when records are
        // read; reading all of them takes seconds, a few from all over take none.
        for high in (1..=u8::MAX).step_by(7) {
            database.decode(IpAddr::V4(Ipv4Addr::new(high, high.wrapping_mul(13), 7, 1)))?;
            if database.reader.metadata().ip_version == 6 {
                let head = 0x2000 | (u16::from(high) << 2);
                database.decode(IpAddr::V6(Ipv6Addr::new(head, 0xdb8, 0, 0, 0, 0, 0, 1)))?;
            }
        }
        Ok(database)
    }

    fn decode(&self, address: IpAddr) -> Result<Option<Place>, MaxMindDbError> {
        Ok(self.reader.lookup(address)?.decode::<record::Record>()?.map(Place::from))
    }

    /// An address that a sound file cannot place (IPv6 in a file of IPv4, a damaged record) is
    /// nowhere: a click counts without its country.
    fn place(&self, address: IpAddr) -> Arc<Place> {
        let Ok(found) = self.reader.lookup(address.to_canonical()) else { return nowhere() };
        let Some(offset) = found.offset() else { return nowhere() };
        self.places.get_or_insert(&Offset(offset), || match found.decode::<record::Record>() {
            Ok(Some(record)) => Arc::new(Place::from(record)),
            Ok(None) | Err(_) => nowhere(),
        })
    }
}
