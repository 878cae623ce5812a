//! The secrets of the day: made when a day comes near, destroyed 48 hours after it began (UTC).
//!
//! One file a day, `keys/2026-03-02.key`, 32 random bytes, readable by the owner alone. Both the
//! sealing of addresses and the visitor pseudonyms hang on it; when the file is gone, neither can
//! be undone. A key exists from the day before it is needed, because a space east of Greenwich
//! begins its local day while UTC still has the one before.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::model::address::{Day, utc_day};
use crate::model::{DayKey, DayKeys};

/// A key lives for this many days, counted from the UTC start of its day.
const LIFE_DAYS: Day = 2;
/// Keys are made this many days ahead.
const AHEAD_DAYS: Day = 1;

/// The folder of keys, and the keys that are alive in this process.
pub(super) struct KeyFolder {
    folder: PathBuf,
    alive: BTreeMap<Day, DayKey>,
}

impl KeyFolder {
    /// Opens `folder`, making it (mode 0700) when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Ok(Self { folder: folder.to_owned(), alive: BTreeMap::new() })
    }

    /// Destroys what is too old at `now_ms`, makes what will be needed, and hands both to `keys`.
    ///
    /// Meant to be called at the start and then every few minutes.
    ///
    /// # Errors
    /// When a key can be neither read nor made. What is alive stays in use.
    pub(super) fn refresh(&mut self, now_ms: i64, keys: &DayKeys) -> io::Result<()> {
        let today = utc_day(now_ms);
        let oldest = today - LIFE_DAYS + 1;
        self.destroy_before(oldest)?;
        self.alive.retain(|day, _| *day >= oldest);
        for day in oldest..=today + AHEAD_DAYS {
            if !self.alive.contains_key(&day)
                && let Some(secret) = self.read_or_make(day, day >= today)?
            {
                self.alive.insert(day, DayKey::from_secret(&secret));
            }
        }
        keys.replace(self.alive.clone());
        Ok(())
    }

    /// Keeps secrets that another node made, for days that have none here yet.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(super) fn adopt(&self, secrets: &BTreeMap<Day, [u8; 32]>) -> io::Result<()> {
        for (day, secret) in secrets {
            self.keep(*day, secret)?;
        }
        Ok(())
    }

    /// The secrets of today and the days to come, for other nodes; makes those that are missing.
    ///
    /// # Errors
    /// When one can be neither read nor made.
    pub(super) fn to_hand_out(&self, now_ms: i64) -> io::Result<BTreeMap<Day, [u8; 32]>> {
        let today = utc_day(now_ms);
        let mut secrets = BTreeMap::new();
        for day in today..=today + AHEAD_DAYS {
            if let Some(secret) = self.read_or_make(day, true)? {
                secrets.insert(day, secret);
            }
        }
        Ok(secrets)
    }

    fn path(&self, day: Day) -> PathBuf {
        self.folder.join(format!("{}.key", date_of(day)))
    }

    fn read_or_make(&self, day: Day, make: bool) -> io::Result<Option<[u8; 32]>> {
        let path = self.path(day);
        match fs::read(&path) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
                Ok(secret) => return Ok(Some(secret)),
                // A torn file of a crash: what was sealed with it is lost anyway.
                Err(_) => fs::remove_file(&path)?,
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if !make {
            return Ok(None);
        }
        let secret: [u8; 32] = rand::random();
        // When another process of this data directory was first, its secret is the one.
        if self.keep(day, &secret)? { Ok(Some(secret)) } else { self.read_or_make(day, false) }
    }

    /// Writes the secret of a day that has none yet; false when it has one.
    fn keep(&self, day: Day, secret: &[u8; 32]) -> io::Result<bool> {
        let mut file = match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path(day)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error),
        };
        file.write_all(secret)?;
        file.sync_all()?;
        fs::File::open(&self.folder)?.sync_all()?;
        Ok(true)
    }

    fn destroy_before(&self, oldest: Day) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let day = path.file_stem().and_then(|stem| stem.to_str()).and_then(day_of);
            if path.extension().is_some_and(|extension| extension == "key") && day.is_some_and(|day| day < oldest) {
                // Overwritten first, so that an undelete finds nothing on a disk that writes in place.
                fs::write(&path, [0u8; 32])?;
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }
}

fn date_of(day: Day) -> jiff::civil::Date {
    jiff::civil::Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(i64::from(day)))
}

fn day_of(text: &str) -> Option<Day> {
    let date: jiff::civil::Date = text.parse().ok()?;
    jiff::civil::Date::constant(1970, 1, 1).until(date).ok().map(|span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::address::DAY_MS;

    const NOON: i64 = 20_500 * DAY_MS + DAY_MS / 2;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_key_is_destroyed_48_hours_after_its_day_began() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = DayKeys::default();
        let mut made = KeyFolder::open(folder.path()).expect("opens");
        made.refresh(NOON, &keys).expect("refreshes");
        assert!(keys.get(20_500).is_some() && keys.get(20_501).is_some());

        made.refresh(20_502 * DAY_MS - 1, &keys).expect("refreshes");
        assert!(keys.get(20_500).is_some());
        made.refresh(20_502 * DAY_MS, &keys).expect("refreshes");
        assert!(keys.get(20_500).is_none());
        assert!(!names(folder.path()).contains(&format!("{}.key", date_of(20_500))));
    }

    #[test]
    fn a_restart_finds_the_same_keys() {
        let folder = tempfile::tempdir().expect("a folder");
        let salt = || {
            let keys = DayKeys::default();
            KeyFolder::open(folder.path()).expect("opens").refresh(NOON, &keys).expect("refreshes");
            *keys.get(20_500).expect("today's key").visitor_salt()
        };
        assert_eq!(salt(), salt());
    }

    #[test]
    fn a_torn_key_is_made_again_only_for_days_to_come() {
        let folder = tempfile::tempdir().expect("a folder");
        for day in [20_499, 20_500] {
            fs::write(folder.path().join(format!("{}.key", date_of(day))), b"torn").expect("writes");
        }
        let keys = DayKeys::default();
        KeyFolder::open(folder.path()).expect("opens").refresh(NOON, &keys).expect("refreshes");
        assert!(keys.get(20_499).is_none());
        assert!(keys.get(20_500).is_some());
    }
}
