//! `sign_ins.csv`.

use std::path::Path;

use super::advocates::instant_cell;
use super::{Changes, Work};
use crate::exchange::Error;
use crate::exchange::bundle::SIGN_INS;
use crate::exchange::cells::Cells;
use crate::exchange::refusal::shown;
use crate::exchange::written::{Cell, SIGNED_IN, remember};
use crate::model::SignIn;

/// Rows that are written at once.
const CHUNK: usize = 500;

pub(super) async fn import(work: &mut Work<'_>, folder: &Path) -> Result<(), Error> {
    let Some(mut reader) = work.open(folder, &SIGN_INS)? else { return Ok(()) };
    let failed = |source| Error::File { path: folder.join(SIGN_INS.name), source };
    let space = work.space.id;
    let mut changes = Changes::default();
    let (mut chunk, mut written) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK));
    loop {
        let row = reader.next_row(&mut work.refusals).map_err(failed)?;
        let is_last = row.is_none();
        if let Some(row) = row {
            let mut cells = Cells::of(SIGN_INS.name, &row, &mut work.refusals);
            let [advocate, signed_in_at] = row.cells();
            let known = work.names.advocates.find(advocate).map(|(id, _)| id);
            let erased = known.is_none() && work.names.erased.find(advocate).is_some();
            if known.is_none() && !erased {
                cells.refuse("advocate", format!("there is no advocate {}", shown(advocate)));
            }
            changes.left += u64::from(erased);
            let instant = cells.required_instant("signed_in_at", signed_in_at);
            if let (Some(advocate), Some(instant), true) = (known, instant, cells.are_good()) {
                let (kept, usual) = instant_cell(Some(instant.ms), &work.zone);
                let (entity, written_as) = (advocate.bits(), signed_in_at.to_owned());
                written.push(Cell { entity, field: SIGNED_IN, kept, usual, written: written_as });
                chunk.push(SignIn { space, advocate, signed_in_at_ms: instant.ms });
            }
        }
        if chunk.len() == CHUNK || is_last {
            let added = work.writing.insert_sign_ins(space, &chunk).await?;
            changes.added += added;
            changes.left += chunk.len() as u64 - added;
            remember(&mut work.writing, space, &written).await?;
            chunk.clear();
            written.clear();
        }
        if is_last {
            work.note(&SIGN_INS, changes);
            return Ok(());
        }
    }
}
