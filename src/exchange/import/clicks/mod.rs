//! `clicks.csv`, the long file: read three times, never held.
//!
//! 1. [`check`]: every row, against the contents that the space and `contents.csv` name.
//! 2. [`tally`]: how often each row stands in the file, and how often in ClickHouse already, whoever
//!    brought it there. Memory: 80 bytes for each different row of the file at most, 120 while the table
//!    grows.
//! 3. [`load`]: the n-th of equal rows is stored when ClickHouse had fewer than n.
//!
//! A row's identity is made of what it says and of its number among equal rows, not of its place in the
//! file. So it does not matter in which order a file is written, an import that was broken off goes on
//! where it stopped, and what two imports store at once is stored once.

mod check;
mod identity;
mod load;
mod tally;

use std::sync::Arc;

use super::{Changes, Import};
use crate::exchange::directory::Names;
use crate::exchange::refusal::Refusals;
use crate::exchange::times::Zone;
use crate::exchange::{Error, Place, Progress};

pub(super) use check::check;
pub(in crate::exchange) use identity::{advocate_of, content_of};

/// Counts what is missing and stores it. Bad rows are looked over, and in the answer.
pub(super) async fn import(
    place: &Place,
    import: &Import,
    names: Names,
    zone: Zone,
    progress: &Progress,
) -> Result<(Changes, Refusals), Error> {
    let names = Arc::new(names);
    let (mut tally, refused) = tally::Tally::of_file(import, Arc::clone(&names), place.space, progress).await?;
    tally.subtract_stored(place, &names).await?;
    let changes = tally.changes();
    if import.dry_run || changes.added == 0 {
        return Ok((changes, refused));
    }
    load::load(place, import, names, zone, tally, progress).await?;
    Ok((changes, refused))
}
