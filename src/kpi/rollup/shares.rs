//! Shares with what they are split by, and the day on which each landed.

use super::contents;
use super::marks::mark_days;
use super::statement::{LINK, PEOPLE, Place, THINGS, days, statement};
use crate::failpoint;
use crate::warehouse::rollups::{Day, Number};
use crate::warehouse::{CallError, Select, Warehouse};

/// Shares of the days, those that were there before included.
const OF_DAYS: &str = "SELECT DISTINCT share_id FROM (\
    SELECT share_id FROM shares WHERE space_id = {space:String} \
        AND shared_at >= toDateTime({from:Date}, {zone:String}) - INTERVAL 2 HOUR \
        AND shared_at < toDateTime({to:Date} + 1, {zone:String}) + INTERVAL 2 HOUR \
        AND toDate(shared_at, {zone:String}) IN (SELECT toDate(arrayJoin({days:Array(String)}))) \
    UNION ALL SELECT share_id FROM rollup_shares FINAL WHERE NOT removed AND space_id = {space:String} \
        AND shared_on IN (SELECT toDate(arrayJoin({days:Array(String)}))))";

/// Shares that may land otherwise because the days' clicks (`rollup_rows`) are others than before: what landed on one
/// of them, and what is not known to have landed before and whose link was clicked.
const CLICKED: &str = "SELECT DISTINCT share_id FROM rollup_shares FINAL \
    WHERE NOT removed AND space_id = {space:String} AND shared_on <= {to:Date} \
        AND (landed_on IN (SELECT toDate(arrayJoin({days:Array(String)}))) \
            OR ((landed_on IS NULL OR landed_on > {from:Date}) \
                AND link IN (SELECT link FROM rollup_rows WHERE sort <= 1)))";

/// What computing shares led to.
pub(super) struct Rolled {
    /// How many days' clicks are to be computed again, because another share is now the last before them.
    pub aged: usize,
}

/// Computes the shares of the days, and remembers their contents in the session; nothing when there are none and were
/// none.
pub(super) async fn roll(
    warehouse: &Warehouse,
    place: &Place<'_>,
    dates: &[String],
    generation: u64,
    session: &str,
) -> Result<Option<Rolled>, CallError> {
    if !gather(warehouse, place, &days(OF_DAYS, place, dates), session).await? {
        return Ok(None);
    }
    contents::gather_shared(warehouse, place, session).await?;
    let aged: Vec<Day> = warehouse.select_in(&statement(AGED, place), session).await?;
    let aged: Vec<_> = aged.into_iter().map(|day| day.day).collect();
    // Before what was there is replaced, because nobody knows the difference any more then; and afterwards, because
    // another node may compute them in between.
    mark_days(warehouse, place, &aged).await?;
    failpoint::reach("rollup.aged");
    replace(warehouse, place, generation, session).await?;
    mark_days(warehouse, place, &aged).await?;
    Ok(Some(Rolled { aged: aged.len() }))
}

/// Computes anew the shares that may land otherwise because of the days' clicks. In the session of
/// [`super::days::roll`], whose links must stand under a lower generation.
pub(super) async fn land(
    warehouse: &Warehouse,
    place: &Place<'_>,
    dates: &[String],
    generation: u64,
    session: &str,
) -> Result<(), CallError> {
    if gather(warehouse, place, &days(CLICKED, place, dates), session).await? {
        replace(warehouse, place, generation, session).await?;
    }
    Ok(())
}

