-- Written by schema/source/kpi_views/build.mjs from what lies beside it: change that.
--
-- What dashboards ask beyond the KPIs of 0005: the choices of their variables, series by two things at once, how shares and
-- clicks spread, the stages of referrals, objectives. The same rules as there: nothing of a single person, and no group of
-- people that part_withheld names. Parameters are those of the KPIs; `by` is one of src/kpi/dimension.rs, or of the
-- roll-ups where a view says so.

-- Campaigns, with their days.
CREATE OR REPLACE VIEW kpi_campaigns SQL SECURITY NONE AS
SELECT
    if(external_id = '', campaign_id, external_id) AS key, name,
    toDate(starts_on) AS starts_on, toDate(ends_on) AS ends_on, paused
FROM campaigns FINAL
WHERE space_id = {space:String} AND NOT removed;

-- Contents, with the local days on which they were published and first shared.
CREATE OR REPLACE VIEW kpi_contents SQL SECURITY NONE AS
SELECT
    content.key AS key, content.title AS title, content.kind AS kind, campaign.key AS campaign, campaign.name AS campaign_name,
    rolled.published_on AS published_on, rolled.used_on AS used_on
FROM
(
    SELECT content_id, if(external_id = '', content_id, external_id) AS key, title, toString(kind) AS kind, campaign_id
    FROM contents FINAL
    WHERE space_id = {space:String} AND NOT removed
) AS content
LEFT JOIN
(
    SELECT content_id, published_on, used_on FROM rollup_contents FINAL WHERE space_id = {space:String}
) AS rolled ON rolled.content_id = content.content_id
LEFT JOIN
(
    SELECT campaign_id, if(external_id = '', campaign_id, external_id) AS key, name
    FROM campaigns FINAL
    WHERE space_id = {space:String} AND NOT removed
) AS campaign ON campaign.campaign_id = content.campaign_id;

-- Clicks of the period by one thing and by channel, of each class. `by` as in rollup_clicks (age, hour, video_hour, …), but
-- no single people.
CREATE OR REPLACE VIEW kpi_clicks_split SQL SECURITY NONE AS
SELECT
    if(named.key = '', part.id, named.key) AS key, if(named.name = '', key, named.name) AS name, part.channel AS channel,
    clicks, job_clicks, preview, bot, scanner, prefetch, head, self
FROM
(
    SELECT
        id, channel, sum(clicks) AS clicks, sum(job_clicks) AS job_clicks,
        sum(preview) AS preview, sum(bot) AS bot, sum(scanner) AS scanner, sum(prefetch) AS prefetch, sum(head) AS head,
        sum(self) AS self
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
WHERE {by:String} != 'advocate'
    AND part.id NOT IN (SELECT id FROM (
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
                SELECT id, countIf(stays_until >= {from:Date}) AS people
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
                WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind') AND registered_on <= {to:Date}
                GROUP BY id
            )
        )
        WHERE people < minimum OR (place > 1 AND smaller < minimum)
    ));

-- Shares of the period by one thing and by channel: how many, and how many landed.
CREATE OR REPLACE VIEW kpi_shares_split SQL SECURITY NONE AS
SELECT
    if(named.key = '', part.id, named.key) AS key, if(named.name = '', key, named.name) AS name, part.channel AS channel,
    shares, landed
FROM
(
    SELECT id, toString(channel) AS channel, count() AS shares, countIf(landed) AS landed
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
WHERE {by:String} != 'advocate'
    AND part.id NOT IN (SELECT id FROM (
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
                SELECT id, countIf(stays_until >= {from:Date}) AS people
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
                WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind') AND registered_on <= {to:Date}
                GROUP BY id
            )
        )
        WHERE people < minimum OR (place > 1 AND smaller < minimum)
    ));

-- People who are invited and registered at the end of each bucket, by a group of people ('' for all).
CREATE OR REPLACE VIEW kpi_people_series SQL SECURITY NONE AS
SELECT
    moment.first AS starts_on, if(named.key = '', part.id, named.key) AS key, if(named.name = '', key, named.name) AS name,
    countIf(invited_from <= moment.last AND stays_until >= moment.last) AS invited,
    countIf(registered_on <= moment.last AND stays_until >= moment.last) AS registered
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
) AS part
CROSS JOIN (
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
) AS moment
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
WHERE {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind')
    AND part.id NOT IN (SELECT id FROM (
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
                SELECT id, countIf(stays_until >= {from:Date}) AS people
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
                WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind') AND registered_on <= {to:Date}
                GROUP BY id
            )
        )
        WHERE people < minimum OR (place > 1 AND smaller < minimum)
    ))
