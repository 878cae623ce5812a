// A page of panels, drawn with Grafana's components. What it shows is in window.DASHBOARD: { dashboard, answers, range }.

import { createTheme, dateTime, EventBusSrv, FieldType, formattedValueToString, getDisplayProcessor, getFieldDisplayName, ThemeContext, toDataFrame } from "@grafana/data";
import { initPluginTranslations } from "@grafana/i18n";
import { BarGauge, BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, BigValueTextMode, PanelChrome, PanelContextProvider, TimeSeries, VizLegend } from "@grafana/ui";
import { VizOrientation } from "@grafana/schema";
import { TableNG } from "@grafana/ui/unstable";
import "@grafana/react-data-grid/lib/styles.css";
import React from "react";
import { createRoot } from "react-dom/client";
import "uplot/dist/uPlot.min.css";

const CELL = 34;
const GAP = 8;
const theme = createTheme({ colors: { mode: "light" } });
const nothing = () => false;
const noContext = { eventsScope: "global", eventBus: new EventBusSrv(), sync: () => 0, canAddAnnotations: nothing, canExecuteActions: nothing };

/** Answers of ClickHouse as frames: points with a text column become one field a series, as the plugin makes them. */
function frames(panel, answers) {
  return answers.map((columns, index) => {
    const fieldOf = ({ name, type, values }) => ({ name, type: /DateTime/.test(type) ? FieldType.time : /Int|Float/.test(type) ? FieldType.number : FieldType.string, values, config: {} });
    const unwanted = panel.transformations?.[0]?.options.excludeByName ?? {};
    let fields = columns.filter(({ name }) => !unwanted[name]).map(fieldOf);
    const label = fields.find((field) => field.type === FieldType.string);
    if (panel.targets[index].format === 0 && label) fields = wide(fields, label);
    const frame = toDataFrame({ refId: panel.targets[index].refId, fields });
    frame.fields.forEach((field, at) => configure(panel, frame, field, at, shared(answers)));
    return frame;
  });
}

/** The range of all numbers of a panel, by which Grafana colours a field unless it is told to take the field's own. */
function shared(answers) {
  const numbers = answers.flat().flatMap(({ type, values }) => (/Int|Float/.test(type) ? values.filter((value) => value !== null) : []));
  return { min: Math.min(0, ...numbers), max: Math.max(0, ...numbers) };
}

function wide(fields, label) {
  const [time, number] = [fields.find((field) => field.type === FieldType.time), fields.find((field) => field.type === FieldType.number)];
  const moments = [...new Set(time.values)];
  const series = new Map();
  label.values.forEach((name, row) => {
    if (!series.has(name)) series.set(name, new Array(moments.length).fill(null));
    series.get(name)[moments.indexOf(time.values[row])] = number.values[row];
  });
  return [{ ...time, values: moments }, ...[...series].map(([name, values]) => ({ ...number, values, labels: { [label.name]: name } }))];
}

/** Defaults, then overrides, then how a value is written. */
function configure(panel, frame, field, at, all) {
  const { defaults, overrides } = panel.fieldConfig;
  field.config = structuredClone(defaults);
  if (field.type !== FieldType.number && panel.type !== "table") field.config = { custom: structuredClone(defaults.custom) };
  if (field.type !== FieldType.number) field.config.unit = field.type === FieldType.time ? "time:YYYY-MM-DD" : "string";
  if (field.config.displayName) field.config.displayName = field.config.displayName.replace(/\$\{__field\.(?:labels\.(\w+)|name)\}/g, (_, label) => (label ? (field.labels?.[label] ?? "") : field.name));
  for (const { matcher, properties } of overrides) {
    const name = field.config.displayName ?? field.name;
    const hit = matcher.id === "byName" ? [name, field.name].includes(matcher.options) : new RegExp(matcher.options).test(field.name);
    if (!hit) continue;
    for (const { id, value } of properties) {
      const steps = id.split(".");
      let place = field.config;
      while (steps.length > 1) place = place[steps.shift()] ??= {};
      place[steps[0]] = value;
    }
  }
  if (field.type === FieldType.string) field.config.unit = "string";
  field.state = { seriesIndex: at - 1 };
  const own = field.values.filter((value) => typeof value === "number");
  const { min, max } = field.config.fieldMinMax ? { min: Math.min(0, ...own), max: Math.max(0, ...own) } : all;
  const range = { min: field.config.min ?? min, max: field.config.max ?? max };
  field.state.range = { ...range, delta: range.max - range.min };
  if (panel.type === "table") Object.assign(field.config, range);
  field.display = getDisplayProcessor({ field, theme, timeZone: "Europe/Paris" });
  field.state.displayName = getFieldDisplayName(field, frame);
}

