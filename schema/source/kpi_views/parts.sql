-- What each KPI is: one view each, over the roll-ups and the facts. The API, the pages, the command line and Grafana
-- read these and nothing else; src/kpi/registry.rs has the same list in words, and a test compares the two.
--
-- Three layers, told apart by their first word, because accounts are given whole prefixes:
--   part_*    sums that several KPIs are made of, one row per `id` (and channel). In the source alone: each is written out
--             where it is named, because ClickHouse plans every parameterised view within a view by itself;
--   figure_*  a KPI with nothing withheld. For the operator's command line, those with the right to named figures, and,
--             with `only` an advocate's id, that advocate's own figures;
--   kpi_*     the same for everybody else, and all that `relais_reader` may read: nothing of a single person, and no
--             group of fewer people than the minimum cell.
-- The views run without asking what the reader may see below them (SQL SECURITY NONE), so a reader needs no table.
--
-- Parameters: {space:String} its id; {from:Date} and {to:Date} the first and the last local day; {by:String} what is split by,
-- '' for the whole, else one of src/kpi/dimension.rs. A split that a KPI does not have gives no rows.
-- Columns: key (null: the whole, or what has none), name (how people call the key), starts_on (of a bucket), detail (class or
-- channel), numerator, denominator, value, low and high (of an estimate), unit, definition, additive, withheld.
--
-- `id` below is a bucket's key in a split by time, else the roll-ups' key; '' is none, and the whole. A split by time has
-- every bucket of the period, cut at its edges; another has no row where both parts are 0.

-- Settings of the installation that views need; the newest row of a name counts. Written by the program when it starts.
CREATE TABLE IF NOT EXISTS settings
(
    name String,
    value String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version) ORDER BY name;

-- A space: its zone, its calendar, what is kept of clicks.
CREATE OR REPLACE VIEW part_space SQL SECURITY NONE AS
SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
FROM spaces FINAL
WHERE space_id = {space:String} AND NOT removed;

-- The days of a period, each with the bucket that it belongs to: its key, its first and its last day within the period. In
-- a split that is not by time the bucket is the whole period, and its key is ''.
CREATE OR REPLACE VIEW part_days SQL SECURITY NONE AS
SELECT
    {from:Date} + number AS day,
    multiIf(
        ${bucket day},
        '') AS id,
    ${edges day}
FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)));

-- The buckets of a split by time, else the whole period under ''.
CREATE OR REPLACE VIEW part_buckets SQL SECURITY NONE AS
SELECT DISTINCT id, first, last
FROM part_days(${given from to by});

-- What answers have a row for even when nothing happened: every bucket, or the whole.
CREATE OR REPLACE VIEW part_zero SQL SECURITY NONE AS
SELECT DISTINCT
    multiIf(
        ${bucket start},
        '') AS id
FROM
(
    SELECT {from:Date} + number AS start
    FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
)
WHERE {by:String} IN (${time});

-- How an id is called: its key at every edge, and its name for people. Other ids are keys themselves.
CREATE OR REPLACE VIEW part_names SQL SECURITY NONE AS
SELECT team_id AS id, name AS key, name FROM teams FINAL
WHERE {by:String} = 'team' AND space_id = {space:String} AND NOT removed
UNION ALL
SELECT advocate_id, if(external_id = '', advocate_id, external_id), advocate_id FROM advocates FINAL
WHERE {by:String} = 'advocate' AND space_id = {space:String} AND NOT removed
UNION ALL
SELECT content_id, if(external_id = '', content_id, external_id), title FROM contents FINAL
WHERE {by:String} = 'content' AND space_id = {space:String} AND NOT removed
UNION ALL
SELECT campaign_id, if(external_id = '', campaign_id, external_id), name FROM campaigns FINAL
WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed;

