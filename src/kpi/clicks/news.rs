//! What is in the log and was not told yet.
//!
//! Rows do not arrive in the order of their clicks, nor of their batches: a node that was cut off ships what it kept
//! when it is back, and a replay brings rows again under another batch. So no instant and no batch is a mark behind
//! which all is told. What is told is kept record by record, as intervals of each segment; this looks for the
//! segments that got a batch lately, and reads from them what the caller does not know.

use std::time::Duration;

use super::filter::{Names, columns, instant};
use super::{ClickLog, LogError};
use crate::model::SpaceId;
use crate::model::click_id::storable_ms;
use crate::warehouse::{ClickPlace, LoggedClick, Parameter, RecordNumber, Select};

/// How long one question may take.
const WITHIN: Duration = Duration::from_secs(60);

impl ClickLog {
    /// The segments with rows of batches that were cut at `cut_from_ms` or later, by the shipping node's clock, and of
    /// clicks at `clicked_from_ms` or later. Looks over all spaces: a segment belongs to none.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn places(&self, cut_from_ms: i64, clicked_from_ms: i64) -> Result<Vec<ClickPlace>, LogError> {
        // A batch's id begins with 48 bits of milliseconds.
        let batch = u128::from(storable_ms(cut_from_ms).unsigned_abs()) << 80;
        let mut select = Select::new(
            format!(
                "SELECT c.spool_id AS spool_id, c.lane AS lane, c.segment AS segment, min(c.record) AS first, \
                 max(c.record) AS last, toUInt64(groupBitmap(c.record)) AS records, \
                 toUnixTimestamp64Milli(min(c.clicked_at)) AS from_ms, \
                 toUnixTimestamp64Milli(max(c.clicked_at)) AS through_ms \
                 FROM clicks AS c WHERE c.batch >= {{batch:UInt128}} AND c.clicked_at >= {} \
                 GROUP BY c.spool_id, c.lane, c.segment ORDER BY from_ms",
                instant("from")
            ),
            WITHIN,
        );
        select.bind("batch", batch.to_string()).bind("from", storable_ms(clicked_from_ms));
        self.ask(&select).await
    }

    /// The records of a place, ascending.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn records_of(&self, place: &ClickPlace) -> Result<Vec<u32>, LogError> {
        let mut select = Select::new(
            format!(
                "SELECT DISTINCT c.record AS record FROM clicks AS c WHERE {} ORDER BY record",
                in_place("first", "last")
            ),
            WITHIN,
        );
        bind_place(&mut select, place, place.first, place.last);
        let found: Vec<RecordNumber> = self.ask(&select).await?;
        Ok(found.into_iter().map(|row| row.record).collect())
    }

    /// The clicks of these spaces among the records `first` to `last` (included) of a place, by record. Names are shown.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn clicks_of(
        &self,
        place: &ClickPlace,
        (first, last): (u32, u32),
        spaces: &[SpaceId],
    ) -> Result<Vec<LoggedClick>, LogError> {
        let mut select = Select::new(
            format!(
                "SELECT {} FROM clicks AS c FINAL WHERE has({{spaces:Array(String)}}, c.space_id) AND {} \
                 ORDER BY c.record",
                columns(Names::Shown),
                in_place("first", "last")
            ),
            WITHIN,
        );
        select.bind("spaces", Parameter::Texts(spaces.iter().map(ToString::to_string).collect()));
        bind_place(&mut select, place, first, last);
        self.ask(&select).await
    }
}

fn in_place(first: &str, last: &str) -> String {
    format!(
        "c.spool_id = {{spool:UInt128}} AND c.lane = {{lane:UInt8}} AND c.segment = {{segment:UInt64}} \
         AND c.record >= {{{first}:UInt32}} AND c.record <= {{{last}:UInt32}} \
         AND c.clicked_at >= {} AND c.clicked_at <= {}",
        instant("from"),
        instant("through")
    )
}

fn bind_place(select: &mut Select, place: &ClickPlace, first: u32, last: u32) {
    select
        .bind("spool", place.spool_id.to_string())
        .bind("lane", i64::from(place.lane))
        .bind("segment", place.segment.to_string())
        .bind("first", i64::from(first))
        .bind("last", i64::from(last))
        .bind("from", place.from_ms)
        .bind("through", place.through_ms);
}
