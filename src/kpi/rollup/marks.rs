//! What is not what is behind it, and noting that it is again.

use super::statement::{Place, days, statement};
use crate::warehouse::rollups::{Changed, Day, Done, Number, Sum, Zone};
use crate::warehouse::{CallError, Select, Warehouse};

/// Whoever computes something takes the next number first. So who has the higher one has seen everything that the
/// other one's rows were made of, or will have to compute again because of a mark.
pub(super) async fn draw(warehouse: &Warehouse) -> Result<u64, CallError> {
    // By the clock, so that two nodes draw different ones; above all that were drawn, so that the clock may go back.
    let next = "SELECT greatest(toUInt64(toUnixTimestamp64Nano(now64(9))), max(generation) + 1) AS number \
        FROM rollup_done";
    let generation = warehouse.row::<Number>(next).await?.number;
    let claim = Done { space_id: String::new(), subject: "claim", day: EVER.to_owned(), seen: 0 };
    warehouse.note(&[claim], generation).await?;
    Ok(generation)
}

/// The date of what has none.
pub(super) const EVER: &str = "1970-01-01";

/// Every space that is there, with its time zone.
pub(super) async fn zones(warehouse: &Warehouse) -> Result<Vec<Zone>, CallError> {
    let sql = "SELECT space_id, time_zone, cityHash64(time_zone) AS zone_mark FROM spaces FINAL WHERE NOT removed \
        ORDER BY time_zone, space_id";
    warehouse.rows(sql).await
}

/// The days of clicks and shares of these spaces that are to be computed, the newest first. `zone` is theirs: days that
/// were cut by another one are among them. Days whose clicks retention removed, or is about to, stay as they are.
pub(super) async fn changed_days(
    warehouse: &Warehouse,
    zone: &str,
    spaces: &[&str],
) -> Result<Vec<Changed>, CallError> {
    let of = Place { space: "", zone };
    let mut select = statement(
        "SELECT toString(space) AS space_id, toString(what) AS subject, toString(local) AS day, \
             marks + cityHash64({zone:String}) AS seen \
         FROM (SELECT space_id AS space, what, local, sum(mark) AS marks, sum(was) AS done FROM (\
             SELECT space_id, CAST(subject, 'Int8') AS what, toDate(at, {zone:String}) AS local, mark, \
                 toUInt64(0) AS was FROM rollup_marks \
                 WHERE subject IN ('click', 'share') AND space_id IN {spaces:Array(String)} \
             UNION ALL SELECT space_id, CAST(subject, 'Int8'), day, 0, seen FROM rollup_done FINAL \
                 WHERE subject IN ('click', 'share') AND id = '' AND space_id IN {spaces:Array(String)}) \
             GROUP BY space, what, local) \
         WHERE marks + cityHash64({zone:String}) != done ORDER BY local DESC",
        &of,
    );
    select.bind("spaces", spaces.iter().map(|space| (*space).to_owned()).collect::<Vec<_>>());
    let mut changed: Vec<Changed> = warehouse.select(&select).await?;
    for day in &mut changed {
        // The numbers of the table's Enum8.
        day.subject = if day.subject == "1" { "click" } else { "share" }.to_owned();
    }
    let first = first_kept_day(warehouse, &of).await?;
    changed.retain(|day| day.subject != "click" || first <= day.day);
    Ok(changed)
}

/// The first local day whose clicks are all kept; empty when nothing was ever removed.
async fn first_kept_day(warehouse: &Warehouse, of: &Place<'_>) -> Result<String, CallError> {
    let select = statement(
        "SELECT '' AS space_id, '' AS subject, toUInt64(0) AS seen, \
             toString(local + (toDateTime(local, {zone:String}) < since)) AS day \
         FROM (SELECT max(since) AS since, toDate(since, {zone:String}) AS local FROM kept_since WHERE what = 'clicks' \
             HAVING count() > 0)",
        of,
    );
    let found: Vec<Changed> = warehouse.select(&select).await?;
    Ok(found.into_iter().next().map(|found| found.day).unwrap_or_default())
}

