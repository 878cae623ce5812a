// Does the programme work? A director reads the first two rows.

import { ask, before, campaignMarks, clickhouse, figure, midnight, now, spaces, teams, trend } from "../clickhouse.mjs";
import { byPeople } from "../groups.mjs";
import { COLOURS, dashboard, gauges, paint, pie, plain, series, stat } from "../model.mjs";
import { STUDY_COLOURS, STUDY_NOTE, study } from "../study.mjs";

const HEADLINES = [
  ["contents_per_weekday", "Contents a working day", "Contents", "none", 1, 5, "Contents published in the period, weekends included, over its working days that are no holiday of the space. Unit: contents a day."],
  ["content_usage_rate", "Content usage", "Usage", "percentunit", 0, 5, "Part of the contents published in the period that somebody shared, from their publication until 14 days after the period. Unit: percent."],
  ["active_sharer_ratio", "Active sharers", "Sharers", "percentunit", 0, 5, "Part of the advocates registered in the period who shared at least once in it. Unit: percent."],
  ["clicks_per_content", "Clicks per content", "Per content", "none", 0, 5, "Clicks by people in the period over the contents that were shared in it. Robots, previews and mail scanners do not count. Unit: clicks a content."],
  ["clicks_per_share", "Clicks per share", "Per share", "none", 1, 4, "Clicks by people in the period over the shares made in it. Robots, previews and mail scanners do not count. Unit: clicks a share."],
];

/** A KPI, the period before and the study's figures as one row, a column each. */
const beside = (kpi) => ({
  table: ask(`
SELECT
  (SELECT any(value) FROM ${now(`kpi_${kpi}`)}) AS \`This period\`,
  (SELECT any(value) FROM ${before(`kpi_${kpi}`)}) AS \`Period before\`${study(kpi).map((column) => `,\n  ${column}`).join("")}
LIMIT 1`),
});