const numeric = (all) => all.flatMap((frame) => frame.fields.filter((field) => field.type === FieldType.number).map((field) => [frame, field]));
const shown = (field, row) => ({ ...field.display(field.values[row] ?? null), title: field.state.displayName });

function Stat({ panel, data, width, height }) {
  const values = numeric(data).map(([, field]) => {
    const known = field.values.filter((value) => value !== null);
    const last = known.length ? known[known.length - 1] : null;
    const value = { ...field.display(last), title: field.state.displayName };
    const { showPercentChange, textMode } = panel.options;
    if (showPercentChange && known.length > 1 && known[0] !== 0) value.percentChange = 100 * (last / known[0] - 1);
    if (last === null) value.text = panel.fieldConfig.defaults.noValue ?? "–";
    return [value, textMode === "value_and_name" ? BigValueTextMode.ValueAndName : BigValueTextMode.Value];
  });
  const each = values.length || 1;
  return (
    <div style={{ display: "flex" }}>
      {values.map(([value, text], index) => (
        <BigValue key={index} value={value} width={width / each} height={height} theme={theme} colorMode={BigValueColorMode.None} graphMode={BigValueGraphMode.None} justifyMode={BigValueJustifyMode.Center} textMode={text} percentChangeColorMode="standard" />
      ))}
    </div>
  );
}

function Gauges({ panel, data, width, height }) {
  const all = numeric(data);
  const highest = panel.fieldConfig.defaults.max ?? Math.max(0, ...all.flatMap(([, field]) => field.values.filter((value) => value !== null)));
  const one = Math.min(panel.options.maxVizHeight, height / Math.max(1, all.length));
  const titles = Math.max(60, ...all.map(([, field]) => field.state.displayName.length * 6.6));
  return all.map(([, field], index) => {
    field.config.max = highest || 1;
    field.config.min = 0;
    const value = shown(field, 0);
    if (field.values[0] === null || field.values[0] === undefined) value.text = "–";
    return (
      <div key={index} style={{ height: height / all.length, display: "flex", alignItems: "center" }}>
        <BarGauge value={value} field={field.config} display={field.display} text={{ titleSize: 12, valueSize: 13 }} orientation={VizOrientation.Horizontal} displayMode="basic" showUnfilled theme={theme} width={width} height={Math.max(14, one - 6)} alignmentFactors={{ title: "x".repeat(Math.ceil(titles / 6.6)), text: "000 000" }} itemSpacing={4} lcdCellWidth={8} namePlacement="left" />
      </div>
    );
  });
}

function Lines({ panel, data, width, height, range }) {
  const known = data.filter((frame) => frame.length > 0);
  if (known.length === 0) return <Nothing />;
  const stacked = panel.fieldConfig.defaults.custom.stacking;
  known.forEach((frame) => frame.fields.forEach((field) => (field.config.custom = { ...field.config.custom, stacking: stacked })));
  let index = 0;
  known.forEach((frame) => frame.fields.filter((field) => field.type === FieldType.number).forEach((field) => (field.state.seriesIndex = index++)));
  const timeRange = { from: dateTime(range.from * 1000), to: dateTime(range.to * 1000), raw: {} };
  return (
    <PanelContextProvider value={noContext}>
      <TimeSeries frames={known} structureRev={1} timeRange={timeRange} timeZone="Europe/Paris" width={width} height={height} legend={panel.options.legend} options={{ tooltip: panel.options.tooltip, legend: panel.options.legend }} />
    </PanelContextProvider>
  );
}