-- Clicks. One row per id, channel and span: a month that lies in the period and is over is read as a whole where the split
-- allows, the rest day by day. An advocate's own are there by time and by channel. `columns` says which counts are wanted,
-- all unless it is given: ARRAY JOIN lays out whatever it is told, also what nobody reads after it.
CREATE OR REPLACE VIEW part_clicks SQL SECURITY NONE AS
SELECT
    if({by:String} IN (${time}), multiIf(
        ${bucket start},
        ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
    start, channel, {columns:List}
FROM
(
    SELECT start, key, channel, {columns:List}
    FROM
    (
        SELECT start, key, channel, {columns:List}
        FROM rollup_clicks FINAL
        WHERE space_id = {space:String}
            AND by = ${split}
            AND ${spans}
    )
    ARRAY JOIN key, channel, {columns:List}
    WHERE {only:String} = '' OR key = {only:String}
)
WHERE {only:String} = '' OR {by:String} IN (${time}, 'channel', 'advocate');

-- Visitor-days. One row per id and span.
CREATE OR REPLACE VIEW part_visitors SQL SECURITY NONE AS
SELECT
    if({by:String} IN (${time}), multiIf(
        ${bucket start},
        ''), key) AS id,
    visitors
FROM
(
    SELECT start, key, visitors
    FROM
    (
        SELECT start, key, visitors
        FROM rollup_visitors FINAL
        WHERE space_id = {space:String}
            AND by = ${split}
            AND ${spans}
    )
    ARRAY JOIN key, visitors
    WHERE {only:String} = '' OR key = {only:String}
)
WHERE {only:String} = '' OR {by:String} IN (${time}, 'advocate');

-- Shares, row by row, each with the first and the last day of its bucket.
CREATE OR REPLACE VIEW part_share_rows SQL SECURITY NONE AS
SELECT
    if({by:String} IN (${time}), multiIf(
        ${bucket start},
        ''), ${share_column}) AS id,
    ${edges start},
    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
FROM
(
    SELECT
        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
        advocate_kind, content_kind, campaign_id, landed_on
    FROM rollup_shares FINAL
    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
        AND ({only:String} = '' OR advocate_id = {only:String})
);

-- Shares. One row per id.
CREATE OR REPLACE VIEW part_shares SQL SECURITY NONE AS
SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
FROM part_share_rows(${given space from to by only})
GROUP BY id;

-- Shares by people who were registered in the period, and these people. One row per id.
CREATE OR REPLACE VIEW part_sharers SQL SECURITY NONE AS
SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
FROM part_share_rows(${given space from to by only}) AS shares
INNER JOIN part_people(${given space}) AS people ON people.advocate_key = shares.advocate_key
WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
GROUP BY id;

-- People and the days between which they belong to the programme. Who never registered has the last day there is.
CREATE OR REPLACE VIEW part_people SQL SECURITY NONE AS
SELECT
    advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
    ifNull(toDate(registered_at, ${zone}), toDate('2149-06-06')) AS registered_on,
    ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
    ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
FROM advocates FINAL
WHERE space_id = {space:String} AND NOT removed;

-- The same with the key of a split by people.
CREATE OR REPLACE VIEW part_people_by SQL SECURITY NONE AS
SELECT
    multiIf(
        {by:String} = 'team', team_id,
        {by:String} = 'location', location,
        {by:String} = 'language', language,
        {by:String} = 'cohort', cohort,
        {by:String} = 'advocate_kind', advocate_kind,
        '') AS id,
    advocate_key, registered_on, invited_from, stays_until
FROM part_people(${given space});

-- People by group or by bucket.
CREATE OR REPLACE VIEW part_advocates SQL SECURITY NONE AS
SELECT
    if(buckets.id = '', people.id, buckets.id) AS id,
    countIf(invited_from <= last) AS invited,
    countIf(registered_on <= last) AS registered,
    countIf(invited_from <= last AND registered_on <= last) AS adopted
FROM part_people_by(${given space by}) AS people
CROSS JOIN part_buckets(${given from to by}) AS buckets
WHERE stays_until >= first
    AND {by:String} IN (${time}, ${people})
GROUP BY id;

-- Advocates registered in the period who signed in or shared in it.
CREATE OR REPLACE VIEW part_engaged SQL SECURITY NONE AS
SELECT id, uniqExact(advocate_key) AS engaged
FROM
(
    SELECT shares.id AS id, shares.advocate_key AS advocate_key
    FROM part_share_rows(${given space from to by}, only = '') AS shares
    INNER JOIN part_people(${given space}) AS people ON people.advocate_key = shares.advocate_key
    WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
    UNION ALL
    SELECT if(days.id = '', people.id, days.id) AS id, people.advocate_key
    FROM
    (
        SELECT
            cityHash64(advocate_id) AS advocate_key,
            toDate(signed_in_at, ${zone}) AS day
        FROM sign_ins FINAL
        WHERE space_id = {space:String}
    ) AS signed
    INNER JOIN part_days(${given from to by}) AS days ON days.day = signed.day
    INNER JOIN part_people_by(${given space by}) AS people ON people.advocate_key = signed.advocate_key
    WHERE registered_on <= last AND stays_until >= first
)
GROUP BY id;

-- Contents published in the period. One row per id.
CREATE OR REPLACE VIEW part_contents SQL SECURITY NONE AS
SELECT
    multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
    count() AS published,
    countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
    sum(cohort_clicks) AS clicks,
    countIf(cohort_shared) AS shared
FROM rollup_contents AS contents FINAL
INNER JOIN part_days(${given from to by}) AS days ON days.day = contents.published_on
WHERE contents.space_id = {space:String}
    AND {by:String} IN (${time}, 'content_kind', 'campaign')
GROUP BY id;

-- Working days that are no holiday.
CREATE OR REPLACE VIEW part_working_days SQL SECURITY NONE AS
SELECT id, count() AS days
FROM part_days(${given from to by})
WHERE {by:String} IN (${time})
    AND has((SELECT any(working_week) FROM part_space(${given space})), toDayOfWeek(day))
    AND NOT has((SELECT any(holidays) FROM part_space(${given space})), toDate32(day))
GROUP BY id;

-- Applications that are credited to somebody, at the day on which they reached one of two stages. One row per id.
CREATE OR REPLACE VIEW part_applications SQL SECURITY NONE AS
SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
FROM
(
    SELECT
        multiIf(
            {by:String} IN (${time}), days.id,
            {by:String} = 'team', people.team_id,
            {by:String} = 'location', people.location,
            {by:String} = 'language', people.language,
            {by:String} = 'cohort', people.cohort,
            {by:String} = 'advocate_kind', people.advocate_kind,
            {by:String} = 'advocate', people.advocate_id,
            {by:String} = 'content', contents.content_id,
            {by:String} = 'content_kind', contents.kind,
            {by:String} = 'campaign', contents.campaign_id,
            reached.channel) AS id,
        stage
    FROM
    (
        SELECT
            advocate_id, content_id, channel, stage_at.1 AS stage,
            toDate(stage_at.2, ${zone}) AS day
        FROM applications FINAL
        ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
        WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
            AND ({only:String} = '' OR advocate_id = {only:String})
    ) AS reached
    INNER JOIN part_days(${given from to by}) AS days ON days.day = reached.day
    LEFT JOIN part_people(${given space}) AS people ON people.advocate_id = reached.advocate_id
    LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
        ON contents.content_id = reached.content_id
    WHERE {by:String} != 'country'
)
GROUP BY id;

-- The cost of a paid click in EUR: by channel, from a day on. `click_rates` of a space says it as a number, as
-- {low, middle, high}, or as a list of such with the day `from` which each counts.
CREATE OR REPLACE VIEW part_rates SQL SECURITY NONE AS
SELECT
    pair.1 AS channel,
    toDateOrDefault(JSONExtractString(rate, 'from'), toDate('1970-01-01')) AS first,
    startsWith(rate, '{') AS is_range,
    if(is_range, JSONExtractFloat(rate, 'low'), toFloat64OrZero(rate)) AS low,
    if(is_range, JSONExtractFloat(rate, 'middle'), toFloat64OrZero(rate)) AS middle,
    if(is_range, JSONExtractFloat(rate, 'high'), toFloat64OrZero(rate)) AS high
FROM
(
    SELECT pair, arrayJoin(if(startsWith(pair.2, '['), JSONExtractArrayRaw(pair.2), [pair.2])) AS rate
    FROM part_space(${given space})
    ARRAY JOIN JSONExtractKeysAndValuesRaw(click_rates) AS pair
);

-- Clicks times rates, day by day, because a rate may change on any day. One row per id.
CREATE OR REPLACE VIEW part_value SQL SECURITY NONE AS
SELECT
    multiIf(
        {by:String} = '', '',
        ${bucket start},
        {only:String} != '' AND {by:String} = 'channel', clicks.channel,
        clicks.key) AS id,
    sum(clicks.clicks * rates.low) AS low,
    sum(clicks.clicks * rates.middle) AS middle,
    sum(clicks.clicks * rates.high) AS high
FROM
(
    SELECT start, key, channel, clicks
    FROM
    (
        SELECT start, key, channel, clicks
        FROM rollup_clicks FINAL
        WHERE space_id = {space:String} AND grain = 'day' AND start BETWEEN {from:Date} AND {to:Date}
            AND by = ${split}
    )
    ARRAY JOIN key, channel, clicks
    WHERE {only:String} = '' OR key = {only:String}
) AS clicks
ASOF INNER JOIN part_rates(${given space}) AS rates ON rates.channel = clicks.channel AND rates.first <= clicks.start
WHERE {only:String} = '' OR {by:String} IN (${time}, 'channel', 'advocate')
GROUP BY id;

-- The groups of a split by people that nobody but the rightful may see: smaller than the minimum cell, and then the next
-- smallest ones until those withheld are together no smaller than it, so that no group is found by subtraction. A group is
-- as large as the number of its people who are registered in the period: one in which nobody is has figures all the same,
-- when links were issued to its people. A minimum of 1 withholds nothing.
CREATE OR REPLACE VIEW part_withheld SQL SECURITY NONE AS
SELECT id
FROM
(
    SELECT
        id, people,
        sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
        row_number() OVER (ORDER BY people, id) AS place,
        ${minimum} AS minimum
    FROM
    (
        SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
        FROM part_people_by(${given space by})
        WHERE {by:String} IN (${people})
        GROUP BY id
    )
)
WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum));

