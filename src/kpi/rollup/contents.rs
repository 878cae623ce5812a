//! Contents with what of them does not depend on the period that is asked about.

use super::statement::{Place, days, statement};
use crate::failpoint;
use crate::warehouse::{CallError, Select, Warehouse};

/// Contents that were published so shortly before the days that clicks on these may belong to their cohort, or on them.
const YOUNG: &str = "SELECT DISTINCT content_id FROM contents WHERE space_id = {space:String} \
    AND published_at >= toDateTime({from:Date}, {zone:String}) - INTERVAL 32 DAY \
    AND published_at < toDateTime({to:Date} + 2, {zone:String})";

/// Contents of the shares that are about to be replaced, and of what replaces them.
const SHARED: &str = "SELECT content_id FROM rollup_new UNION DISTINCT SELECT content_id FROM rollup_shares FINAL \
    WHERE NOT removed AND space_id = {space:String} AND share_id IN (SELECT share_id FROM rollup_wanted)";

/// Contents whose facts changed.
const CHANGED: &str = "SELECT id FROM rollup_changed";

/// Which contents are computed anew.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// Those that were young on these days.
    YoungOn(&'a [String]),
    /// Those that were put into the session's table.
    Gathered,
}

/// Remembers, in the session, the contents of shares that [`super::shares::roll`] is about to replace.
pub(super) async fn gather_shared(warehouse: &Warehouse, place: &Place<'_>, session: &str) -> Result<(), CallError> {
    gather(warehouse, place, &statement(SHARED, place), session).await
}

/// Remembers, in the session, the contents that [`super::facts`] found changed.
pub(super) async fn gather_changed(warehouse: &Warehouse, place: &Place<'_>, session: &str) -> Result<(), CallError> {
    gather(warehouse, place, &statement(CHANGED, place), session).await
}

async fn gather(warehouse: &Warehouse, place: &Place<'_>, which: &Select, session: &str) -> Result<(), CallError> {
    warehouse.perform(&statement("DROP TEMPORARY TABLE IF EXISTS rollup_things", place), session).await?;
    let create = "CREATE TEMPORARY TABLE rollup_things (content_id String) ENGINE = Memory";
    warehouse.perform(&statement(create, place), session).await?;
    warehouse.perform(&which.after("INSERT INTO rollup_things "), session).await
}

/// Computes contents from shares and clicks that are rolled up under a lower generation.
pub(super) async fn roll(
    warehouse: &Warehouse,
    place: &Place<'_>,
    which: Which<'_>,
    generation: u64,
    session: &str,
) -> Result<(), CallError> {
    if let Which::YoungOn(dates) = which {
        gather(warehouse, place, &days(YOUNG, place, dates), session).await?;
    }
    for sql in [INSERT, REMOVE] {
        let mut statement = statement(sql, place);
        statement.bind("generation", generation.to_string());
        warehouse.perform(&statement, session).await?;
        failpoint::reach("rollup.contents");
    }
    Ok(())
}

/// Days outside of a content's cohort are left out: when its publication moved they may still be rolled up as they were
/// before, and no later pass over them would think of this content.
const INSERT: &str = "INSERT INTO rollup_contents (space_id, content_id, content_kind, campaign_id, published_on, \
        used_on, cohort_shared, cohort_clicks, generation, removed) \
    WITH ifNull(published_at, toDateTime64('2299-01-01', 3, 'UTC')) AS published, \
        arrayFilter(share -> share.1 >= published, shared) AS later, \
        arrayFilter(day -> ifNull(day.1 >= toDate(published_at, {zone:String}) \
            AND day.1 <= toDate(published_at + INTERVAL 720 HOUR, {zone:String}), false), counted) AS inside \
    SELECT {space:String}, content_id, kind, campaign_id, toDate(published_at, {zone:String}), \
        if(empty(later), NULL, arrayMin(share -> share.2, later)), \
        arrayExists(share -> share.1 < published + INTERVAL 720 HOUR, later), arraySum(day -> day.2, inside), {generation:UInt64}, 0 \
    FROM (SELECT content_id, kind, campaign_id, published_at FROM contents FINAL \
        WHERE space_id = {space:String} AND NOT removed AND content_id IN (SELECT content_id FROM rollup_things)) AS contents \
    LEFT ANY JOIN (SELECT content_id AS of, groupArray((shared_at, shared_on)) AS shared FROM rollup_shares FINAL \
        WHERE NOT removed AND space_id = {space:String} AND content_id IN (SELECT content_id FROM rollup_things) \
        GROUP BY content_id) AS shares ON shares.of = contents.content_id \
    LEFT ANY JOIN (SELECT key, groupArray((start, clicks)) AS counted FROM (SELECT start, key, clicks FROM rollup_clicks FINAL \
            WHERE space_id = {space:String} AND by = 'cohort_content' AND grain = 'day') \
        ARRAY JOIN key, clicks GROUP BY key) AS clicks ON clicks.key = contents.content_id";

const REMOVE: &str = "INSERT INTO rollup_contents \
    SELECT * REPLACE ({generation:UInt64} AS generation, 1 AS removed) FROM rollup_contents FINAL \
    WHERE space_id = {space:String} AND content_id IN (SELECT content_id FROM rollup_things) \
        AND content_id NOT IN (SELECT content_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed)";
