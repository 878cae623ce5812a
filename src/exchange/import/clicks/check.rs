//! Every row of `clicks.csv`, before anything is changed.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use crate::exchange::bundle::{CLICKS, CONTENTS};
use crate::exchange::cells::Cells;
use crate::exchange::csv::Row;
use crate::exchange::directory::Names;
use crate::exchange::import::Import;
use crate::exchange::refusal::{Refusals, shown};
use crate::exchange::{Error, Place, Progress};
use crate::model::{Answer, Channel, Class};

/// A good row.
#[derive(Debug)]
pub(super) struct Click {
    pub(super) row: Row,
    pub(super) at_ms: i64,
    pub(super) class: Class,
    pub(super) answer: Answer,
}

/// Index of each column in a row.
pub(super) const ADVOCATE: usize = 0;
pub(super) const CONTENT: usize = 1;
pub(super) const CHANNEL: usize = 2;
pub(super) const CLICKED_AT: usize = 3;
pub(super) const COUNTRY: usize = 5;
pub(super) const DEVICE: usize = 6;
pub(super) const VISITOR: usize = 7;

/// Checks one row; `is_content` says whether a cell names one.
pub(super) fn click(row: Row, is_content: impl Fn(&str) -> bool, refusals: &mut Refusals) -> Option<Click> {
    let mut cells = Cells::of(CLICKS.name, &row, refusals);
    let [advocate, content, channel, clicked_at, class, country, device, visitor, answer] = row.cells();
    cells.text("advocate", advocate);
    if !is_content(content) {
        cells.refuse("content", format!("there is no content {}", shown(content)));
    }
    // Parsed only where it is kept: a million texts would be made for nothing.
    let is_channel = (1..=Channel::MAX_LEN).contains(&channel.len())
        && channel.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if !is_channel {
        cells.required_word::<Channel>("channel", channel);
    }
    let at_ms = cells.required_instant("clicked_at", clicked_at).map(|instant| instant.ms);
    let class = cells.required_word::<Class>("class", class);
    let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_country && !country.is_empty() {
        let shown = shown(country);
        cells.refuse("country", format!("{shown} is no country: expected two capital letters, such as FR"));
    }
    cells.text("device", device);
    cells.text("visitor", visitor);
    let answer = if answer.is_empty() { Some(Answer::Content) } else { cells.word("answer", answer) };
    let (at_ms, class, answer, true) = (at_ms?, class?, answer?, cells.are_good()) else { return None };
    Some(Click { row, at_ms, class, answer })
}

/// The next row of a file; a bad one is noted.
pub(super) type Next<'a> = &'a mut dyn FnMut(&mut Refusals) -> io::Result<Option<Row>>;

/// Gives the file's rows to `work`, on a thread that may wait. What is bad is in the answer.
pub(super) async fn each_row<T: Send + 'static>(
    import: &Import,
    progress: &Progress,
    work: impl FnOnce(Next<'_>, &mut Refusals) -> io::Result<T> + Send + 'static,
) -> Result<(T, Refusals), Error> {
    let folder = import.folder.clone();
    let path = folder.join(CLICKS.name);
    let read = Arc::clone(&progress.done);
    let reading = tokio::task::spawn_blocking(move || {
        let mut refusals = Refusals::default();
        let mut reader = CLICKS.open(&folder, &read, &mut refusals)?;
        let mut next = |refusals: &mut Refusals| match &mut reader {
            Some(reader) => reader.next_row(refusals),
            None => Ok(None),
        };
        let answer = work(&mut next, &mut refusals)?;
        Ok((answer, refusals))
    });
    let answer = reading.await.map_err(|_| Error::Stopped)?;
    answer.map_err(|source| Error::File { path, source })
}

/// Checks the whole file.
///
/// # Errors
/// When it cannot be read; bad rows are in the answer.
pub(in crate::exchange::import) async fn check(
    place: &Place,
    import: &Import,
    progress: &Progress,
) -> Result<Refusals, Error> {
    let names = Names::read(&mut place.store.read().await?, place.space).await?;
    let folder = import.folder.clone();
    // What contents.csv will bring; whether its rows are good is said when it is imported.
    let (brought, _) = tokio::task::spawn_blocking(move || {
        let (mut keys, mut refusals) = (HashSet::new(), Refusals::default());
        let mut reader = CONTENTS.open(&folder, &Arc::default(), &mut refusals)?;
        while let Some(row) = match &mut reader {
            Some(reader) => reader.next_row(&mut refusals)?,
            None => None,
        } {
            keys.insert(row.cell(0).to_owned());
        }
        io::Result::Ok((keys, refusals))
    })
    .await
    .map_err(|_| Error::Stopped)?
    .map_err(|source| Error::File { path: import.folder.join(CONTENTS.name), source })?;
    let work = move |next: Next<'_>, refusals: &mut Refusals| {
        let is_content =
            |cell: &str| !cell.is_empty() && (brought.contains(cell) || names.contents.find(cell).is_some());
        while let Some(row) = next(refusals)? {
            click(row, is_content, refusals);
        }
        Ok(())
    };
    Ok(each_row(import, progress, work).await?.1)
}
