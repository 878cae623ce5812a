//! Which days are touched when people or contents change: only what figures are split by counts, and only days that
//! have a click or share of theirs.

use super::marks::INTO_MARKS;
use super::statement::{Place, statement};
use crate::failpoint;
use crate::warehouse::rollups::Number;
use crate::warehouse::{CallError, Warehouse};

/// People, or contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The subject of marks.
    pub subject: &'static str,
    table: &'static str,
    id: &'static str,
    /// What days and shares are made of.
    attributes: &'static str,
    /// Whether some of it is a day of the space's time zone.
    pub is_dated: bool,
}

pub(super) const PEOPLE: Kind = Kind {
    subject: "advocate",
    table: "advocates",
    id: "advocate_id",
    attributes: "team_id, location, language, cohort, kind",
    is_dated: false,
};

pub(super) const CONTENTS: Kind = Kind {
    subject: "content",
    table: "contents",
    id: "content_id",
    // The hash of something empty is empty.
    attributes: "kind, campaign_id, isNull(published_at), ifNull(published_at, toDateTime64(0, 3, 'UTC')), {zone:String}",
    is_dated: true,
};

/// Marks the days that those who changed have clicks or shares on, and leaves who they are in the session's table
/// `rollup_changed`. Answers how many changed.
pub(super) async fn mark(
    warehouse: &Warehouse,
    place: &Place<'_>,
    kind: Kind,
    session: &str,
) -> Result<u64, CallError> {
    let Kind { subject, table, id, attributes, .. } = kind;
    warehouse.perform(&statement("DROP TEMPORARY TABLE IF EXISTS rollup_changed", place), session).await?;
    // Who was never seen, is gone, or is otherwise. A hash is never 0 but by one chance in 2^64.
    let changed = format!(
        "CREATE TEMPORARY TABLE rollup_changed ENGINE = Memory AS SELECT id, sum(stands) AS seen FROM (\
         SELECT {id} AS id, cityHash64({attributes}) AS stands, toUInt64(0) AS stood FROM {table} FINAL \
             WHERE space_id = {{space:String}} AND NOT removed \
         UNION ALL SELECT id, 0, seen FROM rollup_done FINAL \
             WHERE space_id = {{space:String}} AND subject = '{subject}' AND id != '') \
         GROUP BY id HAVING sum(stands) != sum(stood)"
    );
    warehouse.perform(&statement(&changed, place), session).await?;
    let count = statement("SELECT count() AS number FROM rollup_changed", place);
    let found: Vec<Number> = warehouse.select_in(&count, session).await?;
    let found = found.first().map_or(0, |found| found.number);
    if found > 0 {
        for (subject, table, time) in [("click", "clicks", "clicked_at"), ("share", "shares", "shared_at")] {
            let sql = format!(
                "{INTO_MARKS} SELECT {{space:String}}, '{subject}', quarter, rand64() FROM (\
                 SELECT toStartOfFifteenMinutes(min({time})) AS quarter FROM {table} WHERE space_id = {{space:String}} \
                     AND {id} IN (SELECT id FROM rollup_changed) GROUP BY toDate({time}, {{zone:String}}))"
            );
            warehouse.perform(&statement(&sql, place), session).await?;
            failpoint::reach("rollup.marked");
        }
    }
    Ok(found)
}

/// Notes how those stand who were found changed.
pub(super) async fn note(
    warehouse: &Warehouse,
    place: &Place<'_>,
    kind: Kind,
    generation: u64,
    session: &str,
) -> Result<(), CallError> {
    let sql = format!(
        "INSERT INTO rollup_done (space_id, subject, id, day, seen, generation) \
         SELECT {{space:String}}, '{}', id, toDate(0), seen, {{generation:UInt64}} FROM rollup_changed",
        kind.subject
    );
    let mut statement = statement(&sql, place);
    statement.bind("generation", generation.to_string());
    warehouse.perform(&statement, session).await
}