/// Puts the wanted shares into `rollup_wanted` and how they stand now into `rollup_new`; false when none is wanted.
async fn gather(warehouse: &Warehouse, place: &Place<'_>, wanted: &Select, session: &str) -> Result<bool, CallError> {
    for table in ["rollup_wanted", "rollup_new"] {
        let sql = format!("DROP TEMPORARY TABLE IF EXISTS {table}");
        warehouse.perform(&statement(&sql, place), session).await?;
    }
    let create = "CREATE TEMPORARY TABLE rollup_wanted (share_id String) ENGINE = Memory";
    warehouse.perform(&statement(create, place), session).await?;
    warehouse.perform(&wanted.after("INSERT INTO rollup_wanted "), session).await?;
    let count = statement("SELECT count() AS number FROM rollup_wanted", place);
    let found: Vec<Number> = warehouse.select_in(&count, session).await?;
    if found.iter().all(|found| found.number == 0) {
        return Ok(false);
    }
    let now = format!(
        "CREATE TEMPORARY TABLE rollup_new ENGINE = Memory AS \
         SELECT toDate(shared_at, {{zone:String}}) AS shared_on, share_id, shared_at, \
             if(known, advocate_id, '') AS advocate, content_id, channel, team, location, language, cohort, \
             advocate_kind, content_kind, campaign, {LINK} AS link \
         FROM (SELECT * FROM shares WHERE share_id IN (SELECT share_id FROM rollup_wanted) \
             ORDER BY version DESC LIMIT 1 BY share_id) AS shares \
         LEFT ANY JOIN ({PEOPLE}) AS people ON people.person = shares.advocate_id \
         LEFT ANY JOIN ({THINGS}) AS things ON things.thing = shares.content_id \
         WHERE shares.space_id = {{space:String}} AND NOT shares.removed"
    );
    warehouse.perform(&statement(&now, place), session).await?;
    Ok(true)
}

/// Days on which a link was clicked that has another share since.
const AGED: &str = "WITH changed AS (SELECT link, min(shared_on) AS since FROM (\
        SELECT link, shared_at, shared_on, 1 AS side FROM rollup_new \
        UNION ALL SELECT link, shared_at, shared_on, 2 AS side FROM rollup_shares FINAL \
            WHERE NOT removed AND space_id = {space:String} AND share_id IN (SELECT share_id FROM rollup_wanted)) \
        GROUP BY link, shared_at HAVING uniqExact(side) = 1) \
    SELECT toString(clicked_on) AS day, count() AS rows FROM (SELECT day AS clicked_on, link FROM rollup_links FINAL \
        WHERE space_id = {space:String} AND day >= (SELECT min(since) FROM changed)) \
    ARRAY JOIN link WHERE link IN (SELECT link FROM changed) GROUP BY clicked_on ORDER BY clicked_on";

/// Replaces the wanted shares by the new ones.
async fn replace(warehouse: &Warehouse, place: &Place<'_>, generation: u64, session: &str) -> Result<(), CallError> {
    for sql in [INSERT, REMOVE] {
        let mut statement = statement(sql, place);
        statement.bind("generation", generation.to_string());
        warehouse.perform(&statement, session).await?;
        failpoint::reach("rollup.shares");
    }
    Ok(())
}

const INSERT: &str = "INSERT INTO rollup_shares (space_id, shared_on, share_id, shared_at, advocate_id, content_id, \
        advocate_key, content_key, channel, team_id, location, language, cohort, advocate_kind, content_kind, \
        campaign_id, link, landed_on, generation, removed) \
    SELECT {space:String}, shared_on, share_id, shared_at, advocate, content_id, cityHash64(advocate), \
        cityHash64(content_id), channel, team, location, language, cohort, advocate_kind, content_kind, campaign, \
        link, if(landed = toDate(0), NULL, landed), {generation:UInt64}, 0 \
    FROM (SELECT shares.*, tupleElement(arrayFirst(click -> click.1 > shared_on \
            OR (click.1 = shared_on AND click.2 >= shared_at), clicked), 1) AS landed \
        FROM rollup_new AS shares LEFT ANY JOIN (\
            SELECT link, arraySort(groupArray((day, last_at))) AS clicked \
            FROM (SELECT day, link, last_at FROM rollup_links FINAL WHERE space_id = {space:String} \
                AND day >= (SELECT min(shared_on) FROM rollup_new)) \
            ARRAY JOIN link, last_at WHERE link IN (SELECT link FROM rollup_new) GROUP BY link) AS clicks \
        ON clicks.link = shares.link)";

const REMOVE: &str = "INSERT INTO rollup_shares \
    SELECT * REPLACE ({generation:UInt64} AS generation, 1 AS removed) FROM rollup_shares AS known FINAL \
    WHERE NOT known.removed AND space_id = {space:String} AND share_id IN (SELECT share_id FROM rollup_wanted) \
        AND (shared_on, share_id) NOT IN (SELECT shared_on, share_id FROM rollup_new)";
