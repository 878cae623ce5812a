// Which content, which campaign, which channel? For whoever decides what to publish next.

import { ask, campaignMarks, campaigns, channels, chosen, clickhouse, figure, kinds, now, spaces, stack, textbox, typed } from "../clickhouse.mjs";
import { bars, COLOURS, column, dashboard, pie, plain, series, table, tiles } from "../model.mjs";

const FILTER = `${chosen("kind", "content.kind")}
  AND ${chosen("campaign", "content.campaign")}
  AND positionCaseInsensitiveUTF8(content.title, ${typed("q")}) > 0`;

/** How clicks spread over the time since the share: the roll-up's hours and days, gathered into classes. */
const AGES = `
SELECT
  multiIf(key = '000', 1, key = '001', 2, key <= '005', 3, key <= '011', 4, key <= '023', 5, key <= '047', 6, key <= 'd06', 7, key <= 'd13', 8, key <= 'd30', 9, 10) AS place,
  ['1st hour', '2nd hour', 'to 6 hours', 'to 12 hours', 'to 1 day', 'to 2 days', 'to 1 week', 'to 2 weeks', 'to 1 month', 'later'][place] AS age,
  sum(clicks) AS brought
FROM ${now("kpi_clicks_split", "'age'")}
WHERE key != '' AND ${chosen("channel", "channel")}
GROUP BY place, age`;

