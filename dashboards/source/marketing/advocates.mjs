// Who carries the programme? By group and by how sharing spreads; never a list of people.

import { ask, clickhouse, figure, largest, midnight, now, over, spaces, stack, teams } from "../clickhouse.mjs";
import { byPeople } from "../groups.mjs";
import { bars, COLOURS, dashboard, plain, series, tiles } from "../model.mjs";

/** Bars of classes of advocates, told apart by how often they shared. */
const byActivity = (column, name, colour, texts) =>
  bars({
    ...texts,
    w: 8, unit: "locale", decimals: 0, min: 0, horizontal: false, colour: plain(colour), legend: { showLegend: false },
    queries: [{
      table: ask(`
SELECT label AS shares, ${column} AS \`${name}\`
FROM kpi_activity(space = the_space, \`from\` = first, \`to\` = last)
ORDER BY place
LIMIT 6`),
    }],
  });

export default dashboard({
  uid: "relais-advocates",
  title: "Relais · Advocates",
  description: "Who carries it? How far people are, how sharing and clicks spread over them, team by team and cohort by cohort. Groups smaller than the minimum cell are withheld, and no person is named.",
  tags: ["marketing"],
  source: clickhouse,
  variables: [spaces, teams],
  time: { from: "now-90d", to: "now" },
  rows: [
    {
      panels: [
        ...tiles(
          ["Invited", "locale", 0, figure("kpi_advocates_invited"),
            "Advocates invited before the period's end who had not left before it began. Unit: people."],
          ["Adoption", "percentunit", 0, figure("kpi_adoption_rate"),
            "Part of the invited advocates who were registered in the period. Unit: percent."],
          ["Active sharers", "locale", 0, figure("kpi_active_sharers"),
            "Advocates registered in the period who shared at least once in it. Unit: people."],
          ["Signed in or shared", "percentunit", 0, figure("kpi_active_sharer_ratio_engaged"),
            "Part of the registered advocates who signed in or shared in the period: the wider definition of active that others use. Unit: percent."],
          ["Shares per active sharer", "none", 1, figure("kpi_shares_per_active_sharer"),
            "Shares of the period over the registered advocates who made them. Unit: shares a person."],
        ),
      ],
    },
    {
      title: "How sharing spreads",
      panels: [
        byActivity("people_shown", "People", COLOURS.own, {
          title: "People by number of shares",
          description: "How many registered advocates shared how often in the period. A class of fewer people than the minimum cell, and the next smallest so that it cannot be found by subtraction, has no bar. Unit: people.",
        }),
        byActivity("clicks_shown", "Clicks", COLOURS.before, {
          title: "Clicks by number of shares",
          description: "Clicks by people that the links of these advocates brought in the period, by how often they shared in it. Withheld as on the left. Unit: clicks.",
        }),
        bars({
          title: "How few bring how much",
          description: "Active sharers in tenths, those with most clicks first, and the part of all their clicks that they bring together. A straight stair would be everybody the same. Empty while a tenth is fewer people than the minimum cell. Unit: percent of clicks.",
          w: 8, unit: "percentunit", decimals: 0, min: 0, max: 1, horizontal: false, colour: plain(COLOURS.mean), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT concat(toString(tenth * 10), ' %') AS \`of the active\`, cumulated AS \`of the clicks\`
FROM kpi_concentration(space = the_space, \`from\` = first, \`to\` = last)
ORDER BY tenth
LIMIT 10`),
          }],
        }),
      ],
    },
    {
      title: "Over time",
      panels: [
        series({
          title: "Registered, by cohort",
          description: "Advocates registered at the end of each day, by cohort; each ISO week beyond 92 days, each month beyond 400. The twelve largest cohorts; none on days on which a cohort was smaller than the minimum cell. Unit: people.",
          w: 12, unit: "locale", decimals: 0, min: 0, stacked: true, displayName: "${__field.labels.cohort}",
          queries: [{
            series: ask(
              `
SELECT ${midnight("starts_on")} AS time, if(key = '', '(none)', key) AS cohort, registered
FROM ${over("kpi_people_series", "'cohort'")}
WHERE has(largest, key)
ORDER BY time, cohort`,
              [largest("kpi_advocates_registered", "cohort", 12)],
            ),
          }],
        }),
        series({
          title: "Shares, by team",
          description: "Shares made by the people of each team, each day; each ISO week beyond 92 days, each month beyond 400. The twelve teams with most shares; none on days on which a team was smaller than the minimum cell. Unit: shares.",
          w: 12, unit: "locale", decimals: 0, min: 0, stacked: true, bars: true, displayName: "${__field.labels.team}",
          queries: [stack("shares", "team", 12)],
        }),
      ],
    },
    {
      title: "Group by group",
      panels: [
        byPeople({ by: "team", word: "team", title: "By team", filter: "team" }),
        byPeople({ by: "cohort", word: "cohort", title: "By cohort" }),
        byPeople({ by: "location", word: "location", title: "By location", w: 9, h: 8 }),
        byPeople({ by: "language", word: "language", title: "By language", w: 9, h: 8 }),
        bars({
          title: "Adoption by kind of advocate",
          description: "Part of the invited advocates who were registered in the period, by kind: employee, partner, customer, influencer. Small kinds are withheld. Unit: percent.",
          w: 6, h: 8, unit: "percentunit", decimals: 0, min: 0, max: 1, colour: plain(), legend: { showLegend: false },
          queries: [{
            table: ask(`
SELECT ifNull(key, '(none)') AS kind, value AS \`Registered\`
FROM ${now("kpi_adoption_rate", "'advocate_kind'")}
WHERE NOT withheld
ORDER BY value DESC, kind
LIMIT 10`),
          }],
        }),
      ],
    },
  ],
});
