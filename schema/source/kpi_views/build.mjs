// Writes the migrations with the KPI views from their source in this folder, or says with --check whether they are up to date.
//
//     node schema/source/kpi_views/build.mjs [--check]
//
// What lies here is SQL with ${pieces}; two views a KPI, of one shape, come from the list below. Views whose name begins
// with part_ are not made: each is written out where it is named.
// A migration that was released never changes. Who changes a view after that gives its file the next number, and the old
// one stays as it is.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// ---- pieces

const TIME = "'', 'day', 'week', 'month', 'quarter'";
const PEOPLE = "'team', 'location', 'language', 'cohort', 'advocate_kind'";
/** The columns of a share by the split that they are for; channel is the last. */
const SHARE_COLUMNS = {
  team: "team_id",
  location: "location",
  language: "language",
  cohort: "cohort",
  advocate_kind: "advocate_kind",
  advocate: "advocate_id",
  content: "content_id",
  content_kind: "content_kind",
  campaign: "campaign_id",
};
/** The counts of a roll-up of clicks. */
const COUNTS = "clicks, job_clicks, preview, bot, scanner, prefetch, head, self";
const PARAMETERS = {
  space: "space = {space:String}",
  from: "`from` = {from:Date}",
  to: "`to` = {to:Date}",
  by: "`by` = {by:String}",
  every: "`by` = {every:String}",
  only: "only = {only:String}",
};

/** Parameters of a view, handed on as they came. */
const given = (...names) => names.map((name) => PARAMETERS[name]).join(", ");

/** The first day of the period's first whole month, and the first day after its last one that is over. */
const MONTHS_BEGIN = "toStartOfMonth({from:Date} - 1) + INTERVAL 1 MONTH";
const MONTHS_END = "toStartOfMonth(least({to:Date}, today() - 3) + 1)";

const PIECES = {
  given,
  time: () => TIME,
  people: () => PEOPLE,
  minimum: () => "(SELECT if(count() = 0, 5, toUInt64OrZero(any(value))) FROM settings FINAL WHERE name = 'minimum_cell')",
  zone: () => `ifNull(nullIf((SELECT any(zone) FROM part_space(${given("space")})), ''), 'UTC')`,
  /**
   * Whether a group of so many `people` is withheld in the bucket that begins at `first`, by the rule of part_withheld. One of
   * nobody makes no other one be withheld where it has no figures.
   */
  withheld: () => {
    const before = "OVER (PARTITION BY is_group, first ORDER BY people, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)";
    const minimum = PIECES.minimum();
    return `is_group AND ${minimum} > 1 AND (people < ${minimum}
            OR (max(people > 0 OR has_figures) ${before}
                AND sum(people) ${before} < ${minimum}))`;
  },
  /** Within a multiIf: the key of the bucket that a day lies in. */
  bucket: (day) => `{by:String} = 'day', toString(${day}),
        {by:String} = 'week', concat(toString(toISOYear(${day})), '-W', leftPad(toString(toISOWeek(${day})), 2, '0')),
        {by:String} = 'month', formatDateTime(${day}, '%Y-%m'),
        {by:String} = 'quarter', concat(toString(toYear(${day})), '-Q', toString(toQuarter(${day})))`,
  /** The first day of the bucket of `every`, or of what is named otherwise, that a day lies in. */
  begin: (day, every = "every") => `greatest({from:Date}, multiIf(
        {${every}:String} = 'day', ${day},
        {${every}:String} = 'week', toMonday(${day}),
        {${every}:String} = 'month', toStartOfMonth(${day}),
        {${every}:String} = 'quarter', toStartOfQuarter(${day}),
        {from:Date}))`,
  /** Its last day. */
  finish: (day, every = "every") => `least({to:Date}, multiIf(
        {${every}:String} = 'day', ${day},
        {${every}:String} = 'week', toMonday(${day}) + 6,
        {${every}:String} = 'month', toLastDayOfMonth(${day}),
        {${every}:String} = 'quarter', toLastDayOfMonth(toStartOfQuarter(${day}) + INTERVAL 2 MONTH),
        {to:Date}))`,
  /** The first and the last day of the bucket of `by` within the period. */
  edges: (day) => `${PIECES.begin(day, "by")} AS first,
    ${PIECES.finish(day, "by")} AS last`,
  /**
   * What a split of shares is by. ClickHouse leaves out a branch of `if` that a question cannot take, with the column that
   * it reads; one of `multiIf` it reads.
   */
  share_column: () =>
    Object.entries(SHARE_COLUMNS).reduceRight(
      (rest, [by, column]) => `if({by:String} = '${by}', toString(${column}), ${rest})`,
      "toString(channel)",
    ),
  /** Which split of a roll-up is read. */
  split: () => `multiIf({only:String} != '', 'advocate', {by:String} IN (${TIME}), 'all', {by:String})`,
  /**
   * Months of the period that are over, and the days of the rest. The two ends of the months are constants of a question
   * and stand beside the columns of the key, so that ClickHouse finds the one row of a month without reading its days.
   */
  spans: () => `start BETWEEN {from:Date} AND {to:Date} AND (
                {by:String} NOT IN ('day', 'week') AND grain = 'month' AND start >= ${MONTHS_BEGIN} AND start < ${MONTHS_END}
                OR grain = 'day' AND ({by:String} IN ('day', 'week') OR start < ${MONTHS_BEGIN} OR start >= ${MONTHS_END}))`,
};