GROUP BY starts_on, key, name;

-- How many registered people shared how often, and the clicks that came of it. `place` orders; a class of fewer people than
-- the minimum, and the next smallest ones until those withheld are enough, has no numbers.
CREATE OR REPLACE VIEW kpi_activity SQL SECURITY NONE AS
SELECT
    place, label, people = 0 OR (people >= minimum AND (number = 1 OR smaller = 0 OR smaller >= minimum)) AS shown,
    if(shown, toNullable(people), NULL) AS people_shown, if(shown, toNullable(shares), NULL) AS shares_shown,
    if(shown, toNullable(clicks), NULL) AS clicks_shown
FROM
(
    SELECT
        place, label, people, shares, clicks, (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') AS minimum,
        row_number() OVER (ORDER BY people, place) AS number,
        sum(people) OVER (ORDER BY people, place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - people AS smaller
    FROM
    (
        SELECT place, label, sum(people) AS people, sum(shares) AS shares, sum(clicks) AS clicks
        FROM
        (
            SELECT
                multiIf(shares = 0, 1, shares = 1, 2, shares < 5, 3, shares < 10, 4, shares < 20, 5, 6) AS place,
                1 AS people, shares, clicks
            FROM (
                SELECT people.team_id AS team_id, ifNull(share.shares, 0) AS shares, ifNull(click.clicks, 0) AS clicks
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
                ) AS people
                LEFT JOIN
                (
                    SELECT advocate_key, count() AS shares
                    FROM rollup_shares FINAL
                    WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date}
                    GROUP BY advocate_key
                ) AS share ON share.advocate_key = people.advocate_key
                LEFT JOIN
                (
                    SELECT id AS advocate_id, sum(clicks) AS clicks
                    FROM (
                        SELECT
                            if('advocate' IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                                'advocate' = 'day', toString(start),
                                'advocate' = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                                'advocate' = 'month', formatDateTime(start, '%Y-%m'),
                                'advocate' = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                                ''), if('' != '' AND 'advocate' = 'channel', channel, key)) AS id,
                            start, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                        FROM
                        (
                            SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                            FROM
                            (
                                SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                                FROM rollup_clicks FINAL
                                WHERE space_id = {space:String}
                                    AND by = multiIf('' != '', 'advocate', 'advocate' IN ('', 'day', 'week', 'month', 'quarter'), 'all', 'advocate')
                                    AND start BETWEEN {from:Date} AND {to:Date} AND (
                                        'advocate' NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                        OR grain = 'day' AND ('advocate' IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                            )
                            ARRAY JOIN key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                            WHERE '' = '' OR key = ''
                        )
                        WHERE '' = '' OR 'advocate' IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                    )
                    GROUP BY advocate_id
                ) AS click ON click.advocate_id = people.advocate_id
                WHERE people.registered_on <= {to:Date} AND people.stays_until >= {from:Date}
            )
            UNION ALL
            SELECT number + 1, 0, 0, 0 FROM numbers(6)
        ) AS class
        CROSS JOIN (SELECT ['none', '1', '2 to 4', '5 to 9', '10 to 19', '20 and more'] AS labels) AS words
        GROUP BY place, labels[place] AS label
    )
);

-- How clicks concentrate: active people by tenths, the busiest first, and what part of all their clicks they bring, added up.
-- None when a tenth would be fewer people than the minimum.
CREATE OR REPLACE VIEW kpi_concentration SQL SECURITY NONE AS
SELECT tenth, brought, sum(brought) OVER (ORDER BY tenth) / nullIf(sum(brought) OVER (), 0) AS cumulated
FROM
(
    SELECT tenth, sum(clicks) AS brought
    FROM
    (
        SELECT clicks, ntile(10) OVER (ORDER BY clicks DESC) AS tenth, count() OVER () AS people
        FROM (
            SELECT people.team_id AS team_id, ifNull(share.shares, 0) AS shares, ifNull(click.clicks, 0) AS clicks
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
            ) AS people
            LEFT JOIN
            (
                SELECT advocate_key, count() AS shares
                FROM rollup_shares FINAL
                WHERE NOT removed AND space_id = {space:String} AND shared_on BETWEEN {from:Date} AND {to:Date}
                GROUP BY advocate_key
            ) AS share ON share.advocate_key = people.advocate_key
            LEFT JOIN
            (
                SELECT id AS advocate_id, sum(clicks) AS clicks
                FROM (
                    SELECT
                        if('advocate' IN ('', 'day', 'week', 'month', 'quarter'), multiIf(
                            'advocate' = 'day', toString(start),
                            'advocate' = 'week', concat(toString(toISOYear(start)), '-W', leftPad(toString(toISOWeek(start)), 2, '0')),
                            'advocate' = 'month', formatDateTime(start, '%Y-%m'),
                            'advocate' = 'quarter', concat(toString(toYear(start)), '-Q', toString(toQuarter(start))),
                            ''), if('' != '' AND 'advocate' = 'channel', channel, key)) AS id,
                        start, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                    FROM
                    (
                        SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                        FROM
                        (
                            SELECT start, key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                            FROM rollup_clicks FINAL
                            WHERE space_id = {space:String}
                                AND by = multiIf('' != '', 'advocate', 'advocate' IN ('', 'day', 'week', 'month', 'quarter'), 'all', 'advocate')
                                AND start BETWEEN {from:Date} AND {to:Date} AND (
                                    'advocate' NOT IN ('day', 'week') AND grain = 'month' AND start >= toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH AND start < toStartOfMonth(least({to:Date}, today() - 3) + 1)
                                    OR grain = 'day' AND ('advocate' IN ('day', 'week') OR start < toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH OR start >= toStartOfMonth(least({to:Date}, today() - 3) + 1)))
                        )
                        ARRAY JOIN key, channel, clicks, job_clicks, preview, bot, scanner, prefetch, head, self
                        WHERE '' = '' OR key = ''
                    )
                    WHERE '' = '' OR 'advocate' IN ('', 'day', 'week', 'month', 'quarter', 'channel', 'advocate')
                )
                GROUP BY advocate_id
            ) AS click ON click.advocate_id = people.advocate_id
            WHERE people.registered_on <= {to:Date} AND people.stays_until >= {from:Date}
        )
        WHERE shares > 0
    )
    WHERE people >= 10 * (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell')
    GROUP BY tenth
);

-- The stages of referrals that are credited to an advocate. Of the applications that reached a stage in the period: how many
-- have gone on from it, how many ended there, and the days until the next stage. `by`: '', content, campaign, channel, or a
-- group of people.
CREATE OR REPLACE VIEW kpi_referral_stages SQL SECURITY NONE AS
SELECT
    if(named.key = '', part.id, named.key) AS key, if(named.name = '', key, named.name) AS name, part.stage AS stage, part.place AS place,
    reached, went_on, ended, reached - went_on - ended AS open, days_median, days_longest
FROM
(
    SELECT
        id, stages[place] AS stage, place, count() AS reached, countIf(next_at IS NOT NULL) AS went_on,
        countIf(next_at IS NULL AND ended_at IS NOT NULL) AS ended,
        quantileExactIf(0.5)(dateDiff('second', at, next_at) / 86400, next_at IS NOT NULL) AS days_middle,
        quantileExactIf(0.9)(dateDiff('second', at, next_at) / 86400, next_at IS NOT NULL) AS days_late,
        if(went_on = 0, NULL, days_middle) AS days_median, if(went_on = 0, NULL, days_late) AS days_longest
    FROM
    (
        SELECT
            id, stages, place, at, ended_at,
            arrayReduce('minOrNull', arrayFilter(later -> isNotNull(later), arraySlice(moments, place + 1))) AS next_at
        FROM
        (
            SELECT
                multiIf(
                    {by:String} = 'content', what, {by:String} = 'channel', toString(channel), {by:String} = 'campaign', content.campaign_id,
                    {by:String} = 'team', people.team_id, {by:String} = 'location', toString(people.location),
                    {by:String} = 'language', toString(people.language), {by:String} = 'cohort', toString(people.cohort),
                    {by:String} = 'advocate_kind', toString(people.advocate_kind), '') AS id,
                ['started', 'applied', 'screened', 'interview', 'offer', 'hired', 'probation_passed'] AS stages,
                arrayMap(stage -> if(mapContains(reached, stage), toNullable(reached[stage]), NULL), stages) AS moments,
                if(mapContains(reached, 'rejected') OR mapContains(reached, 'withdrawn'), 1, NULL) AS ended_at
            FROM
            (
                SELECT advocate_id AS who, content_id AS what, channel, CAST(reached, 'Map(String, DateTime64(3, \'UTC\'))') AS reached
                FROM applications FINAL
                WHERE space_id = {space:String} AND NOT removed AND advocate_id != ''
            ) AS application
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
            ) AS people ON people.advocate_id = application.who
            LEFT JOIN (SELECT content_id, campaign_id FROM contents FINAL WHERE space_id = {space:String} AND NOT removed) AS content
                ON content.content_id = application.what
        )
        ARRAY JOIN moments AS at, arrayEnumerate(moments) AS place
        WHERE at IS NOT NULL
            AND toDate(assumeNotNull(at), ifNull(nullIf((SELECT any(zone) FROM (
                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                FROM spaces FINAL
                WHERE space_id = {space:String} AND NOT removed
            )), ''), 'UTC'))
                BETWEEN {from:Date} AND {to:Date}
    )
    GROUP BY id, stages, place
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
WHERE {by:String} IN ('', 'content', 'campaign', 'channel', 'team', 'location', 'language', 'cohort', 'advocate_kind')
    AND part.id NOT IN (SELECT id FROM (
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
                SELECT id, countIf(stays_until >= {from:Date}) AS people
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
                WHERE {by:String} IN ('team', 'location', 'language', 'cohort', 'advocate_kind') AND registered_on <= {to:Date}
                GROUP BY id
            )
        )
        WHERE people < minimum OR (place > 1 AND smaller < minimum)
    ));

