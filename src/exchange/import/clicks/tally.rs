//! How often each row stands in the file, and how often in ClickHouse.

use std::sync::Arc;

use hashbrown::HashMap;

use super::check::{Next, click, each_row};
use super::identity::{self, Said};
use crate::exchange::directory::Names;
use crate::exchange::import::{Changes, Import};
use crate::exchange::refusal::Refusals;
use crate::exchange::{Error, Place, Progress};
use crate::model::SpaceId;

/// Of one row: how often it stands where.
#[derive(Debug, Clone, Copy, Default)]
struct Times {
    in_file: u32,
    stored: u32,
    /// How many of the file were dealt with.
    seen: u32,
}

/// The counts of all rows of a file.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rows: HashMap<Said, Times>,
    period: Option<(i64, i64)>,
}

impl Tally {
    /// Counts the file.
    pub(super) async fn of_file(
        import: &Import,
        names: Arc<Names>,
        space: SpaceId,
        progress: &Progress,
    ) -> Result<(Self, Refusals), Error> {
        let work = move |next: Next<'_>, refusals: &mut Refusals| {
            let mut tally = Self::default();
            let is_content = |cell: &str| names.contents.find(cell).is_some();
            while let Some(row) = next(refusals)? {
                let Some(click) = click(row, is_content, refusals) else { continue };
                let (from, through) = tally.period.unwrap_or((click.at_ms, click.at_ms));
                tally.period = Some((from.min(click.at_ms), through.max(click.at_ms)));
                tally.rows.entry(identity::of_row(&click, &names, space)).or_default().in_file += 1;
            }
            Ok(tally)
        };
        each_row(import, progress, work).await
    }

    /// Counts those that ClickHouse has.
    pub(super) async fn subtract_stored(&mut self, place: &Place, names: &Names) -> Result<(), Error> {
        let Some((from, through)) = self.period else { return Ok(()) };
        let mut clicks = place.warehouse.clicks_of(place.space, from, through).map_err(Error::Warehouse)?;
        while let Some(click) = clicks.next().await.map_err(Error::Warehouse)? {
            if let Some(times) = self.rows.get_mut(&identity::of_stored(&click, names, place.space)) {
                times.stored += 1;
            }
        }
        Ok(())
    }

    /// What the file changes.
    pub(super) fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for times in self.rows.values() {
            let left = times.in_file.min(times.stored);
            changes.left += u64::from(left);
            changes.added += u64::from(times.in_file - left);
        }
        changes
    }

    /// The number of this row among its equals, when it is to be stored.
    pub(super) fn missing(&mut self, said: Said) -> Option<u32> {
        let times = self.rows.get_mut(&said)?;
        times.seen += 1;
        (times.seen > times.stored).then_some(times.seen)
    }
}
