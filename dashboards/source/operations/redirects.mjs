// Do links answer, how fast, and with the right thing? For whoever keeps the service up.

import { dashboard, heatmap, paint, plain, series, stat } from "../model.mjs";
import { CHOSEN, instances, prometheus } from "../prometheus.mjs";

/** Answers that the service owes: what a client sent wrong or too much of is not held against it. */
const OWED = `outcome!~"limited|malformed|method",${CHOSEN}`;
const FAILED = `outcome="refused",${CHOSEN}`;
const quantile = (q) =>
  `histogram_quantile(${q}, sum by (le) (rate(relais_redirect_duration_seconds_bucket{${CHOSEN}}[$__rate_interval])))`;
/** How many times faster than allowed the month's 0.1 % of failures is being used up. */
const burn = (window) => `
  (sum(rate(relais_redirects_total{${FAILED}}[${window}])) or vector(0))
    / (sum(rate(relais_redirects_total{${OWED}}[${window}])) > 0) / 0.001`;

export default dashboard({
  uid: "relais-redirects",
  title: "Relais · Redirects",
  description: "Do links answer, how fast, and with the right thing? Rate, errors and duration of redirects, the link table and what stands around it.",
  tags: ["operations"],
  source: prometheus,
  variables: [instances],
  time: { from: "now-6h", to: "now" },
  refresh: "30s",
  rows: [
    {
      panels: [
        stat({
          title: "Redirects",
          description: "Requests answered on the redirect port each second, all outcomes, over the last minutes. Unit: requests a second.",
          w: 4, unit: "reqps", decimals: 1, graph: true, colour: plain(),
          queries: [{ expr: `sum(rate(relais_redirects_total{${CHOSEN}}[$__rate_interval]))` }],
        }),
        stat({
          title: "Answered as owed",
          description: "Share of the period's requests that were not refused (503), of those that the service owes an answer: what was limited, malformed or used another method does not count. The objective is 99.9 % a month. Unit: percent.",
          w: 4, unit: "percentunit", decimals: 3, max: 1,
          thresholds: [[null, "red"], [0.999, "orange"], [0.9995, "green"]],
          queries: [{
            expr: `1 - (sum(increase(relais_redirects_total{${FAILED}}[$__range])) or vector(0)) / (sum(increase(relais_redirects_total{${OWED}}[$__range])) > 0)`,
            instant: true,
          }],
        }),
        stat({
          title: "Slowest percent",
          description: "99 of 100 redirects get their answer within this time, from the parsed request to the ready answer. Unit: seconds.",
          w: 4, unit: "s", decimals: 2, graph: true,
          thresholds: [[null, "green"], [0.001, "orange"], [0.005, "red"]],
          queries: [{ expr: quantile(0.99) }],
        }),
        stat({
          title: "Clicks unrecorded",
          description: "Clicks of the period that were answered and that no spool holds. It must be 0: such a click is lost for the figures. Unit: clicks.",
          w: 4, unit: "short", decimals: 0, noValue: "0",
          thresholds: [[null, "green"], [1, "red"]],
          queries: [{ expr: `ceil(sum(increase(relais_clicks_unrecorded_total{${CHOSEN}}[$__range])))`, instant: true }],
        }),
        stat({
          title: "Links",
          description: "Links in the table of the process that knows most of them. Unit: links.",
          w: 4, unit: "short", decimals: 0, colour: plain("text"),
          queries: [{ expr: `max(relais_links{${CHOSEN}})` }],
        }),
        stat({
          title: "Link table behind",
          description: "Time since the process that is furthest behind last knew that it had every change of a link. A pause promises to work within 2 s. Unit: seconds.",
          w: 4, unit: "s", decimals: 1,
          thresholds: [[null, "green"], [2, "orange"], [10, "red"]],
          queries: [{ expr: `max(relais_link_staleness_seconds{${CHOSEN}})` }],
        }),
      ],
    },
    {
      title: "Rate and errors",
      panels: [
        series({
          title: "Answers by outcome",
          description: "Requests answered each second by what became of them: content (sent on), fallback, card (a preview robot), gone (410), page, unknown (404), limited (429), method, malformed, refused (503: the spool would not take the click). Unit: requests a second.",
          w: 12, unit: "reqps", stacked: true, legend: { displayMode: "table", placement: "right", calcs: ["mean", "max"] },
          fields: paint({ content: "#3274D9", card: "#8AB8FF", fallback: "#73BF69", page: "#CA95E5", gone: "#9FA7B3", unknown: "#C4CAD3", limited: "#FADE2A", method: "#FFCB7D", malformed: "#FF9830", refused: "#E02F44" }),
          queries: [{ expr: `sum by (outcome) (rate(relais_redirects_total{${CHOSEN}}[$__rate_interval]))`, legend: "{{outcome}}" }],
        }),
        series({
          title: "Error budget burn",
          description: "How many times faster than the objective allows (0.1 % of a month's answers refused) the budget is used up, seen over an hour and over six. At 14.4 a month's budget lasts two days (page), at 6 five days (ticket). Unit: times the allowed rate.",
          w: 12, unit: "none", decimals: 2, min: 0, noValue: "0", thresholdLines: true,
          thresholds: [[null, "transparent"], [6, "orange"], [14.4, "red"]],
          queries: [{ expr: burn("1h"), legend: "over 1 hour" }, { expr: burn("6h"), legend: "over 6 hours" }],
        }),
      ],
    },
    {
      title: "Duration",
      panels: [
        series({
          title: "Duration of redirects",
          description: "Time from the parsed request to the ready answer that 50, 99 and 99.9 of 100 redirects stay below. Unit: seconds.",
          w: 12, unit: "s", min: 0,
          fields: paint({ "50 %": "#73BF69", "99 %": "#FF9830", "99.9 %": "#E02F44" }),
          queries: [
            { expr: quantile(0.5), legend: "50 %" },
            { expr: quantile(0.99), legend: "99 %" },
            { expr: quantile(0.999), legend: "99.9 %" },
          ],
        }),
        heatmap({
          title: "Where redirects spend their time",
          description: "Redirects each second by how long they took: one row a bucket of the histogram, the darker the more. Unit: seconds on the axis, requests a second in the cells.",
          w: 12, unit: "reqps", yUnit: "s",
          queries: [{ expr: `sum by (le) (rate(relais_redirect_duration_seconds_bucket{${CHOSEN}}[$__rate_interval]))`, legend: "{{le}}", format: "heatmap" }],
        }),
      ],
    },
    {
      title: "Link table and connections",
      panels: [
        series({
          title: "Link table behind, by process",
          description: "Time since each process last knew that it had every change of a link. Unit: seconds.",
          w: 8, unit: "s", min: 0, thresholdLines: true, thresholds: [[null, "transparent"], [10, "red"]],
          queries: [{ expr: `max by (instance) (relais_link_staleness_seconds{${CHOSEN}})`, legend: "{{instance}}" }],
        }),
        series({
          title: "Links by process",
          description: "Links that each process can answer. Processes of one installation should agree. Unit: links.",
          w: 8, unit: "short", decimals: 0, min: 0,
          queries: [{ expr: `max by (instance) (relais_links{${CHOSEN}})`, legend: "{{instance}}" }],
        }),
        series({
          title: "Last saved change, by process",
          description: "Number of the change that each process's snapshot of links stands at: what it would start from alone. It should follow the others. Unit: number of a change.",
          w: 8, unit: "none", decimals: 0,
          queries: [{ expr: `max by (instance) (relais_link_snapshot_seq{${CHOSEN}})`, legend: "{{instance}}" }],
        }),
        series({
          title: "Open connections",
          description: "Connections that are open, by port (redirect, portal, ops). Unit: connections.",
          w: 12, unit: "short", decimals: 0, min: 0,
          queries: [{ expr: `sum by (port) (relais_connections{${CHOSEN}})`, legend: "{{port}}" }],
        }),
        series({
          title: "Refused connections",
          description: "Connections closed at once each second, by reason: address (one client has too many), total (the process has too many). Unit: connections a second.",
          w: 12, unit: "cps", min: 0, noValue: "0",
          queries: [{ expr: `sum by (reason) (rate(relais_connections_refused_total{${CHOSEN}}[$__rate_interval]))`, legend: "{{reason}}" }],
        }),
      ],
    },
    {
      title: "API, mails and visits to other sites",
      panels: [
        series({
          title: "API requests by status",
          description: "Requests to the API each second, by the HTTP status of the answer. Unit: requests a second.",
          w: 8, unit: "reqps", min: 0, stacked: true, noValue: "0",
          queries: [{ expr: `sum by (status) (rate(relais_api_requests_total{${CHOSEN}}[$__rate_interval]))`, legend: "{{status}}" }],
        }),
        series({
          title: "Slowest API routes",
          description: "The five routes of the API whose slowest percent takes longest. Unit: seconds.",
          w: 8, unit: "s", min: 0,
          queries: [{
            expr: `topk(5, histogram_quantile(0.99, sum by (le, route) (rate(relais_api_request_duration_seconds_bucket{${CHOSEN}}[$__rate_interval]))))`,
            legend: "{{route}}",
          }],
        }),
        series({
          title: "Mails and fetches",
          description: "Mails by what became of them (sent, put_off, given_up) and fetches of pages, feeds and pictures of others by result, each hour. Unit: events an hour.",
          w: 8, unit: "short", min: 0, noValue: "0",
          queries: [
            { expr: `3600 * sum by (result) (rate(relais_mails_total{${CHOSEN}}[$__rate_interval]))`, legend: "mail {{result}}" },
            { expr: `3600 * sum by (result) (rate(relais_outbound_fetches_total{${CHOSEN}}[$__rate_interval]))`, legend: "fetch {{result}}" },
          ],
        }),
      ],
    },
  ],
});

