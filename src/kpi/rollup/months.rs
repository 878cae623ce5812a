//! Months: the sums of their days.

use super::splits::{SPLITS, counts, names};
use super::statement::{Place, statement};
use crate::failpoint;
use crate::warehouse::{CallError, Warehouse};

/// Adds up the days of a month, named by its first, and replaces what stood there.
pub(super) async fn roll(
    warehouse: &Warehouse,
    place: &Place<'_>,
    month: &str,
    generation: u64,
    session: &str,
) -> Result<(), CallError> {
    for sql in [clicks(), visitors()] {
        let mut statement = statement(&sql, place);
        statement.bind("month", month.to_owned()).bind("generation", generation.to_string());
        warehouse.perform(&statement, session).await?;
        failpoint::reach("rollup.month");
    }
    Ok(())
}

/// The days of the month.
const DAYS: &str = "space_id = {space:String} AND grain = 'day' \
    AND start BETWEEN {month:Date} AND toLastDayOfMonth({month:Date})";

fn clicks() -> String {
    format!(
        "INSERT INTO rollup_clicks (space_id, by, grain, start, generation, key, channel, {columns}) \
         SELECT {{space:String}}, by, 'month', {{month:Date}}, {{generation:UInt64}}, keys, channels, {columns} \
         FROM (SELECT arrayJoin({every}) AS by) AS every \
         LEFT JOIN (SELECT by, groupArray(key) AS keys, groupArray(channel) AS channels, {arrays} FROM (\
             SELECT by, key, channel, {sums} FROM \
                 (SELECT by, key, channel, {columns} FROM rollup_clicks FINAL WHERE {DAYS}) \
             ARRAY JOIN key, channel, {columns} GROUP BY by, key, channel ORDER BY by, key, channel) GROUP BY by) AS found \
         USING (by)",
        columns = counts(|name, _| name.to_owned()),
        every = names(SPLITS.iter()),
        arrays = counts(|name, _| format!("groupArray(all_{name}) AS {name}")),
        sums = counts(|name, _| format!("sum({name}) AS all_{name}")),
    )
}

fn visitors() -> String {
    format!(
        "INSERT INTO rollup_visitors (space_id, by, grain, start, generation, key, visitors) \
         SELECT {{space:String}}, by, 'month', {{month:Date}}, {{generation:UInt64}}, keys, counts \
         FROM (SELECT arrayJoin({every}) AS by) AS every \
         LEFT JOIN (SELECT by, groupArray(key) AS keys, groupArray(found) AS counts FROM (\
             SELECT by, key, sum(visitors) AS found FROM \
                 (SELECT by, key, visitors FROM rollup_visitors FINAL WHERE {DAYS}) \
             ARRAY JOIN key, visitors GROUP BY by, key ORDER BY by, key) GROUP BY by) AS found \
         USING (by)",
        every = names(SPLITS.iter().filter(|split| split.visitors)),
    )
}
