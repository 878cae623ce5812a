// From a click to a hire. For recruiters; candidates have no names here, nor in Relais.

import { ask, chosen, clickhouse, figure, jobs, midnight, now, spaces, textbox, typed } from "../clickhouse.mjs";
import { bars, column, COLOURS, dashboard, gauges, paint, plain, series, stat, table } from "../model.mjs";

const CREDITED = "Only what is credited to an advocate counts.";
/** A number that somebody types; nothing where it is none. */
const money = (name) => `toFloat64OrNull(replaceAll(${typed(name)}, ' ', ''))`;
const STAGES = ["started", "applied", "screened", "interview", "offer", "hired", "probation_passed"];
const words = (stage) => stage.replace("_", " ").replace(/^./, (first) => first.toUpperCase());

export default dashboard({
  uid: "relais-referrals",
  title: "Relais · Referrals",
  description: "From click to hire: the funnel by job, stage rates, time between stages, sources, and what agencies would have cost, as a range.",
  tags: ["recruiting"],
  source: clickhouse,
  variables: [spaces, jobs, textbox("cost_low", "Cost of a hire elsewhere, low (EUR)", "3000"), textbox("cost_high", "high (EUR)", "12000")],
  time: { from: "now-1y", to: "now" },
  rows: [
    {
      panels: [
        stat({
          title: "Applications", w: 4, unit: "locale", decimals: 0, change: true,
          description: `Applications that reached the stage applied in the period. ${CREDITED} Unit: applications.`,
          queries: [figure("kpi_applications")],
        }),
        stat({
          title: "Hires", w: 4, unit: "locale", decimals: 0, change: true,
          description: `Applications that reached the stage hired in the period. ${CREDITED} Unit: hires.`,
          queries: [figure("kpi_hires")],
        }),
        stat({
          title: "Clicks to applications", w: 4, unit: "percentunit", decimals: 1, change: true,
          description: `Applications over the clicks by people on jobs in the period. ${CREDITED} Unit: percent.`,
          queries: [figure("kpi_click_to_application_rate")],
        }),
        stat({
          title: "Applications to hires", w: 4, unit: "percentunit", decimals: 1, change: true,
          description: `Hires over applications, both of the period: a hire may come of an earlier application. ${CREDITED} Unit: percent.`,
          queries: [figure("kpi_application_to_hire_rate")],
        }),
        stat({
          title: "Clicks per hire", w: 4, unit: "locale", decimals: 0, change: true,
          description: `Clicks by people on jobs over the hires of the period. ${CREDITED} Unit: clicks a hire.`,
          queries: [figure("kpi_clicks_per_hire")],
        }),
        stat({
          title: "Cost avoided", w: 4, unit: "currencyEUR", decimals: 0, text: "value_and_name", colour: plain("text"),
          description: "Hires of the period times what a hire costs elsewhere (agency, advertisement), by the low and the high figure typed above. An estimate, always a range; what referral bonuses cost is not taken off. Unit: euro.",
          queries: [{ table: ask(`SELECT value * ${money("cost_low")} AS \`low\`, value * ${money("cost_high")} AS \`high\` FROM ${now("kpi_hires")} LIMIT 1`) }],
        }),
      ],
    },
    {
      title: "The funnel",
      panels: [
        gauges({
          title: "Reached in the period",
          description: `Applications that reached each stage in the period, of the jobs chosen above. ${CREDITED} Unit: applications.`,
          w: 9, h: 10, unit: "locale", decimals: 0, min: 0, colour: plain(),
          fields: paint(Object.fromEntries(STAGES.map((stage, index) => [words(stage), ["#8AB8FF", "#5794F2", "#5794F2", "#3274D9", "#3274D9", "#37872D", "#73BF69"][index]]))),
          queries: [{
            table: ask(`
SELECT ${STAGES.map((stage) => `sumIf(reached, stage = '${stage}') AS \`${words(stage)}\``).join(", ")}
FROM ${now("kpi_referral_stages", "'content'")}
WHERE ${chosen("job", "key")}
LIMIT 1`),
          }],
        }),
        table({
          title: "From stage to stage",
          description: `Of the applications that reached a stage in the period: how many have gone on to a later one since, how many were rejected or withdrew, how many are open, and the days until the next stage (half took less, nine of ten took less), over all jobs. ${CREDITED} Unit: applications, percent, days.`,
          w: 15, h: 10,
          queries: [{
            table: ask(`
SELECT upperUTF8(substring(replaceAll(stage, '_', ' '), 1, 1)) || substring(replaceAll(stage, '_', ' '), 2) AS \`Stage\`, reached AS \`Reached\`,
  went_on / nullIf(reached, 0) AS \`Went on\`, ended AS \`Ended\`, open AS \`Open\`, days_median AS \`Half within\`, days_longest AS \`9 of 10 within\`
FROM ${now("kpi_referral_stages")}
ORDER BY place
LIMIT 7`),
          }],
          fields: [
            ["Went on", { ...column.unit("percentunit", 0), ...column.bar(COLOURS.best), min: 0, max: 1 }],
            ["Half within", column.unit("suffix: d", 1)],
            ["9 of 10 within", column.unit("suffix: d", 1)],
          ],
        }),
      ],
    },
    {
      title: "By job",
      panels: [
        table({
          title: "Jobs",
          description: `By job: clicks by people, applications, interviews, offers and hires of the period, and applications over clicks. ${CREDITED} The first 50. Unit: clicks, applications, percent.`,
          w: 24, h: 10,
          queries: [{
            table: ask(`
SELECT content.title AS \`Job\`, content.published_on AS \`Published\`, if(content.used_on IS NULL, 'no', 'yes') AS \`Shared\`, sum(made.clicks) AS \`Clicks\`,
  sum(made.applied) AS \`Applications\`, sum(made.applied) / nullIf(sum(made.clicks), 0) AS \`Of the clicks\`, sum(made.interviewed) AS \`Interviews\`,
  sum(made.offered) AS \`Offers\`, sum(made.hired) AS \`Hires\`
FROM
(
  SELECT key, toInt64(job_clicks) AS clicks, toInt64(0) AS applied, toInt64(0) AS interviewed, toInt64(0) AS offered, toInt64(0) AS hired
  FROM ${now("kpi_clicks_split", "'content'")} WHERE job_clicks > 0
  UNION ALL
  SELECT key, toInt64(0), toInt64(if(stage = 'applied', reached, 0)), toInt64(if(stage = 'interview', reached, 0)), toInt64(if(stage = 'offer', reached, 0)),
    toInt64(if(stage = 'hired', reached, 0))
  FROM ${now("kpi_referral_stages", "'content'")}
) AS made
INNER JOIN kpi_contents(space = the_space) AS content ON content.key = made.key
WHERE content.kind = 'job' AND ${chosen("job", "content.key")}
GROUP BY content.key, content.title, content.published_on, content.used_on
ORDER BY \`Hires\` DESC, \`Applications\` DESC, \`Clicks\` DESC, \`Job\`
LIMIT 50`),
          }],
          fields: [
            ["Published", { unit: "dateTimeAsIso", ...column.width(120) }],
            ["Shared", column.width(80)],
            ["Of the clicks", column.unit("percentunit", 1)],
            ["Clicks", { ...column.bar(), min: 0 }],
          ],
        }),
      ],
    },
    {
      title: "Sources, and over time",
      panels: [
        table({
          title: "Channels",
          description: `By channel of the link: clicks by people on jobs, applications, hires, and applications over clicks. ${CREDITED} Unit: clicks, applications, hires, percent.`,
          w: 8, sort: ["Applications", true],
          queries: [{
            table: ask(`
SELECT ifNull(key, '(none)') AS \`Channel\`, denominator AS \`Clicks\`, numerator AS \`Applications\`, value AS \`Of the clicks\`
FROM ${now("kpi_click_to_application_rate", "'channel'")}
ORDER BY numerator DESC, denominator DESC, \`Channel\`
LIMIT 30`),
          }],
          fields: [["Of the clicks", column.unit("percentunit", 1)], ["Applications", { ...column.bar(), min: 0 }]],
        }),
        bars({
          title: "Applications and hires by team",
          description: `Applications and hires of the period by team of the advocate who referred. Teams smaller than the minimum cell are withheld. ${CREDITED} Unit: applications, hires.`,
          w: 8, h: 10, unit: "locale", decimals: 0, min: 0, colour: plain(),
          fields: paint({ Applications: COLOURS.before, Hires: COLOURS.own }),
          queries: [{
            table: ask(`
SELECT ifNull(coalesce(name, key), '(none)') AS team, denominator AS \`Applications\`, numerator AS \`Hires\`
FROM ${now("kpi_application_to_hire_rate", "'team'")}
WHERE NOT withheld
ORDER BY denominator DESC, team
LIMIT 12`),
          }],
        }),
        series({
          title: "Month by month",
          description: `Applications and hires in each month, the first and last cut at the period's edges. ${CREDITED} Unit: applications, hires.`,
          w: 8, h: 10, unit: "locale", decimals: 0, min: 0, bars: true,
          fields: paint({ Applications: COLOURS.before, Hires: COLOURS.own }),
          queries: [{
            series: ask(`
SELECT ${midnight("starts_on")} AS time, denominator AS \`Applications\`, numerator AS \`Hires\`
FROM ${now("kpi_application_to_hire_rate", "'month'")}
WHERE starts_on IS NOT NULL
ORDER BY time`),
          }],
        }),
      ],
    },
  ],
});
