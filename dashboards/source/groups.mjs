// Tables by a group of people, which several dashboards have.

import { ask, chosen, now } from "./clickhouse.mjs";
import { column, table } from "./model.mjs";

/** Registered people, active sharers, shares and clicks by a dimension of people. */
export const byPeople = ({ by, word, title, filter, ...rest }) =>
  table({
    title,
    description: `By ${word}: advocates registered in the period, those of them who shared (active sharers) and their part of the registered, shares, clicks by people, clicks per share. A ${word} of fewer people than the minimum cell, and the next smallest ones so that it cannot be found by subtraction, shows "withheld". Unit: people, percent, shares, clicks, clicks a share.`,
    w: 12,
    unit: "locale",
    sort: ["Clicks", true],
    queries: [{
      table: ask(`
SELECT ifNull(coalesce(people.name, people.key), '(none)') AS \`Group\`, people.denominator AS \`Registered\`, people.numerator AS \`Sharers\`, people.value AS \`Active\`,
  made.denominator AS \`Shares\`, made.numerator AS \`Clicks\`, made.value AS \`Per share\`, if(people.withheld, 'withheld', '') AS \`Note\`
FROM ${now("kpi_active_sharer_ratio", `'${by}'`)} AS people
LEFT JOIN ${now("kpi_clicks_per_share", `'${by}'`)} AS made ON ifNull(made.key, '') = ifNull(people.key, '')
${filter ? `WHERE ${chosen(filter, "ifNull(people.key, '')")}` : ""}
ORDER BY people.withheld, made.numerator DESC, \`Group\`
LIMIT 100`),
    }],
    fields: [
      ["Group", { displayName: title.replace(/^By /, "").replace(/^./, (first) => first.toUpperCase()) }],
      ["Registered", column.width(90)],
      ["Sharers", column.width(75)],
      ["Active", { ...column.unit("percentunit", 0), ...column.bar(), ...column.width(150), min: 0, max: 1 }],
      ["Shares", column.width(75)],
      ["Clicks", column.width(80)],
      ["Per share", { ...column.unit("none", 1), ...column.width(85) }],
      ["Note", { ...column.width(85), displayName: " ", noValue: "" }],
    ],
    ...rest,
  });