export default dashboard({
  uid: "relais-content",
  title: "Relais · Content",
  description: "Which content, which campaign, which channel? Ranking, usage, how long a share lives, objectives of campaigns against what they brought.",
  tags: ["marketing"],
  source: clickhouse,
  variables: [spaces, campaigns, kinds, channels, textbox("q", "Title contains")],
  annotations: [campaignMarks],
  time: { from: "now-90d", to: "now" },
  rows: [
    {
      panels: [
        ...tiles(
          ["Contents published", "locale", 0, figure("kpi_contents_published"),
            "Contents published in the period, of every kind and campaign. Unit: contents."],
          ["Used", "percentunit", 0, figure("kpi_content_usage_rate"),
            "Part of the contents published in the period that somebody shared, until 14 days after it. Unit: percent."],
          ["Clicks per content", "none", 1, figure("kpi_clicks_per_content"),
            "Clicks by people in the period over the contents that were shared in it. Unit: clicks a content."],
          ["In its first 30 days", "none", 1, figure("kpi_clicks_per_content_cohort"),
            "Clicks by people within 30 x 24 hours from the publication of each content published in the period, over those of them that were shared. Contents of the last 30 days are not done yet. Unit: clicks a content."],
          ["Shares that landed", "percentunit", 0, figure("kpi_landed_share_rate"),
            "Part of the period's shares whose link a person clicked from then to the period's end. Unit: percent."],
        ),
      ],
    },
    {
      title: "What works",
      panels: [
        table({
          title: "Contents by clicks",
          description: "Contents that were shared or clicked in the period, by clicks by people: shares, the part of them that landed (a person clicked from then on), clicks, clicks per share. Kind, campaign, channel and title choose. The first 50. Unit: shares, percent, clicks, clicks a share.",
          w: 24, h: 11, sort: ["Clicks", true],
          queries: [{
            table: ask(`
SELECT content.title AS \`Content\`, content.kind AS \`Kind\`, content.campaign_name AS \`Campaign\`, content.published_on AS \`Published\`,
  sum(made.shares) AS \`Shares\`, sum(made.landed) / nullIf(sum(made.shares), 0) AS \`Landed\`, sum(made.clicks) AS \`Clicks\`,
  sum(made.clicks) / nullIf(sum(made.shares), 0) AS \`Clicks a share\`
FROM
(
  SELECT key, channel, toInt64(shares) AS shares, toInt64(landed) AS landed, toInt64(0) AS clicks FROM ${now("kpi_shares_split", "'content'")}
  UNION ALL
  SELECT key, channel, toInt64(0), toInt64(0), toInt64(clicks) FROM ${now("kpi_clicks_split", "'content'")}
) AS made
INNER JOIN kpi_contents(space = the_space) AS content ON content.key = made.key
WHERE ${chosen("channel", "made.channel")}
  AND ${FILTER}
GROUP BY content.key, content.title, content.kind, content.campaign_name, content.published_on
HAVING \`Shares\` > 0 OR \`Clicks\` > 0
ORDER BY \`Clicks\` DESC, \`Shares\` DESC, \`Content\`
LIMIT 50`),
          }],
          fields: [
            ["Kind", column.width(110)],
            ["Published", { ...column.width(120), unit: "dateTimeAsIso" }],
            ["Shares", column.width(90)],
            ["Landed", { ...column.unit("percentunit", 0), ...column.width(90) }],
            ["Clicks", { ...column.bar(), min: 0 }],
            ["Clicks a share", { ...column.unit("none", 1), ...column.width(120) }],
          ],
        }),
      ],
    },
    {
      title: "Channels and kinds",
      panels: [
        series({
          title: "Clicks by channel",
          description: "Clicks by people by channel of the link, each day; each ISO week beyond 92 days, each month beyond 400. The ten channels with most clicks. Unit: clicks.",
          w: 12, unit: "locale", decimals: 0, min: 0, stacked: true, bars: true, displayName: "${__field.labels.channel}",
          queries: [stack("clicks", "channel", 10)],
        }),
        bars({
          title: "Clicks per share, by channel",
          description: "Clicks by people over the shares made in the period, by channel. Unit: clicks a share.",
          w: 6, unit: "none", decimals: 1, min: 0, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT ifNull(key, '') AS channel, value AS \`Clicks a share\`
FROM ${now("kpi_clicks_per_share", "'channel'")}
WHERE value IS NOT NULL AND ${chosen("channel", "ifNull(key, '')")}
ORDER BY value DESC, channel
LIMIT 12`),
          }],
        }),
        bars({
          title: "Clicks by kind of content",
          description: "Clicks by people in the period by kind of content. Unit: clicks.",
          w: 6, unit: "locale", decimals: 0, min: 0, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT ifNull(key, '(unknown)') AS kind, value AS \`Clicks\`
FROM ${now("kpi_clicks", "'content_kind'")}
WHERE ${chosen("kind", "ifNull(key, '')")}
ORDER BY value DESC, kind
LIMIT 10`),
          }],
        }),
      ],
    },
    {
      title: "How long a share lives",
      panels: [
        bars({
          title: "Clicks by time since the share",
          description: "Part of the period's clicks by people that came within the first hour, the second, … after the last share of their link. Clicks before any share are left out. Unit: percent of clicks.",
          w: 12, unit: "percentunit", decimals: 0, min: 0, horizontal: false, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT age, brought / nullIf(sum(brought) OVER (), 0) AS \`Of all clicks\`
FROM (${AGES})
ORDER BY place
LIMIT 10`),
          }],
        }),
        bars({
          title: "Clicks that have come by then",
          description: "The same added up: part of the period's clicks by people that had come when a share was that old. Where it flattens, a content wants to be shared again. Unit: percent of clicks.",
          w: 12, unit: "percentunit", decimals: 0, min: 0, max: 1, horizontal: false, colour: plain(COLOURS.before), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT age, sum(brought) OVER (ORDER BY place) / nullIf(sum(brought) OVER (), 0) AS \`Come by then\`
FROM (${AGES})
ORDER BY place
LIMIT 10`),
          }],
        }),
      ],
    },
    {
      title: "Campaigns",
      panels: [
        table({
          title: "Objectives",
          description: "What each campaign aims at and what it has brought from its first day to its last or today, whatever the period above; without a first day it is looked back over for a year. Reached is the part of the objective; expected is the part of its days that have passed. Unit: that of the KPI, percent.",
          w: 14,
          queries: [{
            table: ask(`
SELECT name AS \`Campaign\`, starts_on AS \`From\`, ends_on AS \`To\`, replaceAll(kpi, '_', ' ') AS \`KPI\`, target AS \`Objective\`, actual AS \`Actual\`,
  actual / nullIf(target, 0) AS \`Reached\`,
  if(starts_on IS NULL OR ends_on IS NULL, NULL, greatest(0, least(1, (last - starts_on + 1) / (ends_on - starts_on + 1)))) AS \`Expected\`
FROM kpi_objectives(space = the_space)
WHERE ${chosen("campaign", "key")}
ORDER BY starts_on DESC, name
LIMIT 50`),
          }],
          fields: [
            ["From", { unit: "dateTimeAsIso", ...column.width(105) }],
            ["To", { unit: "dateTimeAsIso", ...column.width(105) }],
            ["Objective", { ...column.unit("locale"), ...column.width(85) }],
            ["Actual", { ...column.unit("locale"), ...column.width(80) }],
            ["Reached", { ...column.unit("percentunit", 0), ...column.bar(COLOURS.best), min: 0, max: 1 }],
            ["Expected", { ...column.unit("percentunit", 0), ...column.width(85) }],
          ],
        }),
        table({
          title: "What campaigns brought in the period",
          description: "By campaign of the content: shares, clicks by people and clicks per share of the period. Unit: shares, clicks, clicks a share.",
          w: 10, sort: ["Clicks", true],
          queries: [{
            table: ask(`
SELECT ifNull(coalesce(name, key), '(no campaign)') AS \`Campaign\`, denominator AS \`Shares\`, numerator AS \`Clicks\`, value AS \`Clicks a share\`
FROM ${now("kpi_clicks_per_share", "'campaign'")}
WHERE ${chosen("campaign", "ifNull(key, '')")}
ORDER BY numerator DESC, \`Campaign\`
LIMIT 50`),
          }],
          fields: [["Clicks", { ...column.bar(), min: 0 }], ["Clicks a share", { ...column.unit("none", 1), ...column.width(120) }], ["Shares", column.width(85)]],
        }),
      ],
    },
    {
      title: "Where it reaches, and what lies idle",
      panels: [
        pie({
          title: "Clicks by country",
          description: "Clicks by people in the period by country of the visitor, as far as a geo database is configured. The ten largest. Unit: clicks.",
          w: 8, h: 10, unit: "locale", decimals: 0,
          queries: [{
            table: ask(`
SELECT ifNull(key, 'unknown') AS country, value AS clicks
FROM ${now("kpi_clicks", "'country'")}
ORDER BY value DESC, country
LIMIT 10`),
          }],
        }),
        table({
          title: "Not shared by anybody yet",
          description: "Contents published in the period that nobody has shared since, the newest first. Unit: none.",
          w: 16,
          queries: [{
            table: ask(`
SELECT content.title AS \`Content\`, content.kind AS \`Kind\`, content.campaign_name AS \`Campaign\`, content.published_on AS \`Published\`
FROM kpi_contents(space = the_space) AS content
WHERE content.published_on BETWEEN first AND last AND content.used_on IS NULL
  AND ${FILTER}
ORDER BY content.published_on DESC, \`Content\`
LIMIT 20`),
          }],
          fields: [["Kind", column.width(110)], ["Published", { unit: "dateTimeAsIso", ...column.width(120) }]],
        }),
      ],
    },
  ],
});

