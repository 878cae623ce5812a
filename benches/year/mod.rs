//! A year of clicks, made where it is stored: by ClickHouse, from numbers.
//!
//! Half of all shares and clicks are in one space of 20,000 advocates and 5,000 contents, the rest in 20 spaces of 1,000
//! and 250. Advocates share log-normally (sigma 1.5), contents are shared by Zipf's law; a share brings 25 clicks on
//! average, most of them within days. The last day of the year stays empty.

use jiff::civil::Date;
use relais::model::{AdvocateId, Space};
use relais::store::{AdvocateRecord, Store, StoreError};
use relais::warehouse::rollups::{Mark, Number, Subject};
use relais::warehouse::{CallError, Warehouse};

/// The spaces; the first is the large one.
pub(crate) const SPACES: u64 = 21;
/// People of the large one.
const PEOPLE: u64 = 20_000;
/// Clicks of one insert, about.
const CHUNK: u64 = 1_000_000;

/// Twelve months that are over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Year {
    pub(crate) from: Date,
    pub(crate) to: Date,
}

/// The id of a space, from 1.
pub(crate) fn space(number: u64) -> String {
    format!("spc_{number:013}")
}

/// Names of the large space's people, where names stand; once.
pub(crate) async fn names(store: &Store, space: Space) -> Result<(), StoreError> {
    let mut writing = store.write().await?;
    if writing.space(space.id).await?.is_some() {
        return Ok(());
    }
    writing.put_space(&space).await?;
    for n in 0..PEOPLE {
        let id: AdvocateId = format!("adv_{:013}", 100_000 + n).parse().expect("an id");
        let name = Some(format!("Firstname Surname {n}"));
        writing.put_advocate(&AdvocateRecord { name, ..AdvocateRecord::blank(id, space.id) }).await?;
    }
    writing.commit().await
}

/// Facts, and the tables from which shares are drawn.
pub(crate) async fn facts(warehouse: &Warehouse, year: Year) -> Result<(), CallError> {
    let from = year.from;
    for sql in [
        format!(
            "INSERT INTO spaces (space_id, slug, time_zone, working_week, click_rates, version) \
             SELECT concat('spc_', leftPad(toString(number + 1), 13, '0')), toString(number), \
             ['Europe/Paris', 'America/New_York', 'Asia/Tokyo'][1 + number % 3], [1, 2, 3, 4, 5], \
             '{{\"linkedin\": 2.5, \"facebook\": 0.9}}', 1 FROM numbers({SPACES})"
        ),
        format!(
            "INSERT INTO advocates (advocate_id, space_id, kind, team_id, location, language, cohort, invited_on, \
                 registered_at, version) \
             SELECT concat('adv_', leftPad(toString(space * 100000 + n), 13, '0')), \
                 concat('spc_', leftPad(toString(space), 13, '0')), \
                 ['employee', 'employee', 'partner', 'customer'][1 + n % 4], \
                 concat('tea_', leftPad(toString(space * 100 + n % 40), 13, '0')), \
                 ['Paris', 'Lyon', 'Lille', 'Berlin', ''][1 + n % 5], ['fr', 'en', 'de'][1 + n % 3], \
                 concat('wave-', toString(n % 7)), toDate('{from}') - 60, toDateTime64('{from}', 3, 'UTC') - 2592000, 1 \
             FROM (SELECT number + 1 AS space, arrayJoin(range(if(number = 0, {PEOPLE}, 1000))) AS n FROM numbers({SPACES}))"
        ),
        format!(
            "INSERT INTO teams (team_id, space_id, name, version) \
             SELECT concat('tea_', leftPad(toString(space * 100 + n), 13, '0')), \
                 concat('spc_', leftPad(toString(space), 13, '0')), concat('Team ', toString(n)), 1 \
             FROM (SELECT number + 1 AS space, arrayJoin(range(40)) AS n FROM numbers({SPACES}))"
        ),
        format!(
            "INSERT INTO contents (content_id, space_id, kind, title, campaign_id, published_at, version) \
             SELECT concat('cnt_', leftPad(toString(space * 10000 + n), 13, '0')), \
                 concat('spc_', leftPad(toString(space), 13, '0')), \
                 ['article', 'article', 'video', 'job', 'campaign', 'event'][1 + n % 6], '', \
                 concat('cmp_', leftPad(toString(space * 100 + n % 50), 13, '0')), \
                 toDateTime64('{from}', 3, 'UTC') + cityHash64(space, n) % 31449600, 1 \
             FROM (SELECT number + 1 AS space, arrayJoin(range(if(number = 0, 5000, 250))) AS n FROM numbers({SPACES}))"
        ),
        drawn_from("bench_people", &format!("if(number = 0, {PEOPLE}, 1000)"), "randLogNormal(0, 1.5)"),
        drawn_from("bench_things", "if(number = 0, 5000, 250)", "1 / (1 + cityHash64(space, n) % 5000)"),
    ] {
        warehouse.execute(&sql).await?;
    }
    Ok(())
}

