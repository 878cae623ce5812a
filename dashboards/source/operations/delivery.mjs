// Does every click arrive in ClickHouse, and how soon? For whoever keeps the service up.

import { COLOURS, column, dashboard, heatmap, paint, plain, series, stat, table } from "../model.mjs";
import { CHOSEN, instances, prometheus } from "../prometheus.mjs";

const insert = (q) =>
  `histogram_quantile(${q}, sum by (le) (rate(relais_clickhouse_insert_seconds_bucket{${CHOSEN}}[$__rate_interval])))`;
const UP = [
  { type: "value", options: { 0: { text: "away", color: "red", index: 0 }, 1: { text: "answers", color: "green", index: 1 } } },
];

export default dashboard({
  uid: "relais-delivery",
  title: "Relais · Delivery of clicks",
  description: "Does every click arrive in ClickHouse, exactly once, and how soon? The spool, shipping, ClickHouse, quarantine.",
  tags: ["operations"],
  source: prometheus,
  variables: [instances],
  time: { from: "now-6h", to: "now" },
  refresh: "30s",
  rows: [
    {
      panels: [
        stat({
          title: "Oldest click that waits",
          description: "Age of the oldest click that is in a spool and not yet stored and verified in ClickHouse, of the process that is furthest behind. Unit: seconds.",
          w: 4, unit: "s", decimals: 0, graph: true,
          thresholds: [[null, "green"], [30, "orange"], [300, "red"]],
          queries: [{ expr: `max(relais_spool_oldest_seconds{${CHOSEN}})` }],
        }),
        stat({
          title: "Spool in use",
          description: "Bytes that wait to be shipped as a share of what the spool may take (spool.max_bytes), of the fullest process. At 100 % clicks are lost to the figures. Unit: percent.",
          w: 4, unit: "percentunit", decimals: 1, max: 1, graph: true,
          thresholds: [[null, "green"], [0.25, "orange"], [0.5, "red"]],
          queries: [{ expr: `max(relais_spool_unshipped_bytes{${CHOSEN}} / relais_spool_max_bytes{${CHOSEN}})` }],
        }),
        stat({
          title: "Clicks unrecorded",
          description: "Clicks of the period that were answered and that no spool holds. It must be 0. Unit: clicks.",
          w: 4, unit: "short", decimals: 0, noValue: "0",
          thresholds: [[null, "green"], [1, "red"]],
          queries: [{ expr: `ceil(sum(increase(relais_clicks_unrecorded_total{${CHOSEN}}[$__range])))`, instant: true }],
        }),
        stat({
          title: "Quarantined",
          description: "Rows of the period that ClickHouse refused and quarantine keeps until somebody looks (relais spool quarantine). Unit: rows.",
          w: 4, unit: "short", decimals: 0, noValue: "0",
          thresholds: [[null, "green"], [1, "orange"]],
          queries: [{ expr: `ceil(sum(increase(relais_quarantined_total{${CHOSEN}}[$__range])))`, instant: true }],
        }),
        stat({
          title: "ClickHouse",
          description: "Whether ClickHouse answers every process that asks it. Unit: answers or away.",
          w: 4, unit: "none", mappings: UP, thresholds: [[null, "red"], [1, "green"]],
          queries: [{ expr: `min(relais_clickhouse_up{${CHOSEN}})` }],
        }),
        stat({
          title: "Clicks stored",
          description: "Clicks of the period that are stored and verified in ClickHouse, robots included. Unit: clicks.",
          w: 4, unit: "short", colour: plain("text"),
          queries: [{ expr: `sum(increase(relais_ship_rows_total{${CHOSEN}}[$__range]))`, instant: true }],
        }),
      ],
    },
    {
      title: "From the spool to ClickHouse",
      panels: [
        series({
          title: "Clicks stored, by class",
          description: "Clicks stored and verified each second by what they were: human, preview, bot, scanner, prefetch, head, self. Unit: clicks a second.",
          w: 12, unit: "cps", min: 0, stacked: true,
          queries: [{ expr: `sum by (class) (rate(relais_clicks_recorded_total{${CHOSEN}}[$__rate_interval]))`, legend: "{{class}}" }],
        }),
        series({
          title: "Age of what is shipped and of what waits",
          description: "From a click's answer to its verification, for the newest batch, and the age of the oldest click that still waits. Unit: seconds.",
          w: 12, unit: "s", min: 0,
          queries: [
            { expr: `max by (instance) (relais_ship_lag_seconds{${CHOSEN}})`, legend: "shipped, {{instance}}" },
            { expr: `max by (instance) (relais_spool_oldest_seconds{${CHOSEN}})`, legend: "waits, {{instance}}" },
          ],
        }),
        series({
          title: "Batches by result",
          description: "Batches each minute by result: stored, healed (stored after part of it was missing), retried, bisected (halved to find a bad row), parked (waits for a repair of ClickHouse). Unit: batches a minute.",
          w: 12, unit: "short", min: 0, bars: true, stacked: true,
          fields: paint({ stored: "#73BF69", healed: "#8AB8FF", retried: "#FF9830", bisected: "#CA95E5", parked: "#E02F44" }),
          queries: [{ expr: `60 * sum by (result) (rate(relais_ship_batches_total{${CHOSEN}}[$__rate_interval]))`, legend: "{{result}}" }],
        }),
        series({
          title: "Spool on disk",
          description: "Bytes of each process's spool: all of it, with what is kept after shipping, and what still waits to be shipped. The line is what the spool may take (spool.max_bytes). Unit: bytes.",
          w: 12, unit: "bytes", min: 0,
          fields: [[{ id: "byRegexp", options: "^allowed.*" }, { "custom.lineStyle": { fill: "dash", dash: [8, 8] }, "custom.fillOpacity": 0, color: plain(COLOURS.quiet) }]],
          queries: [
            { expr: `sum by (instance) (relais_spool_bytes{${CHOSEN}})`, legend: "on disk, {{instance}}" },
            { expr: `sum by (instance) (relais_spool_unshipped_bytes{${CHOSEN}})`, legend: "waits, {{instance}}" },
            { expr: `sum by (instance) (relais_spool_max_bytes{${CHOSEN}})`, legend: "allowed, {{instance}}" },
          ],
        }),
      ],
    },
    {
      title: "ClickHouse",
      panels: [
        series({
          title: "Duration of inserts",
          description: "Time that one insert statement takes: half of them and 99 of 100 stay below. Unit: seconds.",
          w: 8, unit: "s", min: 0,
          fields: paint({ "50 %": "#73BF69", "99 %": "#FF9830" }),
          queries: [{ expr: insert(0.5), legend: "50 %" }, { expr: insert(0.99), legend: "99 %" }],
        }),
        heatmap({
          title: "Where inserts spend their time",
          description: "Insert statements each second by how long they took, one row a bucket of the histogram. Unit: seconds on the axis, statements a second in the cells.",
          w: 8, unit: "ops", yUnit: "s",
          queries: [{ expr: `sum by (le) (rate(relais_clickhouse_insert_seconds_bucket{${CHOSEN}}[$__rate_interval]))`, legend: "{{le}}", format: "heatmap" }],
        }),
        series({
          title: "ClickHouse answers",
          description: "1 while ClickHouse answers the process, 0 while it does not; and starts of the embedded engine beyond the first, each hour. Unit: none.",
          w: 8, unit: "none", min: 0, decimals: 0,
          queries: [
            { expr: `min by (instance) (relais_clickhouse_up{${CHOSEN}})`, legend: "answers, {{instance}}" },
            { expr: `sum by (instance) (increase(relais_clickhouse_restarts_total{${CHOSEN}}[1h]))`, legend: "restarts, {{instance}}" },
          ],
        }),
      ],
    },
    {
      title: "Roll-ups",
      panels: [
        series({
          title: "Figures behind",
          description: "Time since each process last knew that the roll-ups, from which every figure is read, were complete. Unit: seconds.",
          w: 8, unit: "s", min: 0, thresholdLines: true, thresholds: [[null, "transparent"], [900, "red"]],
          queries: [{ expr: `max by (instance) (relais_rollup_lag_seconds{${CHOSEN}})`, legend: "{{instance}}" }],
        }),
        series({
          title: "Duration of a pass of the roll-ups",
          description: "Time that one pass over what changed takes: half of them and 99 of 100 stay below. Unit: seconds.",
          w: 8, unit: "s", min: 0,
          fields: paint({ "50 %": "#73BF69", "99 %": "#FF9830" }),
          queries: [0.5, 0.99].map((q) => ({
            expr: `histogram_quantile(${q}, sum by (le) (rate(relais_rollup_seconds_bucket{${CHOSEN}}[$__rate_interval])))`,
            legend: `${q * 100} %`,
          })),
        }),
        series({
          title: "Days computed anew, and broken passes",
          description: "Local days and months that the roll-ups computed anew, and passes that were broken off, each hour. Unit: days and passes an hour.",
          w: 8, unit: "short", min: 0, bars: true, noValue: "0",
          fields: paint({ "days and months": "#3274D9", "broken passes": "#E02F44" }),
          queries: [
            { expr: `sum(increase(relais_rollup_days_total{${CHOSEN}}[1h]))`, legend: "days and months" },
            { expr: `sum(increase(relais_rollup_failures_total{${CHOSEN}}[1h]))`, legend: "broken passes" },
          ],
        }),
      ],
    },
    {
      title: "What must stay 0, and who runs",
      panels: [
        series({
          title: "Unrecorded and quarantined",
          description: "Clicks that no spool holds, by reason (full: the disk or spool.max_bytes; io: the disk failed), and rows that ClickHouse refused, each hour. Unit: clicks an hour.",
          w: 12, unit: "short", min: 0, bars: true, noValue: "0",
          queries: [
            { expr: `sum by (reason) (increase(relais_clicks_unrecorded_total{${CHOSEN}}[1h]))`, legend: "unrecorded: {{reason}}" },
            { expr: `sum(increase(relais_quarantined_total{${CHOSEN}}[1h]))`, legend: "quarantined" },
          ],
        }),
        table({
          title: "Processes",
          description: "Processes that answer, and the version that each runs. Unit: none.",
          w: 12, h: 9,
          queries: [{ expr: `sort(relais_build_info{${CHOSEN}})`, instant: true, format: "table" }],
          fields: [["instance", { displayName: "Process" }], ["version", { displayName: "Version", ...column.width(160) }]],
          transformations: [{ id: "organize", options: { excludeByName: { Time: true, Value: true, __name__: true, job: true }, indexByName: {}, renameByName: {} } }],
        }),
      ],
    },
  ],
});
