// Questions to ClickHouse.
//
// Whatever comes from a variable may have been typed into the page's address, so it never stands in SQL as it is: it is
// percent-encoded by Grafana, where neither quote nor backslash survives, and decoded by ClickHouse.

const type = "grafana-clickhouse-datasource";
const reference = { type, uid: "${datasource}" };
const query = (rawSql, refId, format) => ({
  refId,
  datasource: reference,
  editorType: "sql",
  rawSql: tidy(rawSql),
  format,
  queryType: format === 0 ? "timeseries" : "table",
  pluginVersion: "4.11.1",
  meta: {},
});

/** The data source of the dashboards about the programme. */
export const clickhouse = {
  tag: "clickhouse",
  reference,
  variable: () => ({
    name: "datasource",
    label: "ClickHouse",
    type: "datasource",
    query: type,
    current: { text: "Relais ClickHouse", value: "relais-clickhouse", selected: true },
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    refresh: 1,
    regex: "",
    skipUrlSync: false,
  }),
  /** { series } is a query for points over time, { table } one for rows. */
  target: ({ series, table }, refId) => (series ? query(series, refId, 0) : query(table, refId, 1)),
};

function tidy(sql) {
  return sql.split("\n").map((line) => line.trimEnd()).filter((line) => line.trim()).join("\n");
}

// What every question begins with: the space, its zone, the first and the last local day of the period, the period of
// the same length before it, and how finely it is cut, so that a line has at most some hundred points.
const PRELUDE = `WITH
  decodeURLComponent('\${space:percentencode}') AS the_space,
  ifNull(nullIf((SELECT any(time_zone) FROM kpi_spaces WHERE space_id = the_space), ''), 'UTC') AS the_zone,
  toDate($__fromTime, the_zone) AS first,
  toDate($__toTime, the_zone) AS last,
  first - (last - first) - 1 AS before_first,
  first - 1 AS before_last,
  multiIf(last - first < 93, 'day', last - first < 400, 'week', 'month') AS every`;

/** A whole question. `more` adds to the WITH. */
export const ask = (sql, more = []) => [PRELUDE, ...more.map((line) => `  ${line}`)].join(",\n") + "\n" + sql;

/** A view of the period, and of the one before. */
export const now = (view, by = "''") => `${view}(space = the_space, \`from\` = first, \`to\` = last, \`by\` = ${by})`;
export const before = (view, by = "''") => `${view}(space = the_space, \`from\` = before_first, \`to\` = before_last, \`by\` = ${by})`;
export const over = (view, by) => `${view}(space = the_space, \`from\` = first, \`to\` = last, \`by\` = ${by}, every = every)`;
/** Local midnight of a date, as a moment. */
export const midnight = (date) => `toDateTime(assumeNotNull(${date}), the_zone)`;

/** What is typed into a text box or chosen where one choice is possible. */
export const typed = (name) => `decodeURLComponent('\${${name}:percentencode}')`;
/** True where all or nothing is chosen of a variable, or one of its values is `what`. */
export const chosen = (name, what) =>
  `$__conditionalAll(has(arrayMap(part -> decodeURLFormComponent(substring(part, position(part, '=') + 1)), splitByChar('&', '\${${name}:queryparam}')), ${what}), $${name})`;

/** A KPI of this period and the one before, as two points: what a big number with its change needs. */
export const figure = (view, where = "", by) => ({
  series: ask(`
SELECT time, value
FROM
(
  SELECT ${midnight("before_first")} AS time, value FROM ${before(view, by)} ${where}
  UNION ALL
  SELECT ${midnight("first")} AS time, value FROM ${now(view, by)} ${where}
)
ORDER BY time`),
});

/** A KPI in every bucket of the period. `study` adds lines: columns that never change. */
export const trend = (view, name, study = []) => ({
  series: ask(`
SELECT ${midnight("starts_on")} AS time, value AS \`${name}\`${study.map((line) => `, ${line}`).join("")}
FROM ${now(view, "every")}
WHERE starts_on IS NOT NULL
ORDER BY time`),
});