/// The months whose days are others than when they were added up, the newest first. Those that are not over yet, which
/// no reader takes as a whole, have the subject `open`.
pub(super) async fn changed_months(warehouse: &Warehouse) -> Result<Vec<Changed>, CallError> {
    warehouse
        .rows(
            "SELECT toString(space) AS space_id, if(toLastDayOfMonth(month) < today(), 'month', 'open') AS subject, \
             toString(month) AS day, days AS seen \
             FROM (SELECT space_id AS space, month, sum(of_day) AS days, sum(was) AS done FROM (\
                 SELECT space_id, toStartOfMonth(day) AS month, cityHash64(day, generation, seen) AS of_day, \
                     toUInt64(0) AS was FROM rollup_done FINAL WHERE subject = 'click' AND id = '' \
                 UNION ALL SELECT space_id, day, 0, seen FROM rollup_done FINAL WHERE subject = 'month') \
                 GROUP BY space, month) \
             WHERE days != done ORDER BY month DESC",
        )
        .await
}

/// The sums of the marks of advocates and contents.
pub(super) async fn marked_facts(warehouse: &Warehouse) -> Result<Vec<Sum>, CallError> {
    warehouse
        .rows(
            "SELECT toString(space_id) AS space_id, toString(subject) AS subject, sum(mark) AS marks FROM rollup_marks \
             WHERE subject IN ('advocate', 'content') GROUP BY space_id, subject",
        )
        .await
}

/// What of them was seen.
pub(super) async fn seen_facts(warehouse: &Warehouse) -> Result<Vec<Sum>, CallError> {
    warehouse
        .rows(
            "SELECT toString(space_id) AS space_id, toString(subject) AS subject, seen AS marks FROM rollup_done FINAL \
             WHERE subject IN ('advocate', 'content') AND id = ''",
        )
        .await
}

/// Marks the clicks of days.
pub(super) async fn mark_days(warehouse: &Warehouse, place: &Place<'_>, dates: &[String]) -> Result<(), CallError> {
    if dates.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "{INTO_MARKS} SELECT {{space:String}}, 'click', {NOON}, rand64() FROM (\
        SELECT arrayJoin({{days:Array(String)}}) AS day)"
    );
    warehouse.perform(&days(&sql, place, dates), &marking()).await
}

/// Marks every day from `from` through `to` that has clicks or shares or had some.
pub(super) async fn mark_period(
    warehouse: &Warehouse,
    place: &Place<'_>,
    from: &str,
    to: &str,
) -> Result<(), CallError> {
    for (subject, table, time) in [("click", "clicks", "clicked_at"), ("share", "shares", "shared_at")] {
        let sql = format!(
            "{INTO_MARKS} SELECT {{space:String}}, '{subject}', {NOON}, rand64() FROM (\
             SELECT DISTINCT toString(local) AS day FROM (\
             SELECT toDate({time}, {{zone:String}}) AS local FROM {table} WHERE space_id = {{space:String}} GROUP BY local \
             UNION ALL SELECT day FROM rollup_done FINAL \
                 WHERE space_id = {{space:String}} AND subject = '{subject}' AND id = '') \
             WHERE local BETWEEN {{from:Date}} AND {{to:Date}})"
        );
        let mut statement = statement(&sql, place);
        statement.bind("from", from.to_owned()).bind("to", to.to_owned());
        warehouse.perform(&statement, &marking()).await?;
    }
    Ok(())
}

/// How many clicks each of the days has, as they lie.
pub(super) async fn count(warehouse: &Warehouse, place: &Place<'_>, dates: &[String]) -> Result<Vec<Day>, CallError> {
    let select: Select = days(
        "SELECT toString(local) AS day, count() AS rows FROM (\
         SELECT toDate(clicked_at, {zone:String}) AS local FROM clicks WHERE space_id = {space:String} \
             AND clicked_at >= toDateTime({from:Date}, {zone:String}) - INTERVAL 2 HOUR \
             AND clicked_at < toDateTime({to:Date} + 1, {zone:String}) + INTERVAL 2 HOUR) GROUP BY local",
        place,
        dates,
    );
    warehouse.select(&select).await
}

pub(super) const INTO_MARKS: &str = "INSERT INTO rollup_marks (space_id, subject, at, mark)";
/// The noon of `day`, which every day has.
const NOON: &str = "toDateTime(concat(day, ' 12:00:00'), {zone:String})";

/// A session for one marking. Each has its own, because ClickHouse refuses a second statement in one that is busy.
fn marking() -> String {
    format!("rollup-marks-{:032x}", rand::random::<u128>())
}
