// Promotional videos: are they shared, are they watched, where and when?

import { ask, channels, chosen, clickhouse, figure, midnight, now, over, spaces, starts } from "../clickhouse.mjs";
import { bars, COLOURS, column, dashboard, paint, pie, plain, series, table, tiles } from "../model.mjs";

const VIDEO = "WHERE key = 'video'";
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

export default dashboard({
  uid: "relais-video",
  title: "Relais · Videos",
  description: "Promotional videos: shares, clicks, channels, devices, hours.",
  tags: ["marketing"],
  source: clickhouse,
  variables: [spaces, channels],
  time: { from: "now-90d", to: "now" },
  rows: [
    {
      panels: [
        ...tiles(
          ["Videos published", "locale", 0, figure("kpi_contents_published", VIDEO, "'content_kind'"),
            "Contents of kind video published in the period. Unit: contents."],
          ["Shares of videos", "locale", 0, figure("kpi_shares", VIDEO, "'content_kind'"),
            "Shares made in the period of contents of kind video. Unit: shares."],
          ["Clicks on videos", "locale", 0, figure("kpi_clicks", VIDEO, "'content_kind'"),
            "Clicks by people in the period on contents of kind video. Unit: clicks."],
          ["Clicks per share of a video", "none", 1, figure("kpi_clicks_per_share", VIDEO, "'content_kind'"),
            "Clicks by people on videos over the shares of videos in the period. Unit: clicks a share."],
          ["Shares that landed", "percentunit", 0, figure("kpi_landed_share_rate", VIDEO, "'content_kind'"),
            "Part of the period's shares of videos whose link a person clicked from then to the period's end. Unit: percent."],
        ),
      ],
    },
    {
      title: "Over time, and beside other contents",
      panels: [
        series({
          title: "Clicks and shares of videos",
          description: "Clicks by people on videos and shares of videos on all channels, each day; each ISO week beyond 92 days, each month beyond 400. Unit: clicks, shares.",
          w: 16, unit: "locale", decimals: 0, min: 0, displayName: "${__field.name}",
          fields: [
            ...paint({ Clicks: COLOURS.own, Shares: COLOURS.lowest }),
            ["Shares", { "custom.drawStyle": "bars", "custom.fillOpacity": 60, "custom.lineWidth": 0, "custom.axisPlacement": "right" }],
          ],
          queries: [{
            series: ask(
              `
SELECT ${midnight("starts_on")} AS time, toFloat64(sum(clicks)) AS \`Clicks\`, toFloat64(sum(shares)) AS \`Shares\`
FROM
(
  SELECT starts_on, toInt64(clicks) AS clicks, toInt64(shares) AS shares FROM ${over("kpi_series", "'content_kind'")} WHERE key = 'video'
  UNION ALL
  SELECT arrayJoin(starts) AS starts_on, toInt64(0), toInt64(0)
)
GROUP BY time
ORDER BY time`,
              [starts],
            ),
          }],
        }),
        bars({
          title: "Clicks per share, by kind of content",
          description: "Clicks by people over the shares made in the period, by kind of content: does a video bring more than an article? Unit: clicks a share.",
          w: 8, unit: "none", decimals: 1, min: 0, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT ifNull(key, '(unknown)') AS kind, value AS \`Clicks a share\`
FROM ${now("kpi_clicks_per_share", "'content_kind'")}
WHERE value IS NOT NULL
ORDER BY value DESC, kind
LIMIT 10`),
          }],
        }),
      ],
    },
    {
      title: "Where and on what they are watched",
      panels: [
        table({
          title: "Channels of videos",
          description: "By channel: shares of videos, the part of them that landed, clicks by people on videos, clicks per share. Unit: shares, percent, clicks, clicks a share.",
          w: 10, h: 9, sort: ["Clicks", true],
          queries: [{
            table: ask(`
SELECT channel AS \`Channel\`, sum(shares) AS \`Shares\`, sum(landed) / nullIf(sum(shares), 0) AS \`Landed\`, sum(clicks) AS \`Clicks\`,
  sum(clicks) / nullIf(sum(shares), 0) AS \`Clicks a share\`
FROM
(
  SELECT channel, toInt64(shares) AS shares, toInt64(landed) AS landed, toInt64(0) AS clicks FROM ${now("kpi_shares_split", "'content_kind'")} WHERE key = 'video'
  UNION ALL
  SELECT channel, toInt64(0), toInt64(0), toInt64(clicks) FROM ${now("kpi_clicks_split", "'video'")}
)
WHERE ${chosen("channel", "channel")}
GROUP BY channel
ORDER BY \`Clicks\` DESC, channel
LIMIT 30`),
          }],
          fields: [
            ["Landed", column.unit("percentunit", 0)],
            ["Clicks", { ...column.bar(), min: 0 }],
            ["Clicks a share", column.unit("none", 1)],
          ],
        }),
        pie({
          title: "Devices",
          description: "Clicks by people on videos in the period, by kind of device. Unit: clicks.",
          w: 7, unit: "locale", decimals: 0,
          queries: [{
            table: ask(`
SELECT if(key = '', 'unknown', key) AS device, sum(clicks) AS clicks
FROM ${now("kpi_clicks_split", "'video_device'")}
WHERE ${chosen("channel", "channel")}
GROUP BY device
HAVING clicks > 0
ORDER BY clicks DESC, device
LIMIT 8`),
          }],
        }),
        bars({
          title: "Countries",
          description: "Clicks by people on videos in the period, by country of the visitor, as far as a geo database is configured. The ten largest. Unit: clicks.",
          w: 7, unit: "locale", decimals: 0, min: 0, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT if(key = '', 'unknown', key) AS country, sum(clicks) AS \`Clicks\`
FROM ${now("kpi_clicks_split", "'video_country'")}
WHERE ${chosen("channel", "channel")}
GROUP BY country
ORDER BY \`Clicks\` DESC, country
LIMIT 10`),
          }],
        }),
      ],
    },
    {
      title: "When, and which",
      panels: [
        table({
          title: "Hours of the week",
          description: "Clicks by people on videos in the period, by local day of the week and hour: the darker, the more. Unit: clicks.",
          w: 24, h: 10, colour: { mode: "continuous-blues" },
          queries: [{
            table: ask(`
SELECT ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][intDiv(hour, 24) + 1] AS \`Day\`,
  ${HOURS.map((hour, index) => `sumIf(clicks, hour % 24 = ${index}) AS \`${hour}\``).join(", ")}
FROM
(
  SELECT toUInt16OrZero(key) AS hour, clicks FROM ${now("kpi_clicks_split", "'video_hour'")} WHERE ${chosen("channel", "channel")}
  UNION ALL
  SELECT number * 24, 0 FROM numbers(7)
)
GROUP BY intDiv(hour, 24)
ORDER BY intDiv(hour, 24)
LIMIT 7`),
          }],
          fields: [
            ["Day", column.width(110)],
            [{ id: "byRegexp", options: "^[0-9]{2}$" }, { "custom.cellOptions": { type: "color-background", mode: "basic" }, "custom.align": "center", "custom.width": 58, min: 0 }],
          ],
        }),
        table({
          title: "Videos by clicks",
          description: "Videos that were shared or clicked in the period, by clicks by people. The first 20. Unit: shares, clicks, clicks a share.",
          w: 16, sort: ["Clicks", true],
          queries: [{
            table: ask(`
SELECT content.title AS \`Video\`, content.published_on AS \`Published\`, sum(made.shares) AS \`Shares\`, sum(made.clicks) AS \`Clicks\`,
  sum(made.clicks) / nullIf(sum(made.shares), 0) AS \`Clicks a share\`
FROM
(
  SELECT key, channel, toInt64(shares) AS shares, toInt64(0) AS clicks FROM ${now("kpi_shares_split", "'content'")}
  UNION ALL
  SELECT key, channel, toInt64(0), toInt64(clicks) FROM ${now("kpi_clicks_split", "'content'")}
) AS made
INNER JOIN kpi_contents(space = the_space) AS content ON content.key = made.key
WHERE content.kind = 'video' AND ${chosen("channel", "made.channel")}
GROUP BY content.key, content.title, content.published_on
ORDER BY \`Clicks\` DESC, \`Shares\` DESC, \`Video\`
LIMIT 20`),
          }],
          fields: [["Published", { unit: "dateTimeAsIso", ...column.width(120) }], ["Clicks", { ...column.bar(), min: 0 }], ["Clicks a share", { ...column.unit("none", 1), ...column.width(120) }], ["Shares", column.width(85)]],
        }),
        bars({
          title: "Where the visitors came from",
          description: "Clicks by people on videos in the period, by the network that the request itself named (not every app names one). Unit: clicks.",
          w: 8, h: 10, unit: "locale", decimals: 0, min: 0, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT if(key = '', 'not named', key) AS network, sum(clicks) AS \`Clicks\`
FROM ${now("kpi_clicks_split", "'video_network'")}
WHERE ${chosen("channel", "channel")}
GROUP BY network
ORDER BY \`Clicks\` DESC, network
LIMIT 10`),
          }],
        }),
      ],
    },
  ],
});
