//! `clicks.csv`: imported and recorded clicks alike, as they come from ClickHouse.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::{Exported, Sheet};
use crate::exchange::bundle::CLICKS;
use crate::exchange::directory::Names;
use crate::exchange::import::{advocate_of, content_of};
use crate::exchange::times::{self, Zone};
use crate::exchange::{Error, Place, Progress};

/// Clicks of a period, in milliseconds since 1970, both ends included.
pub(super) struct Clicks {
    from_ms: i64,
    through_ms: i64,
    /// Some were answered with something else than their content.
    with_answer: bool,
}

impl Clicks {
    /// Counts them, as what there is to write.
    pub(super) async fn of(place: &Place, from_ms: i64, through_ms: i64, progress: &Progress) -> Result<Self, Error> {
        let counted = place.warehouse.count_clicks(place.space, from_ms, through_ms).await.map_err(Error::Warehouse)?;
        progress.total.store(counted.clicks, Ordering::Relaxed);
        Ok(Self { from_ms, through_ms, with_answer: counted.otherwise > 0 })
    }

    pub(super) async fn write(
        self,
        place: &Place,
        folder: &Path,
        zone: &Zone,
        names: &Names,
        exported: &mut Exported,
        progress: &Progress,
    ) -> Result<(), Error> {
        let Self { from_ms, through_ms, with_answer } = self;
        let more = if with_answer { CLICKS.optional } else { &[] };
        let mut sheet = Sheet::new(folder, &CLICKS, more, progress)?;
        let mut clicks = place.warehouse.clicks_of(place.space, from_ms, through_ms).map_err(Error::Warehouse)?;
        while let Some(click) = clicks.next().await.map_err(Error::Warehouse)? {
            let clicked_at = times::write(click.at_ms, click.clicked_at_form, zone);
            let cells = [
                advocate_of(&click, names),
                content_of(&click, names),
                click.channel,
                clicked_at.as_str(),
                click.class,
                click.country,
                click.device,
                click.visitor,
                click.answer,
            ];
            sheet.row(&cells[..if with_answer { 9 } else { 8 }])?;
        }
        sheet.end(true, exported)
    }
}
