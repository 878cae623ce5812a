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
    ));

-- People who are invited and registered at the end of each bucket, by a group of people ('' for all); null in each bucket in
-- which a group is too small.
CREATE OR REPLACE VIEW kpi_people_series SQL SECURITY NONE AS
SELECT
    part.first AS starts_on, if(named.key = '', part.id, named.key) AS key, if(named.name = '', key, named.name) AS name,
    if(max(part.withheld), NULL, sum(part.invited)) AS invited, if(max(part.withheld), NULL, sum(part.registered)) AS registered
FROM
(
    SELECT
        id, first, invited, registered, never, false AS has_figures,
        is_group AND (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell') > 1 AND (people < (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell')
            OR (max(people > 0 OR has_figures) OVER (PARTITION BY is_group, first ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                AND sum(people) OVER (PARTITION BY is_group, first ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) < (SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell'))) AS withheld
    FROM
    (
        SELECT
            id, first, sum(found.invited) AS invited, sum(found.registered) AS registered, max(found.is_group) AS is_group,
            sum(found.people) AS people, max(found.never) AS never
        FROM
        (
            SELECT
                alike.id AS id, moment.first AS first,
                sumIf(alike.people, invited_since <= moment.last AND until >= moment.last) AS invited,
                sumIf(alike.people, since <= moment.last AND until >= moment.last) AS registered,
                false AS is_group, 0 AS people, false AS never
            FROM
            (
                SELECT
                    id, greatest(invited_from, {from:Date}) AS invited_since, greatest(registered_on, {from:Date}) AS since,
                    least(stays_until, {to:Date}) AS until, count() AS people
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
                GROUP BY id, invited_since, since, until
            ) AS alike
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
WHERE {by:String} IN ('', 'team', 'location', 'language', 'cohort', 'advocate_kind') AND NOT part.never
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
    ));

-- Objectives of campaigns against what the campaign has brought on its days, whatever the period. `actual` is null before
-- the campaign begins, for a KPI that campaigns do not have, and where the KPI has no value.
CREATE OR REPLACE VIEW kpi_objectives SQL SECURITY NONE AS
SELECT
    if(campaign.external_id = '', campaign.campaign_id, campaign.external_id) AS key, campaign.name AS name,
    campaign.starts_on AS starts_on, campaign.ends_on AS ends_on, campaign.kpi AS kpi, campaign.target AS target,
    if(campaign.first > campaign.last, NULL, multiIf(
        kpi = 'contents_published', toNullable(toFloat64(content.published)),
        kpi = 'content_usage_rate', content.used / nullIf(content.published, 0),
        kpi = 'active_sharers', toFloat64(share.sharers),
        kpi = 'shares', toFloat64(share.shares),
        kpi = 'shares_per_active_sharer', share.active / nullIf(share.sharers, 0),
        kpi = 'contents_shared', toFloat64(share.contents),
        kpi = 'clicks', toFloat64(click.clicks),
        kpi = 'unique_visitors', toFloat64(click.visitors),
        kpi = 'clicks_per_share', click.clicks / nullIf(share.shares, 0),
        kpi = 'clicks_per_content', click.clicks / nullIf(share.contents, 0),
        kpi = 'landed_share_rate', share.landed / nullIf(share.shares, 0),
        kpi = 'earned_media_value', if((SELECT count() FROM (
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
        )) = 0, NULL, click.worth),
        kpi = 'applications', toFloat64(application.applied),
        kpi = 'hires', toFloat64(application.hired),
        kpi = 'click_to_application_rate', application.applied / nullIf(click.job_clicks, 0),
        kpi = 'application_to_hire_rate', application.hired / nullIf(application.applied, 0),
        kpi = 'clicks_per_hire', click.job_clicks / nullIf(application.hired, 0),
        NULL)) AS actual
FROM (
    SELECT
        campaign_id, external_id, name, toDate(begins) AS starts_on, toDate(ends) AS ends_on, kpi, target,
        toDate(if(begins IS NULL OR begins <= until - 3660, until - 364, assumeNotNull(begins))) AS first, toDate(until) AS last
    FROM
    (
        SELECT
            toString(campaign_id) AS campaign_id, external_id, name, starts_on AS begins, ends_on AS ends,
            JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target,
            toDate32(now(), ifNull(nullIf((SELECT any(zone) FROM (
                SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                FROM spaces FINAL
                WHERE space_id = {space:String} AND NOT removed
            )), ''), 'UTC')) AS today_there, least(ifNull(ends_on, today_there), today_there) AS until
        FROM campaigns FINAL
        WHERE space_id = {space:String} AND NOT removed AND kpi != ''
    )
) AS campaign
LEFT JOIN
(
    SELECT
        of, sum(counted.clicks) AS clicks, sum(counted.job_clicks) AS job_clicks, sum(counted.clicks * rate.middle) AS worth,
        sum(counted.visitors) AS visitors
    FROM
    (
        SELECT start AS day, toString(key) AS of, toString(channel) AS medium, clicks, job_clicks, 0 AS visitors
        FROM
        (
            SELECT start, key, channel, clicks, job_clicks
            FROM rollup_clicks FINAL
            WHERE space_id = {space:String} AND by = 'campaign' AND grain = 'day'
        )
        ARRAY JOIN key, channel, clicks, job_clicks
        UNION ALL
        SELECT start, toString(key), '', 0, 0, visitors
        FROM
        (
            SELECT start, key, visitors
            FROM rollup_visitors FINAL
            WHERE space_id = {space:String} AND by = 'campaign' AND grain = 'day'
        )
        ARRAY JOIN key, visitors
    ) AS counted
    INNER JOIN (
        SELECT
            campaign_id, external_id, name, toDate(begins) AS starts_on, toDate(ends) AS ends_on, kpi, target,
            toDate(if(begins IS NULL OR begins <= until - 3660, until - 364, assumeNotNull(begins))) AS first, toDate(until) AS last
        FROM
        (
            SELECT
                toString(campaign_id) AS campaign_id, external_id, name, starts_on AS begins, ends_on AS ends,
                JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target,
                toDate32(now(), ifNull(nullIf((SELECT any(zone) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), ''), 'UTC')) AS today_there, least(ifNull(ends_on, today_there), today_there) AS until
            FROM campaigns FINAL
            WHERE space_id = {space:String} AND NOT removed AND kpi != ''
        )
    ) AS span ON span.campaign_id = counted.of
    ASOF LEFT JOIN (
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
    ) AS rate ON rate.channel = counted.medium AND rate.first <= counted.day
    WHERE day BETWEEN span.first AND span.last
    GROUP BY of
) AS click ON click.of = campaign.campaign_id
LEFT JOIN
(
    SELECT
        made.of AS of, count() AS shares, uniqExact(what) AS contents, countIf(landed_on <= span.last) AS landed,
        countIf(people.registered_on <= span.last AND people.stays_until >= span.first) AS active,
        uniqExactIf(who, people.registered_on <= span.last AND people.stays_until >= span.first) AS sharers
    FROM
    (
        SELECT campaign_id AS of, shared_on, advocate_key AS who, content_key AS what, landed_on
        FROM rollup_shares FINAL
        WHERE NOT removed AND space_id = {space:String} AND campaign_id != ''
    ) AS made
    INNER JOIN (
        SELECT
            campaign_id, external_id, name, toDate(begins) AS starts_on, toDate(ends) AS ends_on, kpi, target,
            toDate(if(begins IS NULL OR begins <= until - 3660, until - 364, assumeNotNull(begins))) AS first, toDate(until) AS last
        FROM
        (
            SELECT
                toString(campaign_id) AS campaign_id, external_id, name, starts_on AS begins, ends_on AS ends,
                JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target,
                toDate32(now(), ifNull(nullIf((SELECT any(zone) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), ''), 'UTC')) AS today_there, least(ifNull(ends_on, today_there), today_there) AS until
            FROM campaigns FINAL
            WHERE space_id = {space:String} AND NOT removed AND kpi != ''
        )
    ) AS span ON span.campaign_id = made.of
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
    ) AS people ON people.person = made.who
    WHERE shared_on BETWEEN span.first AND span.last
    GROUP BY of
) AS share ON share.of = campaign.campaign_id
LEFT JOIN
(
    SELECT made.of AS of, count() AS published, countIf(used_on <= span.last + 14) AS used
    FROM
    (
        SELECT campaign_id AS of, published_on, used_on
        FROM rollup_contents FINAL
        WHERE space_id = {space:String} AND campaign_id != ''
    ) AS made
    INNER JOIN (
        SELECT
            campaign_id, external_id, name, toDate(begins) AS starts_on, toDate(ends) AS ends_on, kpi, target,
            toDate(if(begins IS NULL OR begins <= until - 3660, until - 364, assumeNotNull(begins))) AS first, toDate(until) AS last
        FROM
        (
            SELECT
                toString(campaign_id) AS campaign_id, external_id, name, starts_on AS begins, ends_on AS ends,
                JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target,
                toDate32(now(), ifNull(nullIf((SELECT any(zone) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), ''), 'UTC')) AS today_there, least(ifNull(ends_on, today_there), today_there) AS until
            FROM campaigns FINAL
            WHERE space_id = {space:String} AND NOT removed AND kpi != ''
        )
    ) AS span ON span.campaign_id = made.of
    WHERE published_on BETWEEN span.first AND span.last
    GROUP BY of
) AS content ON content.of = campaign.campaign_id
LEFT JOIN
(
    SELECT content.of AS of, countIf(stage = 'applied') AS applied, countIf(stage = 'hired') AS hired
    FROM
    (
        SELECT content_id AS what, pair.1 AS stage, toDate(pair.2, ifNull(nullIf((SELECT any(zone) FROM (
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
            campaign_id, external_id, name, toDate(begins) AS starts_on, toDate(ends) AS ends_on, kpi, target,
            toDate(if(begins IS NULL OR begins <= until - 3660, until - 364, assumeNotNull(begins))) AS first, toDate(until) AS last
        FROM
        (
            SELECT
                toString(campaign_id) AS campaign_id, external_id, name, starts_on AS begins, ends_on AS ends,
                JSONExtractString(objective, 'kpi') AS kpi, JSONExtractFloat(objective, 'target') AS target,
                toDate32(now(), ifNull(nullIf((SELECT any(zone) FROM (
                    SELECT if(time_zone = '', 'UTC', time_zone) AS zone, working_week, holidays, click_rates, privacy_mode
                    FROM spaces FINAL
                    WHERE space_id = {space:String} AND NOT removed
                )), ''), 'UTC')) AS today_there, least(ifNull(ends_on, today_there), today_there) AS until
            FROM campaigns FINAL
            WHERE space_id = {space:String} AND NOT removed AND kpi != ''
        )
    ) AS span ON span.campaign_id = content.of
    WHERE day BETWEEN span.first AND span.last
    GROUP BY of
) AS application ON application.of = campaign.campaign_id;

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