/** Grafana keeps its bar chart and its pie within a plugin; these take its colours and its way of writing numbers. */
function Bars({ panel, data, width, height }) {
  const [frame] = data;
  const label = frame?.fields.find((field) => field.type === FieldType.string);
  const fields = frame?.fields.filter((field) => field.type === FieldType.number) ?? [];
  if (!frame?.length) return <Nothing />;
  const highest = panel.fieldConfig.defaults.max ?? (Math.max(...fields.flatMap((field) => field.values.map((value) => value ?? 0))) || 1);
  const horizontal = panel.options.orientation === "horizontal";
  const room = horizontal ? width - 190 : height - 44;
  const thick = ((horizontal ? height - 12 : width) / label.values.length / fields.length) * 0.72;
  return (
    <div style={{ display: "flex", flexDirection: horizontal ? "column" : "row", height, justifyContent: "space-around", alignItems: horizontal ? "stretch" : "flex-end", fontSize: 12 }}>
      {label.values.map((name, row) => (
        <div key={row} style={{ display: "flex", flexDirection: horizontal ? "row" : "column-reverse", alignItems: "center", gap: 4 }}>
          <div style={{ width: horizontal ? 120 : "auto", textAlign: horizontal ? "right" : "center", whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis", height: horizontal ? "auto" : 18 }}>{name}</div>
          <div style={{ display: "flex", flexDirection: horizontal ? "column" : "row", alignItems: horizontal ? "stretch" : "flex-end", gap: 2 }}>
            {fields.map((field, index) => {
              const value = field.values[row];
              const color = field.config.color?.fixedColor ? theme.visualization.getColorByName(field.config.color.fixedColor) : theme.visualization.getColorByName(theme.visualization.palette[index]);
              const long = Math.max(1, ((value ?? 0) / highest) * room);
              return (
                <div key={index} style={{ display: "flex", flexDirection: horizontal ? "row" : "column-reverse", alignItems: "center", gap: 4 }}>
                  <div style={{ background: color, borderRadius: 2, [horizontal ? "width" : "height"]: long, [horizontal ? "height" : "width"]: Math.min(46, thick) }} />
                  <span>{value === null ? "withheld" : formattedValueToString(field.display(value))}</span>
                </div>
              );
            })}
          </div>
        </div>
      ))}
    </div>
  );
}

function Pie({ data, width, height }) {
  const [frame] = data;
  if (!frame?.length) return <Nothing />;
  const label = frame.fields.find((field) => field.type === FieldType.string);
  const field = frame.fields.find((one) => one.type === FieldType.number);
  const sum = field.values.reduce((total, value) => total + value, 0) || 1;
  const colours = theme.visualization.palette.map((name) => theme.visualization.getColorByName(name));
  const radius = Math.min(height / 2 - 8, width / 4);
  let angle = -Math.PI / 2;
  const point = (at, far) => `${radius + Math.cos(at) * far},${radius + Math.sin(at) * far}`;
  const parts = field.values.map((value, row) => {
    const end = angle + (value / sum) * 2 * Math.PI * 0.99999;
    const large = end - angle > Math.PI ? 1 : 0;
    const path = `M${point(angle, radius)} A${radius},${radius} 0 ${large} 1 ${point(end, radius)} L${point(end, radius * 0.6)} A${radius * 0.6},${radius * 0.6} 0 ${large} 0 ${point(angle, radius * 0.6)} Z`;
    angle = end;
    return <path key={row} d={path} fill={colours[row % colours.length]} />;
  });
  const items = label.values.map((name, row) => ({ label: `${name}   ${formattedValueToString(field.display(field.values[row]))}   ${Math.round((field.values[row] / sum) * 100)} %`, color: colours[row % colours.length], yAxis: 1 }));
  return (
    <div style={{ display: "flex", gap: 16, alignItems: "center", height }}>
      <svg width={radius * 2} height={radius * 2}>{parts}</svg>
      <div style={{ width: width - radius * 2 - 24 }}><VizLegend items={items} displayMode="list" placement="right" /></div>
    </div>
  );
}

/** A histogram's buckets over time; each holds what the ones below it hold too, so those are taken off. */
function Heatmap({ data, width, height }) {
  const [frame] = data;
  if (!frame?.length) return <Nothing />;
  const buckets = frame.fields.filter((field) => field.type === FieldType.number).sort((a, b) => bound(a) - bound(b));
  const own = buckets.map((field, row) => field.values.map((value, at) => Math.max(0, (value ?? 0) - (buckets[row - 1]?.values[at] ?? 0))));
  const most = Math.max(...own.flat()) || 1;
  const [wide, high] = [(width - 60) / frame.length, (height - 10) / buckets.length];
  return (
    <svg width={width} height={height} fontSize={10} fill={theme.colors.text.secondary}>
      {own.flatMap((values, row) => values.map((value, at) => value > 0 && <rect key={`${row} ${at}`} x={60 + at * wide} y={height - 10 - (row + 1) * high} width={wide} height={high - 1} fill={theme.visualization.getColorByName("blue")} opacity={(value / most) ** 0.5} />))}
      {buckets.map((field, row) => <text key={row} x={54} y={height - 10 - row * high - high / 3} textAnchor="end">{field.name}</text>)}
    </svg>
  );
}
const bound = (field) => (field.name === "+Inf" ? Infinity : Number(field.name));

const Nothing = () => <div style={{ padding: 24, color: theme.colors.text.secondary }}>No data</div>;
const Rows = ({ data, width, height }) => (data[0]?.length ? <TableNG data={data[0]} width={width} height={height} columnMinWidth={60} cellHeight="sm" /> : <Nothing />);
const KINDS = { stat: Stat, bargauge: Gauges, timeseries: Lines, barchart: Bars, piechart: Pie, table: Rows, heatmap: Heatmap };

class Guard extends React.Component {
  state = {};
  static getDerivedStateFromError = (error) => ({ error });
  render() {
    if (!this.state.error) return this.props.children;
    window.FAILED.push(`${this.props.title}: ${this.state.error.stack}`);
    return <pre>{String(this.state.error)}</pre>;
  }
}

function Page({ dashboard, answers, range }) {
  const width = 1600;
  const column = (width - GAP) / 24;
  const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  return (
    <div style={{ width, height: bottom * (CELL + GAP / 4) + 90, background: theme.colors.background.canvas, color: theme.colors.text.primary, position: "relative", fontFamily: theme.typography.fontFamily }}>
      <h2 style={{ padding: "16px 16px 0", margin: 0 }}>{dashboard.title}</h2>
      <div style={{ padding: "2px 16px", color: theme.colors.text.secondary }}>{dashboard.description}</div>
      {dashboard.panels.map((panel) => {
        const { x, y, w, h } = panel.gridPos;
        const place = { position: "absolute", left: x * column + GAP, top: 76 + y * (CELL + GAP / 4), width: w * column - GAP, height: h * (CELL + GAP / 4) - GAP };
        if (panel.type === "row") return <div key={panel.id} style={{ ...place, fontWeight: 500, fontSize: 16 }}>{panel.title}</div>;
        const Kind = KINDS[panel.type];
        return (
          <div key={panel.id} style={place} data-panel={panel.id}>
            <PanelChrome title={panel.title} description={panel.description} width={place.width} height={place.height}>
              {(innerWidth, innerHeight) => (
                <Guard title={panel.title}>
                  <Kind panel={panel} data={frames(panel, answers[panel.id])} width={innerWidth} height={innerHeight} range={range} />
                </Guard>
              )}
            </PanelChrome>
          </div>
        );
      })}
    </div>
  );
}

window.FAILED = [];
initPluginTranslations("relais").finally(() => {
  createRoot(document.getElementById("page")).render(
    <ThemeContext.Provider value={theme}>
      <Page {...window.DASHBOARD} />
    </ThemeContext.Provider>,
  );
});
