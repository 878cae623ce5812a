//! From a folder into a space.
//!
//! 1. Every row of `clicks.csv` is checked, with no lock held: it is the long file.
//! 2. Under the space's lease, one transaction takes in the facts, file after file, each row checked
//!    against what stands and what came before it. With a bad row, or on a dry run, it is undone.
//! 3. The clicks are counted against those that ClickHouse has, and what is missing is stored ([`clicks`]).

mod advocates;
mod applications;
mod campaigns;
mod clicks;
mod contents;
mod links;
mod preview;
mod shares;
mod sign_ins;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bundle::{self, FileOf};
use super::csv::{Reader, Row};
use super::directory::Names;
use super::refusal::Refusals;
use super::times::Zone;
use super::{Error, Place, Progress};
use crate::model::{Changes, PersonChange, Space};
use crate::store::{Store, StoreError, Writing};

pub(super) use advocates::{People, Person};
pub(super) use clicks::{advocate_of, content_of};
pub(super) use links::usual_vanity;

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct Import {
    /// The bundle's folder.
    pub folder: PathBuf,
    /// Import the good rows of a bundle with bad ones.
    pub skip_bad_rows: bool,
    /// Say what would change, and change nothing.
    pub dry_run: bool,
}

/// How an import ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// What became of each file's rows, by its name; empty after a refusal.
    pub files: BTreeMap<String, Changes>,
    /// What was refused.
    pub refused: Refusals,
    /// Whether anything was kept: false after a refusal or a dry run.
    pub kept: bool,
    /// The first [`MOST_SHOWN`] people who are added or changed; none after a refusal.
    pub people: Vec<PersonChange>,
}

/// People whose changes are told one by one; others are counted only.
pub const MOST_SHOWN: usize = 200;

/// Imports a bundle.
///
/// # Errors
/// When files, store or ClickHouse fail. Rows that were refused are in the answer.
pub async fn import(place: &Place, import: &Import, progress: &Progress) -> Result<Imported, Error> {
    let mut read = 0;
    for file in bundle::FILES {
        read += std::fs::metadata(import.folder.join(file.name)).map_or(0, |data| data.len());
    }
    // The clicks are read three times.
    let clicks = std::fs::metadata(import.folder.join(bundle::CLICKS.name)).map_or(0, |data| data.len());
    progress.total.store(read + 2 * clicks, Ordering::Relaxed);

    let mut refused = clicks::check(place, import, progress).await?;
    if refused.broken || (!refused.is_empty() && !import.skip_bad_rows) {
        // The other files are looked at too, so that everything that is wrong is said at once.
        let rest = Import { dry_run: true, ..import.clone() };
        let facts = with_lease(place, async |holder| facts(place, &rest, holder, progress).await).await?;
        refused.append(facts.imported.refused);
        return Ok(Imported { refused, ..Imported::default() });
    }
    with_lease(place, async |holder| {
        let Facts { mut imported, names, zone } = facts(place, import, holder, progress).await?;
        let refuses = imported.refused.broken || (!imported.refused.is_empty() && !import.skip_bad_rows);
        if refuses {
            return Ok(imported);
        }
        // Rows that leaned on bad rows of other files are seen only now.
        let (changes, bad_clicks) = clicks::import(place, import, names, zone, progress).await?;
        imported.refused.append(bad_clicks);
        imported.files.insert(bundle::CLICKS.name.to_owned(), changes);
        Ok(imported)
    })
    .await
}

/// How the facts ended, and who and what is there afterwards.
pub(super) struct Facts {
    pub(super) imported: Imported,
    names: Names,
    zone: Zone,
}

async fn facts(place: &Place, import: &Import, holder: u64, progress: &Progress) -> Result<Facts, Error> {
    let mut work = Work::begin(place, holder, progress).await?;
    let folder = import.folder.as_path();
    advocates::import(&mut work, folder).await?;
    campaigns::import(&mut work, folder).await?;
    contents::import(&mut work, folder, &place.base_url).await?;
    work.names = Names::read(&mut work.writing, work.space.id).await?;
    links::import(&mut work, folder).await?;
    shares::import(&mut work, folder).await?;
    sign_ins::import(&mut work, folder).await?;
    applications::import(&mut work, folder).await?;
    work.end(place, import.skip_bad_rows, import.dry_run).await
}

/// One transaction of an import.
pub(super) struct Work<'a> {
    writing: Writing,
    /// Of the space's lease.
    holder: u64,
    space: Space,
    pub(super) zone: Zone,
    /// People and contents as they stand once their files are read.
    names: Names,
    pub(super) refusals: Refusals,
    pub(super) files: BTreeMap<String, Changes>,
    people: Vec<PersonChange>,
    pub(super) progress: &'a Progress,
}