export default dashboard({
  uid: "relais-programme",
  title: "Relais · Programme",
  description: "Does the programme work? The KPIs beside the period before and beside a study's mean, best and lowest; the trend; who takes part; what the clicks are.",
  tags: ["marketing"],
  source: clickhouse,
  variables: [spaces, teams],
  annotations: [campaignMarks],
  time: { from: "now-30d", to: "now" },
  rows: [
    {
      panels: [
        ...HEADLINES.map(([kpi, title, , unit, decimals, w, text]) =>
          stat({
            title, w, unit, decimals, change: true,
            description: `${text} Below it how it changed from the period of the same length before.`,
            queries: [figure(`kpi_${kpi}`)],
          })),
        ...HEADLINES.map(([kpi, , short, unit, decimals, w, text]) =>
          gauges({
            title: `${short} vs. study`, w, unit, decimals, min: 0, colour: plain(),
            description: `${text} ${STUDY_NOTE}`,
            fields: paint(STUDY_COLOURS),
            queries: [beside(kpi)],
          })),
      ],
    },
    {
      title: "How far it reaches",
      panels: [
        gauges({
          title: "From invited to sharing",
          description: "Advocates invited before the period's end who had not left before it; those registered in it; those of them who shared in it. Unit: people.",
          w: 8, h: 9, unit: "locale", decimals: 0, min: 0, colour: plain(),
          fields: paint({ Invited: COLOURS.quiet, Registered: COLOURS.before, "Active sharers": COLOURS.own }),
          queries: [{
            table: ask(`
SELECT
  (SELECT any(value) FROM ${now("kpi_advocates_invited")}) AS \`Invited\`,
  (SELECT any(value) FROM ${now("kpi_advocates_registered")}) AS \`Registered\`,
  (SELECT any(value) FROM ${now("kpi_active_sharers")}) AS \`Active sharers\`
LIMIT 1`),
          }],
        }),
        series({
          title: "Active sharers over time",
          description: "Part of the registered advocates who shared at least once in each ISO week, beyond 92 days in each month (the first and last cut at the period's edges), with the study's mean, best and lowest. The shorter the bucket, the fewer share in it. Unit: percent.",
          w: 16, unit: "percentunit", decimals: 0, min: 0, points: true,
          fields: [...paint(STUDY_COLOURS), [{ id: "byRegexp", options: "^Study.*" }, { "custom.fillOpacity": 0 }]],
          queries: [{
            series: ask(`
SELECT ${midnight("starts_on")} AS time, value AS \`This space\`, ${study("active_sharer_ratio").join(", ")}
FROM ${now("kpi_active_sharer_ratio", "if(every = 'day', 'week', 'month')")}
WHERE starts_on IS NOT NULL
ORDER BY time`),
          }],
        }),
      ],
    },
    {
      title: "What it brings",
      panels: [
        series({
          title: "Clicks and shares",
          description: "Clicks by people and shares made, each day; each ISO week beyond 92 days, each month beyond 400. Purple marks are campaigns. Unit: clicks, shares.",
          w: 16, unit: "locale", decimals: 0, min: 0,
          fields: [
            ...paint({ Clicks: COLOURS.own, Shares: COLOURS.lowest }),
            ["Shares", { "custom.drawStyle": "bars", "custom.fillOpacity": 60, "custom.lineWidth": 0, "custom.axisPlacement": "right" }],
          ],
          queries: [trend("kpi_clicks", "Clicks"), trend("kpi_shares", "Shares")],
        }),
        pie({
          title: "What the requests were",
          description: "Requests to links by class: human (a person who was sent on to the content; only these are clicks in a KPI), preview (a network draws its card), bot, scanner (mail and link security), prefetch, head, self (an advocate's own test). Unit: requests.",
          w: 8, unit: "locale", decimals: 0,
          queries: [{
            table: ask(`
SELECT ifNull(detail, '') AS class, value AS requests
FROM ${now("kpi_clicks_by_class")}
WHERE value > 0
ORDER BY requests DESC
LIMIT 10`),
          }],
        }),
        series({
          title: "Clicks per share",
          description: "Clicks by people over the shares made, in each day, week or month, with the study's best and lowest. A bucket without a share has no value. Unit: clicks a share.",
          w: 12, unit: "none", decimals: 1, min: 0, span: true,
          fields: [...paint(STUDY_COLOURS), [{ id: "byRegexp", options: "^Study.*" }, { "custom.fillOpacity": 0 }]],
          queries: [trend("kpi_clicks_per_share", "This space", study("clicks_per_share"))],
        }),
        gauges({
          title: "What the clicks would have cost",
          description: "Earned media value: clicks by people times the cost of a paid click of their channel on their day, by the low, middle and high rate that the space has set. Always a range, and an estimate. Empty without rates. Unit: euro.",
          w: 6, h: 9, unit: "currencyEUR", decimals: 0, min: 0, colour: plain(),
          fields: paint({ Low: COLOURS.before, Middle: COLOURS.own, High: COLOURS.before }),
          queries: [{ table: ask(`SELECT low AS \`Low\`, value AS \`Middle\`, high AS \`High\` FROM ${now("kpi_earned_media_value")} LIMIT 1`) }],
        }),
        pie({
          title: "Where people share",
          description: "Shares of the period by channel. Unit: shares.",
          w: 6, unit: "locale", decimals: 0,
          queries: [{
            table: ask(`
SELECT ifNull(detail, '') AS channel, numerator AS shares
FROM ${now("kpi_channel_mix")}
WHERE numerator > 0
ORDER BY shares DESC
LIMIT 15`),
          }],
        }),
      ],
    },
    {
      title: "By team and cohort",
      panels: [
        byPeople({ by: "team", word: "team", title: "By team", filter: "team" }),
        byPeople({ by: "cohort", word: "cohort", title: "By cohort" }),
      ],
    },
  ],
});