/** SQL of this folder, with its pieces put in. */
function sql(name) {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  return text.replace(/\$\{(\w+)((?: \w+)*)\}/g, (_, piece, words) => PIECES[piece](...words.split(" ").slice(1)));
}

// ---- what a KPI is made of

/** A sum of a part: its column, and the view with the parameters that it takes. */
const of = (view, ...more) => (column) => ({ column, view: `${view}(${given("space", "from", "to", "by", ...more)})` });
/**
 * The same of a part with many rows an id. Summed up before anything else is done with them: an id is a short number then,
 * of a dictionary, and a text after it.
 */
const ofMany = (view, ...more) => (column) => {
  const many = `${view}(${given("space", "from", "to", "by", ...more)}, columns = '${column}')`;
  return { column, view: `(SELECT id, sum(${column}) AS ${column} FROM ${many} GROUP BY id)` };
};
const contents = of("part_contents");
const workingDays = of("part_working_days");
const advocates = of("part_advocates");
const engaged = of("part_engaged");
const shares = of("part_shares", "only");
const sharers = of("part_sharers", "only");
const clicks = ofMany("part_clicks", "only");
const visitors = ofMany("part_visitors", "only");
const applications = of("part_applications", "only");
const zero = `part_zero(${given("from", "to", "by")})`;

/** One row an id: n, and of a ratio d, each 0 where its part has no row. */
function parts(n, d) {
  const rows = [];
  if (!d) {
    rows.push(`${n.column} AS n FROM ${n.view}`, `0 FROM ${zero}`);
  } else if (n.view === d.view) {
    rows.push(`${n.column} AS n, ${d.column} AS d FROM ${n.view}`, `0, 0 FROM ${zero}`);
  } else {
    rows.push(`${n.column} AS n, 0 AS d FROM ${n.view}`, `0, ${d.column} FROM ${d.view}`, `0, 0 FROM ${zero}`);
  }
  return `
    SELECT id, toFloat64(sum(n)) AS n${d ? ", toFloat64(sum(d)) AS d" : ""}
    FROM
    (
${rows.map((row) => `        SELECT id, ${row}`).join("\n        UNION ALL\n")}
    )
    GROUP BY id`;
}

const BY_CLASS = `
    SELECT id, counted.1 AS class, toFloat64(counted.2) AS n
    FROM
    (
        SELECT
            id,
            arrayJoin([
                ('human', sum(clicks)), ('preview', sum(preview)), ('bot', sum(bot)), ('scanner', sum(scanner)),
                ('prefetch', sum(prefetch)), ('head', sum(head)), ('self', sum(self))]) AS counted
        FROM part_clicks(${given("space", "from", "to", "by", "only")})
        GROUP BY id
    )`;

const BY_CHANNEL = `
    SELECT id, channel, toFloat64(count()) AS n, sum(n) OVER (PARTITION BY id) AS d
    FROM part_share_rows(${given("space", "from", "to", "by", "only")})
    GROUP BY id, channel`;

/** Unknown where a space has no rates, which is not 0 EUR. */
const WORTH = `
    SELECT
        id,
        (SELECT count() FROM part_rates(${given("space")})) = 0 AS unknown,
        if(unknown, NULL, sum(middle)) AS n, if(unknown, NULL, sum(lowest)) AS low, if(unknown, NULL, sum(highest)) AS high
    FROM
    (
        SELECT id, low AS lowest, middle, high AS highest FROM part_value(${given("space", "from", "to", "by", "only")})
        UNION ALL
        SELECT id, 0, 0, 0 FROM ${zero}
    )
    GROUP BY id`;