-- How large each group is in each bucket of `every`: the number of its people who are registered in it. `never`: the group is
-- withheld in the whole period. People come in their first bucket and are gone in the one after their last, so that nobody
-- is counted bucket by bucket.
CREATE OR REPLACE VIEW part_cells SQL SECURITY NONE AS
SELECT id, never, moment.1 AS first, sum(sum(moment.2)) OVER (PARTITION BY id ORDER BY first) AS people
FROM
(
    SELECT id, changes, minimum > 1 AND (total < minimum OR (place > 1 AND smaller < minimum)) AS never
    FROM
    (
        SELECT
            id, countIf(is_here) AS total,
            sum(total) OVER (ORDER BY total, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - total AS smaller,
            row_number() OVER (ORDER BY total, id) AS place,
            ${minimum} AS minimum,
            groupArrayArrayIf([(comes, 1), (goes, -1)], is_here AND comes < goes) AS changes
        FROM
        (
            SELECT
                id, registered_on <= {to:Date} AND stays_until >= {from:Date} AS is_here,
                greatest(registered_on, {from:Date}) AS since, least(stays_until, {to:Date}) AS until,
                ${begin since} AS comes, ${finish until} + 1 AS goes
            FROM part_people_by(${given space by})
            WHERE {by:String} IN (${people})
        )
        GROUP BY id
    )
)
ARRAY JOIN arrayConcat(changes, (SELECT groupArray((first, 0)) FROM part_buckets(${given from to every}))) AS moment
WHERE moment.1 <= {to:Date}
GROUP BY id, never, first;

-- What a question has to know of its space: its mode, and who judged its clicks.
CREATE OR REPLACE VIEW figure_space SQL SECURITY NONE AS
SELECT
    toString(privacy_mode) AS privacy_mode,
    (
        SELECT arraySort(groupUniqArray(toUInt16OrZero(id)))
        FROM part_clicks(${given space from to}, `by` = 'classifier', only = '')
        WHERE clicks + preview + bot + scanner + prefetch + head + self > 0
    ) AS classifier_versions
FROM part_space(${given space});

-- The same by key, with the name of the group.
CREATE OR REPLACE VIEW part_withheld_keys SQL SECURITY NONE AS
SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
FROM part_withheld(${given space from to by}) AS part
LEFT JOIN part_names(${given space by}) AS named ON named.id = part.id;

