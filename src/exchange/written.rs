//! How a bundle wrote what Relais keeps otherwise.

use std::collections::HashMap;

use crate::model::SpaceId;
use crate::store::exchange::WrittenAs;
use crate::store::{Reading, StoreError, Writing};

/// What one cell said and what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) entity: u64,
    /// File and column: `shares.shared_at`.
    pub(super) field: &'static str,
    pub(super) kept: String,
    /// What an export would write by itself.
    pub(super) usual: String,
    pub(super) written: String,
}

/// Remembers the cells that were written otherwise, and forgets those that are not any more. Writes
/// nothing when all stands already.
pub(super) async fn remember(writing: &mut Writing, space: SpaceId, cells: &[Cell]) -> Result<(), StoreError> {
    let mut entities: Vec<u64> = cells.iter().map(|cell| cell.entity).collect();
    entities.sort_unstable();
    entities.dedup();
    let standing = writing.written_of(space, &entities).await?;
    let mut by_cell: HashMap<_, _> =
        standing.iter().map(|one| ((one.entity, one.field.as_str(), one.kept.as_str()), &one.written)).collect();
    let mut new = Vec::new();
    let mut gone = Vec::new();
    for Cell { entity, field, kept, usual, written } in cells {
        let known = by_cell.remove(&(*entity, *field, kept.as_str()));
        let as_written = |written: &str| WrittenAs {
            entity: *entity,
            field: (*field).to_owned(),
            kept: kept.clone(),
            written: written.to_owned(),
        };
        match known {
            Some(known) if usual == written => gone.push(as_written(known)),
            Some(known) if known != written => new.push(as_written(written)),
            None if usual != written => new.push(as_written(written)),
            _ => {}
        }
    }
    // What was kept of these cells before: a former address must not stay here.
    let single = |field: &str| cells.iter().any(|cell| cell.field == field) && field != SIGNED_IN;
    gone.extend(by_cell.into_iter().filter(|((_, field, _), _)| single(field)).map(
        |((entity, field, kept), written)| WrittenAs {
            entity,
            field: field.to_owned(),
            kept: kept.to_owned(),
            written: written.clone(),
        },
    ));
    writing.put_written(space, &new).await?;
    writing.forget_written(space, &gone).await
}

/// The one field of which an entity has several.
pub(super) const SIGNED_IN: &str = "sign_ins.signed_in_at";

/// How cells of some entities were written.
#[derive(Debug, Default)]
pub(super) struct Forms(HashMap<(u64, String, String), String>);

impl Forms {
    /// Reads them.
    pub(super) async fn read(reading: &mut Reading, space: SpaceId, entities: &[u64]) -> Result<Self, StoreError> {
        let found = reading.written_of(space, entities).await?;
        Ok(Self(found.into_iter().map(|one| ((one.entity, one.field, one.kept), one.written)).collect()))
    }

    /// What stands in the cell: as it was written, else the usual text.
    pub(super) fn cell(&self, entity: u64, field: &str, kept: String, usual: String) -> String {
        if self.0.is_empty() {
            return usual;
        }
        self.0.get(&(entity, field.to_owned(), kept)).cloned().unwrap_or(usual)
    }
}
