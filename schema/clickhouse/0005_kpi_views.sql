-- Written by schema/source/kpi_views/build.mjs from what lies beside it: change that.
--
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

-- What a question has to know of its space: its mode, and who judged its clicks.
CREATE OR REPLACE VIEW figure_space SQL SECURITY NONE AS
SELECT
    toString(privacy_mode) AS privacy_mode,
    (
        SELECT arraySort(groupUniqArray(toUInt16OrZero(id)))
        FROM (
            SELECT
                if('classifier' IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    'classifier' = 'day', toString(start),
                    'classifier' = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    'classifier' = 'month', formatDateTime(start, '%Y-%m'),
                    'classifier' = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if('' != '' AND 'classifier' = 'channel', channel, key)) AS id,
                start, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
            FROM
            (
                SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                FROM
                (
                    SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf('' != '', 'advocate', 'classifier' IN ('', 'day', 'week', 'month', 'quarter'), 'all', 'classifier')
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            'classifier' NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ('classifier' IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                WHERE '' = '' OR key = ''
            )
            WHERE '' = '' OR 'classifier' IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        )
        WHERE clicks + preview + bot + scanner + prefetch + head + self > 0
    ) AS classifier_versions
FROM (
    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
    FROM spaces FINAL
    WHERE space_id = {space:String} AND NOT removed
);

CREATE OR REPLACE VIEW figure_contents_published SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'contents' AS unit, 'contents_published v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, published AS n FROM (
            SELECT
                multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                count() AS published,
                countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                sum(cohort_clicks) AS clicks,
                countIf(cohort_shared) AS shared
            FROM rollup_contents AS contents FINAL
            INNER JOIN (
                SELECT
                    {from:Date} + number AS day,
                    multiIf(
                        {by:String} = 'day', toString(day),
                        {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                        {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                        '') AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day),
                        {by:String} = 'month', toStartOfMonth(day),
                        {by:String} = 'quarter', toStartOfQuarter(day),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day) + 6,
                        {by:String} = 'month', toLastDayOfMonth(day),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                        {to:Date})) AS last
                FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
            ) AS days ON days.day = contents.published_on
            WHERE contents.space_id = {space:String}
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_contents_published SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'contents' AS unit, 'contents_published v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, published AS n FROM (
                    SELECT
                        multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                        count() AS published,
                        countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                        sum(cohort_clicks) AS clicks,
                        countIf(cohort_shared) AS shared
                    FROM rollup_contents AS contents FINAL
                    INNER JOIN (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {by:String} = 'day', toString(day),
                                {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day),
                                {by:String} = 'month', toStartOfMonth(day),
                                {by:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day) + 6,
                                {by:String} = 'month', toLastDayOfMonth(day),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    ) AS days ON days.day = contents.published_on
                    WHERE contents.space_id = {space:String}
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'contents', 'contents_published v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'content_kind', 'campaign')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_contents_per_weekday SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'contents/day' AS unit, 'contents_per_weekday v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, published AS n, 0 AS d FROM (
            SELECT
                multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                count() AS published,
                countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                sum(cohort_clicks) AS clicks,
                countIf(cohort_shared) AS shared
            FROM rollup_contents AS contents FINAL
            INNER JOIN (
                SELECT
                    {from:Date} + number AS day,
                    multiIf(
                        {by:String} = 'day', toString(day),
                        {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                        {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                        '') AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day),
                        {by:String} = 'month', toStartOfMonth(day),
                        {by:String} = 'quarter', toStartOfQuarter(day),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day) + 6,
                        {by:String} = 'month', toLastDayOfMonth(day),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                        {to:Date})) AS last
                FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
            ) AS days ON days.day = contents.published_on
            WHERE contents.space_id = {space:String}
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, days FROM (
            SELECT id, count() AS days
            FROM (
                SELECT
                    {from:Date} + number AS day,
                    multiIf(
                        {by:String} = 'day', toString(day),
                        {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                        {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                        '') AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day),
                        {by:String} = 'month', toStartOfMonth(day),
                        {by:String} = 'quarter', toStartOfQuarter(day),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day) + 6,
                        {by:String} = 'month', toLastDayOfMonth(day),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                        {to:Date})) AS last
                FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                AND has((SELECT any(working_week) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), toDayOfWeek(day))
                AND NOT has((SELECT any(holidays) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), toDate32(day))
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_contents_per_weekday SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'contents/day' AS unit, 'contents_per_weekday v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, published AS n, 0 AS d FROM (
                    SELECT
                        multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                        count() AS published,
                        countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                        sum(cohort_clicks) AS clicks,
                        countIf(cohort_shared) AS shared
                    FROM rollup_contents AS contents FINAL
                    INNER JOIN (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {by:String} = 'day', toString(day),
                                {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day),
                                {by:String} = 'month', toStartOfMonth(day),
                                {by:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day) + 6,
                                {by:String} = 'month', toLastDayOfMonth(day),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    ) AS days ON days.day = contents.published_on
                    WHERE contents.space_id = {space:String}
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, days FROM (
                    SELECT id, count() AS days
                    FROM (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {by:String} = 'day', toString(day),
                                {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day),
                                {by:String} = 'month', toStartOfMonth(day),
                                {by:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day) + 6,
                                {by:String} = 'month', toLastDayOfMonth(day),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                        AND has((SELECT any(working_week) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), toDayOfWeek(day))
                        AND NOT has((SELECT any(holidays) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), toDate32(day))
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'contents/day', 'contents_per_weekday v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_content_usage_rate SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'content_usage_rate v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, used AS n, published AS d FROM (
            SELECT
                multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                count() AS published,
                countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                sum(cohort_clicks) AS clicks,
                countIf(cohort_shared) AS shared
            FROM rollup_contents AS contents FINAL
            INNER JOIN (
                SELECT
                    {from:Date} + number AS day,
                    multiIf(
                        {by:String} = 'day', toString(day),
                        {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                        {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                        '') AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day),
                        {by:String} = 'month', toStartOfMonth(day),
                        {by:String} = 'quarter', toStartOfQuarter(day),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day) + 6,
                        {by:String} = 'month', toLastDayOfMonth(day),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                        {to:Date})) AS last
                FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
            ) AS days ON days.day = contents.published_on
            WHERE contents.space_id = {space:String}
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_content_usage_rate SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'content_usage_rate v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, used AS n, published AS d FROM (
                    SELECT
                        multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                        count() AS published,
                        countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                        sum(cohort_clicks) AS clicks,
                        countIf(cohort_shared) AS shared
                    FROM rollup_contents AS contents FINAL
                    INNER JOIN (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {by:String} = 'day', toString(day),
                                {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day),
                                {by:String} = 'month', toStartOfMonth(day),
                                {by:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day) + 6,
                                {by:String} = 'month', toLastDayOfMonth(day),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    ) AS days ON days.day = contents.published_on
                    WHERE contents.space_id = {space:String}
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'content_usage_rate v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'content_kind', 'campaign')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_advocates_invited SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'people' AS unit, 'advocates_invited v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, invited AS n FROM (
            SELECT
                if(buckets.id = '', people.id, buckets.id) AS id,
                countIf(invited_from <= last) AS invited,
                countIf(registered_on <= last) AS registered,
                countIf(invited_from <= last AND registered_on <= last) AS adopted
            FROM (
                SELECT
                    multiIf(
                        {by:String} = 'team', team_id,
                        {by:String} = 'location', location,
                        {by:String} = 'language', language,
                        {by:String} = 'cohort', cohort,
                        {by:String} = 'advocate_kind', advocate_kind,
                        '') AS id,
                    advocate_key, registered_on, invited_from, stays_until
                FROM (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
            ) AS people
            CROSS JOIN (
                SELECT DISTINCT id, first, last
                FROM (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                )
            ) AS buckets
            WHERE stays_until >= first
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_advocates_invited SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'people' AS unit, 'advocates_invited v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, invited AS n FROM (
                    SELECT
                        if(buckets.id = '', people.id, buckets.id) AS id,
                        countIf(invited_from <= last) AS invited,
                        countIf(registered_on <= last) AS registered,
                        countIf(invited_from <= last AND registered_on <= last) AS adopted
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    ) AS people
                    CROSS JOIN (
                        SELECT DISTINCT id, first, last
                        FROM (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        )
                    ) AS buckets
                    WHERE stays_until >= first
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'people', 'advocates_invited v1', {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate'), true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_advocates_registered SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'people' AS unit, 'advocates_registered v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, registered AS n FROM (
            SELECT
                if(buckets.id = '', people.id, buckets.id) AS id,
                countIf(invited_from <= last) AS invited,
                countIf(registered_on <= last) AS registered,
                countIf(invited_from <= last AND registered_on <= last) AS adopted
            FROM (
                SELECT
                    multiIf(
                        {by:String} = 'team', team_id,
                        {by:String} = 'location', location,
                        {by:String} = 'language', language,
                        {by:String} = 'cohort', cohort,
                        {by:String} = 'advocate_kind', advocate_kind,
                        '') AS id,
                    advocate_key, registered_on, invited_from, stays_until
                FROM (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
            ) AS people
            CROSS JOIN (
                SELECT DISTINCT id, first, last
                FROM (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                )
            ) AS buckets
            WHERE stays_until >= first
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_advocates_registered SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'people' AS unit, 'advocates_registered v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, registered AS n FROM (
                    SELECT
                        if(buckets.id = '', people.id, buckets.id) AS id,
                        countIf(invited_from <= last) AS invited,
                        countIf(registered_on <= last) AS registered,
                        countIf(invited_from <= last AND registered_on <= last) AS adopted
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    ) AS people
                    CROSS JOIN (
                        SELECT DISTINCT id, first, last
                        FROM (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        )
                    ) AS buckets
                    WHERE stays_until >= first
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'people', 'advocates_registered v1', {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate'), true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_adoption_rate SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'adoption_rate v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, adopted AS n, invited AS d FROM (
            SELECT
                if(buckets.id = '', people.id, buckets.id) AS id,
                countIf(invited_from <= last) AS invited,
                countIf(registered_on <= last) AS registered,
                countIf(invited_from <= last AND registered_on <= last) AS adopted
            FROM (
                SELECT
                    multiIf(
                        {by:String} = 'team', team_id,
                        {by:String} = 'location', location,
                        {by:String} = 'language', language,
                        {by:String} = 'cohort', cohort,
                        {by:String} = 'advocate_kind', advocate_kind,
                        '') AS id,
                    advocate_key, registered_on, invited_from, stays_until
                FROM (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
            ) AS people
            CROSS JOIN (
                SELECT DISTINCT id, first, last
                FROM (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                )
            ) AS buckets
            WHERE stays_until >= first
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_adoption_rate SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'adoption_rate v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, adopted AS n, invited AS d FROM (
                    SELECT
                        if(buckets.id = '', people.id, buckets.id) AS id,
                        countIf(invited_from <= last) AS invited,
                        countIf(registered_on <= last) AS registered,
                        countIf(invited_from <= last AND registered_on <= last) AS adopted
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    ) AS people
                    CROSS JOIN (
                        SELECT DISTINCT id, first, last
                        FROM (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        )
                    ) AS buckets
                    WHERE stays_until >= first
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'adoption_rate v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_active_sharers SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'people' AS unit, 'active_sharers v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, sharers AS n FROM (
            SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            ) AS shares
            INNER JOIN (
                SELECT
                    advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                    ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                        SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                        FROM spaces FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                    ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                    ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                FROM advocates FINAL
                WHERE space_id = {space:String} AND NOT removed
            ) AS people ON people.advocate_key = shares.advocate_key
            WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_active_sharers SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'people' AS unit, 'active_sharers v1' AS definition, {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate') AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, sharers AS n FROM (
                    SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    ) AS shares
                    INNER JOIN (
                        SELECT
                            advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                            ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                FROM spaces FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                            ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                            ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                        FROM advocates FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    ) AS people ON people.advocate_key = shares.advocate_key
                    WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'people', 'active_sharers v1', {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate'), true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_active_sharer_ratio SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'active_sharer_ratio v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, sharers AS n, 0 AS d FROM (
            SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            ) AS shares
            INNER JOIN (
                SELECT
                    advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                    ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                        SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                        FROM spaces FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                    ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                    ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                FROM advocates FINAL
                WHERE space_id = {space:String} AND NOT removed
            ) AS people ON people.advocate_key = shares.advocate_key
            WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, registered FROM (
            SELECT
                if(buckets.id = '', people.id, buckets.id) AS id,
                countIf(invited_from <= last) AS invited,
                countIf(registered_on <= last) AS registered,
                countIf(invited_from <= last AND registered_on <= last) AS adopted
            FROM (
                SELECT
                    multiIf(
                        {by:String} = 'team', team_id,
                        {by:String} = 'location', location,
                        {by:String} = 'language', language,
                        {by:String} = 'cohort', cohort,
                        {by:String} = 'advocate_kind', advocate_kind,
                        '') AS id,
                    advocate_key, registered_on, invited_from, stays_until
                FROM (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
            ) AS people
            CROSS JOIN (
                SELECT DISTINCT id, first, last
                FROM (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                )
            ) AS buckets
            WHERE stays_until >= first
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_active_sharer_ratio SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'active_sharer_ratio v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, sharers AS n, 0 AS d FROM (
                    SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    ) AS shares
                    INNER JOIN (
                        SELECT
                            advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                            ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                FROM spaces FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                            ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                            ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                        FROM advocates FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    ) AS people ON people.advocate_key = shares.advocate_key
                    WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, registered FROM (
                    SELECT
                        if(buckets.id = '', people.id, buckets.id) AS id,
                        countIf(invited_from <= last) AS invited,
                        countIf(registered_on <= last) AS registered,
                        countIf(invited_from <= last AND registered_on <= last) AS adopted
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    ) AS people
                    CROSS JOIN (
                        SELECT DISTINCT id, first, last
                        FROM (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        )
                    ) AS buckets
                    WHERE stays_until >= first
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'active_sharer_ratio v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_active_sharer_ratio_engaged SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'active_sharer_ratio@engaged v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, engaged AS n, 0 AS d FROM (
            SELECT id, uniqExact(advocate_key) AS engaged
            FROM
            (
                SELECT shares.id AS id, shares.advocate_key AS advocate_key
                FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', start,
                            {by:String} = 'week', toMonday(start),
                            {by:String} = 'month', toStartOfMonth(start),
                            {by:String} = 'quarter', toStartOfQuarter(start),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', start,
                            {by:String} = 'week', toMonday(start) + 6,
                            {by:String} = 'month', toLastDayOfMonth(start),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                            {to:Date})) AS last,
                        channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                    FROM
                    (
                        SELECT
                            shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                            advocate_kind, content_kind, campaign_id, landed_on
                        FROM rollup_shares FINAL
                        WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                            AND ('' = '' OR advocate_id = '')
                    )
                ) AS shares
                INNER JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_key = shares.advocate_key
                WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
                UNION ALL
                SELECT if(days.id = '', people.id, days.id) AS id, people.advocate_key
                FROM
                (
                    SELECT
                        cityHash64(advocate_id) AS advocate_key,
                        toDate(signed_in_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM sign_ins FINAL
                    WHERE space_id = {space:String}
                ) AS signed
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = signed.day
                INNER JOIN (
                    SELECT
                        multiIf(
                            {by:String} = 'team', team_id,
                            {by:String} = 'location', location,
                            {by:String} = 'language', language,
                            {by:String} = 'cohort', cohort,
                            {by:String} = 'advocate_kind', advocate_kind,
                            '') AS id,
                        advocate_key, registered_on, invited_from, stays_until
                    FROM (
                        SELECT
                            advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                            ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                FROM spaces FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                            ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                            ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                        FROM advocates FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    )
                ) AS people ON people.advocate_key = signed.advocate_key
                WHERE registered_on <= last AND stays_until >= first
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, registered FROM (
            SELECT
                if(buckets.id = '', people.id, buckets.id) AS id,
                countIf(invited_from <= last) AS invited,
                countIf(registered_on <= last) AS registered,
                countIf(invited_from <= last AND registered_on <= last) AS adopted
            FROM (
                SELECT
                    multiIf(
                        {by:String} = 'team', team_id,
                        {by:String} = 'location', location,
                        {by:String} = 'language', language,
                        {by:String} = 'cohort', cohort,
                        {by:String} = 'advocate_kind', advocate_kind,
                        '') AS id,
                    advocate_key, registered_on, invited_from, stays_until
                FROM (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
            ) AS people
            CROSS JOIN (
                SELECT DISTINCT id, first, last
                FROM (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                )
            ) AS buckets
            WHERE stays_until >= first
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_active_sharer_ratio_engaged SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'active_sharer_ratio@engaged v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, engaged AS n, 0 AS d FROM (
                    SELECT id, uniqExact(advocate_key) AS engaged
                    FROM
                    (
                        SELECT shares.id AS id, shares.advocate_key AS advocate_key
                        FROM (
                            SELECT
                                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                    {by:String} = 'day', toString(start),
                                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                    ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', start,
                                    {by:String} = 'week', toMonday(start),
                                    {by:String} = 'month', toStartOfMonth(start),
                                    {by:String} = 'quarter', toStartOfQuarter(start),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', start,
                                    {by:String} = 'week', toMonday(start) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(start),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last,
                                channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                            FROM
                            (
                                SELECT
                                    shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                    advocate_kind, content_kind, campaign_id, landed_on
                                FROM rollup_shares FINAL
                                WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                    AND ('' = '' OR advocate_id = '')
                            )
                        ) AS shares
                        INNER JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_key = shares.advocate_key
                        WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
                        UNION ALL
                        SELECT if(days.id = '', people.id, days.id) AS id, people.advocate_key
                        FROM
                        (
                            SELECT
                                cityHash64(advocate_id) AS advocate_key,
                                toDate(signed_in_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM sign_ins FINAL
                            WHERE space_id = {space:String}
                        ) AS signed
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = signed.day
                        INNER JOIN (
                            SELECT
                                multiIf(
                                    {by:String} = 'team', team_id,
                                    {by:String} = 'location', location,
                                    {by:String} = 'language', language,
                                    {by:String} = 'cohort', cohort,
                                    {by:String} = 'advocate_kind', advocate_kind,
                                    '') AS id,
                                advocate_key, registered_on, invited_from, stays_until
                            FROM (
                                SELECT
                                    advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                    ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                        SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                        FROM spaces FINAL
                                        WHERE space_id = {space:String} AND NOT removed
                                    )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                    ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                    ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                                FROM advocates FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )
                        ) AS people ON people.advocate_key = signed.advocate_key
                        WHERE registered_on <= last AND stays_until >= first
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, registered FROM (
                    SELECT
                        if(buckets.id = '', people.id, buckets.id) AS id,
                        countIf(invited_from <= last) AS invited,
                        countIf(registered_on <= last) AS registered,
                        countIf(invited_from <= last AND registered_on <= last) AS adopted
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    ) AS people
                    CROSS JOIN (
                        SELECT DISTINCT id, first, last
                        FROM (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        )
                    ) AS buckets
                    WHERE stays_until >= first
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'active_sharer_ratio@engaged v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_shares SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'shares' AS unit, 'shares v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, shares AS n FROM (
            SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_shares SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'shares' AS unit, 'shares v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, shares AS n FROM (
                    SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'shares', 'shares v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_shares_per_active_sharer SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'shares/person' AS unit, 'shares_per_active_sharer v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, shares AS n, sharers AS d FROM (
            SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            ) AS shares
            INNER JOIN (
                SELECT
                    advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                    ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                        SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                        FROM spaces FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                    ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                    ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                FROM advocates FINAL
                WHERE space_id = {space:String} AND NOT removed
            ) AS people ON people.advocate_key = shares.advocate_key
            WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_shares_per_active_sharer SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'shares/person' AS unit, 'shares_per_active_sharer v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, shares AS n, sharers AS d FROM (
                    SELECT shares.id AS id, count() AS shares, uniqExact(shares.advocate_key) AS sharers
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    ) AS shares
                    INNER JOIN (
                        SELECT
                            advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                            ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                FROM spaces FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                            ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                            ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                        FROM advocates FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    ) AS people ON people.advocate_key = shares.advocate_key
                    WHERE people.registered_on <= shares.last AND people.stays_until >= shares.first
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'shares/person', 'shares_per_active_sharer v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_contents_shared SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'contents' AS unit, 'contents_shared v1' AS definition, {by:String} IN ('', 'content_kind', 'campaign', 'content') AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, contents AS n FROM (
            SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_contents_shared SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'contents' AS unit, 'contents_shared v1' AS definition, {by:String} IN ('', 'content_kind', 'campaign', 'content') AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, contents AS n FROM (
                    SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'contents', 'contents_shared v1', {by:String} IN ('', 'content_kind', 'campaign', 'content'), true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks' AS unit, 'clicks v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, clicks AS n FROM (SELECT id, sum(clicks) AS clicks FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, clicks
            FROM
            (
                SELECT start, key, channel, clicks
                FROM
                (
                    SELECT start, key, channel, clicks
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, clicks
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_clicks SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks' AS unit, 'clicks v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, clicks AS n FROM (SELECT id, sum(clicks) AS clicks FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, clicks
                    FROM
                    (
                        SELECT start, key, channel, clicks
                        FROM
                        (
                            SELECT start, key, channel, clicks
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, clicks
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks', 'clicks v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks_by_class SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, toNullable(class) AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks' AS unit, 'clicks_by_class v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, counted.1 AS class, toFloat64(counted.2) AS n
    FROM
    (
        SELECT
            id,
            arrayJoin([
                ('human', sum(clicks)), ('preview', sum(preview)), ('bot', sum(bot)), ('scanner', sum(scanner)),
                ('prefetch', sum(prefetch)), ('head', sum(head)), ('self', sum(self))]) AS counted
        FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
            FROM
            (
                SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                FROM
                (
                    SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        )
        GROUP BY id
    )
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0);

CREATE OR REPLACE VIEW kpi_clicks_by_class SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, toNullable(class) AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks' AS unit, 'clicks_by_class v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, counted.1 AS class, toFloat64(counted.2) AS n
            FROM
            (
                SELECT
                    id,
                    arrayJoin([
                        ('human', sum(clicks)), ('preview', sum(preview)), ('bot', sum(bot)), ('scanner', sum(scanner)),
                        ('prefetch', sum(prefetch)), ('head', sum(head)), ('self', sum(self))]) AS counted
                FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                    FROM
                    (
                        SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                        FROM
                        (
                            SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                )
                GROUP BY id
            )
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0)
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks', 'clicks_by_class v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_unique_visitors SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'visitor-days' AS unit, 'unique_visitors v1' AS definition, {by:String} IN ('', 'day', 'week', 'month', 'quarter') AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, visitors AS n FROM (SELECT id, sum(visitors) AS visitors FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
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
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, visitors
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_unique_visitors SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'visitor-days' AS unit, 'unique_visitors v1' AS definition, {by:String} IN ('', 'day', 'week', 'month', 'quarter') AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, visitors AS n FROM (SELECT id, sum(visitors) AS visitors FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
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
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, visitors
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'visitor-days', 'unique_visitors v1', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel', 'country')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks_per_share SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks/share' AS unit, 'clicks_per_share v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, clicks AS n, 0 AS d FROM (SELECT id, sum(clicks) AS clicks FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, clicks
            FROM
            (
                SELECT start, key, channel, clicks
                FROM
                (
                    SELECT start, key, channel, clicks
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, clicks
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0, shares FROM (
            SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_clicks_per_share SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks/share' AS unit, 'clicks_per_share v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, clicks AS n, 0 AS d FROM (SELECT id, sum(clicks) AS clicks FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, clicks
                    FROM
                    (
                        SELECT start, key, channel, clicks
                        FROM
                        (
                            SELECT start, key, channel, clicks
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, clicks
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0, shares FROM (
                    SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks/share', 'clicks_per_share v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks_per_content SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks/content' AS unit, 'clicks_per_content v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, clicks AS n, 0 AS d FROM (SELECT id, sum(clicks) AS clicks FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, clicks
            FROM
            (
                SELECT start, key, channel, clicks
                FROM
                (
                    SELECT start, key, channel, clicks
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, clicks
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0, contents FROM (
            SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_clicks_per_content SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks/content' AS unit, 'clicks_per_content v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, clicks AS n, 0 AS d FROM (SELECT id, sum(clicks) AS clicks FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, clicks
                    FROM
                    (
                        SELECT start, key, channel, clicks
                        FROM
                        (
                            SELECT start, key, channel, clicks
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, clicks
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0, contents FROM (
                    SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks/content', 'clicks_per_content v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks_per_content_cohort SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks/content' AS unit, 'clicks_per_content@cohort v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, clicks AS n, shared AS d FROM (
            SELECT
                multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                count() AS published,
                countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                sum(cohort_clicks) AS clicks,
                countIf(cohort_shared) AS shared
            FROM rollup_contents AS contents FINAL
            INNER JOIN (
                SELECT
                    {from:Date} + number AS day,
                    multiIf(
                        {by:String} = 'day', toString(day),
                        {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                        {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                        '') AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day),
                        {by:String} = 'month', toStartOfMonth(day),
                        {by:String} = 'quarter', toStartOfQuarter(day),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', day,
                        {by:String} = 'week', toMonday(day) + 6,
                        {by:String} = 'month', toLastDayOfMonth(day),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                        {to:Date})) AS last
                FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
            ) AS days ON days.day = contents.published_on
            WHERE contents.space_id = {space:String}
                AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_clicks_per_content_cohort SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks/content' AS unit, 'clicks_per_content@cohort v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, clicks AS n, shared AS d FROM (
                    SELECT
                        multiIf({by:String} = 'content_kind', content_kind, {by:String} = 'campaign', campaign_id, days.id) AS id,
                        count() AS published,
                        countIf(used_on IS NOT NULL AND used_on <= last + 14) AS used,
                        sum(cohort_clicks) AS clicks,
                        countIf(cohort_shared) AS shared
                    FROM rollup_contents AS contents FINAL
                    INNER JOIN (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {by:String} = 'day', toString(day),
                                {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day),
                                {by:String} = 'month', toStartOfMonth(day),
                                {by:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', day,
                                {by:String} = 'week', toMonday(day) + 6,
                                {by:String} = 'month', toLastDayOfMonth(day),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    ) AS days ON days.day = contents.published_on
                    WHERE contents.space_id = {space:String}
                        AND {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'content_kind', 'campaign') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks/content', 'clicks_per_content@cohort v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'content_kind', 'campaign')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_landed_share_rate SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'landed_share_rate v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, landed AS n, shares AS d FROM (
            SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ({only:String} = '' OR advocate_id = {only:String})
                )
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_landed_share_rate SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'landed_share_rate v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, landed AS n, shares AS d FROM (
                    SELECT id, count() AS shares, uniqExact(content_key) AS contents, countIf(landed) AS landed
                    FROM (
                        SELECT
                            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                {by:String} = 'day', toString(start),
                                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                            greatest({from:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start),
                                {by:String} = 'month', toStartOfMonth(start),
                                {by:String} = 'quarter', toStartOfQuarter(start),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {by:String} = 'day', start,
                                {by:String} = 'week', toMonday(start) + 6,
                                {by:String} = 'month', toLastDayOfMonth(start),
                                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                                {to:Date})) AS last,
                            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                        FROM
                        (
                            SELECT
                                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                                advocate_kind, content_kind, campaign_id, landed_on
                            FROM rollup_shares FINAL
                            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                                AND ('' = '' OR advocate_id = '')
                        )
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'landed_share_rate v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_channel_mix SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, toNullable(toString(channel)) AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'channel_mix v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, channel, toFloat64(count()) AS n, sum(n) OVER (PARTITION BY id) AS d
    FROM (
        SELECT
            if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                {by:String} = 'day', toString(start),
                {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
            greatest({from:Date}, multiIf(
                {by:String} = 'day', start,
                {by:String} = 'week', toMonday(start),
                {by:String} = 'month', toStartOfMonth(start),
                {by:String} = 'quarter', toStartOfQuarter(start),
                {from:Date})) AS first,
            least({to:Date}, multiIf(
                {by:String} = 'day', start,
                {by:String} = 'week', toMonday(start) + 6,
                {by:String} = 'month', toLastDayOfMonth(start),
                {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                {to:Date})) AS last,
            channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
        FROM
        (
            SELECT
                shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                advocate_kind, content_kind, campaign_id, landed_on
            FROM rollup_shares FINAL
            WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                AND ({only:String} = '' OR advocate_id = {only:String})
        )
    )
    GROUP BY id, channel
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign') AND (n != 0 OR d != 0);

CREATE OR REPLACE VIEW kpi_channel_mix SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, toNullable(toString(channel)) AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'channel_mix v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, channel, toFloat64(count()) AS n, sum(n) OVER (PARTITION BY id) AS d
            FROM (
                SELECT
                    if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                        {by:String} = 'day', toString(start),
                        {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                        {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                        {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                        ''), if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel))))))))))) AS id,
                    greatest({from:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start),
                        {by:String} = 'month', toStartOfMonth(start),
                        {by:String} = 'quarter', toStartOfQuarter(start),
                        {from:Date})) AS first,
                    least({to:Date}, multiIf(
                        {by:String} = 'day', start,
                        {by:String} = 'week', toMonday(start) + 6,
                        {by:String} = 'month', toLastDayOfMonth(start),
                        {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(start) + INTERVAL 2 MONTH),
                        {to:Date})) AS last,
                    channel, advocate_key, content_key, landed_on IS NOT NULL AND landed_on <= last AS landed
                FROM
                (
                    SELECT
                        shared_on AS start, advocate_id, advocate_key, content_id, content_key, channel, team_id, location, language, cohort,
                        advocate_kind, content_kind, campaign_id, landed_on
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                        AND ('' = '' OR advocate_id = '')
                )
            )
            GROUP BY id, channel
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign') AND (n != 0 OR d != 0)
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'channel_mix v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_earned_media_value SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, part.low AS low, part.high AS high,
    'EUR' AS unit, 'earned_media_value v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT
        id,
        (SELECT count() FROM (
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
                FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )
                ARRAY JOIN JSONExtractKeysAndValuesRaw(click_rates) AS pair
            )
        )) = 0 AS unknown,
        if(unknown, NULL, sum(middle)) AS n, if(unknown, NULL, sum(lowest)) AS low, if(unknown, NULL, sum(highest)) AS high
    FROM
    (
        SELECT id, low AS lowest, middle, high AS highest FROM (
            SELECT
                multiIf(
                    {by:String} = '', '',
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
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
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                )
                ARRAY JOIN key, channel, clicks
                WHERE {only:String} = '' OR key = {only:String}
            ) AS clicks
            ASOF INNER JOIN (
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
                    FROM (
                        SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                        FROM spaces FINAL
                        WHERE space_id = {space:String} AND NOT removed
                    )
                    ARRAY JOIN JSONExtractKeysAndValuesRaw(click_rates) AS pair
                )
            ) AS rates ON rates.channel = clicks.channel AND rates.first <= clicks.start
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_earned_media_value SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, part.low AS low, part.high AS high,
            'EUR' AS unit, 'earned_media_value v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT
                id,
                (SELECT count() FROM (
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
                        FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                        ARRAY JOIN JSONExtractKeysAndValuesRaw(click_rates) AS pair
                    )
                )) = 0 AS unknown,
                if(unknown, NULL, sum(middle)) AS n, if(unknown, NULL, sum(lowest)) AS low, if(unknown, NULL, sum(highest)) AS high
            FROM
            (
                SELECT id, low AS lowest, middle, high AS highest FROM (
                    SELECT
                        multiIf(
                            {by:String} = '', '',
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '' != '' AND {by:String} = 'channel', clicks.channel,
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
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        )
                        ARRAY JOIN key, channel, clicks
                        WHERE '' = '' OR key = ''
                    ) AS clicks
                    ASOF INNER JOIN (
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
                            FROM (
                                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                FROM spaces FINAL
                                WHERE space_id = {space:String} AND NOT removed
                            )
                            ARRAY JOIN JSONExtractKeysAndValuesRaw(click_rates) AS pair
                        )
                    ) AS rates ON rates.channel = clicks.channel AND rates.first <= clicks.start
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'EUR', 'earned_media_value v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_applications SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'applications' AS unit, 'applications v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, applied AS n FROM (
            SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
            FROM
            (
                SELECT
                    multiIf(
                        {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                        toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM applications FINAL
                    ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                    WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                        AND ({only:String} = '' OR advocate_id = {only:String})
                ) AS reached
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = reached.day
                LEFT JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_id = reached.advocate_id
                LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                    ON contents.content_id = reached.content_id
                WHERE {by:String} != 'country'
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_applications SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'applications' AS unit, 'applications v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, applied AS n FROM (
                    SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
                    FROM
                    (
                        SELECT
                            multiIf(
                                {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                                toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM applications FINAL
                            ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                            WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                                AND ('' = '' OR advocate_id = '')
                        ) AS reached
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = reached.day
                        LEFT JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_id = reached.advocate_id
                        LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                            ON contents.content_id = reached.content_id
                        WHERE {by:String} != 'country'
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'applications', 'applications v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_hires SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'hires' AS unit, 'hires v1' AS definition, true AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n
    FROM
    (
        SELECT id, hired AS n FROM (
            SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
            FROM
            (
                SELECT
                    multiIf(
                        {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                        toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM applications FINAL
                    ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                    WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                        AND ({only:String} = '' OR advocate_id = {only:String})
                ) AS reached
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = reached.day
                LEFT JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_id = reached.advocate_id
                LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                    ON contents.content_id = reached.content_id
                WHERE {by:String} != 'country'
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_hires SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, CAST(NULL, 'Nullable(Float64)') AS denominator, toNullable(n) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'hires' AS unit, 'hires v1' AS definition, true AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n
            FROM
            (
                SELECT id, hired AS n FROM (
                    SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
                    FROM
                    (
                        SELECT
                            multiIf(
                                {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                                toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM applications FINAL
                            ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                            WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                                AND ('' = '' OR advocate_id = '')
                        ) AS reached
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = reached.day
                        LEFT JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_id = reached.advocate_id
                        LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                            ON contents.content_id = reached.content_id
                        WHERE {by:String} != 'country'
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'hires', 'hires v1', true, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_click_to_application_rate SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'click_to_application_rate v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, applied AS n, 0 AS d FROM (
            SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
            FROM
            (
                SELECT
                    multiIf(
                        {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                        toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM applications FINAL
                    ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                    WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                        AND ({only:String} = '' OR advocate_id = {only:String})
                ) AS reached
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = reached.day
                LEFT JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_id = reached.advocate_id
                LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                    ON contents.content_id = reached.content_id
                WHERE {by:String} != 'country'
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, job_clicks FROM (SELECT id, sum(job_clicks) AS job_clicks FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, job_clicks
            FROM
            (
                SELECT start, key, channel, job_clicks
                FROM
                (
                    SELECT start, key, channel, job_clicks
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, job_clicks
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_click_to_application_rate SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'click_to_application_rate v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, applied AS n, 0 AS d FROM (
                    SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
                    FROM
                    (
                        SELECT
                            multiIf(
                                {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                                toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM applications FINAL
                            ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                            WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                                AND ('' = '' OR advocate_id = '')
                        ) AS reached
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = reached.day
                        LEFT JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_id = reached.advocate_id
                        LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                            ON contents.content_id = reached.content_id
                        WHERE {by:String} != 'country'
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, job_clicks FROM (SELECT id, sum(job_clicks) AS job_clicks FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, job_clicks
                    FROM
                    (
                        SELECT start, key, channel, job_clicks
                        FROM
                        (
                            SELECT start, key, channel, job_clicks
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, job_clicks
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'click_to_application_rate v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_application_to_hire_rate SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'ratio' AS unit, 'application_to_hire_rate v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, hired AS n, applied AS d FROM (
            SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
            FROM
            (
                SELECT
                    multiIf(
                        {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                        toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM applications FINAL
                    ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                    WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                        AND ({only:String} = '' OR advocate_id = {only:String})
                ) AS reached
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = reached.day
                LEFT JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_id = reached.advocate_id
                LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                    ON contents.content_id = reached.content_id
                WHERE {by:String} != 'country'
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_application_to_hire_rate SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'ratio' AS unit, 'application_to_hire_rate v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, hired AS n, applied AS d FROM (
                    SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
                    FROM
                    (
                        SELECT
                            multiIf(
                                {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                                toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM applications FINAL
                            ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                            WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                                AND ('' = '' OR advocate_id = '')
                        ) AS reached
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = reached.day
                        LEFT JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_id = reached.advocate_id
                        LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                            ON contents.content_id = reached.content_id
                        WHERE {by:String} != 'country'
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ratio', 'application_to_hire_rate v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

CREATE OR REPLACE VIEW figure_clicks_per_hire SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
    toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
    'clicks/hire' AS unit, 'clicks_per_hire v1' AS definition, false AS additive, false AS withheld
FROM
(
    SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
    FROM
    (
        SELECT id, job_clicks AS n, 0 AS d FROM (SELECT id, sum(job_clicks) AS job_clicks FROM (
            SELECT
                if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    ''), if({only:String} != '' AND {by:String} = 'channel', channel, key)) AS id,
                start, channel, job_clicks
            FROM
            (
                SELECT start, key, channel, job_clicks
                FROM
                (
                    SELECT start, key, channel, job_clicks
                    FROM rollup_clicks FINAL
                    WHERE space_id = {space:String}
                        AND by = multiIf({only:String} != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                        AND start BETWEEN {from:Date} AND {to:Date} AND (
                            {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                            OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                )
                ARRAY JOIN key, channel, job_clicks
                WHERE {only:String} = '' OR key = {only:String}
            )
            WHERE {only:String} = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
        ) GROUP BY id)
        UNION ALL
        SELECT id, 0, hired FROM (
            SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
            FROM
            (
                SELECT
                    multiIf(
                        {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                        toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')) AS day
                    FROM applications FINAL
                    ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                    WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                        AND ({only:String} = '' OR advocate_id = {only:String})
                ) AS reached
                INNER JOIN (
                    SELECT
                        {from:Date} + number AS day,
                        multiIf(
                            {by:String} = 'day', toString(day),
                            {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                            {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                            '') AS id,
                        greatest({from:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day),
                            {by:String} = 'month', toStartOfMonth(day),
                            {by:String} = 'quarter', toStartOfQuarter(day),
                            {from:Date})) AS first,
                        least({to:Date}, multiIf(
                            {by:String} = 'day', day,
                            {by:String} = 'week', toMonday(day) + 6,
                            {by:String} = 'month', toLastDayOfMonth(day),
                            {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                            {to:Date})) AS last
                    FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                ) AS days ON days.day = reached.day
                LEFT JOIN (
                    SELECT
                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                            FROM spaces FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                    FROM advocates FINAL
                    WHERE space_id = {space:String} AND NOT removed
                ) AS people ON people.advocate_id = reached.advocate_id
                LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                    ON contents.content_id = reached.content_id
                WHERE {by:String} != 'country'
            )
            GROUP BY id
        )
        UNION ALL
        SELECT id, 0, 0 FROM (
            SELECT DISTINCT
                multiIf(
                    {by:String} = 'day', toString(start),
                    {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                    {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                    {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                    '') AS id
            FROM
            (
                SELECT {from:Date} + number AS start
                FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
            )
            WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
        )
    )
    GROUP BY id
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'));

CREATE OR REPLACE VIEW kpi_clicks_per_hire SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM (
        SELECT
            if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
            nullIf(named.name, '') AS name, multiIf(
                {by:String} = 'day', toDateOrNull(part.id),
                {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
                {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
                {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
                NULL) AS starts_on, CAST(NULL, 'Nullable(String)') AS detail,
            toNullable(n) AS numerator, toNullable(d) AS denominator, if(d = 0, NULL, n / d) AS value, CAST(NULL, 'Nullable(Float64)') AS low, CAST(NULL, 'Nullable(Float64)') AS high,
            'clicks/hire' AS unit, 'clicks_per_hire v1' AS definition, false AS additive, false AS withheld
        FROM
        (
            SELECT id, toFloat64(sum(n)) AS n, toFloat64(sum(d)) AS d
            FROM
            (
                SELECT id, job_clicks AS n, 0 AS d FROM (SELECT id, sum(job_clicks) AS job_clicks FROM (
                    SELECT
                        if({by:String} IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND {by:String} = 'channel', channel, key)) AS id,
                        start, channel, job_clicks
                    FROM
                    (
                        SELECT start, key, channel, job_clicks
                        FROM
                        (
                            SELECT start, key, channel, job_clicks
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', {by:String} IN ('', 'day', 'week', 'month', 'quarter'), 'all', {by:String})
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, job_clicks
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                ) GROUP BY id)
                UNION ALL
                SELECT id, 0, hired FROM (
                    SELECT id, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
                    FROM
                    (
                        SELECT
                            multiIf(
                                {by:String} IN ('', 'day', 'week', 'month', 'quarter'), days.id,
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
                                toDate(stage_at.2, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')) AS day
                            FROM applications FINAL
                            ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS stage_at
                            WHERE space_id = {space:String} AND NOT removed AND advocate_id != '' AND stage IN ('applied', 'hired')
                                AND ('' = '' OR advocate_id = '')
                        ) AS reached
                        INNER JOIN (
                            SELECT
                                {from:Date} + number AS day,
                                multiIf(
                                    {by:String} = 'day', toString(day),
                                    {by:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                    {by:String} = 'month', formatDateTime(day, '%Y-%m'),
                                    {by:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                    '') AS id,
                                greatest({from:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day),
                                    {by:String} = 'month', toStartOfMonth(day),
                                    {by:String} = 'quarter', toStartOfQuarter(day),
                                    {from:Date})) AS first,
                                least({to:Date}, multiIf(
                                    {by:String} = 'day', day,
                                    {by:String} = 'week', toMonday(day) + 6,
                                    {by:String} = 'month', toLastDayOfMonth(day),
                                    {by:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                    {to:Date})) AS last
                            FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                        ) AS days ON days.day = reached.day
                        LEFT JOIN (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        ) AS people ON people.advocate_id = reached.advocate_id
                        LEFT JOIN (SELECT content_id, kind, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS contents
                            ON contents.content_id = reached.content_id
                        WHERE {by:String} != 'country'
                    )
                    GROUP BY id
                )
                UNION ALL
                SELECT id, 0, 0 FROM (
                    SELECT DISTINCT
                        multiIf(
                            {by:String} = 'day', toString(start),
                            {by:String} = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            {by:String} = 'month', formatDateTime(start, '%Y-%m'),
                            {by:String} = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            '') AS id
                    FROM
                    (
                        SELECT {from:Date} + number AS start
                        FROM numbers(if({by:String} = '', 1, toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1))))
                    )
                    WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter')
                )
            )
            GROUP BY id
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
        WHERE {by:String} IN ('', 'day', 'week', 'month', 'quarter', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel') AND (n != 0 OR d != 0 OR {by:String} IN ('', 'day', 'week', 'month', 'quarter'))
    )
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'clicks/hire', 'clicks_per_hire v1', false, true
    FROM (
        SELECT if(named.key = '', part.id, named.key) AS key, nullIf(named.name, '') AS name
        FROM (
            SELECT id
            FROM
            (
                SELECT
                    id, people,
                    sum(people) OVER (ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller,
                    row_number() OVER (ORDER BY people, id) AS place,
                    (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum
                FROM
                (
                    SELECT id, countIf(registered_on <= {to:Date} AND stays_until >= {from:Date}) AS people
                    FROM (
                        SELECT
                            multiIf(
                                {by:String} = 'team', team_id,
                                {by:String} = 'location', location,
                                {by:String} = 'language', language,
                                {by:String} = 'cohort', cohort,
                                {by:String} = 'advocate_kind', advocate_kind,
                                '') AS id,
                            advocate_key, registered_on, invited_from, stays_until
                        FROM (
                            SELECT
                                advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                    FROM spaces FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                            FROM advocates FINAL
                            WHERE space_id = {space:String} AND NOT removed
                        )
                    )
                    WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                    GROUP BY id
                )
            )
            WHERE minimum > 1 AND (people < minimum OR (place > 1 AND smaller < minimum))
        ) AS part
        LEFT JOIN (
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
            WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
        ) AS named ON named.id = part.id
    )
    WHERE {by:String} IN ('day', 'team', 'location', 'language', 'cohort', 'advocate_kind', 'advocate', 'content', 'content_kind', 'campaign', 'channel')
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

-- What follows is for Grafana: variables, series, and figures that are drawn rather than quoted. All of it keeps the
-- minimum cell.
--
--   kpi_spaces                                  space_id, slug, name, time_zone, privacy_mode
--   kpi_keys(space, by)                         key, name: what a variable offers; not people
--   kpi_benchmarks                              kpi, mean, best, lowest: the study's
--   kpi_series(space, from, to, by, every)      starts_on, key, name, clicks, shares: `every` is day, week, month or quarter;
--                                               null in each bucket in which a group of people is too small

CREATE OR REPLACE VIEW kpi_spaces SQL SECURITY NONE AS
SELECT space_id, slug, name, time_zone, toString(privacy_mode) AS privacy_mode FROM spaces FINAL WHERE NOT removed;

-- Groups smaller than the minimum cell are offered too: that a team exists is no secret, and its figures are withheld.
CREATE OR REPLACE VIEW kpi_keys SQL SECURITY NONE AS
SELECT key, name
FROM (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
)
WHERE {by:String} IN ('team', 'content', 'campaign')
UNION ALL
SELECT DISTINCT id, id FROM (
    SELECT
        multiIf(
            {by:String} = 'team', team_id,
            {by:String} = 'location', location,
            {by:String} = 'language', language,
            {by:String} = 'cohort', cohort,
            {by:String} = 'advocate_kind', advocate_kind,
            '') AS id,
        advocate_key, registered_on, invited_from, stays_until
    FROM (
        SELECT
            advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
            ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                FROM spaces FINAL
                WHERE space_id = {space:String} AND NOT removed
            )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
            ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
            ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
        FROM advocates FINAL
        WHERE space_id = {space:String} AND NOT removed
    )
)
WHERE {by:String} IN ('location', 'language', 'cohort', 'advocate_kind') AND id != ''
UNION ALL
SELECT DISTINCT toString(kind), toString(kind) FROM contents FINAL
WHERE {by:String} = 'content_kind' AND space_id = {space:String} AND NOT removed
UNION ALL
SELECT DISTINCT arrayJoin(key) AS key, key FROM rollup_clicks FINAL
WHERE {by:String} IN ('channel', 'country') AND space_id = {space:String} AND by = {by:String} AND grain = 'month' AND key != '';

-- Of a six-month study of the customers of Sharee.
CREATE OR REPLACE VIEW kpi_benchmarks SQL SECURITY NONE AS
SELECT row.1 AS kpi, row.2 AS mean, row.3 AS best, row.4 AS lowest
FROM
(
    SELECT arrayJoin(CAST([
        ('contents_per_weekday', 3.5, 6.5, 2.4),
        ('content_usage_rate', 0.83, 1., NULL),
        ('active_sharer_ratio', 0.3, 0.66, 0.1),
        ('clicks_per_share', NULL, 23., 3.7),
        ('clicks_per_content', 40., 87., 10.)
    ], 'Array(Tuple(String, Nullable(Float64), Nullable(Float64), Nullable(Float64)))')) AS row
);

CREATE OR REPLACE VIEW kpi_series SQL SECURITY NONE AS
SELECT part.first AS starts_on, nullIf(if(named.key = '', part.id, named.key), '') AS key, nullIf(named.name, '') AS name,
    if(max(part.withheld), NULL, toUInt64(sum(part.clicks))) AS clicks, if(max(part.withheld), NULL, toUInt64(sum(part.shares))) AS shares
FROM
(
    SELECT
        id, first, clicks, shares, has_figures, never,
        is_group AND (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') > 1 AND (people < (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell')
            OR (max(people > 0 OR has_figures) OVER (PARTITION BY is_group, first ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                AND sum(people) OVER (PARTITION BY is_group, first ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) < (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell'))) AS withheld
    FROM
    (
        SELECT
            id, first, sum(found.clicks) AS clicks, sum(found.shares) AS shares, clicks + shares > 0 AS has_figures,
            max(found.is_group) AS is_group, sum(found.people) AS people, max(found.never) AS never
        FROM
        (
            SELECT
                id, greatest({from:Date}, multiIf(
        {every:String} = 'day', day,
        {every:String} = 'week', toMonday(day),
        {every:String} = 'month', toStartOfMonth(day),
        {every:String} = 'quarter', toStartOfQuarter(day),
        {from:Date})) AS first, sum(counted.clicks) AS clicks, sum(counted.shares) AS shares,
                false AS is_group, 0 AS people, false AS never
            FROM
            (
                SELECT start AS day, key AS id, clicks, 0 AS shares
                FROM
                (
                    SELECT start, key, clicks FROM rollup_clicks FINAL
                    WHERE space_id = {space:String} AND by = {by:String} AND grain = 'day' AND start BETWEEN {from:Date} AND {to:Date}
                )
                ARRAY JOIN key, clicks
                UNION ALL
                SELECT shared_on AS day, if({by:String} = 'team', toString(team_id), if({by:String} = 'location', toString(location), if({by:String} = 'language', toString(language), if({by:String} = 'cohort', toString(cohort), if({by:String} = 'advocate_kind', toString(advocate_kind), if({by:String} = 'advocate', toString(advocate_id), if({by:String} = 'content', toString(content_id), if({by:String} = 'content_kind', toString(content_kind), if({by:String} = 'campaign', toString(campaign_id), toString(channel)))))))))) AS id, 0, count()
                FROM rollup_shares FINAL
                WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                GROUP BY day, id
            ) AS counted
            GROUP BY id, first
            UNION ALL
            SELECT id, first, 0, 0, true, people, never FROM (
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
                            (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum,
                            groupArrayArrayIf([(comes, 1), (goes, -1)], is_here AND comes < goes) AS changes
                        FROM
                        (
                            SELECT
                                id, registered_on <= {to:Date} AND stays_until >= {from:Date} AS is_here,
                                greatest(registered_on, {from:Date}) AS since, least(stays_until, {to:Date}) AS until,
                                greatest({from:Date}, multiIf(
                        {every:String} = 'day', since,
                        {every:String} = 'week', toMonday(since),
                        {every:String} = 'month', toStartOfMonth(since),
                        {every:String} = 'quarter', toStartOfQuarter(since),
                        {from:Date})) AS comes, least({to:Date}, multiIf(
                        {every:String} = 'day', until,
                        {every:String} = 'week', toMonday(until) + 6,
                        {every:String} = 'month', toLastDayOfMonth(until),
                        {every:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(until) + INTERVAL 2 MONTH),
                        {to:Date})) + 1 AS goes
                            FROM (
                                SELECT
                                    multiIf(
                                        {by:String} = 'team', team_id,
                                        {by:String} = 'location', location,
                                        {by:String} = 'language', language,
                                        {by:String} = 'cohort', cohort,
                                        {by:String} = 'advocate_kind', advocate_kind,
                                        '') AS id,
                                    advocate_key, registered_on, invited_from, stays_until
                                FROM (
                                    SELECT
                                        advocate_id, cityHash64(advocate_id) AS advocate_key, team_id, location, language, cohort, kind AS advocate_kind,
                                        ifNull(toDate(registered_at, ifNull(nullIf((SELECT any(zone) FROM (
                                            SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                                            FROM spaces FINAL
                                            WHERE space_id = {space:String} AND NOT removed
                                        )), ''), 'UTC')), toDate('2149-06-06')) AS registered_on,
                                        ifNull(toDate(invited_on), toDate('2149-06-06')) AS invited_from,
                                        ifNull(toDate(left_on), toDate('2149-06-06')) AS stays_until
                                    FROM advocates FINAL
                                    WHERE space_id = {space:String} AND NOT removed
                                )
                            )
                            WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind')
                        )
                        GROUP BY id
                    )
                )
                ARRAY JOIN arrayConcat(changes, (SELECT groupArray((first, 0)) FROM (
                    SELECT DISTINCT id, first, last
                    FROM (
                        SELECT
                            {from:Date} + number AS day,
                            multiIf(
                                {every:String} = 'day', toString(day),
                                {every:String} = 'week', concat(toString(toISOYear(day)), '-W', leftPad(toString(toISOWeek(day)), 2, '0')),
                                {every:String} = 'month', formatDateTime(day, '%Y-%m'),
                                {every:String} = 'quarter', concat(toString(toYear(day)), '-Q', toString(toQuarter(day))),
                                '') AS id,
                            greatest({from:Date}, multiIf(
                                {every:String} = 'day', day,
                                {every:String} = 'week', toMonday(day),
                                {every:String} = 'month', toStartOfMonth(day),
                                {every:String} = 'quarter', toStartOfQuarter(day),
                                {from:Date})) AS first,
                            least({to:Date}, multiIf(
                                {every:String} = 'day', day,
                                {every:String} = 'week', toMonday(day) + 6,
                                {every:String} = 'month', toLastDayOfMonth(day),
                                {every:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(day) + INTERVAL 2 MONTH),
                                {to:Date})) AS last
                        FROM numbers(toUInt64(greatest(0, toInt32({to:Date}) - toInt32({from:Date}) + 1)))
                    )
                ))) AS moment
                WHERE moment.1 <= {to:Date}
                GROUP BY id, never, first
            )
        ) AS found
        GROUP BY id, first
    )
) AS part
LEFT JOIN (
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
    WHERE {by:String} = 'campaign' AND space_id = {space:String} AND NOT removed
) AS named ON named.id = part.id
WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind', 'content', 'content_kind', 'campaign', 'channel', 'country')
    AND NOT part.never AND (part.withheld OR part.has_figures)
GROUP BY starts_on, key, name;
