// Asks what a panel asks, for "All" in every variable: ClickHouse by way of SQL, Prometheus by its HTTP interface.

const HOUR = 3600;

/** Expands a query for a period (seconds since 1970). src/tests/dashboards/expand.rs is the tested whole of this. */
export function expand(sql, { from, to }, values) {
  const macro = "$__conditionalAll(";
  for (let at = sql.lastIndexOf(macro); at >= 0; at = sql.lastIndexOf(macro)) {
    let depth = 0;
    let end = at + macro.length - 1;
    do {
      depth += sql[end] === "(" ? 1 : sql[end] === ")" ? -1 : 0;
      end += 1;
    } while (depth > 0);
    sql = sql.slice(0, at) + "1=1" + sql.slice(end);
  }
  return sql
    .replace(/\$\{(\w+):percentencode\}/g, (_, name) => encodeURIComponent(values[name] ?? "").replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16)))
    .replaceAll("$__fromTime", `toDateTime(${from})`)
    .replaceAll("$__toTime", `toDateTime(${to})`);
}

/** Runs SQL as the reader and returns columns: [{ name, type, values }]. */
export async function rows(sql, { url, user, password }) {
  const answer = await fetch(`${url}/?database=relais&default_format=JSONCompact`, {
    method: "POST",
    headers: { Authorization: "Basic " + Buffer.from(`${user}:${password}`).toString("base64") },
    body: sql,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text.slice(0, 600));
  const { meta, data } = JSON.parse(text);
  return meta.map(({ name, type }, index) => ({ name, type, values: data.map((row) => value(row[index], type)) }));
}

function value(cell, type) {
  if (cell === null) return null;
  if (/DateTime/.test(type)) return epoch(cell, /'([^']+)'/.exec(type)?.[1] ?? "UTC");
  if (/U?Int|Float/.test(type)) return Number(cell);
  return cell;
}

/** Milliseconds since 1970 of a local time as ClickHouse writes it. */
function epoch(text, zone) {
  const guess = Date.parse(text.replace(" ", "T") + "Z");
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(guess);
  const off = Date.parse(shown.replace(" ", "T") + "Z") - guess;
  return guess - off;
}

/** The period that ends at `to` and lasts as a dashboard says: now-90d. */
export function period(time, to) {
  const [, count, unit] = /^now-(\d+)([hdy])$/.exec(time.from);
  return { from: to - Number(count) * { h: HOUR, d: 24 * HOUR, y: 365 * 24 * HOUR }[unit], to };
}

/** Asks Prometheus and returns columns as above: the time and one a series, or one a label of a table. */
export async function metrics({ expr, legendFormat, instant, format }, { from, to }, url) {
  const step = Math.max(15, Math.round((to - from) / 240));
  const query = expr.replaceAll("$__rate_interval", "2m").replaceAll("$__range", `${to - from}s`).replaceAll("$instance", ".+");
  const parameters = instant ? { query, time: to } : { query, start: from, end: to, step };
  const answer = await (await fetch(`${url}/api/v1/query${instant ? "" : "_range"}?${new URLSearchParams(parameters)}`)).json();
  if (answer.status !== "success") throw new Error(`${answer.error}: ${query}`);
  const found = answer.data.result;
  if (format === "table") {
    const labels = [...new Set(found.flatMap(({ metric }) => Object.keys(metric)))];
    return labels.map((name) => ({ name, type: "String", values: found.map(({ metric }) => metric[name] ?? "") }));
  }
  const points = found.map(({ value, values }) => values ?? [value]);
  const moments = [...new Set(points.flat().map(([at]) => at))].sort((a, b) => a - b);
  const name = (metric) => legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? "") || "value";
  const series = found.map(({ metric }, index) => {
    const known = new Map(points[index]);
    return { name: name(metric), type: "Float64", values: moments.map((at) => number(known.get(at))) };
  });
  return [{ name: "time", type: "DateTime", values: moments.map((at) => at * 1000) }, ...series];
}

const number = (text) => (text === undefined || !Number.isFinite(Number(text)) ? null : Number(text));