/// A table of weights that add up to 1 in each space.
fn drawn_from(table: &str, count: &str, weight: &str) -> String {
    format!(
        "CREATE TABLE {table} ENGINE = Memory AS \
         SELECT space, n, sum(weight) OVER (PARTITION BY space ORDER BY n) / sum(weight) OVER (PARTITION BY space) AS upto \
         FROM (SELECT space, n, {weight} AS weight FROM \
             (SELECT toUInt64(number + 1) AS space, arrayJoin(range({count})) AS n FROM numbers({SPACES})))"
    )
}

/// Shares over the whole year; one for 25 clicks.
pub(crate) async fn shares(warehouse: &Warehouse, year: Year, count: u64) -> Result<(), CallError> {
    let days = (year.to - year.from).get_days();
    for first in (0..count).step_by(CHUNK as usize) {
        let rows = CHUNK.min(count - first);
        warehouse
            .execute(&format!(
                "INSERT INTO shares (share_id, space_id, content_id, advocate_id, channel, source, shared_at, version) \
                 SELECT concat('shr_', leftPad(toString(number + {first}), 13, '0')), \
                     concat('spc_', leftPad(toString(drawn.space), 13, '0')), \
                     concat('cnt_', leftPad(toString(drawn.space * 10000 + things.n), 13, '0')), \
                     concat('adv_', leftPad(toString(drawn.space * 100000 + people.n), 13, '0')), \
                     ['linkedin', 'linkedin', 'facebook', 'x', 'whatsapp', 'email', 'teams'] \
                         [1 + cityHash64(things.n, people.n, number % 2) % 7], 'copy', \
                     toDateTime64('{from}', 3, 'UTC') + rand(5) % ({days} * 86400), number + 1 \
                 FROM (SELECT number, if(rand(1) % 2 = 0, 1, 2 + rand(2) % 20)::UInt64 AS space, \
                     rand(3) / 4294967296 AS one, rand(4) / 4294967296 AS other FROM numbers({rows})) AS drawn \
                 ASOF JOIN bench_people AS people ON people.space = drawn.space AND people.upto >= drawn.one \
                 ASOF JOIN bench_things AS things ON things.space = drawn.space AND things.upto >= drawn.other",
                from = year.from,
            ))
            .await?;
    }
    Ok(())
}

