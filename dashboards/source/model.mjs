// From a short description of a dashboard to Grafana's classic JSON (schemaVersion 42).
//
// What every panel has in common is written here once: ids, places on the grid, the data source, colours, how a
// number is read. A description says what is asked, what it means and how wide it is.

/** Grafana's grid. */
const COLUMNS = 24;

/** Study figures are drawn in these colours everywhere, so that they are learnt once. */
export const COLOURS = {
  own: "#3274D9",
  before: "#8AB8FF",
  mean: "#B877D9",
  best: "#73BF69",
  lowest: "#FF9830",
  quiet: "#9FA7B3",
};

const PLUGIN_VERSION = "13.2.2";

/**
 * A dashboard.
 *
 * rows: [{ title, panels }]; a row without a title opens the page. Panels flow from left to right and are placed here.
 */
export function dashboard({ uid, title, description, tags, source, variables = [], annotations = [], time, refresh = "", timezone = "browser", rows }) {
  const panels = [];
  let id = 0;
  let y = 0;
  for (const row of rows) {
    if (row.title) {
      panels.push({ id: ++id, type: "row", title: row.title, collapsed: false, gridPos: { x: 0, y, w: COLUMNS, h: 1 }, panels: [] });
      y += 1;
    }
    let x = 0;
    let tallest = 0;
    for (const make of row.panels) {
      const { w, h, ...panel } = make(source);
      if (x + w > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      panels.push({ id: ++id, ...panel, gridPos: { x, y, w, h } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return {
    uid,
    id: null,
    title,
    description,
    tags: ["relais", ...tags, source.tag],
    schemaVersion: 42,
    version: 1,
    editable: false,
    graphTooltip: 1,
    fiscalYearStartMonth: 0,
    liveNow: false,
    preload: false,
    timezone,
    weekStart: "monday",
    refresh,
    time,
    timepicker: {},
    links: [
      {
        type: "dashboards",
        title: "Relais",
        // Those that ask the same source: a choice of it goes along, and Grafana keeps one that is none of the other's.
        tags: ["relais", source.tag],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        icon: "external link",
        tooltip: "The other dashboards, same period, same choices",
        url: "",
      },
    ],
    templating: { list: [source.variable(), ...variables.map((make) => make(source))] },
    annotations: { list: annotations.map((make) => make(source)) },
    panels,
  };
}

/** A panel of any type; the helpers below are what dashboards use. */
function panel(type, { title, description, w, h, unit, decimals, queries, options, custom, fields = [], thresholds, colour, mappings, min, max, links, transformations, noValue, displayName, interval, maxDataPoints }) {
  return (source) => ({
    type,
    title,
    description,
    w,
    h,
    datasource: source.reference,
    pluginVersion: PLUGIN_VERSION,
    targets: queries.map((query, index) => source.target(query, String.fromCharCode(65 + index))),
    ...(interval && { interval }),
    ...(maxDataPoints && { maxDataPoints }),
    ...(transformations && { transformations }),
    options,
    fieldConfig: {
      defaults: {
        unit,
        ...(decimals !== undefined && { decimals }),
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(displayName && { displayName }),
        ...(noValue !== undefined && { noValue }),
        ...(mappings && { mappings }),
        ...(links && { links }),
        color: colour ?? { mode: "palette-classic" },
        thresholds: steps(thresholds),
        custom: custom ?? {},
      },
      overrides: fields.map(([matcher, properties]) => ({
        matcher: typeof matcher === "string" ? { id: "byName", options: matcher } : matcher,
        properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
      })),
    },
  });
}

/** Thresholds from [[from, colour], …]; the first applies below everything. */
function steps(thresholds = [[null, "green"]]) {
  return { mode: "absolute", steps: thresholds.map(([value, color]) => ({ value, color })) };
}

const LEGEND = { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] };

/** A big number; with two points in time, also how it changed. */
export function stat({ change = false, graph = false, text = "value", ...rest }) {
  return panel("stat", {
    h: 5,
    colour: { mode: "fixed", fixedColor: "text" },
    noValue: "–",
    ...rest,
    options: {
      reduceOptions: { values: false, calcs: ["lastNotNull"], fields: "" },
      orientation: "auto",
      textMode: text,
      wideLayout: true,
      colorMode: rest.thresholds ? "value" : "none",
      graphMode: graph ? "area" : "none",
      justifyMode: "center",
      showPercentChange: change,
      percentChangeColorMode: "standard",
    },
    ...(rest.thresholds && { colour: { mode: "thresholds" } }),
  });
}

/**
 * A row of figures with their change: [title, unit, decimals, query, description] each, whose widths share the 24 columns
 * out, the first ones taking what is left over.
 */
export function tiles(...figures) {
  const rest = 24 % figures.length;
  return figures.map(([title, unit, decimals, query, description], place) =>
    stat({ title, w: Math.floor(24 / figures.length) + (place < rest ? 1 : 0), unit, decimals, change: true, description, queries: [query] }));
}

/** Lines over time. `bars` and `stacked` change how they are drawn. */
export function series({ bars = false, stacked = false, fill, points = false, thresholdLines = false, legend = {}, span = false, ...rest }) {
  return panel("timeseries", {
    h: 9,
    ...rest,
    options: { legend: { ...LEGEND, ...legend }, tooltip: { mode: "multi", sort: "desc", hideZeros: false } },
    custom: {
      drawStyle: bars ? "bars" : "line",
      lineInterpolation: "linear",
      lineWidth: bars ? 0 : 2,
      barAlignment: 0,
      barWidthFactor: 0.8,
      fillOpacity: fill ?? (bars ? 85 : stacked ? 35 : 10),
      gradientMode: "none",
      showPoints: points ? "always" : "never",
      pointSize: 6,
      spanNulls: span,
      axisPlacement: "auto",
      axisLabel: "",
      axisBorderShow: false,
      axisCenteredZero: false,
      axisColorMode: "text",
      axisGridShow: true,
      scaleDistribution: { type: "linear" },
      stacking: { mode: stacked ? "normal" : "none", group: "A" },
      thresholdsStyle: { mode: thresholdLines ? "line" : "off" },
      hideFrom: { legend: false, tooltip: false, viz: false },
      insertNulls: false,
    },
  });
}

/** Bars of a table's rows: the first text column names them. */
export function bars({ horizontal = true, stacked = false, showValue = "auto", label, group = 0.85, legend = {}, ...rest }) {
  return panel("barchart", {
    h: 9,
    ...rest,
    options: {
      orientation: horizontal ? "horizontal" : "vertical",
      xField: label,
      xTickLabelRotation: 0,
      xTickLabelSpacing: 100,
      xTickLabelMaxLength: 28,
      showValue,
      stacking: stacked ? "normal" : "none",
      groupWidth: group,
      barWidth: 0.9,
      barRadius: 0.1,
      fullHighlight: false,
      tooltip: { mode: "multi", sort: "none" },
      legend: { ...LEGEND, ...legend },
      text: {},
    },
    custom: {
      lineWidth: 0,
      fillOpacity: 85,
      gradientMode: "none",
      axisPlacement: "auto",
      axisLabel: "",
      axisColorMode: "text",
      axisBorderShow: false,
      axisCenteredZero: false,
      axisGridShow: true,
      scaleDistribution: { type: "linear" },
      hideFrom: { legend: false, tooltip: false, viz: false },
      thresholdsStyle: { mode: "off" },
    },
  });
}

/** One bar a column of a table of one row, with its value written beside: for a handful of figures that belong together. */
export function gauges(rest) {
  return panel("bargauge", {
    h: 6,
    noValue: "–",
    ...rest,
    options: {
      reduceOptions: { values: false, calcs: ["lastNotNull"], fields: "" },
      orientation: "horizontal",
      displayMode: "basic",
      valueMode: "text",
      namePlacement: "left",
      sizing: "auto",
      minVizWidth: 8,
      minVizHeight: 14,
      maxVizHeight: 40,
      showUnfilled: true,
      legend: { ...LEGEND, showLegend: false },
    },
  });
}

/** A table. `fields` gives columns their unit, width and cells. */
export function table({ sort, ...rest }) {
  return panel("table", {
    h: 10,
    unit: "locale",
    noValue: "–",
    ...rest,
    options: {
      showHeader: true,
      cellHeight: "sm",
      ...(sort && { sortBy: [{ displayName: sort[0], desc: sort[1] }] }),
    },
    custom: { align: "auto", minWidth: 60, cellOptions: { type: "auto" }, filterable: false, inspect: false, footer: { reducers: [] } },
  });
}

/** Shares of a whole. */
export function pie(rest) {
  return panel("piechart", {
    h: 9,
    ...rest,
    options: {
      reduceOptions: { values: true, calcs: ["lastNotNull"], fields: "", limit: 20 },
      pieType: "donut",
      displayLabels: ["percent"],
      sort: "desc",
      tooltip: { mode: "single", sort: "none", hideZeros: false },
      legend: { ...LEGEND, placement: "right", displayMode: "table", values: ["value", "percent"] },
    },
    custom: { hideFrom: { legend: false, tooltip: false, viz: false } },
  });
}

/** Density over time: a histogram's buckets. */
export function heatmap({ yUnit, ...rest }) {
  return panel("heatmap", {
    h: 9,
    ...rest,
    options: {
      calculate: false,
      cellGap: 1,
      color: { mode: "scheme", scheme: "Blues", steps: 48, reverse: false, fill: "blue", exponent: 0.5, scale: "exponential" },
      yAxis: { axisPlacement: "left", unit: yUnit, reverse: false },
      rowsFrame: { layout: "auto" },
      filterValues: { le: 1e-9 },
      exemplars: { color: "rgba(255,0,255,0.7)" },
      tooltip: { mode: "single", yHistogram: true, showColorScale: true },
      legend: { show: true },
      showValue: "never",
    },
    custom: { hideFrom: { legend: false, tooltip: false, viz: false }, scaleDistribution: { type: "linear" } },
  });
}

/** A column's properties in a table: unit, decimals, width. */
export const column = {
  unit: (unit, decimals) => ({ unit, ...(decimals !== undefined && { decimals }) }),
  width: (pixels) => ({ "custom.width": pixels }),
  bar: (colour = COLOURS.own) => ({
    "custom.cellOptions": { type: "gauge", mode: "basic", valueDisplayMode: "text" },
    fieldMinMax: true,
    color: { mode: "fixed", fixedColor: colour },
  }),
};

/** One colour for all of a panel. */
export const plain = (fixedColor = COLOURS.own) => ({ mode: "fixed", fixedColor });
/** Names in the legend that always have the same colour. */
export const paint = (names) => Object.entries(names).map(([name, fixedColor]) => [name, { color: { mode: "fixed", fixedColor } }]);
