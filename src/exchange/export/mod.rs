//! From a space into a folder.
//!
//! The files are written beside the folder that was asked for, which gets its name when all of them are
//! whole and synced: a bundle is there as a whole or not at all. The facts are one state of the store; the
//! clicks are read after it.
//!
//! `links.csv` and `sign_ins.csv` are written when there is something to say, and so is the column `answer`.

mod clicks;
mod facts;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::bundle::FileOf;
use super::directory::Names;
use super::times::Zone;
use super::{Error, Place, Progress};
use crate::model::click_id::LAST_STORABLE_MS;
use clicks::Clicks;

/// Rows written, by file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// By its name.
    pub files: BTreeMap<String, u64>,
}

/// Writes the bundle of a space into `folder`, which must be new or empty.
///
/// # Errors
/// When files, store or ClickHouse fail; nothing stands in `folder` then.
pub async fn export(place: &Place, folder: &Path, progress: &Progress) -> Result<Exported, Error> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    let name = folder.file_name().ok_or_else(|| Error::NotEmpty(folder.to_owned()))?;
    let beside = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // People's names and addresses stand in it: nobody else on the machine reads it.
    let private = |path: &Path| fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    let draft = beside.join(format!(".{}.{:08x}", name.to_string_lossy(), rand::random::<u32>()));
    private(&draft).map_err(at(&draft))?;
    let written = write(place, &draft, progress).await;
    let ended = written.and_then(|exported| {
        File::open(&draft).and_then(|folder| folder.sync_all()).map_err(at(&draft))?;
        fs::rename(&draft, folder).map_err(at(folder))?;
        File::open(beside).and_then(|folder| folder.sync_all()).map_err(at(beside))?;
        Ok(exported)
    });
    if ended.is_err() {
        let _gone_already = fs::remove_dir_all(&draft);
    }
    ended
}

/// Writes `clicks.csv` alone into `folder`, which is there: clicks from `from_ms` through `through_ms`,
/// in milliseconds since 1970; everything when left out.
///
/// # Errors
/// When files, store or ClickHouse fail.
pub async fn export_clicks(
    place: &Place,
    folder: &Path,
    from_ms: Option<i64>,
    through_ms: Option<i64>,
    progress: &Progress,
) -> Result<Exported, Error> {
    let mut reading = place.store.read().await?;
    let space = reading.space(place.space).await?.ok_or(Error::NoSpace)?;
    let zone = Zone::of(&space.time_zone)?;
    let names = Names::read(&mut reading, space.id).await?;
    drop(reading);
    let (from_ms, through_ms) = (from_ms.unwrap_or(0), through_ms.unwrap_or(LAST_STORABLE_MS));
    let clicks = Clicks::of(place, from_ms.max(0), through_ms.clamp(0, LAST_STORABLE_MS), progress).await?;
    let mut exported = Exported::default();
    clicks.write(place, folder, &zone, &names, &mut exported, progress).await?;
    Ok(exported)
}

async fn write(place: &Place, folder: &Path, progress: &Progress) -> Result<Exported, Error> {
    let mut reading = place.store.read().await?;
    let space = reading.space(place.space).await?.ok_or(Error::NoSpace)?;
    let zone = Zone::of(&space.time_zone)?;
    let names = Names::read(&mut reading, space.id).await?;
    let clicks = Clicks::of(place, 0, LAST_STORABLE_MS, progress).await?;
    let mut exported = Exported::default();
    facts::write(&mut reading, space.id, folder, &zone, &names, &mut exported, progress).await?;
    drop(reading);
    clicks.write(place, folder, &zone, &names, &mut exported, progress).await?;
    Ok(exported)
}

/// One file that is being written.
struct Sheet<'a> {
    writer: csv::Writer<BufWriter<File>>,
    path: PathBuf,
    name: &'static str,
    rows: u64,
    progress: &'a Progress,
}

impl<'a> Sheet<'a> {
    fn new(folder: &Path, file: &FileOf, more: &[&str], progress: &'a Progress) -> Result<Self, Error> {
        let path = folder.join(file.name);
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let made = made.map_err(|source| Error::File { path: path.clone(), source })?;
        let writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Necessary)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(BufWriter::with_capacity(1 << 18, made));
        let mut sheet = Self { writer, path, name: file.name, rows: 0, progress };
        sheet.record(file.columns.iter().chain(more))?;
        Ok(sheet)
    }

    fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Error> {
        self.rows += 1;
        self.progress.done.fetch_add(1, Ordering::Relaxed);
        self.record(cells)
    }

    fn record<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Error> {
        let cells = cells.into_iter().map(|cell| cell.as_ref().to_owned());
        let written = self.writer.write_record(cells);
        written.map_err(|error| Error::File { path: self.path.clone(), source: error.into() })
    }

    /// Makes the file durable; an optional one without rows goes again.
    fn end(self, required: bool, exported: &mut Exported) -> Result<(), Error> {
        let Self { writer, path, name, rows, .. } = self;
        let ended = || -> io::Result<()> {
            let mut file = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            file.flush()?;
            if rows == 0 && !required {
                return fs::remove_file(&path);
            }
            file.get_ref().sync_all()
        };
        ended().map_err(|source| Error::File { path: path.clone(), source })?;
        if rows > 0 || required {
            exported.files.insert(name.to_owned(), rows);
        }
        Ok(())
    }
}
