//! `clicks.csv`: imported and recorded clicks alike, as they come from ClickHouse.

use std::path::Path;

use super::{Exported, Sheet};
use crate::exchange::bundle::CLICKS;
use crate::exchange::directory::Names;
use crate::exchange::import::{advocate_of, content_of};
use crate::exchange::times::{self, Zone};
use crate::exchange::{Error, Place, Progress};
use crate::model::click_id::LAST_STORABLE_MS;

pub(super) async fn write(
    place: &Place,
    folder: &Path,
    zone: &Zone,
    names: &Names,
    with_answer: bool,
    exported: &mut Exported,
    progress: &Progress,
) -> Result<(), Error> {
    let more = if with_answer { CLICKS.optional } else { &[] };
    let mut sheet = Sheet::new(folder, &CLICKS, more, progress)?;
    let mut clicks = place.warehouse.clicks_of(place.space, 0, LAST_STORABLE_MS).map_err(Error::Warehouse)?;
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