// ---- the list, in the order and with the words of src/kpi/registry.rs

const SPLITS = {
  time: [],
  people: [PEOPLE],
  contents: ["'content_kind'", "'campaign'"],
  sharers: [PEOPLE, "'content'", "'content_kind'", "'campaign'", "'channel'"],
  sharedContents: [PEOPLE, "'advocate'", "'content_kind'", "'campaign'", "'channel'"],
  shares: [PEOPLE, "'advocate'", "'content'", "'content_kind'", "'campaign'", "'channel'"],
  mix: [PEOPLE, "'advocate'", "'content'", "'content_kind'", "'campaign'"],
  clicks: [PEOPLE, "'advocate'", "'content'", "'content_kind'", "'campaign'", "'channel'", "'country'"],
};

const SUMS = {
  always: "true",
  never: "false",
  byPeople: `{by:String} IN ('', ${PEOPLE}, 'advocate')`,
  byContents: "{by:String} IN ('', 'content_kind', 'campaign', 'content')",
  byTime: `{by:String} IN (${TIME})`,
};

const count = (id, unit, splits, sums, n) => ({ id, unit, splits, sums, rows: parts(n) });
const ratio = (id, unit, splits, n, d) => ({ id, unit, splits, sums: "never", ratio: true, rows: parts(n, d) });

const KPIS = [
  count("contents_published", "contents", "contents", "always", contents("published")),
  ratio("contents_per_weekday", "contents/day", "time", contents("published"), workingDays("days")),
  ratio("content_usage_rate", "ratio", "contents", contents("used"), contents("published")),
  count("advocates_invited", "people", "people", "byPeople", advocates("invited")),
  count("advocates_registered", "people", "people", "byPeople", advocates("registered")),
  ratio("adoption_rate", "ratio", "people", advocates("adopted"), advocates("invited")),
  count("active_sharers", "people", "sharers", "byPeople", sharers("sharers")),
  ratio("active_sharer_ratio", "ratio", "people", sharers("sharers"), advocates("registered")),
  ratio("active_sharer_ratio@engaged", "ratio", "people", engaged("engaged"), advocates("registered")),
  count("shares", "shares", "shares", "always", shares("shares")),
  ratio("shares_per_active_sharer", "shares/person", "shares", sharers("shares"), sharers("sharers")),
  count("contents_shared", "contents", "sharedContents", "byContents", shares("contents")),
  count("clicks", "clicks", "clicks", "always", clicks("clicks")),
  { id: "clicks_by_class", unit: "clicks", splits: "clicks", sums: "always", detail: "class", rows: BY_CLASS },
  count("unique_visitors", "visitor-days", "clicks", "byTime", visitors("visitors")),
  ratio("clicks_per_share", "clicks/share", "shares", clicks("clicks"), shares("shares")),
  ratio("clicks_per_content", "clicks/content", "shares", clicks("clicks"), shares("contents")),
  ratio("clicks_per_content@cohort", "clicks/content", "contents", contents("clicks"), contents("shared")),
  ratio("landed_share_rate", "ratio", "shares", shares("landed"), shares("shares")),
  { id: "channel_mix", unit: "ratio", splits: "mix", sums: "never", ratio: true, detail: "toString(channel)", rows: BY_CHANNEL },
  { id: "earned_media_value", unit: "EUR", splits: "shares", sums: "always", range: true, rows: WORTH },
  count("applications", "applications", "shares", "always", applications("applied")),
  count("hires", "hires", "shares", "always", applications("hired")),
  ratio("click_to_application_rate", "ratio", "shares", applications("applied"), clicks("job_clicks")),
  ratio("application_to_hire_rate", "ratio", "shares", applications("hired"), applications("applied")),
  ratio("clicks_per_hire", "clicks/hire", "shares", clicks("job_clicks"), applications("hired")),
];

// ---- the views of one KPI

const nothing = (type) => `CAST(NULL, 'Nullable(${type})')`;