/// The columns of a click that comes of a share, as expressions of `number`, `at` and the share's own.
const CLICK: &str = "INSERT INTO clicks (batch, spool_id, lane, segment, record, clicked_at, space_id, link_id, content_id, \
        campaign_id, advocate_id, team_id, content_kind, code, cohort, channel, class, class_reason, classifier_version, \
        status, answer, network, country, region, city, device, os, browser, language, visitor, utm_source, evidence, \
        evidence_flags) \
    SELECT {batch}, {batch}, number % 2, intDiv(number, 80000), intDiv(number, 2), at, space_id, \
        concat('lnk_', substring(lower(hex(link)), 1, 13)), content_id, '', advocate_id, '', 'article', \
        substring(base64Encode(reinterpretAsString(link)), 1, 9), 'wave-1', channel, \
        if(human, 'human', ['preview', 'bot', 'scanner', 'head'][1 + rand(13) % 4]), if(human, 'browser', 'crawler list'), \
        1, 302, if(human, 'content', 'card'), ['', '', 'linkedin', 'facebook'][1 + rand(3) % 4], \
        ['FR', 'FR', 'FR', 'DE', 'BE', 'US'][1 + rand(4) % 6], \
        ['Île-de-France', 'Bretagne', 'Occitanie', 'Grand Est'][1 + rand(5) % 4], \
        concat('City ', toString(toUInt32(exp(randUniform(0, 6.2))))), \
        ['desktop', 'smartphone', 'tablet'][1 + rand(6) % 3], ['Windows', 'iOS', 'Android', 'macOS'][1 + rand(7) % 4], \
        ['Chrome', 'Safari', 'Edge', 'Firefox'][1 + rand(8) % 4], ['fr', 'en', 'de'][1 + rand(9) % 3], \
        if(human, substring(lower(hex(cityHash64(toDate(at), rand(10) % 400000))), 1, 11), ''), 'linkedin', \
        if(human, '', 'ua:bot'), rand(11) % 4 \
    FROM (SELECT *, rowNumberInAllBlocks() AS number, cityHash64(advocate_id, content_id, channel) AS link, \
        rand(12) % 10 < 8 AS human FROM ({source}))";

/// What shares of the year brought, some of it after the year.
pub(crate) async fn clicks(
    warehouse: &Warehouse,
    year: Year,
    clicks: u64,
    mut done: impl FnMut(u64),
) -> Result<(), CallError> {
    let slices = clicks.div_ceil(CHUNK).max(1);
    for slice in 0..slices {
        let source = format!(
            "SELECT space_id, content_id, advocate_id, channel, \
                 shared_at + toIntervalMillisecond(toInt64(-259200000 * log((1 + rand(14)) / 4294967297))) AS at \
             FROM (SELECT *, arrayJoin(range(toUInt64(-25.5 * log((1 + rand(15)) / 4294967297)))) AS nth FROM shares \
                 WHERE cityHash64(share_id) % {slices} = {slice})"
        );
        let sql = CLICK.replace("{batch}", &(slice + 1).to_string()).replace("{source}", &source);
        let end = format!(" WHERE at < toDateTime64('{}', 3, 'UTC') - 86400", year.to);
        warehouse.execute(&format!("{sql}{end}")).await?;
        done(slice + 1);
    }
    warehouse.execute("DROP TABLE bench_people").await?;
    warehouse.execute("DROP TABLE bench_things").await
}

/// So many clicks on the last day of the year in the large space, marked as shipping marks them.
pub(crate) async fn last_day(warehouse: &Warehouse, year: Year, batch: u64, count: u64) -> Result<(), CallError> {
    let source = format!(
        "SELECT space_id, content_id, advocate_id, channel, \
             toDateTime64('{}', 3, 'UTC') + INTERVAL 3 HOUR + toIntervalMillisecond(rand(16) % 64800000) AS at \
         FROM (SELECT *, arrayJoin(range(100)) AS nth FROM shares WHERE space_id = '{}' ORDER BY cityHash64(share_id) \
             LIMIT {}) LIMIT {count}",
        year.to,
        space(1),
        count.div_ceil(100).max(1) * 100,
    );
    let sql = CLICK.replace("{batch}", &batch.to_string()).replace("{source}", &source);
    warehouse.execute(&sql).await?;
    let begin = year.to.at(3, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("UTC has every time");
    let quarters = (0..72).map(|quarter| begin.timestamp().as_millisecond() + quarter * 900_000);
    warehouse.mark(quarters.map(|at| Mark::at(&space(1), Subject::Click, at)).collect::<Vec<_>>()).await
}

/// One number.
pub(crate) async fn number(warehouse: &Warehouse, sql: &str) -> u64 {
    warehouse.row::<Number>(sql).await.expect("a number").number
}