-- Objectives of campaigns against what the campaign has brought from its first day to its last, whatever the period.
-- `actual` is null for a KPI that has no meaning for a campaign's days.
CREATE OR REPLACE VIEW kpi_objectives SQL SECURITY NONE AS
SELECT
    if(campaign.external_id = '', campaign.campaign_id, campaign.external_id) AS key, campaign.name AS name,
    campaign.first AS starts_on, campaign.last AS ends_on, campaign.kpi AS kpi, campaign.target AS target,
    multiIf(
        kpi = 'clicks', toNullable(toFloat64(sum(clicks))),
        kpi = 'shares', toFloat64(sum(shares)),
        kpi = 'active_sharers', toFloat64(sum(sharers)),
        kpi = 'contents_shared', toFloat64(sum(contents)),
        kpi = 'contents_published', toFloat64(sum(published)),
        kpi = 'clicks_per_share', sum(clicks) / nullIf(sum(shares), 0),
        kpi = 'clicks_per_content', sum(clicks) / nullIf(sum(contents), 0),
        kpi = 'applications', toFloat64(sum(applied)),
        kpi = 'hires', toFloat64(sum(hired)),
        NULL) AS actual
FROM
(
    SELECT
        campaign_id, external_id, name, toDate(starts_on) AS first, toDate(ends_on) AS last,
        JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target
    FROM campaigns FINAL
    WHERE space_id = {space:String} AND NOT removed AND JSONExtractString(objective, 'kpi') != ''
) AS campaign
LEFT JOIN
(
    SELECT
        span.campaign_id AS campaign_id, sum(brought) AS clicks, 0 AS shares, 0 AS sharers, 0 AS contents, 0 AS published,
        0 AS applied, 0 AS hired
    FROM
    (
        SELECT start AS day, toString(campaign) AS of, brought
        FROM (SELECT start, key, clicks FROM rollup_clicks FINAL WHERE space_id = {space:String} AND by = 'campaign' AND grain = 'day')
        ARRAY JOIN key AS campaign, clicks AS brought
    ) AS click
    INNER JOIN (
        SELECT
            toString(campaign_id) AS campaign_id, ifNull(toDate(starts_on), toDate('1970-01-01')) AS first,
            ifNull(toDate(ends_on), toDate('2149-06-06')) AS last
        FROM campaigns FINAL
        WHERE space_id = {space:String} AND NOT removed
    ) AS span ON span.campaign_id = click.of
    WHERE day BETWEEN span.first AND span.last
    GROUP BY campaign_id
    UNION ALL
    SELECT
        span.campaign_id, 0, count(), uniqExactIf(who, people.registered_on <= span.last AND people.stays_until >= span.first),
        uniqExact(what), 0, 0, 0
    FROM
    (
        SELECT campaign_id AS of, shared_on, advocate_key AS who, content_key AS what
        FROM rollup_shares FINAL
        WHERE NOT removed AND space_id = {space:String} AND campaign_id != ''
    ) AS share
    INNER JOIN (
        SELECT
            toString(campaign_id) AS campaign_id, ifNull(toDate(starts_on), toDate('1970-01-01')) AS first,
            ifNull(toDate(ends_on), toDate('2149-06-06')) AS last
        FROM campaigns FINAL
        WHERE space_id = {space:String} AND NOT removed
    ) AS span ON span.campaign_id = share.of
    LEFT JOIN
    (
        SELECT advocate_key AS person, registered_on, stays_until FROM (
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
    ) AS people ON people.person = share.who
    WHERE shared_on BETWEEN span.first AND span.last
    GROUP BY span.campaign_id
    UNION ALL
    SELECT span.campaign_id, 0, 0, 0, 0, countIf(published_on BETWEEN span.first AND span.last), 0, 0
    FROM
    (
        SELECT campaign_id AS of, published_on FROM rollup_contents FINAL WHERE space_id = {space:String} AND campaign_id != ''
    ) AS content
    INNER JOIN (
        SELECT
            toString(campaign_id) AS campaign_id, ifNull(toDate(starts_on), toDate('1970-01-01')) AS first,
            ifNull(toDate(ends_on), toDate('2149-06-06')) AS last
        FROM campaigns FINAL
        WHERE space_id = {space:String} AND NOT removed
    ) AS span ON span.campaign_id = content.of
    GROUP BY span.campaign_id
    UNION ALL
    SELECT
        span.campaign_id, 0, 0, 0, 0, 0,
        countIf(stage = 'applied' AND day BETWEEN span.first AND span.last),
        countIf(stage = 'hired' AND day BETWEEN span.first AND span.last)
    FROM
    (
        SELECT
            content_id AS what, pair.1 AS stage,
            toDate(pair.2, ifNull(nullIf((SELECT any(zone) FROM (
                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                FROM spaces FINAL
                WHERE space_id = {space:String} AND NOT removed
            )), ''), 'UTC')) AS day
        FROM applications FINAL
        ARRAY JOIN CAST(reached, 'Array(Tuple(String, DateTime64(3, \'UTC\')))') AS pair
        WHERE space_id = {space:String} AND NOT removed AND advocate_id != ''
    ) AS reached
    INNER JOIN
    (
        SELECT content_id, campaign_id AS of FROM contents FINAL WHERE space_id = {space:String} AND NOT removed
    ) AS content ON content.content_id = reached.what
    INNER JOIN (
        SELECT
            toString(campaign_id) AS campaign_id, ifNull(toDate(starts_on), toDate('1970-01-01')) AS first,
            ifNull(toDate(ends_on), toDate('2149-06-06')) AS last
        FROM campaigns FINAL
        WHERE space_id = {space:String} AND NOT removed
    ) AS span ON span.campaign_id = content.of
    GROUP BY span.campaign_id
) AS brought ON brought.campaign_id = campaign.campaign_id
GROUP BY key, name, starts_on, ends_on, kpi, target;

-- By space: shares of the last seven days (UTC) and clicks of the last two, for whoever watches that links still lead somewhere.
CREATE OR REPLACE VIEW kpi_silence SQL SECURITY NONE AS
SELECT space.slug AS slug, ifNull(share.shares, 0) AS shares, ifNull(click.clicks, 0) AS clicks
FROM (SELECT space_id, slug FROM spaces FINAL WHERE NOT removed) AS space
LEFT JOIN
(
    SELECT space_id, count() AS shares FROM rollup_shares FINAL WHERE NOT removed AND shared_on >= today() - 7 GROUP BY space_id
) AS share ON share.space_id = space.space_id
LEFT JOIN
(
    SELECT space_id, arraySum(arrayFlatten(groupArray(clicks))) AS clicks
    FROM rollup_clicks FINAL
    WHERE by = 'all' AND grain = 'day' AND start >= today() - 2
    GROUP BY space_id
) AS click ON click.space_id = space.space_id;