/** `figure_*` of everything, and `kpi_*`, in which a withheld group has one row in place of all that it has otherwise. */
function views({ id, unit, splits, sums, ratio, detail, range, rows }) {
  const name = id.replace("@", "_");
  const definition = `${id} v1`;
  const possible = SPLITS[splits];
  const isThere = ["n != 0", ...(ratio ? ["d != 0"] : []), ...(detail ? [] : [`{by:String} IN (${TIME})`])].join(" OR ");
  return `CREATE OR REPLACE VIEW figure_${name} SQL SECURITY NONE AS
SELECT
    if({by:String} = '', NULL, nullIf(if(named.key = '', part.id, named.key), '')) AS key,
    nullIf(named.name, '') AS name, multiIf(
        {by:String} = 'day', toDateOrNull(part.id),
        {by:String} = 'week', toNullable(toMonday(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 1, 4)) + 7 * (toUInt16OrZero(substring(part.id, 7)) - 1)),
        {by:String} = 'month', toDateOrNull(concat(part.id, '-01')),
        {by:String} = 'quarter', toNullable(makeDate(toUInt16OrZero(substring(part.id, 1, 4)), 3 * toUInt8OrZero(substring(part.id, 7)) - 2, 1)),
        NULL) AS starts_on, ${detail ? `toNullable(${detail})` : nothing("String")} AS detail,
    toNullable(n) AS numerator, ${ratio ? "toNullable(d)" : nothing("Float64")} AS denominator, ${ratio ? "if(d = 0, NULL, n / d)" : "toNullable(n)"} AS value, ${range ? "part.low" : nothing("Float64")} AS low, ${range ? "part.high" : nothing("Float64")} AS high,
    '${unit}' AS unit, '${definition}' AS definition, ${SUMS[sums]} AS additive, false AS withheld
FROM
(${rows}
) AS part
LEFT JOIN part_names(${given("space", "by")}) AS named ON named.id = part.id
WHERE {by:String} IN (${[TIME, ...possible].join(", ")}) AND (${isThere});

CREATE OR REPLACE VIEW kpi_${name} SQL SECURITY NONE AS
SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
FROM
(
    SELECT key, name, starts_on, detail, numerator, denominator, value, low, high, unit, definition, additive, withheld
    FROM figure_${name}(${given("space", "from", "to", "by")}, only = '')
    WHERE {by:String} != 'advocate'
    UNION ALL
    SELECT nullIf(key, ''), name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '${unit}', '${definition}', ${SUMS[sums]}, true
    FROM part_withheld_keys(${given("space", "from", "to", "by")})
    WHERE {by:String} IN (${["'day'", ...possible].join(", ")})
)
QUALIFY withheld = max(withheld) OVER (PARTITION BY key);

`;
}

// ---- parts, written out

const VIEW = /CREATE OR REPLACE VIEW (\w+) SQL SECURITY NONE AS\n([\s\S]*?);\n/g;
const PART = /(?:--.*\n)*CREATE OR REPLACE VIEW part_\w+ SQL SECURITY NONE AS\n[\s\S]*?;\n\n?/g;

/** Where the parenthesis closes that is open before `start`. */
function closing(text, start) {
  for (let at = start, depth = 1; ; at++) {
    depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
    if (depth === 0) return at;
  }
}

/** SQL with each part written out that it names, its parameters put in. */
function writtenOut(text) {
  const named = /\b((?:part|figure)_\w+)\(/.exec(text);
  if (!named) return text;
  const from = named.index + named[0].length;
  const to = closing(text, from);
  const indent = /^ */.exec(text.slice(text.lastIndexOf("\n", from) + 1))[0];
  let body = PARTS.get(named[1]);
  for (const [, name, value] of text.slice(from, to).matchAll(/`?(\w+)`? = ('[^']*'|\{\w+:\w+\})/g)) {
    body = body.replaceAll(new RegExp(`\\{${name}:\\w+\\}`, "g"), name === "columns" ? value.slice(1, -1) : value);
  }
  body = body.replaceAll("{columns:List}", COUNTS);
  const lines = `(\n${body}\n)`.replaceAll(/\n(?=.)/g, (_, at, all) => `\n${indent}${at + 2 < all.length ? "    " : ""}`);
  return text.slice(0, named.index) + writtenOut(lines + text.slice(to + 1));
}

// ---- the files

const HEAD = "-- Written by schema/source/kpi_views/build.mjs from what lies beside it: change that.\n--\n";
const SOURCES = {
  "schema/clickhouse/0005_kpi_views.sql": sql("parts.sql") + KPIS.map(views).join("") + sql("grafana.sql"),
  "schema/clickhouse/0007_dashboard_views.sql": sql("dashboards.sql"),
};
const PARTS = new Map(Object.values(SOURCES).flatMap((text) => [...text.matchAll(VIEW)].map(([, name, body]) => [name, body])));
for (const [name, source] of Object.entries(SOURCES)) {
  const text = HEAD + writtenOut(source.replaceAll(PART, ""));
  const file = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    console.error(`${name} is not what its source says: node schema/source/kpi_views/build.mjs`);
    process.exitCode = 1;
  }
}
