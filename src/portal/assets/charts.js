// Draws tables over time as charts (uPlot). A table is marked by a box beside it:
// data-plot   the box: the id of the table; data-scale says how the axis is written (percent, number)
// data-drawn  a column's head: the column is a line of the chart
// data-at     a row's head: where it stands, as seconds since 1970 of a day's midnight in UTC
// data-number a cell: its number; empty where there is none
// data-folds  what holds the table: folded once the chart is drawn
(() => {
  "use strict";

  // No two lines differ by colour alone.
  const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [12, 4], [1, 4]];
  const root = document.documentElement;
  const boxes = [...document.querySelectorAll("[data-plot]")];
  const charts = new Map();

  function colour(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  function read(table) {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows];
    const drawn = heads.map((head, at) => ({ name: head.textContent, at: at + 1, head })).filter((one) => "drawn" in one.head.dataset);
    const number = (cell) => (cell.dataset.number === "" ? null : Number(cell.dataset.number));
    return {
      bucket: capital(table.tHead.rows[0].cells[0].textContent),
      names: drawn.map((one) => one.name),
      at: rows.map((row) => Number(row.cells[0].dataset.at)),
      rows: rows.map((row) => row.cells[0].textContent),
      numbers: drawn.map((one) => rows.map((row) => number(row.cells[one.at]))),
      texts: drawn.map((one) => rows.map((row) => row.cells[one.at].textContent)),
    };
  }

  function options(box, data) {
    const percent = box.dataset.scale === "percent";
    const write = new Intl.NumberFormat(root.lang, percent ? { style: "percent", maximumFractionDigits: 1 } : { maximumFractionDigits: 2 });
    const day = new Intl.DateTimeFormat(root.lang, { day: "numeric", month: "short", timeZone: "UTC" });
    const axis = { stroke: colour("--muted"), font: "13px " + getComputedStyle(document.body).fontFamily, grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    const few = data.at.length < 32;
    // The legend is about what is pointed at, else about the latest.
    const row = (pointed) => pointed ?? data.rows.length - 1;
    return {
      width: box.clientWidth,
      height: box.clientWidth < 480 ? 220 : 300,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      legend: { live: true },
      cursor: { y: false },
      scales: { y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.08 : 1] } },
      axes: [
        { ...axis, space: 70, values: (_, splits) => splits.map((at) => day.format(new Date(at * 1000))) },
        { ...axis, size: 64, values: (_, splits) => splits.map((value) => write.format(value)) },
      ],
      series: [
        { label: data.bucket, value: (_, __, ___, at) => data.rows[row(at)] },
        ...data.names.map((label, at) => ({
          label,
          stroke: colour(`--plot-${at + 1}`),
          fill: data.names.length === 1 ? colour("--plot-fill") : undefined,
          width: 2,
          dash: DASHES[at],
          points: { show: few, size: 6 },
          value: (_, __, ___, pointed) => data.texts[at][row(pointed)],
        })),
      ],
    };
  }

  function draw(box) {
    const table = document.getElementById(box.dataset.plot);
    const data = read(table);
    if (data.at.length < 2 || data.names.length === 0) return;
    box.hidden = false;
    charts.get(box)?.destroy();
    charts.set(box, new uPlot(options(box, data), [data.at, ...data.numbers], box));
  }

  function all() {
    boxes.forEach(draw);
  }

  all();
  for (const fold of document.querySelectorAll("[data-folds]")) {
    if (charts.has(boxes.find((box) => box.dataset.plot === fold.dataset.folds))) fold.open = false;
  }
  let width = root.clientWidth;
  window.addEventListener("resize", () => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    all();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