impl<'a> Work<'a> {
    pub(super) async fn begin(place: &Place, holder: u64, progress: &'a Progress) -> Result<Self, Error> {
        let mut writing = write(&place.store).await?;
        let space = writing.space(place.space).await?.ok_or(Error::NoSpace)?;
        let zone = Zone::of(&space.time_zone)?;
        let names = Names::read(&mut writing, space.id).await?;
        let (refusals, files, people) = (Refusals::default(), BTreeMap::new(), Vec::new());
        Ok(Self { writing, holder, space, zone, names, refusals, files, people, progress })
    }

    /// Calls `each` with every good row of a file, in order. False when there is no such file.
    fn rows(&mut self, folder: &Path, file: &FileOf, mut each: impl FnMut(&mut Refusals, Row)) -> Result<bool, Error> {
        let failed = |source| Error::File { path: folder.join(file.name), source };
        let Some(mut reader) = self.open(folder, file)? else { return Ok(false) };
        while let Some(row) = reader.next_row(&mut self.refusals).map_err(failed)? {
            each(&mut self.refusals, row);
        }
        Ok(true)
    }

    /// Opens a file of the bundle; `None` when there is nothing to read.
    fn open(
        &mut self,
        folder: &Path,
        file: &FileOf,
    ) -> Result<Option<Reader<std::io::BufReader<std::fs::File>>>, Error> {
        let failed = |source| Error::File { path: folder.join(file.name), source };
        file.open(folder, &self.progress.done, &mut self.refusals).map_err(failed)
    }

    fn note(&mut self, file: &FileOf, changes: Changes) {
        self.files.insert(file.name.to_owned(), changes);
    }

    /// Tells of somebody who is added or changed, unless there are many already.
    fn show(&mut self, person: impl FnOnce(&Zone) -> PersonChange) {
        if self.people.len() < MOST_SHOWN {
            self.people.push(person(&self.zone));
        }
    }

    pub(super) async fn end(mut self, place: &Place, skip_bad_rows: bool, dry_run: bool) -> Result<Facts, Error> {
        // What would have changed means nothing beside bad rows.
        let refuses = self.refusals.broken || (!self.refusals.is_empty() && !skip_bad_rows);
        let kept = !dry_run && !refuses;
        if kept {
            // While this transaction was open nobody could renew it.
            let until_ms = place.store.clock().now_ms() + LEASE_MS;
            self.writing.renew_import_lease(self.space.id, self.holder, until_ms).await?;
            self.writing.commit().await?;
        }
        let (files, people) = if refuses { Default::default() } else { (self.files, self.people) };
        let imported = Imported { files, refused: self.refusals, kept, people };
        Ok(Facts { imported, names: self.names, zone: self.zone })
    }
}

/// Longest wait for another import's transaction or lease.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Pause between two tries to get the lease.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A lease ends so long after it was last renewed, in milliseconds.
const LEASE_MS: i64 = 20_000;
/// How often it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(5);

/// Opens a transaction, however long another import's lasts.
async fn write(store: &Store) -> Result<Writing, StoreError> {
    patiently(|| store.write()).await
}

async fn patiently<T, F>(mut call: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let begun = tokio::time::Instant::now();
    loop {
        match call().await {
            Err(StoreError::Busy) if begun.elapsed() < PATIENCE => {}
            answer => return answer,
        }
    }
}

/// Does `work` while no other import of this space does.
pub(super) async fn with_lease<T>(place: &Place, work: impl AsyncFnOnce(u64) -> Result<T, Error>) -> Result<T, Error> {
    let Place { store, space, .. } = place;
    let holder = rand::random::<u64>() >> 1;
    let begun = tokio::time::Instant::now();
    while !patiently(|| store.take_import_lease(*space, holder, LEASE_MS)).await? {
        if begun.elapsed() > PATIENCE {
            return Err(StoreError::Busy.into());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let renewing = async {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            // A transaction of our own may hold the writers' lock: it is renewed when that ends.
            let _busy = store.take_import_lease(*space, holder, LEASE_MS).await;
        }
    };
    let answer = tokio::select! {
        answer = work(holder) => answer,
        () = renewing => Err(Error::Stopped),
    };
    patiently(|| store.end_import_lease(*space, holder)).await?;
    answer
}

/// Keys of rows that were seen, as 128 bits each, with the line of the first: a key that stands twice in a
/// file is refused.
#[derive(Default)]
struct Seen(std::collections::HashMap<u128, u64>);

impl Seen {
    /// The line on which the key stood before.
    fn before(&mut self, key: &str, line: u64) -> Option<u64> {
        use std::hash::Hasher;
        let mut hasher = siphasher::sip128::SipHasher24::new_with_keys(0x7265_6c61_6973, 0x6b65_7973);
        hasher.write(key.as_bytes());
        let hash = siphasher::sip128::Hasher128::finish128(&hasher).as_u128();
        match self.0.entry(hash) {
            std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
            std::collections::hash_map::Entry::Vacant(room) => {
                room.insert(line);
                None
            }
        }
    }
}

/// Adds `-2`, `-3`… until the name is free.
fn free_name(wanted: &str, taken: &HashSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken.contains(name)).expect("numbers do not end")
}
