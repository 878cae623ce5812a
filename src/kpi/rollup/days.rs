//! A local day's clicks: counted, their visitors counted, their links noted.

use super::splits::{COUNTS, SPLITS, Split, counts, names};
use super::statement::{LINK, PEOPLE, Place, THINGS, days, statement};
use crate::failpoint;
use crate::warehouse::{CallError, Warehouse};

/// What sort of click it is, as [`COUNTS`] tells them apart. A KPI's click is `human` and was answered with the content.
pub(super) const SORT: &str = "toUInt8(multiIf(class = 'human' AND answer = 'content', if(content_kind = 'job', 1, 0), \
    class = 'human', 2, class = 'preview', 3, class = 'bot', 4, class = 'scanner', 5, class = 'prefetch', 6, \
    class = 'head', 7, class = 'self', 8, 9))";

/// Computes the days and replaces what stood there under `generation`. `session` keeps the days' clicks for the
/// statements that follow in it: the table `rollup_rows`.
pub(super) async fn roll(
    warehouse: &Warehouse,
    place: &Place<'_>,
    dates: &[String],
    generation: u64,
    session: &str,
) -> Result<(), CallError> {
    warehouse.perform(&statement("DROP TEMPORARY TABLE IF EXISTS rollup_rows", place), session).await?;
    let rows = format!("CREATE TEMPORARY TABLE rollup_rows ENGINE = Memory AS {}", clicks());
    warehouse.perform(&days(&rows, place, dates), session).await?;
    failpoint::reach("rollup.read");
    let bound = |sql: &str| {
        let mut statement = days(sql, place, dates);
        statement.bind("generation", generation.to_string());
        statement
    };
    warehouse.perform(&bound(&count_clicks()), session).await?;
    failpoint::reach("rollup.clicks");
    warehouse.perform(&bound(&count_visitors()), session).await?;
    failpoint::reach("rollup.visitors");
    warehouse.perform(&bound(NOTE_LINKS), session).await?;
    failpoint::reach("rollup.links");
    Ok(())
}

/// Rows of `clicks` on the days. The bounds of time are there for the index; a day is what the zone says.
const PERIOD: &str = "space_id = {space:String} \
    AND clicked_at >= toDateTime({from:Date}, {zone:String}) - INTERVAL 2 HOUR \
    AND clicked_at < toDateTime({to:Date} + 1, {zone:String}) + INTERVAL 2 HOUR \
    AND toDate(clicked_at, {zone:String}) IN (SELECT toDate(arrayJoin({days:Array(String)})))";

fn clicks() -> String {
    format!(
        "SELECT clicked_at, day, hour, {LINK} AS link, content_id AS content, \
             toLowCardinality(if(known, advocate_id, '')) AS advocate, team, location, language, cohort, advocate_kind, \
             content_kind, campaign, channel, country, device, network, classifier_version, {SORT} AS sort, \
             if(visitor = '', toUInt128(0), reinterpretAsUInt128(sipHash128(visitor))) AS visitor_key, \
             ifNull(clicked_at >= published_at AND clicked_at < published_at + INTERVAL 720 HOUR, false) AS in_cohort \
         FROM (SELECT clicked_at, toDate(clicked_at, {{zone:String}}) AS day, toHour(clicked_at, {{zone:String}}) AS hour, \
             content_id, advocate_id, link_id, channel, country, toLowCardinality(device) AS device, \
             toLowCardinality(network) AS network, classifier_version, class, answer, visitor FROM clicks FINAL WHERE {PERIOD}) AS clicks \
         LEFT ANY JOIN ({PEOPLE}) AS people ON people.person = clicks.advocate_id \
         LEFT ANY JOIN ({THINGS}) AS things ON things.thing = clicks.content_id"
    )
}

fn count_clicks() -> String {
    let one = |Split { by, key, from, only, .. }: &Split| {
        format!(
            "SELECT '{by}' AS by, day, CAST({key}, 'LowCardinality(String)') AS key, channel, sort, count() AS found \
             FROM {from} WHERE {only} GROUP BY day, key, channel, sort"
        )
    };
    let each: Vec<_> = SPLITS.iter().map(one).collect();
    format!(
        "INSERT INTO rollup_clicks (space_id, by, grain, start, generation, key, channel, {columns}) \
         SELECT {{space:String}}, by, 'day', day, {{generation:UInt64}}, keys, channels, {columns} \
         FROM ({every}) AS every \
         LEFT JOIN (SELECT by, day, groupArray(key) AS keys, groupArray(channel) AS channels, {arrays} FROM \
             (SELECT by, day, key, channel, {sums} FROM ({each}) GROUP BY by, day, key, channel \
              ORDER BY by, day, key, channel) GROUP BY by, day) AS found USING (by, day)",
        columns = counts(|name, _| name.to_owned()),
        every = every(&names(SPLITS.iter())),
        arrays = counts(|name, _| format!("groupArray({name}) AS {name}")),
        sums = counts(|name, condition| format!("sumIf(found, {condition}) AS {name}")),
        each = each.join(" UNION ALL "),
    )
}

fn count_visitors() -> String {
    let one = |Split { by, key, from, only, .. }: &Split| {
        let clicks = COUNTS[0].1;
        format!(
            "SELECT '{by}' AS by, day, CAST({key}, 'LowCardinality(String)') AS key, uniqExact(visitor_key) AS visitors \
             FROM {from} WHERE {only} AND {clicks} AND visitor_key != 0 GROUP BY day, key"
        )
    };
    let splits = || SPLITS.iter().filter(|split| split.visitors);
    let each: Vec<_> = splits().map(one).collect();
    format!(
        "INSERT INTO rollup_visitors (space_id, by, grain, start, generation, key, visitors) \
         SELECT {{space:String}}, by, 'day', day, {{generation:UInt64}}, keys, counts FROM ({every}) AS every \
         LEFT JOIN (SELECT by, day, groupArray(key) AS keys, groupArray(visitors) AS counts FROM \
             (SELECT * FROM ({each}) ORDER BY by, day, key) GROUP BY by, day) AS found USING (by, day)",
        every = every(&names(splits())),
        each = each.join(" UNION ALL "),
    )
}

/// Every split of every day, so that one that is empty now replaces one that was not.
fn every(names: &str) -> String {
    format!("SELECT arrayJoin({names}) AS by, day FROM (SELECT toDate(arrayJoin({{days:Array(String)}})) AS day)")
}

const NOTE_LINKS: &str = "INSERT INTO rollup_links (space_id, day, generation, link, last_at) \
    SELECT {space:String}, day, {generation:UInt64}, links, times \
    FROM (SELECT toDate(arrayJoin({days:Array(String)})) AS day) AS every \
    LEFT JOIN (SELECT day, groupArray(link) AS links, groupArray(last) AS times FROM \
        (SELECT day, link, max(clicked_at) AS last FROM rollup_rows WHERE sort <= 1 GROUP BY day, link \
         ORDER BY day, link) GROUP BY day) AS found USING (day)";
