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
FROM part_names(${given space by})
WHERE {by:String} IN ('team', 'content', 'campaign')
UNION ALL
SELECT DISTINCT id, id FROM part_people_by(${given space by})
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
        ${withheld} AS withheld
    FROM
    (
        SELECT
            id, first, sum(found.clicks) AS clicks, sum(found.shares) AS shares, clicks + shares > 0 AS has_figures,
            max(found.is_group) AS is_group, sum(found.people) AS people, max(found.never) AS never
        FROM
        (
            SELECT
                id, ${begin day} AS first, sum(counted.clicks) AS clicks, sum(counted.shares) AS shares,
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
                SELECT shared_on AS day, ${share_column} AS id, 0, count()
                FROM rollup_shares FINAL
                WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date} AND {by:String} != 'country'
                GROUP BY day, id
            ) AS counted
            GROUP BY id, first
            UNION ALL
            SELECT id, first, 0, 0, true, people, never FROM part_cells(${given space from to by})
        ) AS found
        GROUP BY id, first
    )
) AS part
LEFT JOIN part_names(${given space by}) AS named ON named.id = part.id
WHERE {by:String} IN (${people}, 'content', 'content_kind', 'campaign', 'channel', 'country')
    AND NOT part.never AND (part.withheld OR part.has_figures)
GROUP BY starts_on, key, name;
