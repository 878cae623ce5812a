//! A list of people in somebody else's columns.
//!
//! ```toml
//! delimiter = ";"                # default ","
//! [columns]                      # our column = theirs
//! external_id = "Matricule"
//! email = "E-mail"
//! team = "Service"
//! invited_on = "Date d'entrée"
//! [constants]                    # our column = the same for all
//! kind = "employee"
//! [formats]                      # how their dates are written, as strftime does
//! invited_on = "%d/%m/%Y"
//! ```
//! A person is found by `external_id`, else by `email`. Columns of ours that the map does not name stay as
//! they are, and theirs that it does not name are looked over.

use std::path::Path;

use jiff::civil::Date;
use jiff::fmt::strtime;

use super::bundle::ADVOCATES;
use super::cells::Cells;
use super::csv::{Columns, Reader, Row};
use super::import::{Imported, People, Person, Work, with_lease};
use super::refusal::shown;
use super::times::{self, Zone};
use super::{Error, Place, Progress};
use crate::model::PeopleMap;
use crate::programme::transfers::{check_map, delimiter};

/// Reads and checks a map from its file.
///
/// # Errors
/// [`Error::Map`] says what is wrong with it.
pub fn open_map(path: &Path) -> Result<PeopleMap, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    let map: Result<PeopleMap, String> = toml::from_str(&text).map_err(|error| error.message().to_owned());
    let checked = map.and_then(|map| check_map(&map).map(|()| map));
    checked.map_err(|reason| Error::Map { path: path.to_owned(), reason })
}

/// Imports a list of people: what is added, changed and left is in the answer.
///
/// # Errors
/// When file, map or store fail. Rows that were refused are in the answer.
pub async fn import_people(
    place: &Place,
    file: &Path,
    map: &PeopleMap,
    skip_bad_rows: bool,
    dry_run: bool,
    progress: &Progress,
) -> Result<Imported, Error> {
    let size = std::fs::metadata(file).map_or(0, |data| data.len());
    progress.total.store(size, std::sync::atomic::Ordering::Relaxed);
    with_lease(place, async |holder| {
        let mut work = Work::begin(place, holder, progress).await?;
        take_in(&mut work, file, map).await?;
        Ok(work.end(place, skip_bad_rows, dry_run).await?.imported)
    })
    .await
}

async fn take_in(work: &mut Work<'_>, file: &Path, map: &PeopleMap) -> Result<(), Error> {
    let failed = |source| Error::File { path: file.to_owned(), source };
    let broken = |reason| Error::Map { path: file.to_owned(), reason };
    let mut theirs: Vec<String> = map.columns.values().cloned().collect();
    theirs.sort();
    theirs.dedup();
    let delimiter = delimiter(map).map_err(broken)?;
    let columns = Columns { required: theirs.clone(), optional: Vec::new(), others: true, delimiter, mark: true };
    let mut people = People::read(work).await?;
    let opened = Reader::open(file, &columns, work.progress.done.clone(), &mut work.refusals).map_err(failed)?;
    let Some(mut reader) = opened else { return Ok(()) };
    let name = reader.file().to_owned();
    while let Some(row) = reader.next_row(&mut work.refusals).map_err(failed)? {
        let mut cells = Cells::of(&name, &row, &mut work.refusals);
        let mut value = |ours: &str| {
            if let Some(constant) = map.constants.get(ours) {
                return Some(constant.clone());
            }
            let place = theirs.binary_search(map.columns.get(ours)?).ok()?;
            Some(converted(&row, place, ours, map, &work.zone, &mut cells))
        };
        let values = ADVOCATES.columns.iter().map(|ours| value(ours)).collect::<Vec<_>>();
        let given = |index: usize| values[index].as_deref();
        let person = Person {
            external_id: given(0),
            email: given(1),
            name: given(2),
            kind: given(3),
            team: given(4),
            location: given(5),
            language: given(6),
            cohort: given(7),
            invited_on: given(8),
            registered_at: given(9),
            left_on: given(10),
        };
        people.take(cells, row.line, &person, &work.zone);
    }
    let changes = people.store(work, &name).await?;
    work.files.insert(name, changes);
    Ok(())
}

/// A cell of theirs as a bundle would write it.
fn converted(row: &Row, place: usize, ours: &str, map: &PeopleMap, zone: &Zone, cells: &mut Cells<'_>) -> String {
    let cell = row.cell(place);
    let Some(format) = map.formats.get(ours).filter(|_| !cell.is_empty()) else { return cell.to_owned() };
    let read = if ours == "registered_at" { zone.instant_of(format, cell) } else { date_of(format, cell) };
    read.unwrap_or_else(|| {
        cells.refuse(ours, format!("{} is not written as {}", shown(cell), shown(format)));
        String::new()
    })
}

fn date_of(format: &str, cell: &str) -> Option<String> {
    Date::strptime(format, cell).ok().map(|date| date.to_string())
}

impl Zone {
    /// An instant in somebody's format; without an offset it is local time, without a time midnight.
    fn instant_of(&self, format: &str, cell: &str) -> Option<String> {
        let parts = strtime::parse(format, cell).ok()?;
        let ms = match parts.to_timestamp() {
            Ok(instant) => instant.as_millisecond(),
            Err(_) => {
                let local = parts.to_datetime().or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
                self.local_ms(local)?
            }
        };
        Some(times::write(ms, "", self))
    }
}