// For the WITH of a question: the first days of every bucket, and the keys of the groups with most of a KPI.
export const starts = `(SELECT groupArray(assumeNotNull(starts_on)) FROM ${now("kpi_contents_published", "every")}) AS starts`;
export const largest = (view, by, most) =>
  `(SELECT arraySlice(groupArray(ifNull(key, '')), 1, ${most}) FROM (SELECT key FROM ${now(view, `'${by}'`)} WHERE value > 0 ORDER BY value DESC, key)) AS largest`;

/**
 * Clicks or shares of each of the largest groups in every bucket, 0 where there were none: a line over a gap would lie.
 * Nothing where a group is too small to be shown.
 */
export const stack = (count, by, most) => ({
  series: ask(
    `
SELECT ${midnight("starts_on")} AS time, if(key = '', '(none)', key) AS ${by}, if(max(part.${count} IS NULL), NULL, sum(part.${count})) AS ${count}
FROM
(
  SELECT starts_on, ifNull(key, '') AS key, toInt64(${count}) AS ${count} FROM ${over("kpi_series", `'${by}'`)} WHERE has(largest, ifNull(key, ''))
  UNION ALL
  SELECT arrayJoin(starts) AS starts_on, arrayJoin(largest) AS key, toInt64(0) AS ${count}
) AS part
WHERE ${chosen(by, "key")}
GROUP BY time, ${by}
ORDER BY time, ${by}`,
    [largest(`kpi_${count}`, by, most), starts],
  ),
});

// ---- variables

const variable = (name, label, sql, { multi = true, refresh = 2 } = {}) => () => ({
  name,
  label,
  type: "query",
  datasource: reference,
  query: tidy(sql),
  definition: tidy(sql),
  current: multi ? { text: ["All"], value: ["$__all"], selected: true } : {},
  allValue: null,
  hide: 0,
  includeAll: multi,
  multi,
  options: [],
  refresh,
  regex: "",
  sort: 0,
  skipUrlSync: false,
});

export const spaces = variable("space", "Space", "SELECT space_id, name FROM kpi_spaces ORDER BY name, space_id LIMIT 200", { multi: false, refresh: 1 });
export const teams = variable("team", "Team", ask("SELECT key FROM kpi_keys(space = the_space, `by` = 'team') WHERE key != '' ORDER BY key LIMIT 200"));
export const campaigns = variable("campaign", "Campaign", ask("SELECT key, name FROM kpi_campaigns(space = the_space) ORDER BY starts_on DESC, name LIMIT 200"));
export const channels = variable("channel", "Channel", ask("SELECT key FROM kpi_keys(space = the_space, `by` = 'channel') WHERE key != '' ORDER BY key LIMIT 50"));
export const jobs = variable("job", "Job", ask("SELECT key, title FROM kpi_contents(space = the_space) WHERE kind = 'job' ORDER BY published_on DESC, title LIMIT 200"));

export const kinds = () => ({
  name: "kind",
  label: "Kind of content",
  type: "custom",
  query: "article,campaign,job,video,event",
  current: { text: ["All"], value: ["$__all"], selected: true },
  allValue: null,
  hide: 0,
  includeAll: true,
  multi: true,
  options: [
    { text: "All", value: "$__all", selected: true },
    ...["article", "campaign", "job", "video", "event"].map((kind) => ({ text: kind, value: kind, selected: false })),
  ],
  skipUrlSync: false,
});

export const textbox = (name, label, value = "") => () => ({
  name,
  label,
  type: "textbox",
  query: value,
  current: { text: value, value, selected: true },
  hide: 0,
  options: [{ text: value, value, selected: true }],
  skipUrlSync: false,
});

/** Campaigns as marks over the time lines. */
export const campaignMarks = () => ({
  name: "Campaigns",
  enable: true,
  hide: false,
  iconColor: "#CA95E5",
  datasource: reference,
  target: query(
    ask(`
SELECT ${midnight("starts_on")} AS time, ${midnight("least(ifNull(ends_on, last), last)")} AS timeEnd, name AS title, concat('Campaign: ', name) AS text, 'campaign' AS tags
FROM kpi_campaigns(space = the_space)
WHERE starts_on BETWEEN first AND last
ORDER BY time
LIMIT 100`),
    "Campaigns",
    1,
  ),
});
